import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMqttUrl, targetOf, webSocketUrl } from '../../src/adapters/url.js';
import { thrownBy } from '../thrown.js';

describe('parseMqttUrl', () => {
  it.each([
    ['mqtt://h', 'tcp', 1883],
    ['mqtts://h', 'tls', 8883],
    ['ws://h', 'ws', 80],
    ['wss://h', 'wss', 443],
    ['MQTT://h', 'tcp', 1883],
    ['mqtt://h:80', 'tcp', 80],
    ['mqtt://h:443', 'tcp', 443],
    ['mqtts://h:80', 'tls', 80],
    ['mqtts://h:443', 'tls', 443],
    ['mqtt://h:8883', 'tcp', 8883],
    ['ws://h:443', 'ws', 443],
    ['ws://h:80', 'ws', 80],
    ['wss://h:80', 'wss', 80],
    ['wss://h:443', 'wss', 443],
    ['ws://h:65535', 'ws', 65_535],
    ['mqtt://h:1', 'tcp', 1],
  ])('reads %s as %s, port %i', (text, transport, port) => {
    expect(parseMqttUrl(text)).toMatchObject({ transport, hostname: 'h', port });
  });

  it.each([
    ['mqtt://[::1]', '::1'],
    ['mqtts://[2001:db8::7]:1', '2001:db8::7'],
    ['mqtt://127.0.0.1', '127.0.0.1'],
    ['mqtt://Broker.Example.ORG', 'broker.example.org'],
    ['mqtt://bücher.example', 'xn--bcher-kva.example'],
  ])('reads the host of %s as %s', (text, hostname) => {
    expect(parseMqttUrl(text).hostname).toBe(hostname);
  });

  it.each([
    ['mqtt://anna@h', 'anna', undefined],
    ['mqtt://anna:@h', 'anna', undefined],
    ['mqtt://:secret@h', undefined, 'secret'],
    ['mqtt://anna:s%3Ae%40c@h', 'anna', 's:e@c'],
    ['mqtt://d%2Fe%C3%A9:%F0%9F%94%91@h', 'd/eé', '🔑'],
    ['mqtt://a:b:c@h', 'a', 'b:c'],
    ['mqtt://h', undefined, undefined],
  ])('decodes the credentials of %s', (text, username, password) => {
    expect(parseMqttUrl(text)).toMatchObject({ username, password });
  });

  it.each([
    ['ws://h', '/'],
    ['ws://h/mqtt', '/mqtt'],
    ['wss://h/a/b?c=d&e', '/a/b?c=d&e'],
    ['mqtt://h', undefined],
    ['mqtt://h/', undefined],
  ])('reads the path of %s as %s', (text, path) => {
    expect(parseMqttUrl(text).path).toBe(path);
  });

  it.each([
    ['http://h', 'not http://'],
    ['tcp://h', 'not tcp://'],
    ['mqtt:h', 'has to begin with'],
    ['h:1883', 'has to begin with'],
    ['', 'has to begin with'],
    [' mqtt://h', 'has to begin with'],
    ['constructor://h', 'not constructor://'],
    ['mqtt://', 'cannot be read'],
    ['mqtt:///h', 'cannot be read'],
    ['mqtt://\\h', 'cannot be read'],
    ['mqtt://h\\x', 'cannot be read'],
    ['mqtt://h\nx', 'cannot be read'],
    ['mqtt://h x', 'cannot be read'],
    ['mqtt://h\0', 'cannot be read'],
    ['mqtt://h:65536', 'cannot be read'],
    ['mqtt://h:x', 'cannot be read'],
    ['mqtt://[::1', 'cannot be read'],
    ['mqtt://[fe80::1%25eth0]', 'cannot be read'],
    ['mqtt://h:0', 'from 1 to 65,535'],
    ['mqtt://h/path', 'no path'],
    ['mqtts://h?query', 'no path and no query'],
    ['ws://h/#part', 'fragment'],
    ['mqtt://%ff@h', 'user name is no percent-encoded UTF-8'],
    ['mqtt://a:%zz@h', 'password is no percent-encoded UTF-8'],
  ])('refuses %j: %s', (text, message) => {
    const error = thrownBy(() => parseMqttUrl(text));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(message);
  });

  it('refuses what is no string', () => {
    expect(thrownBy(() => parseMqttUrl(undefined as unknown as string))).toBeInstanceOf(TypeError);
  });

  it('throws nothing but TypeErrors, and never the credentials', () => {
    const secret = 'hUnTeR2secret';
    const odd = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(':0', '/x', '#', '[', '%', ':99999'),
    );
    const scheme = fc.constantFrom('mqtt', 'mqtts', 'ws', 'wss', 'http', 'x+y', '');
    fc.assert(
      fc.property(scheme, odd, odd, (name, before, after) => {
        try {
          parseMqttUrl(`${name}://${before}${secret}:${secret}@${after}`);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          expect(String(error).toLowerCase()).not.toContain(secret.toLowerCase());
          expect((error as Error).cause).toBeUndefined();
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives back what was put into it', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.constantFrom('[::1]', '[2001:db8::1]'));
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const transports = { mqtt: 'tcp', mqtts: 'tls', ws: 'ws', wss: 'wss' } as const;
    fc.assert(
      fc.property(
        fc.constantFrom('mqtt', 'mqtts', 'ws', 'wss'),
        host,
        fc.integer({ min: 1, max: 65_535 }),
        text,
        text,
        (scheme, hostname, port, username, password) => {
          const encoded = [username, password].map(encodeURIComponent).join(':');
          const url = parseMqttUrl(`${scheme}://${encoded}@${hostname}:${port}`);
          const transport = transports[scheme as keyof typeof transports];
          expect(url).toMatchObject({ transport, port, username, password });
          expect(url.hostname).toBe(hostname.replace(/[[\]]/g, '').toLowerCase());
        },
      ),
    );
  });
});

describe('a target', () => {
  it('has a transport that the adapter knows', () => {
    expect(targetOf('mqtt://h', ['tcp', 'tls'], 'x')).toMatchObject({ transport: 'tcp', port: 1883 });
    expect(() => targetOf('ws://h', ['tcp', 'tls'], 'x')).toThrow(
      'x: the transport has to be tcp or tls, not ws',
    );
    const target = { transport: 'wss', hostname: 'h', port: 1 } as const;
    expect(targetOf(target, ['wss'], 'x')).toBe(target);
  });

  it('takes no credentials from a URL, and does not repeat them', () => {
    const error = thrownBy(() => targetOf('mqtt://anna:secret@h', ['tcp'], 'x'));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toMatch(/anna|secret/);
  });

  it('becomes the URL of a WebSocket, without credentials', () => {
    expect(webSocketUrl(parseMqttUrl('wss://a:b@[::1]/mqtt?x'))).toBe('wss://[::1]:443/mqtt?x');
    expect(webSocketUrl({ transport: 'ws', hostname: 'h', port: 9 })).toBe('ws://h:9/');
    expect(webSocketUrl({ transport: 'ws', hostname: 'h', port: 9, path: 'mqtt' })).toBe('ws://h:9/mqtt');
  });
});

// @ts-nocheck
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  checkAddress,
  checkBrokerUrl,
  checkHost,
  GuardError,
  guardedLookup,
} from '../../docs/examples/guard/guard.js';
import { connect } from '../../src/adapters/node.js';
import { clientConnection, Endpoint } from '../../src/index.js';

describe('The guard on broker URLs', () => {
  it.each([
    'mqtt://localhost',
    'mqtt://127.0.0.1:1883',
    'mqtts://[::1]',
    'mqtt://192.168.0.10',
    'mqtt://10.0.0.1',
    'mqtt://[fd12::1]',
    'mqtt://[::ffff:192.168.0.10]',
    'mqtt://broker.example.org.',
    'mqtt://169.254.1.1',
    'mqtt://metadata.example.org',
  ])('lets %s pass', (url) => {
    expect(() => checkBrokerUrl(url)).not.toThrow();
  });

  it.each([
    'mqtt://169.254.169.254',
    'mqtts://169.254.169.254:8883',
    'mqtt://169.254.43518',
    'mqtt://2852039166',
    'mqtt://0xa9fea9fe',
    'mqtt://0xA9.0376.0xa9.254',
    'mqtt://0251.0376.0251.0376',
    'mqtt://169.254.169.254.',
    'mqtt://%31%36%39.254.169.254',
    'mqtt://１６９.２５４.１６９.２５４',
    'mqtt://169。254。169。254',
    'mqtt://[::ffff:169.254.169.254]',
    'mqtt://[0:0:0:0:0:FFFF:A9FE:A9FE]',
    'mqtt://[::169.254.169.254]',
    'mqtt://[64:ff9b::a9fe:a9fe]',
    'mqtt://[2002:a9fe:a9fe::1]',
    'mqtt://[2001:0:a9fe:a9fe::]',
    'mqtt://[2001:0:1:1:0:0:5601:5601]',
    'mqtt://[fd00:ec2::254]',
    'mqtt://[FD00:0EC2:0:0:0:0:0:254]',
    'mqtt://100.100.100.200',
    'mqtt://168.63.129.16',
    'mqtt://metadata.google.internal',
    'mqtt://METADATA.Google.Internal',
    'mqtt://metadata.google.internal.',
    'mqtt://metadata.google.internal..',
    'mqtt://metadata',
    'mqtt://user:secret@169.254.169.254',
  ])('refuses %s', (url) => {
    expect(() => checkBrokerUrl(url)).toThrow(GuardError);
  });

  it.each([
    'http://localhost',
    'ws://localhost',
    'file:///etc/passwd',
    'localhost:1883',
    '',
    'mqtt://',
    'mqtt://a:99999',
    'mqtt://a b',
  ])('refuses %j, which is no URL of a broker it may use', (url) => {
    expect(() => checkBrokerUrl(url)).toThrow(GuardError);
  });

  it('never repeats credentials', () => {
    for (const url of [
      'http://anna:secret@h',
      'mqtt://anna:secret@169.254.169.254',
      'mqtt://anna:secret@h:99999',
    ]) {
      expect(() => checkBrokerUrl(url)).toThrow(/^(?!.*(anna|secret)).*$/s);
    }
  });

  it('takes WebSocket where it is told to, and checks it alike', () => {
    const transports = ['tcp', 'tls', 'ws', 'wss'] as const;
    expect(checkBrokerUrl('wss://localhost/mqtt', transports).path).toBe('/mqtt');
    expect(() => checkBrokerUrl('wss://169.254.169.254/mqtt', transports)).toThrow(GuardError);
  });

  it('checks addresses as a resolver spells them', () => {
    expect(() => checkAddress('fe80::1%eth0')).not.toThrow();
    expect(() => checkAddress('fd00:ec2::254%eth0')).toThrow(GuardError);
    expect(() => checkAddress('nonsense')).toThrow(GuardError);
    expect(() => checkHost('metadata.goog')).toThrow(GuardError);
  });
});

describe('The guard at the moment of connecting', () => {
  const endpoint = (): Endpoint =>
    new Endpoint(
      clientConnection({
        connect: { type: 'connect', protocolVersion: 5, clientId: 'a', cleanStart: true, keepAlive: 0 },
      }),
    );

  it('refuses a name that resolves to what it refuses', async () => {
    // Harmless at first sight, and among its addresses the one that matters.
    const rebinding = guardedLookup((_hostname, _options, callback) => {
      callback(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '::ffff:a9fe:a9fe', family: 6 },
      ]);
    });
    const link = connect(endpoint(), 'mqtt://harmless.example', () => {}, { net: { lookup: rebinding } });
    expect((await link.closed).error).toBeInstanceOf(GuardError);
  });

  it('lets a name pass that resolves to loopback, and connects to it', async () => {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const options = { net: { lookup: guardedLookup(), family: 4 } };
    const link = connect(endpoint(), `mqtt://localhost:${port}`, () => {}, options);
    expect((await link.closed).cause).toBe('peer');
    server.close();
  });
});

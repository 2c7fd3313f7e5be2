import { createServer, type Socket, type TcpSocketConnectOpts, connect as tcp } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import {
  attach,
  connect,
  type Link,
  type Listener,
  listen,
  type NodeConnectOptions,
  type NodeListenOptions,
} from '../../src/adapters/node.js';
import { clientConnection, Endpoint, type EndpointEvent, encode, serverConnection } from '../../src/index.js';
import { until } from '../peers/wait.js';
import { End } from './pair.js';
import { CERTIFICATES } from './peers/servers.js';

const { ca, server: identity, client: ours } = CERTIFICATES;

const standing: (Listener & { readonly controller: AbortController })[] = [];
afterEach(async () => {
  for (const { controller, close } of standing.splice(0)) {
    controller.abort();
    await close();
  }
});

interface Served {
  readonly listener: Listener;
  readonly sockets: Socket[];
  readonly errors: unknown[];
  readonly controller: AbortController;
}

/** A server that accepts every CONNECT. */
async function serve(options: Partial<NodeListenOptions> = {}): Promise<Served> {
  const sockets: Socket[] = [];
  const errors: unknown[] = [];
  const controller = new AbortController();
  const listener = await listen(
    {
      listen: { host: '127.0.0.1', port: 0 },
      signal: controller.signal,
      onError: (error) => errors.push(error),
      ...options,
    },
    (socket) => {
      sockets.push(socket);
      const handler = (events: readonly EndpointEvent[], link: Link): void => {
        if (events.some(({ type }) => type === 'connectRequested')) link.accept();
      };
      return { endpoint: new Endpoint(serverConnection()), handler };
    },
  );
  standing.push({ ...listener, controller });
  return { listener, sockets, errors, controller };
}

const freshClient = (): Endpoint =>
  new Endpoint(
    clientConnection({
      connect: { type: 'connect', protocolVersion: 5, clientId: 'a', cleanStart: true, keepAlive: 60 },
    }),
  );

/** Connects; gives the link, and what comes first: the connection or its end. */
async function dial(
  url: string,
  options: NodeConnectOptions = {},
): Promise<{ readonly link: Link; readonly first: string; readonly error: unknown }> {
  let connected: (first: string) => void = () => {};
  const event = new Promise<string>((done) => {
    connected = done;
  });
  const link = connect(
    freshClient(),
    url,
    (events) => {
      if (events.some(({ type }) => type === 'connected')) connected('connected');
    },
    options,
  );
  const first = await Promise.race([event, link.closed.then(({ cause }) => cause)]);
  const error = first === 'connected' ? undefined : (await link.closed).error;
  return { link, first, error };
}

describe('connecting over TLS', () => {
  it('takes an encrypted key with its passphrase, and shows its certificate', async () => {
    const tls = { ...identity, ca, requestCert: true, rejectUnauthorized: true };
    const { listener, sockets } = await serve({ tls });
    const { cert, encryptedKey: key, passphrase } = ours;
    const { link, first } = await dial(`mqtts://127.0.0.1:${listener.port}`, {
      tls: { ca, cert, key, passphrase },
    });
    expect(first).toBe('connected');
    expect((sockets[0] as TLSSocket).getPeerCertificate().subject.CN).toBe('client');
    link.disconnect();
    expect(await link.closed).toMatchObject({ cause: 'ended' });
  });

  it('says the name of the host, or another, and of an address nothing', async () => {
    const names: (string | undefined)[] = [];
    const SNICallback = (name: string, done: (error: null) => void): void => {
      names.push(name);
      done(null);
    };
    const { listener } = await serve({ tls: { ...identity, SNICallback } });
    const lookup = ((_name, _options, done) =>
      done(null, [{ address: '127.0.0.1', family: 4 }])) as TcpSocketConnectOpts['lookup'];
    const net = { lookup };
    for (const [host, tls] of [
      ['localhost', { ca }],
      ['broker.example', { ca, servername: 'localhost' }],
      ['127.0.0.1', { ca }],
    ] as const) {
      const { link, first } = await dial(`mqtts://${host}:${listener.port}`, { net, tls });
      expect(first).toBe('connected');
      link.destroy();
    }
    expect(names).toEqual(['localhost', 'localhost']);
  });

  it('refuses a certificate for another name, unless told not to look', async () => {
    const { listener } = await serve({ tls: identity });
    const url = `mqtts://127.0.0.1:${listener.port}`;
    const wrong = await dial(url, { tls: { ca, servername: 'elsewhere.example' } });
    expect([wrong.first, (wrong.error as { code: string }).code]).toEqual([
      'tls',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ]);
    const unknown = await dial(url, {});
    expect(unknown.first).toBe('tls');
    const careless = await dial(url, { tls: { rejectUnauthorized: false } });
    expect(careless.first).toBe('connected');
    careless.link.destroy();
  });

  it('negotiates the ALPN that the caller lists, and none by default', async () => {
    const { listener, sockets } = await serve({ tls: { ...identity, ALPNProtocols: ['mqtt'] } });
    const url = `mqtts://127.0.0.1:${listener.port}`;
    for (const [ALPNProtocols, chosen] of [
      [['x-amzn-mqtt-ca', 'mqtt'], 'mqtt'],
      [undefined, false],
    ] as const) {
      const { link, first } = await dial(url, {
        tls: { ca, ...(ALPNProtocols && { ALPNProtocols: [...ALPNProtocols] }) },
      });
      expect(first).toBe('connected');
      expect((sockets.at(-1) as TLSSocket).alpnProtocol).toBe(chosen);
      link.destroy();
    }
  });

  it('throws at once for a key that is no key, and for another transport', () => {
    const attempt = (url: string, options: NodeConnectOptions) => () =>
      connect(freshClient(), url, () => undefined, options);
    expect(attempt('mqtts://127.0.0.1:1', { tls: { key: 'no PEM', cert: 'none' } })).toThrow();
    expect(attempt('ws://127.0.0.1', {})).toThrow(
      'puremqtt/node: the transport has to be tcp or tls, not ws',
    );
  });
});

describe('connecting over TCP', () => {
  it('takes a lookup, and says that a name is unknown', async () => {
    const lookup = ((_name, _options, done) =>
      done(
        Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' }),
        [],
      )) as TcpSocketConnectOpts['lookup'];
    expect((await dial('mqtt://nowhere.example', { net: { lookup } })).first).toBe('unreachable');
  });
});

describe('attaching to a Duplex', () => {
  const CONNACK = encode({ type: 'connack', sessionPresent: false, reasonCode: 0 }, 5);

  it('loses nothing that came before', async () => {
    const duplex = Duplex.from({ readable: new PassThrough(), writable: new PassThrough() });
    duplex.push(CONNACK);
    duplex.push(encode({ type: 'publish', topic: 't', payload: 'early', qos: 0 }, 5));
    const told: string[] = [];
    const link = attach(freshClient(), duplex, (events) => {
      for (const { type } of events) told.push(type);
    });
    await until('both', () => told.length === 2);
    expect(told).toEqual(['connected', 'deliver']);
    link.destroy();
  });

  it('tells how it ends: by the other side, by this one, by an error', async () => {
    const ends = [
      [(theirs: End) => theirs.end(), 'peer'],
      [(_: End, mine: End) => mine.destroy(), 'destroyed'],
      [(theirs: End) => theirs.resetAndDestroy(), 'reset'],
      [(_: End, mine: End) => mine.destroy(new Error('odd')), 'network'],
    ] as const;
    for (const [end, cause] of ends) {
      const [mine, theirs] = End.pair();
      theirs.resume();
      const link = attach(freshClient(), mine, () => undefined);
      await delay(1);
      end(theirs, mine);
      expect((await link.closed).cause).toBe(cause);
      expect(mine.destroyed).toBe(true);
    }
  });

  it('tells at once that nothing is left of it', async () => {
    const [gone] = End.pair();
    gone.destroy(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    gone.on('error', () => {});
    await delay(1);
    expect((await attach(freshClient(), gone, () => undefined).closed).cause).toBe('reset');
    const [ended, theirs] = End.pair();
    theirs.end();
    ended.resume();
    await delay(1);
    expect(ended.readableEnded).toBe(true);
    expect((await attach(freshClient(), ended, () => undefined).closed).cause).toBe('peer');
  });

  it('carries TLS over a socket that is there already', async () => {
    const { listener } = await serve({ tls: identity });
    const tunnel = tcp(listener.port, '127.0.0.1');
    await new Promise((done) => tunnel.once('connect', done));
    const secure = tlsConnect({ socket: tunnel, ca, servername: 'localhost' });
    await new Promise((done) => secure.once('secureConnect', done));
    const told: string[] = [];
    const link = attach(freshClient(), secure, (events) => {
      for (const { type } of events) told.push(type);
    });
    await until('CONNACK', () => told.includes('connected'));
    link.disconnect();
    expect(await link.closed).toMatchObject({ cause: 'ended' });
  });
});

describe('listening', () => {
  it('rejects where the address is not to be had', async () => {
    const { listener } = await serve();
    const again = listen({ listen: { host: '127.0.0.1', port: listener.port } }, () => undefined);
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('survives failed handshakes, and tells of them', async () => {
    const { listener, errors, sockets } = await serve({ tls: { ...identity, handshakeTimeout: 1_000 } });
    const junk = tcp(listener.port, '127.0.0.1', () => junk.write('GET / HTTP/1.1\r\n\r\n'));
    junk.on('error', () => {});
    const mute = tcp(listener.port, '127.0.0.1');
    mute.on('error', () => {});
    const rude = tcp(listener.port, '127.0.0.1', () => rude.resetAndDestroy());
    expect((await dial(`mqtts://127.0.0.1:${listener.port}`)).first).toBe('tls');
    await until('four errors', () => errors.length >= 4);
    expect(sockets).toEqual([]);
    const { link, first } = await dial(`mqtts://127.0.0.1:${listener.port}`, { tls: { ca } });
    expect(first).toBe('connected');
    for (const socket of [junk, mute, rude]) socket.destroy();
    link.destroy();
  });

  it('turns clients away, and survives an accept that throws', async () => {
    const errors: unknown[] = [];
    const failure = new Error('accept');
    let count = 0;
    const listener = await listen(
      { listen: { host: '127.0.0.1', port: 0 }, onError: (error) => errors.push(error) },
      () => {
        count += 1;
        if (count === 1) return undefined;
        throw failure;
      },
    );
    const url = `mqtt://127.0.0.1:${listener.port}`;
    for (let i = 0; i < 2; i++) expect(['peer', 'reset']).toContain((await dial(url)).first);
    expect(errors).toEqual([failure]);
    expect(listener.links.size).toBe(0);
    await listener.close();
  });

  it('goes on after an error of the server itself', async () => {
    const errors: unknown[] = [];
    const created: unknown[] = [];
    const emit = createServer().constructor.prototype.listen;
    const prototype = createServer().constructor.prototype as { listen: unknown };
    prototype.listen = function (this: unknown, ...args: unknown[]) {
      created.push(this);
      return emit.apply(this, args);
    };
    const { listener } = await serve({ onError: (error) => errors.push(error) }).finally(() => {
      prototype.listen = emit;
    });
    const failure = Object.assign(new Error('too many'), { code: 'EMFILE' });
    (created[0] as NodeJS.EventEmitter).emit('error', failure);
    expect(errors).toEqual([failure]);
    const { link, first } = await dial(`mqtt://127.0.0.1:${listener.port}`);
    expect(first).toBe('connected');
    link.destroy();
  });

  it('closes when those that stand have closed', async () => {
    const { listener } = await serve();
    const { link } = await dial(`mqtt://127.0.0.1:${listener.port}`);
    expect(listener.links.size).toBe(1);
    let isClosed = false;
    const closing = Promise.all([listener.close(), listener.close()]).then(() => {
      isClosed = true;
    });
    expect((await dial(`mqtt://127.0.0.1:${listener.port}`)).first).toBe('refused');
    expect(isClosed).toBe(false);
    link.disconnect();
    await closing;
    expect(listener.links.size).toBe(0);
  });

  it('is ended at once by its signal, with all connections, those in the handshake too', async () => {
    const { listener, controller } = await serve({ tls: identity });
    const { link } = await dial(`mqtts://127.0.0.1:${listener.port}`, { tls: { ca } });
    const mute = tcp(listener.port, '127.0.0.1');
    mute.on('error', () => {});
    const muteClosed = new Promise((done) => mute.once('close', done));
    mute.resume();
    await until('a connection', () => mute.readyState === 'open');
    const [theirs] = listener.links;
    await delay(20);
    controller.abort(new Error('enough'));
    expect(await theirs?.closed).toMatchObject({ cause: 'destroyed', error: new Error('enough') });
    await Promise.all([link.closed, muteClosed, listener.close()]);
  });

  it('does not begin where the signal came first', async () => {
    const reason = new Error('never');
    const options = { listen: { host: '127.0.0.1', port: 0 } };
    const before = listen({ ...options, signal: AbortSignal.abort(reason) }, () => undefined);
    await expect(before).rejects.toBe(reason);
    const controller = new AbortController();
    const during = listen({ ...options, signal: controller.signal }, () => undefined);
    controller.abort(reason);
    await expect(during).rejects.toBe(reason);
  });
});

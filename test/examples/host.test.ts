import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sessions, type Sessions as SessionsType, serve } from '../../docs/examples/host/broker.js';
import { type Client, connect } from '../../docs/examples/host/client.js';
import type { DecodedPublish, EndpointEvent, SessionState } from '../../src/index.js';

let server: Server;
let sessions: SessionsType;
let port: number;
const open: { disconnect(): void }[] = [];

beforeEach(async () => {
  sessions = new Sessions();
  server = createServer((socket) => serve(socket, sessions));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as { port: number }).port;
});

afterEach(async () => {
  for (const client of open.splice(0)) client.disconnect();
  await new Promise((done) => server.close(done));
});

interface Peer extends Client {
  readonly messages: string[];
  until(type: EndpointEvent['type']): Promise<EndpointEvent>;
  received(count: number): Promise<string[]>;
}

function peer(version: 4 | 5, clientId: string, cleanStart: boolean, session?: SessionState): Peer {
  const seen: EndpointEvent[] = [];
  const messages: string[] = [];
  const listeners = new Set<() => void>();
  const changed = () => new Promise<void>((done) => listeners.add(done));
  const properties = version === 5 ? { properties: { sessionExpiryInterval: 60 } } : {};
  const base = { type: 'connect', clientId, cleanStart, keepAlive: 60 } as const;
  const packet =
    version === 5
      ? ({ ...base, protocolVersion: 5, ...properties } as const)
      : ({ ...base, protocolVersion: 4 } as const);
  const note = () => {
    for (const listener of listeners) listener();
    listeners.clear();
  };
  const client = connect(
    port,
    { connect: packet, session },
    (message: DecodedPublish) => {
      messages.push(new TextDecoder().decode(message.payload));
      note();
    },
    (event) => {
      seen.push(event);
      note();
    },
  );
  open.push(client);
  return {
    ...client,
    messages,
    async until(type) {
      for (;;) {
        const found = seen.find((event) => event.type === type);
        if (found !== undefined) return found;
        await changed();
      }
    },
    async received(count) {
      while (messages.length < count) await changed();
      return messages;
    },
  };
}

describe.each([4, 5] as const)('the examples of the host contract, version %i', (version) => {
  it('carry messages of every QoS', async () => {
    const subscriber = peer(version, 'subscriber', true);
    await subscriber.until('connected');
    const outcome = await subscriber.send({
      type: 'subscribe',
      subscriptions: [{ topicFilter: 'a/#', qos: 2 }],
    });
    expect(outcome).toMatchObject({ kind: 'acknowledged' });
    const publisher = peer(version, 'publisher', true);
    await publisher.until('connected');
    for (const qos of [0, 1, 2] as const) {
      const sent = await publisher.send({ type: 'publish', topic: 'a/b', payload: `qos ${qos}`, qos });
      expect(sent.kind).toBe(qos === 0 ? 'sent' : 'acknowledged');
    }
    expect(await subscriber.received(3)).toEqual(['qos 0', 'qos 1', 'qos 2']);
  });

  it('keep a session while its client is away [3.1.1: MQTT-3.1.2-4] [5.0: MQTT-3.1.2-5]', async () => {
    const first = peer(version, 'traveller', false);
    await first.until('connected');
    await first.send({ type: 'subscribe', subscriptions: [{ topicFilter: 'news', qos: 1 }] });
    first.disconnect();
    await first.until('ended');
    const publisher = peer(version, 'publisher', true);
    await publisher.until('connected');
    for (const payload of ['one', 'two']) {
      await publisher.send({ type: 'publish', topic: 'news', payload, qos: 1 });
    }
    const again = peer(version, 'traveller', false, first.session());
    expect(await again.until('connected')).toMatchObject({ sessionPresent: true });
    expect(await again.received(2)).toEqual(['one', 'two']);
  });

  it('hand a session over to a newer connection', async () => {
    const older = peer(version, 'twin', true);
    await older.until('connected');
    const newer = peer(version, 'twin', true);
    await newer.until('connected');
    expect(await older.until('ended')).toMatchObject({
      reason: version === 5 ? 'peer-disconnected' : 'closed',
    });
  });
});

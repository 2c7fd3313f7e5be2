import { readFileSync } from 'node:fs';
import { createServer, connect as dial, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serve } from '../../docs/examples/host/broker.js';
import { type Client, connect } from '../../docs/examples/host/client.js';
import { Sessions } from '../../docs/examples/host/sessions.js';
import { codeLines } from '../../scripts/lib/systems.js';
import type { ConnectPacket, DecodedPublish, EndpointEvent, SessionState } from '../../src/index.js';

let server: Server;
let sessions: Sessions;
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
  readonly packets: DecodedPublish[];
  until(type: EndpointEvent['type']): Promise<EndpointEvent>;
  received(count: number): Promise<string[]>;
}

function peer(
  version: 4 | 5,
  clientId: string,
  cleanStart: boolean,
  session?: SessionState,
  more: Partial<ConnectPacket<5>> = {},
): Peer {
  const seen: EndpointEvent[] = [];
  const messages: string[] = [];
  const packets: DecodedPublish[] = [];
  const listeners = new Set<() => void>();
  const changed = () => new Promise<void>((done) => listeners.add(done));
  const properties = version === 5 ? { properties: { sessionExpiryInterval: 60 } } : {};
  const base = { type: 'connect', clientId, cleanStart, keepAlive: 60 } as const;
  const packet =
    version === 5
      ? ({ ...base, protocolVersion: 5, ...properties, ...more } as const)
      : ({ ...base, protocolVersion: 4 } as const);
  const note = () => {
    for (const listener of listeners) listener();
    listeners.clear();
  };
  const client = connect(
    port,
    { connect: packet, session },
    (message: DecodedPublish) => {
      packets.push(message);
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
    packets,
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

  it('forward a message once, at the highest QoS that was granted', async () => {
    const subscriber = peer(version, 'subscriber', true);
    await subscriber.until('connected');
    const subscriptions = [
      { topicFilter: 'a/#', qos: 0 },
      { topicFilter: 'a/b', qos: 1 },
    ] as const;
    const outcome = await subscriber.send({ type: 'subscribe', subscriptions });
    expect(outcome).toMatchObject({ packet: { reasonCodes: [0, 1] } });
    for (const topic of ['a/c', 'a/b']) {
      await subscriber.send({ type: 'publish', topic, payload: topic, qos: 2 });
    }
    expect(await subscriber.received(2)).toEqual(['a/c', 'a/b']);
    expect(subscriber.packets.map(({ qos }) => qos)).toEqual([0, 1]);
  });

  it('forget the subscriptions of a session that has ended', async () => {
    const first = peer(version, 'fleeting', true, undefined, { properties: {} });
    await first.until('connected');
    await first.send({ type: 'subscribe', subscriptions: [{ topicFilter: 'news', qos: 1 }] });
    first.disconnect();
    await first.until('ended');
    const second = peer(version, 'fleeting', false);
    expect(await second.until('connected')).toMatchObject({ sessionPresent: false });
    await second.send({ type: 'publish', topic: 'news', payload: 'nobody hears it', qos: 1 });
    await second.send({ type: 'subscribe', subscriptions: [{ topicFilter: 'news', qos: 1 }] });
    await second.send({ type: 'publish', topic: 'news', payload: 'heard', qos: 1 });
    expect(await second.received(1)).toEqual(['heard']);
    const unsubscribe = { type: 'unsubscribe', topicFilters: ['news', 'other'] } as const;
    expect((await second.send(unsubscribe)).kind).toBe('acknowledged');
    await second.send({ type: 'publish', topic: 'news', payload: 'nobody again', qos: 1 });
    expect(second.messages).toEqual(['heard']);
  });
});

describe('the examples of the host contract, MQTT 5.0', () => {
  it('forward properties, and nothing to those who have asked for no messages of their own', async () => {
    const both = [peer(5, 'five', true), peer(4, 'four', true)] as const;
    for (const one of both) await one.until('connected');
    const mine = { topicFilter: 'mine', qos: 1, noLocal: true } as const;
    await both[0].send({ type: 'subscribe', subscriptions: [mine, { topicFilter: 'all', qos: 1 }] });
    await both[1].send({ type: 'subscribe', subscriptions: [{ topicFilter: '#', qos: 1 }] });
    const properties = { contentType: 'text', userProperties: [['a', 'b']] as [string, string][] };
    for (const topic of ['mine', 'all']) {
      await both[0].send({ type: 'publish', topic, payload: topic, qos: 1, properties });
    }
    expect(await both[1].received(2)).toEqual(['mine', 'all']);
    expect(await both[0].received(1)).toEqual(['all']);
    expect(both[0].packets[0]?.properties).toEqual(properties);
  });

  it('publish a will in time, unless its client comes back to its session', async () => {
    const will = (payload: string, willDelayInterval: number) => ({
      will: { topic: 'will', payload, qos: 1, retain: false, properties: { willDelayInterval } } as const,
    });
    const watcher = peer(5, 'watcher', true);
    await watcher.until('connected');
    await watcher.send({ type: 'subscribe', subscriptions: [{ topicFilter: 'will', qos: 1 }] });
    let session: SessionState | undefined;
    const leave = async (payload: string, delay: number, cleanStart: boolean) => {
      const client = peer(5, 'mortal', cleanStart, session, will(payload, delay));
      await client.until('connected');
      client.disconnect({ reasonCode: 0x04 });
      await client.until('ended');
      session = client.session();
    };
    await leave('at once', 0, true);
    await watcher.received(1);
    await leave('void', 3_600, false);
    await leave('at the end of the session', 3_600, false);
    const last = peer(5, 'mortal', true);
    await last.until('connected');
    expect(await watcher.received(2)).toEqual(['at once', 'at the end of the session']);
  });
});

it('packets that come in one piece are answered in their order, up to the one that is malformed', async () => {
  const connect = '100e00044d5154540502003c00000161';
  const socket = dial(port, '127.0.0.1');
  socket.write(Buffer.from(`${connect}8207000100000161003207000162000700780000`, 'hex'));
  let heard = '';
  for await (const chunk of socket) heard += (chunk as Buffer).toString('hex');
  // SUBACK, PUBACK, DISCONNECT.
  const rest = ['900400010000', '40020007', 'e00181'].join('');
  expect(heard.slice(-rest.length)).toBe(rest);
  expect(heard.slice(0, -rest.length)).toMatch(/^20..0000/);
});

it('the examples are short: a client in 60 lines, a connection of a broker in 80, without comments and blank lines', () => {
  const lines = (name: string): number =>
    codeLines(readFileSync(new URL(`../../docs/examples/host/${name}.ts`, import.meta.url), 'utf8'));
  expect(lines('client')).toBeLessThanOrEqual(60);
  expect(lines('broker')).toBeLessThanOrEqual(80);
});

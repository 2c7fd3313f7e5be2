import { check, endedBy, equal } from './check.js';
import { Client } from './client.js';
import type { Case, Kit } from './kit.js';

/** A transport whose beginning the peer can delay: TLS and WebSocket speak first, TCP does not. */
const delayed = (kit: Kit): 'tls' | 'ws' => (kit.plain === 'ws' ? 'ws' : 'tls');

async function connectAndEcho(client: Client): Promise<void> {
  await client.event('connected');
  client.link.send({ type: 'publish', topic: 'a', payload: 'hello', qos: 2 });
  await client.received(1);
  equal(new TextDecoder().decode(client.messages[0]?.payload), 'hello', 'payload');
  client.link.disconnect();
}

export const CONNECTING: readonly Case[] = [
  {
    name: 'connect',
    promise: 'connects, carries a message each way, and ends with DISCONNECT',
    async run(kit) {
      const client = new Client(kit, 'echo');
      await connectAndEcho(client);
      endedBy(kit, await client.closed(), 'ended', 'disconnected');
      equal(client.events.at(-1)?.type, 'ended', 'last event');
      return undefined;
    },
  },
  {
    name: 'refused',
    promise: 'a port where nobody listens ends with the cause `refused`',
    async run(kit) {
      const client = new Client(kit, 'refused');
      endedBy(kit, await client.closed(), 'refused');
      const types = client.events.map(({ type }) => type);
      equal(types, ['ended'], 'events of what never stood');
      return undefined;
    },
  },
  {
    name: 'TLS, trusted',
    promise: 'a certificate of a trusted authority is taken',
    async run(kit) {
      const client = new Client(kit, 'echo', { transport: kit.secure, ca: kit.peers.ca });
      await connectAndEcho(client);
      endedBy(kit, await client.closed(), 'ended', 'disconnected');
      return undefined;
    },
  },
  {
    name: 'TLS, untrusted',
    promise: 'a certificate of another authority ends with the cause `tls`, before CONNECT is sent',
    async run(kit) {
      const client = new Client(kit, 'untrusted', { transport: kit.secure, ca: kit.peers.ca });
      endedBy(kit, await client.closed(), 'tls');
      check(!client.events.some(({ type }) => type === 'connected'), 'it connected');
      return undefined;
    },
  },
  {
    name: 'TLS, mutual',
    promise: 'a server that wants a certificate of the client takes it, and no client without',
    async run(kit) {
      const { ca, client: identity } = kit.peers;
      const known = new Client(kit, 'mutual', { transport: kit.secure, ca, identity });
      await connectAndEcho(known);
      endedBy(kit, await known.closed(), 'ended', 'disconnected');
      const stranger = new Client(kit, 'mutual', { transport: kit.secure, ca });
      endedBy(kit, await stranger.closed(), 'tls');
      check(!stranger.events.some(({ type }) => type === 'connected'), 'it connected without');
      return undefined;
    },
  },
  {
    name: 'abort while connecting',
    promise: "an AbortSignal ends what does not stand yet, with the signal's reason",
    async run(kit) {
      const reason = new Error('changed my mind');
      const controller = new AbortController();
      const client = new Client(kit, 'stall', { transport: delayed(kit), signal: controller.signal });
      await kit.delay(60);
      equal(client.end, undefined, 'the end before the abort');
      controller.abort(reason);
      const end = await client.closed();
      endedBy(kit, end, 'aborted');
      check(end.error === reason, 'the error is the reason');
      const late = new Client(kit, 'echo', { signal: controller.signal });
      endedBy(kit, await late.closed(), 'aborted');
      return undefined;
    },
  },
  {
    name: 'connect timeout',
    promise: 'a connection that does not come about within `connectTimeout` ends with the cause `timeout`',
    async run(kit) {
      const started = kit.now();
      const client = new Client(kit, 'stall', { transport: delayed(kit), connectTimeout: 250 });
      endedBy(kit, await client.closed(), 'timeout');
      const milliseconds = kit.now() - started;
      check(milliseconds < 10_000, `after ${milliseconds} ms`);
      return { milliseconds: Math.round(milliseconds) };
    },
  },
];

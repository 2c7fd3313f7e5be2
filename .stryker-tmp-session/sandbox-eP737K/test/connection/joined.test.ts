// @ts-nocheck
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clientConnection,
  Endpoint,
  type EndpointResult,
  serverConnection,
} from '../../src/connection/index.js';
import type { ProtocolVersion } from '../../src/errors.js';
import {
  exportSession,
  importSession,
  type StoredSession,
  storedFromJson,
  storedToJson,
  unacknowledged,
} from '../../src/session/index.js';
import { bothVersions, connect4, connect5 } from './support.js';

type Role = 'client' | 'server';
const other = (role: Role): Role => (role === 'client' ? 'server' : 'client');

/** What happens next to two hosts and the link between them. */
type Op =
  | { kind: 'send'; role: Role; qos: 0 | 1 | 2 }
  /** So many bytes arrive. */
  | { kind: 'flow'; role: Role; bytes: number }
  /** The link is cut: what is under way is lost, both ways. */
  | { kind: 'cut' }
  /** Only the first bytes of what is under way to that side arrive, then the link is cut. */
  | { kind: 'partial cut'; role: Role; bytes: number }
  | { kind: 'connect' }
  | { kind: 'tick'; later: number }
  /** The host dies with its next call: before what it came to was committed, or before it was written. */
  | { kind: 'crash'; role: Role; committed: boolean }
  | { kind: 'block'; role: Role }
  | { kind: 'write'; role: Role };

interface Sent {
  readonly name: string;
  readonly qos: 0 | 1 | 2;
}

/** A host under the contract of the atomic commit: session and deliveries are stored first, bytes written last. */
class Host {
  endpoint: Endpoint | undefined;
  stored: string | undefined;
  readonly delivered: string[] = [];
  readonly sent: Sent[] = [];
  readonly settled: string[] = [];
  dies: 'before commit' | 'before write' | undefined;
  constructor(readonly role: Role) {}
}

class World {
  readonly hosts: Record<Role, Host> = { client: new Host('client'), server: new Host('server') };
  /** Bytes under way to each side. */
  readonly wire: Record<Role, number[]> = { client: [], server: [] };
  now = 0;
  n = 0;
  constructor(
    readonly version: ProtocolVersion,
    readonly receiveMaximum: number,
    readonly manual: boolean,
  ) {}

  /** Makes a call, and does with its result what the contract says. */
  call(role: Role, work: (endpoint: Endpoint) => EndpointResult, sent?: Sent): void {
    const host = this.hosts[role];
    const { endpoint } = host;
    if (endpoint === undefined) return;
    const result = work(endpoint);
    const { dies } = host;
    host.dies = undefined;
    if (dies === 'before commit') {
      this.cut(role);
      return;
    }
    // A server has no session before it has accepted the CONNECT.
    if (role === 'client' || endpoint.state.phase === 'connected') this.commit(host, endpoint);
    if (sent !== undefined && !result.events.some((event) => event.type === 'refused')) host.sent.push(sent);
    const asked: number[] = [];
    for (const event of result.events) {
      if (event.type === 'deliver') {
        host.delivered.push(event.packet.topic);
        if (event.packet.packetId !== undefined) asked.push(event.packet.packetId);
      } else if (event.type === 'settled') host.settled.push(String(event.token));
      else if (event.type === 'fail' && !event.error.code.endsWith('timeout')) throw event.error;
    }
    if (dies === 'before write') {
      this.cut(role);
      return;
    }
    this.wire[other(role)].push(...(result.bytes ?? []));
    if (result.close !== undefined) this.cut(undefined);
    if (result.events.some((event) => event.type === 'connectRequested')) {
      const session = host.stored === undefined ? undefined : this.session(host.stored);
      this.call('server', (server) => server.accept(this.now, { session }));
      this.catchUp('server');
    }
    if (this.manual)
      for (const id of asked.reverse()) this.call(role, (one) => one.acknowledge(id, this.now));
  }

  commit(host: Host, endpoint: Endpoint): void {
    host.stored = storedToJson(exportSession(endpoint.state.session));
  }

  session(text: string): ReturnType<typeof importSession> {
    return importSession(storedFromJson(text));
  }

  /** The link is gone; a host that died does not hear of it. */
  cut(dead: Role | undefined): void {
    this.wire.client = [];
    this.wire.server = [];
    for (const role of ['client', 'server'] as const) {
      const host = this.hosts[role];
      const { endpoint } = host;
      host.endpoint = undefined;
      if (endpoint === undefined || role === dead) continue;
      const stood = endpoint.state.phase === 'connected';
      const result = endpoint.closed(this.now);
      if (role === 'client' || stood) this.commit(host, endpoint);
      for (const event of result.events) if (event.type === 'settled') host.settled.push(String(event.token));
    }
  }

  connect(): void {
    const { client, server } = this.hosts;
    if (client.endpoint !== undefined || server.endpoint !== undefined) return;
    const session = client.stored === undefined ? undefined : this.session(client.stored);
    const { receiveMaximum, manual } = this;
    const acknowledgements = manual ? 'manual' : 'automatic';
    const properties = { sessionExpiryInterval: 0xffffffff, receiveMaximum };
    const connect = this.version === 4 ? connect4 : { ...connect5, properties };
    client.endpoint = new Endpoint(
      clientConnection({
        connect: { ...connect, keepAlive: 60 },
        session,
        acknowledgements,
        trustSessionPresent: true,
      }),
    );
    server.endpoint = new Endpoint(serverConnection({ acknowledgements, announced: { receiveMaximum } }));
    this.call('server', (one) => one.open(this.now));
    this.call('client', (one) => one.open(this.now));
    this.catchUp('client');
  }

  /** What was delivered, and never acknowledged, is acknowledged now. */
  catchUp(role: Role): void {
    const session = this.hosts[role].endpoint?.state.session;
    if (session === undefined) return;
    for (const id of unacknowledged(session)) this.call(role, (one) => one.acknowledge(id, this.now));
  }

  run(op: Op): void {
    switch (op.kind) {
      case 'send': {
        const name = `${op.role}-${op.qos}-${this.n++}`;
        const packet = {
          type: 'publish',
          topic: name,
          payload: 'x'.repeat(this.n % 150),
          qos: op.qos,
        } as const;
        const options = { token: name, topicAlias: 'automatic' } as const;
        this.call(op.role, (one) => one.send(packet, this.now, options), { name, qos: op.qos });
        return;
      }
      case 'flow':
        this.flow(op.role, op.bytes);
        return;
      case 'cut':
        this.cut(undefined);
        return;
      case 'partial cut':
        this.flow(op.role, op.bytes);
        this.cut(undefined);
        return;
      case 'connect':
        this.connect();
        return;
      case 'tick':
        this.now += op.later;
        for (const role of ['client', 'server'] as const) this.call(role, (one) => one.tick(this.now));
        return;
      case 'crash':
        this.hosts[op.role].dies = op.committed ? 'before write' : 'before commit';
        return;
      case 'block':
        this.call(op.role, (one) => one.blocked(this.now));
        return;
      case 'write':
        this.call(op.role, (one) => one.writable(this.now));
    }
  }

  flow(role: Role, bytes: number): void {
    const chunk = Uint8Array.from(this.wire[role].splice(0, bytes));
    if (chunk.length > 0) this.call(role, (one) => one.receive(chunk, this.now));
  }

  /** Lets everything come to rest. */
  settle(): void {
    this.hosts.client.dies = undefined;
    this.hosts.server.dies = undefined;
    this.cut(undefined);
    this.connect();
    for (let round = 0; this.wire.client.length + this.wire.server.length > 0; round++) {
      if (round > 10_000) throw new Error('it never comes to rest');
      this.flow('server', 1_000_000);
      this.flow('client', 1_000_000);
    }
  }

  check(): void {
    for (const role of ['client', 'server'] as const) {
      const from = this.hosts[role];
      const to = this.hosts[other(role)];
      const state = from.endpoint?.state;
      if (state === undefined) throw new Error('not connected');
      expect(state.phase).toBe('connected');
      expect([state.session.outgoing.size, state.session.queue.size, state.session.incoming.size]).toEqual([
        0, 0, 0,
      ]);
      expect([state.traffic.sending, state.traffic.receiving]).toEqual([0, 0]);
      const names = (qos: number): string[] =>
        from.sent.filter((one) => one.qos === qos).map(({ name }) => name);
      const got = (qos: number): string[] =>
        to.delivered.filter((name) => name.startsWith(`${role}-${qos}-`));
      // Exactly once and in order; at least once and in order of the first time; at most once and in order.
      expect(got(2)).toEqual(names(2));
      expect([...new Set(got(1))]).toEqual(names(1));
      expect(names(0).filter((name) => got(0).includes(name))).toEqual(got(0));
      for (const { name } of from.sent)
        expect(from.settled.filter((token) => token === name).length).toBeLessThan(2);
    }
  }
}

const role = fc.constantFrom<Role>('client', 'server');
const bytes = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 400 }));
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('send' as const), role, qos: fc.constantFrom(0, 1, 2) }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('flow' as const), role, bytes }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'connect' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cut' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('partial cut' as const), role, bytes }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('tick' as const), later: fc.constantFrom(1, 10_000) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), role, committed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('block' as const), role }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('write' as const), role }) },
);

describe.each(bothVersions)('two hosts of version %i that commit before they write', (version) => {
  it('lose nothing and deliver QoS 2 once, over any split of the bytes, cuts and crashes [3.1.1: MQTT-4.3.3-2] [5.0: MQTT-4.3.3-10] [3.1.1: MQTT-4.4.0-1] [5.0: MQTT-4.4.0-1] [3.1.1: MQTT-4.6.0-1] [5.0: MQTT-4.6.0-1]', () => {
    fc.assert(
      fc.property(
        fc.array(op, { minLength: 5, maxLength: 150, size: 'max' }),
        fc.constantFrom(1, 2, 3, 65_535),
        fc.boolean(),
        (ops, receiveMaximum, manual) => {
          const world = new World(version, receiveMaximum, manual);
          world.connect();
          for (const one of ops) world.run(one);
          world.settle();
          world.check();
        },
      ),
      { numRuns: 200 },
    );
  });
});

it('a stored session is plain', () => {
  const stored: StoredSession = exportSession(serverConnection().session);
  expect(structuredClone(stored)).toEqual(stored);
});

// @ts-nocheck
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packet as anyPacket } from '../../src/arbitraries/index.js';
import { decode, encode } from '../../src/codec.js';
import {
  type Action,
  type ConnectionState,
  clientConnection,
  deadline,
  exportConnection,
  type Input,
  importConnection,
  type SendablePacket,
  serverConnection,
  step,
} from '../../src/connection/index.js';
import type { ProtocolVersion } from '../../src/errors.js';
import type { Packet } from '../../src/packets/index.js';
import { violation } from '../../src/session/failures.js';
import {
  applySessionChanges,
  emptySession,
  exportSession,
  importSession,
  sessionChanges,
  storedFromJson,
  storedToJson,
} from '../../src/session/index.js';
import { trieForEach } from '../../src/session/trie.js';
import { bothRoles, bothVersions, checkBytes, connectOf, deepFreeze } from './support.js';

type Timeless = Input extends infer I ? (I extends Input ? Omit<I, 'now'> : never) : never;
/** Something that happens, and how much later than what happened before. */
interface Happening {
  readonly input: (state: ConnectionState) => Timeless;
  readonly later: number;
}

/** Small numbers, so that identifiers meet. */
const smallId = fc.integer({ min: 1, max: 4 });
const verdict = fc.constantFrom(0, 0x10, 0x80, 0x87, 0x92, 0xff);

const sendable: fc.Arbitrary<SendablePacket> = fc.oneof(
  fc.record({
    type: fc.constant('publish' as const),
    topic: fc.constantFrom('a', 'b/c', '', 'x/#', '\ud800', 'long'.repeat(30)),
    payload: fc.constantFrom(undefined, 'text', new Uint8Array(3), new Uint8Array(200)),
    qos: fc.constantFrom(0, 1, 2, undefined),
    retain: fc.constantFrom(undefined, true),
    properties: fc.constantFrom(
      undefined,
      {},
      { topicAlias: 1 },
      { messageExpiryInterval: 2 },
      { topicAlias: 9 },
    ),
  }),
  fc.record({
    type: fc.constant('subscribe' as const),
    subscriptions: fc.constantFrom(
      [],
      [{ topicFilter: 'a', qos: 1 as const }],
      [{ topicFilter: '#/', qos: 0 as const }],
    ),
  }),
  fc.record({
    type: fc.constant('unsubscribe' as const),
    topicFilters: fc.constantFrom([], ['a'], ['a', 'b']),
  }),
);

/** Packets whose identifiers are small, of the right side and of the wrong one. */
const acks: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({
    type: fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'),
    packetId: smallId,
  }) as fc.Arbitrary<Packet>,
  fc.record({
    type: fc.constant('publish' as const),
    topic: fc.constantFrom('a', 'b'),
    qos: fc.constantFrom(1 as const, 2 as const),
    dup: fc.boolean(),
    packetId: smallId,
  }),
  fc.record({
    type: fc.constant('suback' as const),
    packetId: smallId,
    reasonCodes: fc.constant([0 as const]),
  }),
  fc.record({
    type: fc.constant('subscribe' as const),
    packetId: smallId,
    subscriptions: fc.constant([{ topicFilter: 'a', qos: 1 as const }]),
  }),
);

const received = (packets: fc.Arbitrary<Packet>): fc.Arbitrary<Happening['input']> =>
  packets.map((packet) => (state) => {
    const version = packet.type === 'connect' ? packet.protocolVersion : state.terms.version;
    try {
      const frame = encode<ProtocolVersion>(packet, version);
      return { type: 'packetReceived', packet: decode<ProtocolVersion>(frame, version), size: frame.length };
    } catch {
      // A packet of the other version.
      return { type: 'timerFired' };
    }
  });

const properties = fc.constantFrom(
  undefined,
  { reasonString: 'because' },
  { userProperties: [['k', 'v']] as [string, string][] },
  { reasonString: '\ud800' },
);

const local: fc.Arbitrary<Timeless> = fc.oneof(
  fc.record({
    type: fc.constant('send' as const),
    packet: sendable,
    token: fc.constantFrom(undefined, 1, 'two'),
    ifBusy: fc.constantFrom(undefined, 'refuse' as const, 'queue' as const),
    topicAlias: fc.constantFrom(undefined, 'automatic' as const),
  }),
  fc.record({
    type: fc.constant('acknowledge' as const),
    packetId: smallId,
    reasonCode: verdict as fc.Arbitrary<0>,
    properties,
  }),
  fc.record({
    type: fc.constant('answer' as const),
    packetId: smallId,
    reasonCodes: fc.constantFrom([], [0 as const], [0x87 as const]),
    properties,
  }),
  fc.record({
    type: fc.constant('accept' as const),
    clientId: fc.constantFrom(undefined, 'given'),
    session: fc.constantFrom(undefined, emptySession()),
    properties: fc.constantFrom(undefined, { receiveMaximum: 2 }, { serverKeepAlive: 3 }),
  }),
  fc.record({ type: fc.constant('refuse' as const), reasonCode: verdict }),
  fc.record({ type: fc.constant('authenticate' as const), properties }),
  fc.record({ type: fc.constant('disconnect' as const), reasonCode: verdict }),
  fc.constantFrom<Timeless>(
    { type: 'opened' },
    { type: 'timerFired' },
    { type: 'blocked' },
    { type: 'writable' },
    { type: 'closed' },
    { type: 'parseFailed', error: violation('value-out-of-range', 0x81) },
  ),
);

const happening = (version: ProtocolVersion): fc.Arbitrary<Happening> =>
  fc.record({
    input: fc.oneof(
      { weight: 4, arbitrary: local.map((input) => () => input) },
      { weight: 4, arbitrary: received(acks) },
      { weight: 1, arbitrary: received(anyPacket({ version }) as fc.Arbitrary<Packet>) },
    ),
    later: fc.constantFrom(0, 0, 0, 1, 900, 5_000),
  });

/** A connection at one of the points where something can begin. */
function beginning(
  role: 'client' | 'server',
  version: ProtocolVersion,
  manual: boolean,
  stands: boolean,
): ConnectionState {
  const acknowledgements = manual ? 'manual' : 'automatic';
  const connect = connectOf(version);
  let state =
    role === 'client'
      ? clientConnection({ connect: { ...connect, keepAlive: 3 }, acknowledgements, pipelining: manual })
      : serverConnection({ acknowledgements, announced: { receiveMaximum: 3, topicAliasMaximum: 2 } });
  if (!stands) return state;
  const connack = { type: 'connack', sessionPresent: false, reasonCode: 0 } as const;
  const limits = { receiveMaximum: 2, topicAliasMaximum: 2, maximumPacketSize: 100 };
  const inputs: Timeless[] =
    role === 'client'
      ? [
          { type: 'opened' },
          {
            type: 'packetReceived',
            packet: version === 4 ? connack : { ...connack, properties: limits },
            size: 4,
          },
        ]
      : [
          { type: 'opened' },
          {
            type: 'packetReceived',
            packet: decode<ProtocolVersion>(
              encode<ProtocolVersion>(
                { ...connect, keepAlive: 3 } as Parameters<typeof encode<5>>[0],
                version,
              ),
              version,
            ),
            size: 30,
          },
          { type: 'accept' },
        ];
  for (const input of inputs) [state] = step(state, { ...input, now: 0 } as Input);
  if (state.phase !== 'connected') throw new Error('not connected');
  return state;
}

const settings = fc.record({
  role: fc.constantFrom(...bothRoles),
  version: fc.constantFrom(...bothVersions),
  manual: fc.boolean(),
  stands: fc.boolean(),
});

const runs = settings.chain((chosen) =>
  fc.record({
    chosen: fc.constant(chosen),
    happenings: fc.array(happening(chosen.version), { minLength: 1, maxLength: 40, size: 'max' }),
  }),
);

/** What always holds of a state. */
function checkState(state: ConnectionState): void {
  const { session, traffic, terms, details } = state;
  trieForEach(session.outgoing, (flow, id) => expect(flow.packetId).toBe(id));
  expect(traffic.sending).toBeGreaterThanOrEqual(0);
  expect(traffic.receiving).toBeGreaterThanOrEqual(0);
  expect(traffic.receiving).toBeLessThanOrEqual(terms.ours.receiveMaximum);
  if (state.phase === 'connected') {
    const held = details.resend === undefined ? 0 : details.resend.flows.length - details.resend.at;
    expect(traffic.sending).toBe(session.outgoing.size - details.awaited - held);
    expect(traffic.sending).toBeLessThanOrEqual(terms.peers.receiveMaximum);
  }
}

function checkOrder(actions: readonly Action[]): void {
  const kinds = actions.map((action) => action.type);
  const at = (type: Action['type']): number => kinds.indexOf(type);
  if (at('ended') >= 0) expect(at('ended')).toBe(kinds.length - 1);
  if (at('fail') >= 0) expect(at('close')).toBeGreaterThan(at('fail'));
  if (at('close') >= 0) {
    expect(kinds.slice(at('close'))).not.toContain('transmit');
    expect(kinds.slice(at('close'))).not.toContain('deliver');
    expect(kinds).toContain('ended');
  }
  if (at('fail') >= 0) expect(kinds.slice(at('fail'))).not.toContain('deliver');
}

describe('step, whatever happens', () => {
  it('throws nothing, changes no state that was, leaks nothing and keeps its order', () => {
    fc.assert(
      fc.property(runs, ({ chosen, happenings }) => {
        let state = deepFreeze(beginning(chosen.role, chosen.version, chosen.manual, chosen.stands));
        let now = 0;
        let ended = false;
        for (const { input, later } of happenings) {
          now += later;
          const full = deepFreeze({ ...input(state), now }) as Input;
          const [next, actions] = step(state, full);
          deepFreeze(next);
          if (actions.some((action) => action.type === 'refused')) {
            expect(next).toBe(state);
            expect(actions).toHaveLength(1);
          }
          if (ended) {
            expect(next).toBe(state);
            for (const action of actions) expect(action.type).toBe('refused');
          }
          checkState(next);
          checkOrder(actions);
          for (const action of actions) {
            if (action.type === 'transmit') encode<ProtocolVersion>(action.packet, next.terms.version);
            if (action.type === 'ended') ended = true;
          }
          expect(next.phase === 'closed').toBe(ended || next.phase === 'closed');
          state = next;
        }
        checkBytes();
      }),
      { numRuns: 400 },
    );
  });

  it('settles everything that was sent and not refused once, at the latest when the session ends', () => {
    fc.assert(
      fc.property(runs, ({ chosen, happenings }) => {
        let state = beginning(chosen.role, chosen.version, chosen.manual, chosen.stands);
        let now = 0;
        const open = new Set<number>();
        let tokens = 0;
        const note = (actions: readonly Action[]): void => {
          for (const action of actions) {
            if (action.type !== 'settled' || typeof action.token !== 'number') continue;
            expect(open.delete(action.token)).toBe(true);
          }
        };
        for (const { input, later } of happenings) {
          now += later;
          let full = { ...input(state), now } as Input;
          if (full.type === 'send') {
            full = { ...full, token: tokens };
            open.add(tokens++);
          }
          const [next, actions] = step(state, full);
          state = next;
          for (const action of actions) {
            if (action.type === 'refused' && typeof action.token === 'number') open.delete(action.token);
          }
          note(actions);
        }
        const kept = exportSession(state.session);
        const inSession = [...kept.outgoing, ...kept.queued].flatMap(({ token }) =>
          typeof token === 'number' ? [token] : [],
        );
        const awaited = [...exportConnection(state).asked].map(({ token }) => token);
        expect([...open].sort()).toEqual([...inSession, ...awaited].sort());
      }),
      { numRuns: 400 },
    );
  });

  it('goes on from a stored state as from the state itself', () => {
    fc.assert(
      fc.property(runs, ({ chosen, happenings }) => {
        let state = beginning(chosen.role, chosen.version, chosen.manual, chosen.stands);
        let copy = state;
        let now = 0;
        for (const { input, later } of happenings) {
          now += later;
          copy = importConnection(storedFromJson(storedToJson(exportConnection(copy))));
          expect(deadline(copy)).toBe(deadline(state));
          const full = { ...input(state), now } as Input;
          const [next, actions] = step(state, full);
          const [nextCopy, copyActions] = step(copy, full);
          expect(copyActions.map(comparable)).toEqual(actions.map(comparable));
          state = next;
          copy = nextCopy;
          expect(exportConnection(copy)).toEqual(exportConnection(state));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('changes of a session as sessionChanges says', () => {
    fc.assert(
      fc.property(runs, ({ chosen, happenings }) => {
        let state = beginning(chosen.role, chosen.version, chosen.manual, true);
        let stored = exportSession(state.session);
        let now = 0;
        for (const { input, later } of happenings) {
          now += later;
          const [next] = step(state, { ...input(state), now } as Input);
          const changes = sessionChanges(state.session, next.session);
          if (changes !== undefined) stored = applySessionChanges(stored, structuredClone(changes));
          state = next;
          expect(stored).toEqual(exportSession(state.session));
          expect(exportSession(importSession(stored))).toEqual(stored);
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** An action without what differs between one error object and its twin. */
function comparable(action: Action): unknown {
  if ('error' in action) return { ...action, error: action.error.message };
  if (action.type === 'settled' && action.outcome.kind === 'unsendable') return action.outcome.error.message;
  return action;
}

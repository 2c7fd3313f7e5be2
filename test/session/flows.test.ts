import { describe, expect, it } from 'vitest';
import {
  emptySession,
  flowOf,
  type IncomingEvent,
  incomingMove,
  incomingOf,
  OUTGOING_MOVES,
  type OutgoingEvent,
  type OutgoingPhase,
  outgoingEvent,
  outgoingMove,
} from '../../src/session/index.js';
import { addFlow, freeId } from '../../src/session/state.js';
import { trieDelete, trieSet } from '../../src/session/trie.js';

const phases = Object.keys(OUTGOING_MOVES) as (OutgoingPhase | 'none')[];
const events = Object.keys(OUTGOING_MOVES.none) as OutgoingEvent[];

it('nobody holds what is no Packet Identifier', () => {
  for (const packetId of [0, -1, 1.5, 65_536, Number.NaN]) {
    expect(flowOf(emptySession(), packetId)).toBeUndefined();
    expect(incomingOf(emptySession(), packetId)).toBeUndefined();
  }
});

describe('Packet Identifiers', () => {
  const flow = { phase: 'awaiting-suback', order: 1, token: undefined, filters: 1 } as const;

  it('are given out one after the other, and from 65,535 on from the first that is free', () => {
    let session = { ...emptySession(), nextPacketId: 65_534 };
    const given: number[] = [];
    for (let i = 0; i < 4; i++) {
      const packetId = freeId(session);
      given.push(packetId);
      session = addFlow(session, { ...flow, packetId });
    }
    expect(given).toEqual([65_534, 65_535, 1, 2]);
    expect(session.nextPacketId).toBe(3);
    expect(freeId({ ...session, nextPacketId: 65_534 })).toBe(3);
  });

  it('are 0 when all are in use', () => {
    let { outgoing } = emptySession();
    for (let packetId = 1; packetId <= 65_535; packetId++)
      outgoing = trieSet(outgoing, packetId, { ...flow, packetId });
    expect(freeId({ ...emptySession(), outgoing })).toBe(0);
    expect(freeId({ ...emptySession(), outgoing: trieDelete(outgoing, 9), nextPacketId: 10 })).toBe(9);
  });
});

describe("the sender's table", () => {
  it('has an answer for every phase and event', () => {
    for (const phase of phases) {
      expect(Object.keys(OUTGOING_MOVES[phase]).sort()).toEqual([...events].sort());
      for (const event of events) expect(outgoingMove(phase, event)).toBeDefined();
    }
  });

  it('moves on nothing but what is awaited, and ends every exchange with one settlement', () => {
    const moves = phases.flatMap((phase) =>
      events.flatMap((event) => {
        const move = outgoingMove(phase, event);
        return typeof move === 'string' ? [] : [[phase, event, move.next, move.send, move.settle]];
      }),
    );
    expect(moves).toEqual([
      ['none', 'puback', 'none', undefined, undefined],
      ['none', 'puback refusal', 'none', undefined, undefined],
      ['none', 'pubrec', 'none', 'pubrel', undefined],
      ['none', 'pubrec refusal', 'none', undefined, undefined],
      ['none', 'pubcomp', 'none', undefined, undefined],
      ['awaiting-puback', 'puback', 'none', undefined, 'acknowledged'],
      ['awaiting-puback', 'puback refusal', 'none', undefined, 'refused'],
      ['awaiting-pubrec', 'pubrec', 'awaiting-pubcomp', 'pubrel', undefined],
      ['awaiting-pubrec', 'pubrec refusal', 'none', undefined, 'refused'],
      ['awaiting-pubcomp', 'pubrec', 'awaiting-pubcomp', 'pubrel', undefined],
      ['awaiting-pubcomp', 'pubcomp', 'none', undefined, 'acknowledged'],
      ['awaiting-suback', 'suback', 'none', undefined, 'acknowledged'],
      ['awaiting-unsuback', 'unsuback', 'none', undefined, 'acknowledged'],
    ]);
  });

  it('tells what is unknown from what is wrong', () => {
    expect(outgoingMove('none', 'suback')).toBe('unknown-packet-id');
    expect(outgoingMove('none', 'unsuback')).toBe('unknown-packet-id');
    expect(outgoingMove('awaiting-puback', 'pubcomp')).toBe('wrong-acknowledgement');
  });

  it('knows refusals by their Reason Code', () => {
    const of = (...codes: (number | undefined)[]): string[] =>
      codes.map((code) => outgoingEvent('pubrec', code));
    expect(of(undefined, 0, 0x10, 0x7f, 0x80, 0x97)).toEqual([
      'pubrec',
      'pubrec',
      'pubrec',
      'pubrec',
      'pubrec refusal',
      'pubrec refusal',
    ]);
    expect(outgoingEvent('puback', 0x87)).toBe('puback refusal');
    // Nothing is left to refuse: whatever PUBCOMP says, the exchange is over.
    expect(outgoingEvent('pubcomp', 0x92)).toBe('pubcomp');
    expect(outgoingEvent('suback', 0x87)).toBe('suback');
  });
});

describe("the receiver's table", () => {
  const all: IncomingEvent[] = ['publish', 'accepted', 'rejected', 'pubrel'];

  it('delivers a message when its identifier is not held, and never else', () => {
    for (const qos of [1, 2] as const) {
      for (const phase of ['none', 'delivered', 'answered'] as const) {
        for (const event of all) {
          const delivers = incomingMove(qos, phase, event)?.deliver === true;
          expect(delivers).toBe(phase === 'none' && event === 'publish');
        }
      }
    }
  });

  it('answers PUBREL in every phase of QoS 2, and in none of QoS 1', () => {
    for (const phase of ['none', 'delivered', 'answered'] as const) {
      expect(incomingMove(2, phase, 'pubrel')).toEqual({ next: 'none', send: 'pubcomp' });
      expect(incomingMove(1, phase, 'pubrel')).toBeUndefined();
    }
  });

  it('holds the identifier until PUBACK, a PUBREC that refuses, or PUBCOMP', () => {
    const moves = ([1, 2] as const).flatMap((qos) =>
      (['none', 'delivered', 'answered'] as const).flatMap((phase) =>
        all.flatMap((event) => {
          const move = incomingMove(qos, phase, event);
          return move === undefined ? [] : [[qos, phase, event, move.next, move.send]];
        }),
      ),
    );
    expect(moves).toEqual([
      [1, 'none', 'publish', 'delivered', undefined],
      [1, 'delivered', 'publish', 'delivered', undefined],
      [1, 'delivered', 'accepted', 'none', 'puback'],
      [1, 'delivered', 'rejected', 'none', 'puback'],
      [2, 'none', 'publish', 'delivered', undefined],
      [2, 'none', 'pubrel', 'none', 'pubcomp'],
      [2, 'delivered', 'publish', 'delivered', undefined],
      [2, 'delivered', 'accepted', 'answered', 'pubrec'],
      [2, 'delivered', 'rejected', 'none', 'pubrec'],
      [2, 'delivered', 'pubrel', 'none', 'pubcomp'],
      [2, 'answered', 'publish', 'answered', 'pubrec'],
      [2, 'answered', 'pubrel', 'none', 'pubcomp'],
    ]);
  });
});

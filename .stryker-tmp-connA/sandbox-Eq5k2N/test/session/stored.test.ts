// @ts-nocheck
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applySessionChanges,
  emptySession,
  exportSession,
  importSession,
  queueMessage,
  type SessionState,
  sessionChanges,
  storedFromJson,
  storedToJson,
} from '../../src/session/index.js';
import { client, connect5, incoming, publish, type Side } from '../connection/support.js';

/** A session with something in every table. */
function rich(): SessionState {
  const side = client(5, { acknowledgements: 'manual' }, { properties: { receiveMaximum: 4 } });
  const properties = {
    messageExpiryInterval: 9,
    correlationData: Uint8Array.of(1, 2, 255),
    userProperties: [
      ['a', 'b'],
      ['a', 'c'],
    ] as [string, string][],
    contentType: 'x',
  };
  const send = (qos: 1 | 2, topic: string, rest: object = {}): void => {
    side.do({ type: 'send', packet: { ...publish(qos, topic), ...rest }, token: topic });
  };
  send(1, 'one', { payload: Uint8Array.of(0, 128, 255), retain: true, properties });
  send(2, 'two', { payload: 'text' });
  send(2, 'three', { payload: undefined });
  side.receive({ type: 'pubrec', packetId: 2, reasonCode: 0x10 });
  const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
  side.do({ type: 'send', packet: { type: 'subscribe', subscriptions } });
  send(1, 'four');
  side.do({ type: 'send', packet: { ...publish(2, 'five'), properties }, topicAlias: 'automatic' });
  side.do({ type: 'send', packet: publish(1, 'six'), token: 6 });
  for (const id of [7, 8]) side.receive(incoming(2, id));
  side.do({ type: 'acknowledge', packetId: 7 });
  return side.state.session;
}

describe('a stored session', () => {
  const stored = exportSession(rich());

  it('has one row for everything, and none for subscriptions', () => {
    expect(stored).toMatchObject({
      format: 1,
      begun: true,
      nextPacketId: 6,
      nextOrder: 7,
      nextPlace: 3,
      outgoing: [
        { packetId: 1, phase: 'awaiting-puback', order: 1, token: 'one', topic: 'one', qos: 1, retain: true },
        { packetId: 3, phase: 'awaiting-pubrec', token: 'three', topic: 'three' },
        { packetId: 2, phase: 'awaiting-pubcomp', token: 'two', reasonCode: 0x10 },
        { packetId: 5, phase: 'awaiting-puback', token: 'four' },
      ],
      incoming: [
        { packetId: 7, phase: 'answered', verdict: 0 },
        { packetId: 8, phase: 'delivered', verdict: 0 },
      ],
      queued: [
        { place: 1, topic: 'five', automaticAlias: true },
        { place: 2, topic: 'six', token: 6, automaticAlias: false },
      ],
    });
    expect(stored.outgoing).toHaveLength(4);
  });

  it('comes back the same from structuredClone and from JSON, in another process as in this', () => {
    for (const copy of [structuredClone(stored), storedFromJson(storedToJson(stored))]) {
      expect(copy).toEqual(stored);
      const session = importSession(copy);
      expect(exportSession(session)).toEqual(stored);
      expect(session.outgoing.size).toBe(4);
    }
  });

  it('shares no memory with the session, nor the session with it', () => {
    const payload = Uint8Array.of(1, 2, 3);
    const side: Side = client(5);
    side.do({ type: 'send', packet: { ...publish(1), payload: Buffer.from(payload) } });
    const row = exportSession(side.state.session);
    const [first] = row.outgoing;
    if (first?.phase !== 'awaiting-puback' || !(first.payload instanceof Uint8Array))
      throw new Error('no payload');
    expect(Object.getPrototypeOf(first.payload)).toBe(Uint8Array.prototype);
    const session = importSession(row);
    first.payload.fill(9);
    expect(exportSession(session).outgoing).toMatchObject([{ payload }]);
    expect(exportSession(side.state.session).outgoing).toMatchObject([{ payload }]);
  });

  it('shares no list of Subscription Identifiers, which a server has', () => {
    const subscriptionIdentifiers = [1, 2];
    const packet = { ...publish(1), properties: { subscriptionIdentifiers } };
    const { session } = queueMessage(emptySession(), packet, { now: 0, version: 5 });
    const [row] = exportSession(session).queued;
    subscriptionIdentifiers.push(3);
    expect(row?.properties).toEqual({ subscriptionIdentifiers: [1, 2] });
  });

  it('holds no Topic Alias', () => {
    const side = client(5, {}, { properties: { topicAliasMaximum: 3 } });
    side.do({ type: 'send', packet: { ...publish(1), properties: { topicAlias: 2, contentType: 'x' } } });
    expect(exportSession(side.state.session).outgoing[0]).toHaveProperty('properties', { contentType: 'x' });
  });

  it('goes on with the first identifier after the last that nothing holds', () => {
    const row = { phase: 'awaiting-puback', topic: 'a', qos: 1, retain: false };
    const outgoing = [65_534, 65_535, 1].map((packetId, i) => ({ ...row, packetId, order: i + 1 }));
    const session = importSession({
      ...exportSession(emptySession()),
      nextPacketId: 65_534,
      nextOrder: 4,
      outgoing,
    });
    const side = client(5, { session: { ...session, begun: true } }, { sessionPresent: true });
    const [packet] = side.do({ type: 'send', packet: publish(1) });
    expect(packet).toMatchObject({ type: 'transmit', packet: { packetId: 2 } });
  });

  it('is taken up by a new connection', () => {
    const side = client(5, { session: importSession(stored) }, { sessionPresent: true });
    expect(side.state.traffic.sending).toBe(6);
    expect(side.state.session.queue.size).toBe(0);
    expect(connect5.clientId).toBe('c');
  });
});

describe('what is no stored session', () => {
  const stored = exportSession(rich());
  const row = stored.outgoing[0]!;
  const queued = stored.queued[0]!;
  const cases: [string, unknown][] = [
    ['session', undefined],
    ['session', null],
    ['session', 'text'],
    ['session', []],
    ['format', {}],
    ['format', { ...stored, format: 2 }],
    ['begun', { ...stored, begun: 1 }],
    ['nextPacketId', { ...stored, nextPacketId: 0 }],
    ['nextPacketId', { ...stored, nextPacketId: 65_536 }],
    ['nextOrder', { ...stored, nextOrder: 1.5 }],
    ['nextPlace', { ...stored, nextPlace: -1 }],
    ['outgoing', { ...stored, outgoing: {} }],
    ['outgoing[0]', { ...stored, outgoing: [7] }],
    ['outgoing[0].packetId', { ...stored, outgoing: [{ ...row, packetId: 0 }] }],
    ['outgoing[0].order', { ...stored, outgoing: [{ ...row, order: 7 }] }],
    ['outgoing[0].order', { ...stored, outgoing: [{ ...row, order: 0 }] }],
    ['outgoing[0].token', { ...stored, outgoing: [{ ...row, token: {} }] }],
    ['outgoing[0].phase', { ...stored, outgoing: [{ ...row, phase: 'awaiting-pubrec' }] }],
    ['outgoing[0].phase', { ...stored, outgoing: [{ ...row, phase: 'awaiting-suback' }] }],
    ['outgoing[0].topic', { ...stored, outgoing: [{ ...row, topic: 'a/+' }] }],
    ['outgoing[0].topic', { ...stored, outgoing: [{ ...row, topic: 7 }] }],
    ['outgoing[0].payload', { ...stored, outgoing: [{ ...row, payload: [1] }] }],
    ['outgoing[0].qos', { ...stored, outgoing: [{ ...row, qos: 3 }] }],
    ['outgoing[0].retain', { ...stored, outgoing: [{ ...row, retain: 'no' }] }],
    ['outgoing[0].expiresAt', { ...stored, outgoing: [{ ...row, expiresAt: '1' }] }],
    ['outgoing[0].expiresAt', { ...stored, outgoing: [{ ...row, expiresAt: Number.NaN }] }],
    [
      'outgoing[0].properties.contentType',
      { ...stored, outgoing: [{ ...row, properties: { contentType: 1 } }] },
    ],
    [
      'outgoing[0].properties.topicAlias',
      { ...stored, outgoing: [{ ...row, properties: { topicAlias: 1 } }] },
    ],
    ['outgoing.packetId', { ...stored, outgoing: [row, { ...row, order: 2 }] }],
    ['outgoing.order', { ...stored, outgoing: [row, { ...row, packetId: 2 }] }],
    [
      'outgoing[0].reasonCode',
      { ...stored, outgoing: [{ packetId: 1, order: 1, phase: 'awaiting-pubcomp', reasonCode: 256 }] },
    ],
    ['incoming', { ...stored, incoming: 7 }],
    ['incoming[0].phase', { ...stored, incoming: [{ packetId: 1, phase: 'x', verdict: 0 }] }],
    ['incoming[0].verdict', { ...stored, incoming: [{ packetId: 1, phase: 'answered', verdict: -1 }] }],
    ['incoming.packetId', { ...stored, incoming: [stored.incoming[0], stored.incoming[0]] }],
    ['queued[0].place', { ...stored, queued: [{ ...queued, place: 3 }] }],
    ['queued[0].automaticAlias', { ...stored, queued: [{ ...queued, automaticAlias: 0 }] }],
    ['queued[0].bytes', { ...stored, queued: [{ ...queued, bytes: -1 }] }],
    ['queued[0].qos', { ...stored, queued: [{ ...queued, qos: 0 }] }],
    ['queued.place', { ...stored, queued: [queued, queued] }],
    ['queued', { ...stored, nextPlace: 70_000 }],
  ];

  it('may be something that throws when it is read', () => {
    const properties = {
      get contentType(): string {
        throw new Error('mine');
      },
    };
    expect(() => importSession({ ...stored, outgoing: [{ ...row, properties }] })).toThrow(
      expect.objectContaining({ code: 'invalid-stored-state', field: 'outgoing[0]' }),
    );
  });

  it.each(cases)('%s is named', (field, value) => {
    const code = 'invalid-stored-state';
    expect(() => importSession(value)).toThrow(expect.objectContaining({ code, field }));
  });

  it('throws that error and no other, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(stored)), (value, key) => {
        for (const garbage of [
          value,
          { ...stored, [key]: value },
          { ...stored, outgoing: [{ ...row, topic: value }] },
        ]) {
          try {
            importSession(garbage);
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid-stored-state' });
          }
        }
      }),
    );
  });
});

describe('JSON', () => {
  it('carries every byte array', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const text = storedToJson({ bytes, list: [{ bytes }] });
        expect(JSON.parse(text)).toMatchObject({ bytes: { $bytes: Buffer.from(bytes).toString('base64') } });
        expect(storedFromJson(text)).toEqual({ bytes, list: [{ bytes }] });
      }),
    );
  });

  it('is refused where it is none, or its bytes are none', () => {
    for (const text of [
      '',
      '{',
      '{"a":{"$bytes":"A"}}',
      '{"a":{"$bytes":"A==="}}',
      '{"a":{"$bytes":"A*=="}}',
    ]) {
      expect(() => storedFromJson(text)).toThrow(expect.objectContaining({ code: 'invalid-stored-state' }));
    }
    expect(storedFromJson('{"a":{"$bytes":7},"b":null}')).toEqual({ a: { $bytes: 7 }, b: null });
  });
});

describe('changes of a session', () => {
  it('are the rows to write and to erase', () => {
    const side = client(5, {}, { properties: { receiveMaximum: 2 } });
    const change = (work: () => void): ReturnType<typeof sessionChanges> => {
      const before = side.state.session;
      work();
      return sessionChanges(before, side.state.session);
    };
    const send = (qos: 0 | 1 | 2) => (): unknown => side.do({ type: 'send', packet: publish(qos) });
    const none = { set: [], removed: [] };
    expect(change(send(0))).toBeUndefined();
    expect(change(send(2))).toMatchObject({
      format: 1,
      outgoing: { set: [{ packetId: 1, phase: 'awaiting-pubrec', topic: 'a' }], removed: [] },
      incoming: none,
      queued: none,
      counters: { begun: true, nextPacketId: 2, nextOrder: 2, nextPlace: 1 },
    });
    expect(change(() => side.receive({ type: 'pubrec', packetId: 1 }))).toMatchObject({
      outgoing: { set: [{ packetId: 1, phase: 'awaiting-pubcomp' }], removed: [] },
    });
    expect(change(send(1))?.outgoing.set).toHaveLength(1);
    expect(change(send(1))).toMatchObject({ outgoing: none, queued: { set: [{ place: 1 }], removed: [] } });
    expect(change(() => side.receive({ type: 'pubcomp', packetId: 1 }))).toMatchObject({
      outgoing: { set: [{ packetId: 3, phase: 'awaiting-puback' }], removed: [1] },
      queued: { set: [], removed: [1] },
    });
    expect(change(() => side.receive(incoming(2, 9)))).toMatchObject({
      incoming: { set: [{ packetId: 9, phase: 'answered', verdict: 0 }], removed: [] },
    });
    expect(change(() => side.receive(incoming(2, 9, { dup: true })))).toBeUndefined();
    expect(change(() => side.receive({ type: 'pubrel', packetId: 9 }))).toMatchObject({
      incoming: { set: [], removed: [9] },
    });
    const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
    const asked = change(() => side.do({ type: 'send', packet: { type: 'subscribe', subscriptions } }));
    expect(asked).toMatchObject({ outgoing: none, counters: { nextPacketId: 5 } });
  });

  it('are told of a message of the peer where its verdict changes, and not where it comes again', () => {
    const first = client(5, { acknowledgements: 'manual' });
    first.receive(incoming(2, 8));
    first.receive(incoming(2, 9));
    const before = first.state.session;
    first.do({ type: 'acknowledge', packetId: 9, reasonCode: 0x87 });
    expect(sessionChanges(before, first.state.session)?.incoming).toEqual({
      set: [{ packetId: 9, phase: 'delivered', verdict: 0x87 }],
      removed: [],
    });
    first.do({ type: 'closed' });
    const { session } = first.state;
    const second = client(5, { acknowledgements: 'manual', session }, { sessionPresent: true });
    second.receive(incoming(2, 8, { dup: true }));
    expect(second.state.session.incoming).not.toBe(session.incoming);
    expect(sessionChanges(session, second.state.session)).toBeUndefined();
  });

  it('are carried out row by row, and the rows stay in their order', () => {
    const side = client(5, {}, { properties: { receiveMaximum: 2 } });
    let kept = exportSession(side.state);
    let before = side.state.session;
    const keep = (): void => {
      const changes = sessionChanges(before, side.state);
      if (changes !== undefined) kept = applySessionChanges(kept, changes);
      before = side.state.session;
      expect(kept).toEqual(exportSession(side.state));
    };
    for (const topic of ['a', 'b', 'c', 'd', 'e']) {
      side.do({ type: 'send', packet: publish(2, topic) });
      keep();
    }
    for (const packetId of [2, 1]) {
      side.receive(incoming(2, packetId));
      side.receive({ type: 'pubrec', packetId });
      keep();
    }
    expect(kept.outgoing.map((row) => row.packetId)).toEqual([2, 1]);
    expect(kept.queued.map((row) => row.place)).toEqual([1, 2, 3]);
    expect(kept.incoming.map((row) => row.packetId)).toEqual([1, 2]);
  });

  it('overwrite a message that is there already, and do not erase it', () => {
    const row = { place: 3, automaticAlias: false, bytes: 1, topic: 't', qos: 1 as const, retain: false };
    const stored = { ...exportSession(emptySession()), nextPlace: 4, queued: [row] };
    const changes = sessionChanges(importSession(stored), importSession(stored));
    expect(changes?.queued).toEqual({ set: [row], removed: [] });
  });

  it('tell two messages apart that waited in the same place of the table', () => {
    const session = emptySession();
    const queueOf = (place: number): SessionState => {
      const row = {
        place,
        automaticAlias: false,
        bytes: 1,
        topic: `t${place}`,
        qos: 1 as const,
        retain: false,
      };
      return importSession({ ...exportSession(session), nextPlace: place + 1, queued: [row] });
    };
    const changes = sessionChanges(queueOf(1), queueOf(65_536));
    expect(changes?.queued).toMatchObject({ set: [{ place: 65_536 }], removed: [1] });
    expect(applySessionChanges(exportSession(queueOf(1)), changes!)).toEqual(exportSession(queueOf(65_536)));
  });
});

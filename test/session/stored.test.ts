import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applySessionChanges,
  emptySession,
  exportSession,
  importSession,
  queueMessage,
  type SessionState,
  type StoredQueued,
  sessionChanges,
  storedFromJson,
  storedToJson,
  unacknowledged,
} from '../../src/session/index.js';
import { client, connect5, incoming, publish, type Side } from '../connection/support.js';

const at5 = { now: 0, version: 5 } as const;

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

  it('has no field without a value, which a database could not take', () => {
    const undefinedIn = (value: unknown, at: string): string[] => {
      if (value === undefined) return [at];
      if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
      return Object.entries(value).flatMap(([key, field]) => undefinedIn(field, `${at}.${key}`));
    };
    expect(undefinedIn(stored, 'stored')).toEqual([]);
    const properties = { contentType: undefined, responseTopic: 'r' };
    const { session } = queueMessage(
      emptySession(),
      { type: 'publish', topic: 'a', qos: 1, properties },
      at5,
    );
    const side = client(5, { session });
    const rows = [...exportSession(session).queued, ...exportSession(side.state).outgoing];
    expect(undefinedIn(rows, 'rows')).toEqual([]);
    expect(rows).toMatchObject([{ place: 1, properties: { responseTopic: 'r' } }, { packetId: 1 }]);
    side.receive({ type: 'publish', topic: 'a', payload: '', qos: 2, packetId: 4 } as never);
    const two = client(5);
    two.do({ type: 'send', packet: publish(2) });
    two.receive({ type: 'pubrec', packetId: 1 });
    expect(exportSession(two.state).outgoing).toStrictEqual([
      { packetId: 1, phase: 'awaiting-pubcomp', order: 2, reasonCode: 0 },
    ]);
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

  it('shares no User Properties', () => {
    const pair: [string, string] = ['a', 'b'];
    const packet = { ...publish(1), properties: { userProperties: [pair] } };
    const { session } = queueMessage(emptySession(), packet, { now: 0, version: 5 });
    const [row] = exportSession(session).queued;
    pair[1] = 'c';
    expect(row?.properties).toEqual({ userProperties: [['a', 'b']] });
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

describe('messages that wait for a verdict', () => {
  it('are those that were delivered, and neither answered nor refused', () => {
    const side = client(5, { acknowledgements: 'manual' });
    for (const id of [9, 8, 7, 6]) side.receive(incoming(2, id));
    expect(unacknowledged(side.state.session)).toEqual([6, 7, 8, 9]);
    side.do({ type: 'acknowledge', packetId: 9 });
    side.do({ type: 'acknowledge', packetId: 7, reasonCode: 0x87 });
    expect(unacknowledged(side.state.session)).toEqual([6, 8]);
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
    ['queued', { ...stored, nextPlace: 65_537 }],
    ['nextOrder', { ...stored, nextOrder: 0, outgoing: [] }],
    ['nextOrder', { ...stored, nextOrder: '7' }],
    ['nextPlace', { ...stored, nextPlace: 0, queued: [] }],
    ['nextPacketId', { ...stored, nextPacketId: '1' }],
    ['outgoing[0]', { ...stored, outgoing: [null] }],
    ['outgoing[1]', { ...stored, outgoing: [row, []] }],
    ['outgoing[1].retain', { ...stored, outgoing: [row, { ...row, packetId: 9, retain: undefined }] }],
    [
      'outgoing[0].reasonCode',
      { ...stored, outgoing: [{ packetId: 1, order: 1, phase: 'awaiting-pubcomp', reasonCode: -1 }] },
    ],
    ['incoming[0]', { ...stored, incoming: [7] }],
    ['incoming[0].packetId', { ...stored, incoming: [{ packetId: 0, phase: 'answered', verdict: 0 }] }],
    ['incoming[0].verdict', { ...stored, incoming: [{ packetId: 1, phase: 'answered', verdict: 256 }] }],
    ['queued', { ...stored, queued: 'x' }],
    ['queued[0]', { ...stored, queued: ['x'] }],
    ['queued[0].place', { ...stored, queued: [{ ...queued, place: 0 }] }],
    ['queued[0].token', { ...stored, queued: [{ ...queued, token: null }] }],
    ['queued[0].retain', { ...stored, queued: [{ ...queued, retain: 1 }] }],
    [
      'queued[0].properties.topicAlias',
      { ...stored, queued: [{ ...queued, properties: { topicAlias: 1 } }] },
    ],
  ];

  it('is not what lies on the edge', () => {
    const edges: object[] = [
      { ...stored, nextPlace: 65_536, queued: [{ ...queued, place: 1 }] },
      { ...stored, nextPacketId: 65_535 },
      { ...stored, outgoing: [], incoming: [], queued: [], nextOrder: 1, nextPlace: 1 },
      { ...stored, outgoing: [{ packetId: 65_535, order: 6, phase: 'awaiting-pubcomp', reasonCode: 255 }] },
      { ...stored, incoming: [{ packetId: 65_535, phase: 'delivered', verdict: 255 }] },
      { ...stored, queued: [{ ...queued, place: 2, bytes: 0, expiresAt: Number.POSITIVE_INFINITY }] },
    ];
    for (const edge of edges) expect(exportSession(importSession(edge))).toEqual(edge);
  });

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
        // It has a toJSON of its own.
        expect(storedToJson({ bytes: Buffer.from(bytes), list: [{ bytes }] })).toBe(text);
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

  it('says whether the text or a byte array in it is wrong', () => {
    const code = 'invalid-stored-state';
    expect(() => storedFromJson('{')).toThrow(expect.objectContaining({ code, field: 'json' }));
    for (const text of ['*AAA', 'AAA*', 'A=AA', 'AAA', 'AAAAA']) {
      expect(() => storedFromJson(JSON.stringify({ $bytes: text }))).toThrow(
        expect.objectContaining({ code, field: '$bytes' }),
      );
    }
  });
});

describe('changes of a session', () => {
  it('are there when a counter alone is another', () => {
    const session = emptySession();
    const changed: Partial<SessionState>[] = [
      { begun: true },
      { nextPacketId: 2 },
      { nextOrder: 2 },
      { queue: { ...session.queue, first: 2, next: 2 } },
    ];
    for (const one of changed) {
      const after = { ...session, ...one };
      const { begun, nextPacketId, nextOrder, nextPlace } = exportSession(after);
      const none = { set: [], removed: [] };
      expect(sessionChanges(session, after)).toEqual({
        format: 1,
        outgoing: none,
        incoming: none,
        queued: none,
        counters: { begun, nextPacketId, nextOrder, nextPlace },
      });
    }
    expect(sessionChanges(session, { ...session, connection: 7 })).toBeUndefined();
  });

  it('are none for requests, which are no part of a session, but for the identifiers', () => {
    const side = client(5);
    const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
    const none = { set: [], removed: [] };
    let before = side.state.session;
    side.do({ type: 'send', packet: { type: 'subscribe', subscriptions } });
    side.do({ type: 'send', packet: { type: 'unsubscribe', topicFilters: ['a'] } });
    expect(sessionChanges(before, side.state)?.outgoing).toEqual(none);
    expect(exportSession(side.state).outgoing).toEqual([]);
    before = side.state.session;
    side.receive({ type: 'suback', packetId: 1, reasonCodes: [0] });
    side.receive({ type: 'unsuback', packetId: 2, reasonCodes: [0] });
    expect(side.state.session).not.toBe(before);
    expect(sessionChanges(before, side.state)).toBeUndefined();
  });

  it('put waiting messages into the order of their places', () => {
    const rowAt = (place: number): StoredQueued => {
      return { place, automaticAlias: false, bytes: 1, topic: 't', qos: 1, retain: false };
    };
    const none = { set: [], removed: [] };
    const stored = { ...exportSession(emptySession()), queued: [rowAt(4)] };
    const counters = { begun: false, nextPacketId: 1, nextOrder: 1, nextPlace: 9 };
    const queued = { set: [rowAt(5), rowAt(2)], removed: [] };
    const after = applySessionChanges(stored, {
      format: 1,
      outgoing: none,
      incoming: none,
      queued,
      counters,
    });
    expect(after.queued.map(({ place }) => place)).toEqual([2, 4, 5]);
  });

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

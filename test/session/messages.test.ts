import { describe, expect, it } from 'vitest';
import { encodedLength } from '../../src/codec.js';
import {
  dropExpired,
  emptySession,
  exportSession,
  queueMessage,
  type SendablePublish,
  sessionSize,
} from '../../src/session/index.js';
import { DEFAULT_QUEUE_LIMITS, publishSize } from '../../src/session/messages.js';
import { deepFreeze } from '../connection/support.js';

const message: SendablePublish = { type: 'publish', topic: 'a', payload: 'm', qos: 1 };
const at = { now: 0, version: 5 } as const;

describe('a session without a connection', () => {
  it('queues messages for the next one', () => {
    const empty = deepFreeze(emptySession());
    const { session, error } = queueMessage(empty, message, { ...at, token: 't' });
    expect(error).toBeUndefined();
    expect(sessionSize(session)).toEqual({ outgoing: 0, incoming: 0, queued: 1 });
    expect(exportSession(session).queued).toMatchObject([{ topic: 'a', payload: 'm', token: 't', qos: 1 }]);
    expect(sessionSize(empty).queued).toBe(0);
  });

  it('refuses what it cannot queue, and stays the same object', () => {
    const session = emptySession();
    const refused = (packet: SendablePublish, options: object = {}): unknown => {
      const result = queueMessage(session, packet, { ...at, ...options });
      expect(result.session).toBe(session);
      return result.error?.code;
    };
    expect(refused({ ...message, qos: 0 })).toBe('invalid-qos');
    expect(refused({ type: 'publish', topic: 'a' })).toBe('invalid-qos');
    expect(refused({ ...message, topic: 'a/#' })).toBe('wildcard-in-topic-name');
    expect(refused({ ...message, properties: { topicAlias: 1 } })).toBe('unknown-topic-alias');
    expect(refused({ ...message, properties: { contentType: 'x' } }, { version: 4 })).toBe(
      'not-in-this-version',
    );
    expect(refused(message, { limits: { messages: 0 } })).toBe('queue-full');
    expect(refused(message, { limits: { bytes: 3 } })).toBe('queue-full');
  });

  it('names the field that is to blame', () => {
    const field = (packet: object, options: object = {}): unknown => {
      const { error } = queueMessage(emptySession(), packet as SendablePublish, { ...at, ...options });
      return error !== undefined && 'field' in error ? error.field : undefined;
    };
    expect(field({ ...message, qos: 0 })).toBe('qos');
    expect(field({ ...message, properties: { topicAlias: 1 } })).toBe('properties.topicAlias');
    expect(field(message, { limits: { messages: 0 } })).toBe('type');
  });

  it('takes 1,000 messages and 16 MiB when nothing else is said', () => {
    expect(DEFAULT_QUEUE_LIMITS).toEqual({ messages: 1_000, bytes: 16 * 1_024 * 1_024 });
    let session = emptySession();
    for (let i = 0; i < 1_000; i++) ({ session } = queueMessage(session, message, at));
    expect(queueMessage(session, message, at).error?.code).toBe('queue-full');
    const payload = new Uint8Array(8 * 1_024 * 1_024);
    const one = queueMessage(emptySession(), { ...message, payload }, at);
    expect(one.error).toBeUndefined();
    expect(queueMessage(one.session, { ...message, payload }, at).error?.code).toBe('queue-full');
    const limits = { bytes: 17 * 1_024 * 1_024 };
    expect(queueMessage(one.session, { ...message, payload }, { ...at, limits }).error).toBeUndefined();
  });

  it('stores what the caller said, and the defaults for the rest', () => {
    const rows = [{}, { retain: true, properties: { messageExpiryInterval: 3, contentType: 'x' } }].map(
      (rest) => {
        const { session } = queueMessage(emptySession(), { ...message, ...rest }, { now: 500, version: 5 });
        return exportSession(session).queued[0];
      },
    );
    const common = { place: 1, topic: 'a', payload: 'm', qos: 1, automaticAlias: false };
    expect(rows).toStrictEqual([
      { ...common, retain: false, bytes: 13 },
      {
        ...common,
        retain: true,
        bytes: 22,
        properties: { messageExpiryInterval: 3, contentType: 'x' },
        expiresAt: 3_500,
      },
    ]);
    const twice = queueMessage(emptySession(), { ...message, qos: 2 }, at).session;
    expect(exportSession(twice).queued[0]?.qos).toBe(2);
    const options = { ...at, automaticAlias: true };
    const { session } = queueMessage(emptySession(), message, options);
    expect(exportSession(session).queued[0]?.automaticAlias).toBe(true);
  });

  it('drops what has expired', () => {
    let session = emptySession();
    for (const [token, seconds] of [
      ['x', 1],
      ['y', 2],
      ['z', undefined],
    ] as const) {
      const properties = seconds === undefined ? undefined : { messageExpiryInterval: seconds };
      ({ session } = queueMessage(session, { ...message, properties }, { ...at, token }));
    }
    expect(dropExpired(session, 999)).toEqual({ session, tokens: [] });
    expect(dropExpired(session, 999).session).toBe(session);
    const after = dropExpired(session, 2_000);
    expect(after.tokens).toEqual(['x', 'y']);
    expect(sessionSize(after.session).queued).toBe(1);
  });
});

describe('the size of a PUBLISH', () => {
  it('is never told too small', () => {
    const topics = ['a', 'ä/ö', '日本/語', '😀/x', 'x'.repeat(200), 'é'.repeat(200)];
    const payloads = [undefined, '', 'ü'.repeat(100), new Uint8Array(0), new Uint8Array(20_000)];
    const properties = [
      undefined,
      {},
      { contentType: 'é' },
      { userProperties: [['a', 'b']] as [string, string][] },
    ];
    for (const version of [4, 5] as const) {
      for (const topic of topics) {
        for (const payload of payloads) {
          for (const each of version === 5 ? properties : [undefined]) {
            for (const qos of [0, 1, 2] as const) {
              const packet: SendablePublish = {
                type: 'publish',
                topic,
                payload,
                qos,
                retain: true,
                properties: each,
              };
              const id = qos === 0 ? {} : { packetId: 1 };
              const alias = version === 5 ? { properties: { ...each, topicAlias: 7 } } : {};
              const whole = { ...packet, ...id, ...alias } as Parameters<typeof encodedLength<5>>[0];
              expect(publishSize(packet, version)).toBeGreaterThanOrEqual(encodedLength(whole, version as 5));
            }
          }
        }
      }
    }
  });

  it('is estimated from topic and payload where there are no properties, and counted otherwise', () => {
    const payload = new Uint8Array(3);
    for (const qos of [0, 1, 2] as const) {
      // Three bytes for each character, and room for everything else.
      expect(publishSize({ type: 'publish', topic: 'ab', payload, qos }, 5)).toBe(6 + 3 + 13);
      expect(publishSize({ type: 'publish', topic: 'ab', qos, retain: true }, 5)).toBe(6 + 13);
      // Text has to be looked at; a Topic Alias may be added.
      const id = qos === 0 ? 0 : 2;
      expect(publishSize({ type: 'publish', topic: 'ab', payload: 'é', qos }, 5)).toBe(
        2 + 4 + id + 1 + 2 + 4,
      );
    }
    expect(publishSize({ type: 'publish', topic: 'ab', payload }, 4)).toBe(6 + 3 + 13);
    expect(publishSize({ ...message, topic: 'ab', properties: {} }, 5)).toBe(2 + 4 + 2 + 1 + 1 + 4);
    const most = new Uint8Array(268_435_455 - 3 - 13);
    expect(publishSize({ type: 'publish', topic: 'a', payload: most }, 5)).toBe(268_435_455);
  });

  it('is an error where nothing can be sent', () => {
    const code = (packet: object): unknown => {
      const size = publishSize(packet as SendablePublish, 5);
      return typeof size === 'number' ? size : size.code;
    };
    const bytes = { type: 'publish', topic: 'a', payload: new Uint8Array(1), qos: 1 };
    expect(code({ ...bytes, topic: 'a/+' })).toBe('wildcard-in-topic-name');
    expect(code({ ...bytes, qos: 3 })).toBe('invalid-qos');
    expect(code({ ...bytes, retain: 1 })).toBe('wrong-type');
    expect(code({ ...bytes, properties: { contentType: 7 } })).toBe('wrong-type');
    expect(code({ ...message, topic: '' })).toBe('empty-topic');
    expect(code({ ...message, topic: 'a\0' })).toBe('null-character');
    expect(code({ ...message, qos: 3 })).toBe('invalid-qos');
    expect(code({ ...message, retain: 1 })).toBe('wrong-type');
    expect(code({ ...message, payload: 7 })).toBe('wrong-type');
    expect(code({ ...message, payload: new Uint8Array(268_435_456) })).toBe('too-long');
  });

  it('is a mistake of the caller in a version that there is not', () => {
    const packet = { ...message, properties: {} };
    expect(() => queueMessage(emptySession(), packet, { now: 0, version: 3 as 4 })).toThrow(RangeError);
  });
});

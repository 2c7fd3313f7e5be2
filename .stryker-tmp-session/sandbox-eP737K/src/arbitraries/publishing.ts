// @ts-nocheck
// pure: fast-check arbitraries of PUBLISH and its acknowledgements.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { PacketType, ProtocolVersion } from '../errors.js';
import type { PubackPacket, PubcompPacket, PubrecPacket, PubrelPacket } from '../packets/acks.js';
import type { PublishPacket } from '../packets/publish.js';
import { PUBACK_REASON_CODES, PUBACK_SENDERS, PUBREL_REASON_CODES } from '../spec/reason-codes.js';
import { codes, fields, type PacketOptions, typed } from './fields.js';
import type { PropertySetName } from './properties.js';
import { packetId, payload, topicName, whole } from './values.js';

/**
 * A valid PUBLISH (section 3.3), which both sides send; in MQTT 5.0 now and then with a Topic Alias for a topic.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(publish({ version: 4 }), ({ qos, packetId }) => !qos === (packetId === undefined)));
 * ```
 */
export function publish<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<PublishPacket<V>> {
  const start = { type: fc.constant('publish'), topic: topicName() };
  const body = { payload, retain: fc.boolean() };
  const atMostOnce = fields(
    options,
    start,
    { ...body, qos: fc.constant(0), dup: fc.constant(false) },
    'publish',
  );
  const assured = fields(
    options,
    { ...start, qos: fc.constantFrom(1, 2), packetId },
    { ...body, dup: fc.boolean() },
    'publish',
  );
  const named = fc.oneof({ withCrossShrink: true }, atMostOnce, assured);
  if (options.version === 4) return typed(named);
  const aliased = fc.tuple(named, whole(1, 65_535)).map(([each, topicAlias]) => ({
    ...each,
    topic: '',
    properties: { ...Object(each['properties']), topicAlias },
  }));
  return typed(
    fc.oneof({ withCrossShrink: true }, { weight: 5, arbitrary: named }, { weight: 1, arbitrary: aliased }),
  );
}

function ack<P>(
  type: PacketType & PropertySetName,
  options: PacketOptions,
  reasonCode: Arbitrary<number>,
): Arbitrary<P> {
  const start = { type: fc.constant(type), packetId };
  return typed(fields(options, start, options.version === 4 ? {} : { reasonCode }, type));
}

/**
 * A valid PUBACK (section 3.4), which both sides send.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(puback({ version: 5, from: 'client' }), ({ reasonCode }) => reasonCode !== 0x10));
 * ```
 */
export function puback<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<PubackPacket<V>> {
  return ack('puback', options, codes(PUBACK_REASON_CODES, options.from, PUBACK_SENDERS));
}

/** A valid PUBREC (section 3.5), which both sides send; see {@link puback}. */
export function pubrec<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<PubrecPacket<V>> {
  return ack('pubrec', options, codes(PUBACK_REASON_CODES, options.from, PUBACK_SENDERS));
}

/** A valid PUBREL (section 3.6), which both sides send; see {@link puback}. */
export function pubrel<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<PubrelPacket<V>> {
  return ack('pubrel', options, codes(PUBREL_REASON_CODES, options.from));
}

/** A valid PUBCOMP (section 3.7), which both sides send; see {@link puback}. */
export function pubcomp<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<PubcompPacket<V>> {
  return ack('pubcomp', options, codes(PUBREL_REASON_CODES, options.from));
}

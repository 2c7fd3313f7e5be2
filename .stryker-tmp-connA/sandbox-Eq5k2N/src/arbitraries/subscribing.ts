// @ts-nocheck
// pure: fast-check arbitraries of SUBSCRIBE, UNSUBSCRIBE and their acknowledgements.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { ProtocolVersion } from '../errors.js';
import type { SubackPacket, UnsubackPacket } from '../packets/suback.js';
import type { SubscribePacket } from '../packets/subscribe.js';
import type { UnsubscribePacket } from '../packets/unsubscribe.js';
import { SUBACK_REASON_CODES, SUBACK_RETURN_CODES, UNSUBACK_REASON_CODES } from '../spec/reason-codes.js';
import { codes, fields, type PacketOptions, typed } from './fields.js';
import { packetId, qos, topicFilter } from './values.js';

/**
 * A valid SUBSCRIBE (section 3.8), which clients send.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(subscribe({ version: 5 }), ({ subscriptions }) => subscriptions.length > 0));
 * ```
 */
export function subscribe<V extends ProtocolVersion>(
  options: PacketOptions<V>,
): Arbitrary<SubscribePacket<V>> {
  const { version } = options;
  const start = { topicFilter: topicFilter({ version }), qos };
  const flags = { noLocal: fc.boolean(), retainAsPublished: fc.boolean(), retainHandling: qos };
  const subscription = fields(options, start, version === 4 ? {} : flags).map((each) =>
    // MQTT-3.8.3-4
    each['noLocal'] && String(each['topicFilter']).startsWith('$share/') ? { ...each, noLocal: false } : each,
  );
  const subscriptions = fc.array(subscription, { minLength: 1, maxLength: 4 });
  return typed(fields(options, { type: fc.constant('subscribe'), packetId, subscriptions }, {}, 'subscribe'));
}

/**
 * A valid SUBACK (section 3.9), which servers send.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(suback({ version: 4 }), ({ reasonCodes }) => reasonCodes.every((code) => code <= 0x80)));
 * ```
 */
export function suback<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<SubackPacket<V>> {
  const code = codes(options.version === 4 ? SUBACK_RETURN_CODES : SUBACK_REASON_CODES, options.from);
  const reasonCodes = fc.array(code, { minLength: 1, maxLength: 9 });
  return typed(fields(options, { type: fc.constant('suback'), packetId, reasonCodes }, {}, 'suback'));
}

/**
 * A valid UNSUBSCRIBE (section 3.10), which clients send.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(unsubscribe({ version: 4 }), ({ topicFilters }) => topicFilters.length > 0));
 * ```
 */
export function unsubscribe<V extends ProtocolVersion>(
  options: PacketOptions<V>,
): Arbitrary<UnsubscribePacket<V>> {
  const topicFilters = fc.array(topicFilter(options), { minLength: 1, maxLength: 4 });
  return typed(
    fields(options, { type: fc.constant('unsubscribe'), packetId, topicFilters }, {}, 'unsubscribe'),
  );
}

/**
 * A valid UNSUBACK (section 3.11), which servers send; that of MQTT 3.1.1 has no codes.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(unsuback({ version: 4 }), (packet) => encode(packet, 4).length === 4));
 * ```
 */
export function unsuback<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<UnsubackPacket<V>> {
  const reasonCodes = fc.array(codes(UNSUBACK_REASON_CODES, options.from), { minLength: 1, maxLength: 9 });
  const start = { type: fc.constant('unsuback'), packetId };
  return typed(fields(options, options.version === 4 ? start : { ...start, reasonCodes }, {}, 'unsuback'));
}

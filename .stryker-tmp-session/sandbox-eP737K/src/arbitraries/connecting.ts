// @ts-nocheck
// pure: fast-check arbitraries of the packets that open, keep and close a connection.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { ProtocolVersion } from '../errors.js';
import type { AuthPacket } from '../packets/auth.js';
import type { ConnackPacket } from '../packets/connack.js';
import type { ConnectPacket } from '../packets/connect.js';
import type { DisconnectPacket } from '../packets/disconnect.js';
import type { PingreqPacket, PingrespPacket } from '../packets/ping.js';
import {
  AUTH_REASON_CODES,
  AUTH_SENDERS,
  CONNACK_REASON_CODES,
  CONNACK_RETURN_CODES,
  DISCONNECT_REASON_CODES,
  DISCONNECT_SENDERS,
} from '../spec/reason-codes.js';
import { codes, fields, type PacketOptions, typed } from './fields.js';
import { propertiesOf } from './properties.js';
import { binary, qos, text, topicName, whole } from './values.js';

/**
 * A valid CONNECT (section 3.1), which clients send.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(connect({ version: 5 }), (packet) => encode(packet, 5)[0] === 0x10));
 * ```
 */
export function connect<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<ConnectPacket<V>> {
  const { version } = options;
  const will = fields(
    options,
    { topic: topicName() },
    { payload: fc.oneof({ withCrossShrink: true }, text(), binary()), qos, retain: fc.boolean() },
    'will',
  );
  const password = fc.oneof({ withCrossShrink: true }, text(), binary());
  const packet = fields(
    options,
    {
      type: fc.constant('connect'),
      protocolVersion: fc.constant(version),
      clientId: text(),
      cleanStart: fc.boolean(),
      keepAlive: whole(0, 65_535),
    },
    { will, username: text(), password },
    'connect',
  );
  // What MQTT 3.1.1 alone forbids: MQTT-3.1.3-7, MQTT-3.1.2-22.
  const mended = packet.map((each) => ({
    ...each,
    cleanStart: each['cleanStart'] || each['clientId'] === '',
    ...(each['username'] === undefined && { password: undefined }),
  }));
  return typed(version === 4 ? mended : packet);
}

/**
 * A valid CONNACK (section 3.2), which servers send.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(connack({ version: 4 }), (packet) => encode(packet, 4).length === 4));
 * ```
 */
export function connack<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<ConnackPacket<V>> {
  const reasonCode = codes(options.version === 4 ? CONNACK_RETURN_CODES : CONNACK_REASON_CODES, options.from);
  const start = { type: fc.constant('connack'), sessionPresent: fc.boolean(), reasonCode };
  return typed(
    fields(options, start, {}, 'connack').map((each) => ({
      ...each,
      sessionPresent: each['sessionPresent'] && each['reasonCode'] === 0,
    })),
  );
}

/** A PINGREQ (section 3.12), which clients send; there is but one. */
export function pingreq<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<PingreqPacket<V>> {
  return typed(fields(options, { type: fc.constant('pingreq') }));
}

/** A PINGRESP (section 3.13), which servers send; there is but one. */
export function pingresp<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<PingrespPacket<V>> {
  return typed(fields(options, { type: fc.constant('pingresp') }));
}

/**
 * A valid DISCONNECT (section 3.14), which clients send, and in MQTT 5.0 servers too.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(disconnect({ version: 5, from: 'server' }), ({ reasonCode }) => reasonCode !== 0x04));
 * ```
 */
export function disconnect<V extends ProtocolVersion>(
  options: PacketOptions<V>,
): Arbitrary<DisconnectPacket<V>> {
  const reasonCode = codes(DISCONNECT_REASON_CODES, options.from, DISCONNECT_SENDERS);
  const start = { type: fc.constant('disconnect') };
  return typed(fields(options, start, options.version === 4 ? {} : { reasonCode }, 'disconnect'));
}

/**
 * A valid AUTH (section 3.15), which both sides send, in MQTT 5.0 alone.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(auth({ version: 5 }), ({ properties }) => properties.authenticationMethod !== undefined));
 * ```
 */
export function auth({ from }: PacketOptions<5>): Arbitrary<AuthPacket<5>> {
  const properties = propertiesOf('auth', from, ['authenticationMethod']);
  const reasonCode = codes(AUTH_REASON_CODES, from, AUTH_SENDERS);
  // An AUTH of a server that says nothing would say 0x00, and one of a client must not.
  const start = { type: fc.constant('auth'), properties };
  const always = from === 'client';
  return typed(
    fields({ version: 5 }, always ? { ...start, reasonCode } : start, always ? {} : { reasonCode }),
  );
}

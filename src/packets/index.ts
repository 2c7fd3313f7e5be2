// pure: all packets of both versions and directions, as one type, one reader and one writer.

import { failure } from '../bytes/place.js';
import type { Reader } from '../bytes/reader.js';
import type { Writer } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import {
  type DecodedPuback,
  type DecodedPubcomp,
  type DecodedPubrec,
  type DecodedPubrel,
  PUBACK,
  PUBCOMP,
  PUBREC,
  PUBREL,
  type PubackPacket,
  type PubcompPacket,
  type PubrecPacket,
  type PubrelPacket,
  readAck,
  writeAck,
} from './acks.js';
import { type AuthPacket, type DecodedAuth, readAuth, writeAuth } from './auth.js';
import { type ConnackPacket, type DecodedConnack, readConnack, writeConnack } from './connack.js';
import { type ConnectPacket, type DecodedConnect, readConnect, writeConnect } from './connect.js';
import {
  type DecodedDisconnect,
  type DisconnectPacket,
  readDisconnect,
  writeDisconnect,
} from './disconnect.js';
import { type PingreqPacket, type PingrespPacket, readPing, writePingreq, writePingresp } from './ping.js';
import { type DecodedPublish, type PublishPacket, readPublish, writePublish } from './publish.js';
import {
  type DecodedSuback,
  type DecodedUnsuback,
  readSuback,
  readUnsuback,
  type SubackPacket,
  type UnsubackPacket,
  writeSuback,
  writeUnsuback,
} from './suback.js';
import { type DecodedSubscribe, readSubscribe, type SubscribePacket, writeSubscribe } from './subscribe.js';
import {
  type DecodedUnsubscribe,
  readUnsubscribe,
  type UnsubscribePacket,
  writeUnsubscribe,
} from './unsubscribe.js';

type BothWays<V extends ProtocolVersion> =
  | PublishPacket<V>
  | PubackPacket<V>
  | PubrecPacket<V>
  | PubrelPacket<V>
  | PubcompPacket<V>
  | AuthPacket<V>;

/** The packets that a client may send (table 2-1). `BothWays`: PUBLISH, its acknowledgements, AUTH. */
export type ClientPacket<V extends ProtocolVersion = ProtocolVersion> =
  | BothWays<V>
  | ConnectPacket<V>
  | SubscribePacket<V>
  | UnsubscribePacket<V>
  | PingreqPacket<V>
  | DisconnectPacket<V>;

/** The packets that a server may send (table 2-1). `BothWays`: PUBLISH, its acknowledgements, AUTH; DISCONNECT in MQTT 5.0 alone. */
export type ServerPacket<V extends ProtocolVersion = ProtocolVersion> =
  | BothWays<V>
  | ConnackPacket<V>
  | SubackPacket<V>
  | UnsubackPacket<V>
  | PingrespPacket<V>
  | (V extends 5 ? DisconnectPacket<V> : never);

/** Every packet of a version, to encode. */
export type PacketOf<V extends ProtocolVersion = ProtocolVersion> = ClientPacket<V> | ServerPacket<V>;

/** Every packet of either version, to encode. Whatever was decoded is one too. */
export type Packet = PacketOf<4> | PacketOf<5>;

type DecodedBothWays<V extends ProtocolVersion> =
  | DecodedPublish<V>
  | DecodedPuback<V>
  | DecodedPubrec<V>
  | DecodedPubrel<V>
  | DecodedPubcomp<V>
  | DecodedAuth<V>;

/** The packets of a client as they come out of `decode`: no field in doubt, binary fields as bytes. */
export type DecodedClientPacket<V extends ProtocolVersion = ProtocolVersion> =
  | DecodedBothWays<V>
  | DecodedConnect<V>
  | DecodedSubscribe<V>
  | DecodedUnsubscribe<V>
  | PingreqPacket<V>
  | DecodedDisconnect<V>;

/** The packets of a server as they come out of `decode`: no field in doubt, binary fields as bytes. */
export type DecodedServerPacket<V extends ProtocolVersion = ProtocolVersion> =
  | DecodedBothWays<V>
  | DecodedConnack<V>
  | DecodedSuback<V>
  | DecodedUnsuback<V>
  | PingrespPacket<V>
  | (V extends 5 ? DecodedDisconnect<V> : never);

/** Every packet of a version as it comes out of `decode`. */
export type DecodedPacket<V extends ProtocolVersion = ProtocolVersion> =
  | DecodedClientPacket<V>
  | DecodedServerPacket<V>;

// By type number, from CONNECT on.
const READERS: readonly ((r: Reader, first: number) => DecodedPacket)[] = [
  readConnect,
  readConnack,
  readPublish,
  (r) => readAck(r, 'puback', PUBACK),
  (r) => readAck(r, 'pubrec', PUBREC),
  (r) => readAck(r, 'pubrel', PUBREL),
  (r) => readAck(r, 'pubcomp', PUBCOMP),
  readSubscribe,
  readSuback,
  readUnsubscribe,
  readUnsuback,
  (r) => readPing(r, 'pingreq'),
  (r) => readPing(r, 'pingresp'),
  readDisconnect,
  readAuth,
];

/** Reads the body of any packet. */
export function readPacket(r: Reader, first: number): DecodedPacket {
  return READERS[(first >> 4) - 1]!(r, first);
}

/** Writes the body of any packet. */
export function writePacket(w: Writer, packet: Packet): void {
  switch (packet.type) {
    case 'publish':
      writePublish(w, packet);
      break;
    case 'puback':
      writeAck(w, packet, PUBACK);
      break;
    case 'pubrec':
      writeAck(w, packet, PUBREC);
      break;
    case 'pubrel':
      writeAck(w, packet, PUBREL);
      break;
    case 'pubcomp':
      writeAck(w, packet, PUBCOMP);
      break;
    case 'connect':
      writeConnect(w, packet);
      break;
    case 'connack':
      writeConnack(w, packet);
      break;
    case 'subscribe':
      writeSubscribe(w, packet);
      break;
    case 'suback':
      writeSuback(w, packet);
      break;
    case 'unsubscribe':
      writeUnsubscribe(w, packet);
      break;
    case 'unsuback':
      writeUnsuback(w, packet);
      break;
    case 'pingreq':
      writePingreq(w);
      break;
    case 'pingresp':
      writePingresp(w);
      break;
    case 'disconnect':
      writeDisconnect(w, packet);
      break;
    case 'auth':
      writeAuth(w, packet);
      break;
    default:
      w.packetType = undefined;
      throw failure(w, 'wrong-type', 'type');
  }
}

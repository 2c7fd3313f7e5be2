// @ts-nocheck
// pure: which packet may come when, as a table, and where it goes.
import type { MqttError, PacketType, ProtocolError } from '../errors.js';
import type { DecodedPacket } from '../packets/index.js';
import type { DecodedPublish } from '../packets/publish.js';
import { tooLarge } from '../session/failures.js';
import { copyOf, copyProperties } from '../session/stored.js';
import { onAcknowledgement, onRequestAnswered } from './answers.js';
import { onAuth } from './auth.js';
import { fail, onDisconnect } from './closing.js';
import { sizeRule } from './fit.js';
import { onConnack } from './handshake-client.js';
import { onConnect } from './handshake-server.js';
import { onPublish, onPubrel } from './incoming.js';
import { onRequest } from './requests.js';
import type { HeldPacket, Role } from './state.js';
import { broken, transmit, type Work } from './work.js';

/**
 * What becomes of a packet: it is taken, held until the host has accepted the CONNECT, or against the rules. A
 * packet without an entry comes from the wrong side.
 */
export type Admission = 'take' | 'hold' | 'expected-connect' | 'expected-connack' | 'unexpected-packet';

type Admissions = Readonly<Partial<Record<PacketType, Admission>>>;

function all(types: string, admission: Admission): Admissions {
  return Object.fromEntries(types.split(' ').map((type) => [type, admission]));
}

const BOTH_WAYS = 'publish puback pubrec pubrel pubcomp auth disconnect';
const FROM_CLIENT: string = `${BOTH_WAYS} subscribe unsubscribe pingreq`;
const FROM_SERVER: string = `${BOTH_WAYS} suback unsuback pingresp`;

/** Which packets a side takes in which phase (sections 3.1, 3.2 and 4.12). In the other phases nothing is read. */
export const ADMISSIONS: Readonly<
  Record<Role, Readonly<Record<'waiting' | 'handshake' | 'connected', Admissions>>>
> = /* @__PURE__ */ (() => ({
  server: {
    waiting: { ...all(FROM_CLIENT, 'expected-connect'), connect: 'take' },
    handshake: { ...all(FROM_CLIENT, 'hold'), auth: 'take', connect: 'unexpected-packet' },
    connected: { ...all(FROM_CLIENT, 'take'), connect: 'unexpected-packet' },
  },
  client: {
    waiting: {},
    handshake: { ...all(FROM_SERVER, 'expected-connack'), auth: 'take', connack: 'take' },
    connected: { ...all(FROM_SERVER, 'take'), connack: 'unexpected-packet' },
  },
}))();

const CONNECTED: Readonly<Record<Role, Admissions>> = /* @__PURE__ */ (() => ({
  client: ADMISSIONS.client.connected,
  server: ADMISSIONS.server.connected,
}))();

const STATEMENTS: Readonly<Partial<Record<Admission | 'wrong-sender', Readonly<Record<Role, string>>>>> = {
  'expected-connect': { server: '3.1.0-1', client: '' },
  'expected-connack': { server: '', client: '3.2.0-1' },
  'unexpected-packet': { server: '3.1.0-2', client: '|3.2.0-2' },
};

/** A packet came. */
export function receive(w: Work, packet: DecodedPacket, size: number): void {
  const { phase } = w;
  if (phase === 'idle' || phase === 'closed') return;
  w.received = true;
  const { role } = w.settings;
  const { ours, version } = w.terms;
  const { type } = packet;
  const limit = ours.maximumPacketSize;
  if (size > limit) {
    const statement = sizeRule(role === 'client' ? 'server' : 'client');
    const spoken = packet.type === 'connect' ? packet.protocolVersion : version;
    fail(w, tooLarge(size, limit, { version: spoken, packetType: type, statement }));
    return;
  }
  // Nearly all packets come while connected: one look into a table that is at hand.
  const table = phase === 'connected' ? CONNECTED[role] : ADMISSIONS[role][phase];
  const admission = version === 4 && isOnlyInVersion5(type, role) ? undefined : table[type];
  if (admission === 'take') take(w, packet);
  else if (admission === 'hold') hold(w, packet, size);
  else fail(w, outOfPlace(w, admission ?? 'wrong-sender', type));
}

function outOfPlace(
  w: Work,
  code: Exclude<Admission, 'take' | 'hold'> | 'wrong-sender',
  type: PacketType,
): ProtocolError {
  return broken(w, code, 0x82, type, 'type', STATEMENTS[code]?.[w.settings.role]);
}

function isOnlyInVersion5(type: PacketType, role: Role): boolean {
  return type === 'auth' || (type === 'disconnect' && role === 'client');
}

function take(w: Work, packet: DecodedPacket): void {
  switch (packet.type) {
    case 'publish':
      onPublish(w, packet);
      return;
    case 'puback':
    case 'pubrec':
    case 'pubcomp':
      if (!explainsUnasked(w, packet)) onAcknowledgement(w, packet);
      return;
    case 'pubrel':
      if (!explainsUnasked(w, packet)) onPubrel(w, packet);
      return;
    case 'suback':
    case 'unsuback':
      if (!explainsUnasked(w, packet)) onRequestAnswered(w, packet);
      return;
    case 'auth':
      if (!explainsUnasked(w, packet)) onAuth(w, packet);
      return;
    case 'subscribe':
    case 'unsubscribe':
      onRequest(w, packet);
      return;
    case 'pingreq':
      transmit(w, { type: 'pingresp' });
      return;
    case 'pingresp':
      if (w.details.pingSent !== undefined) w.details = { ...w.details, pingSent: undefined };
      return;
    case 'disconnect':
      onDisconnect(w, packet);
      return;
    case 'connect':
      onConnect(w, packet);
      return;
    case 'connack':
      onConnack(w, packet);
  }
}

/** A client that asked for no Problem Information gets none but in CONNACK, PUBLISH and DISCONNECT (MQTT-3.1.2-29). */
function explainsUnasked(
  w: Work,
  { type, properties }: Exclude<DecodedPacket, { type: 'pingreq' | 'pingresp' }>,
): boolean {
  if (properties === undefined || w.terms.problemInformation || w.settings.role === 'server') return false;
  const field = 'reasonString' in properties ? 'reasonString' : 'userProperties';
  if (Reflect.get(properties, field) === undefined) return false;
  const at = `properties.${field}`;
  fail(w, broken(w, 'problem-information-not-requested', 0x82, type, at, '|3.1.2-29'));
  return true;
}

/** Keeps a packet until the host has made up its mind about the CONNECT (section 3.1.4). */
function hold(w: Work, packet: DecodedPacket, size: number): void {
  const { details, settings, terms } = w;
  if (terms.authenticationMethod !== undefined) {
    if (packet.type === 'disconnect') onDisconnect(w, packet);
    else fail(w, broken(w, 'unexpected-packet', 0x82, packet.type, 'type', '|3.1.2-30'));
    return;
  }
  const heldBytes = details.heldBytes + size;
  if (details.held.length >= settings.held.messages || heldBytes > settings.held.bytes) {
    fail(w, broken(w, 'too-many-held-packets', 0x97, packet.type));
    return;
  }
  const held: HeldPacket[] = [...details.held, { packet: owned(packet), size }];
  w.details = { ...details, held, heldBytes };
}

/** The packet with memory of its own: the caller's chunk is borrowed for this step only. */
function owned(packet: DecodedPacket): DecodedPacket {
  if (packet.type !== 'publish') return packet;
  const copy: DecodedPublish = { ...packet, payload: copyOf(packet.payload) };
  return copy.properties === undefined ? copy : { ...copy, properties: copyProperties(copy.properties) };
}

/** Takes the packets that were held, now that the connection stands. */
export function takeHeld(w: Work, held: readonly HeldPacket[]): void {
  for (const { packet, size } of held) {
    if (w.phase !== 'connected') return;
    receive(w, packet, size);
  }
}

/** Bytes came that are no packet: nothing after them is read. */
export function parseFailed(w: Work, error: MqttError): void {
  if (w.phase === 'idle' || w.phase === 'closed') return;
  // A refusal of the version answers a CONNECT; once connected, it is a CONNACK too many like any other.
  const isLate = w.phase === 'connected' && error.code === 'unsupported-version';
  fail(w, isLate ? outOfPlace(w, 'unexpected-packet', 'connack') : error);
}

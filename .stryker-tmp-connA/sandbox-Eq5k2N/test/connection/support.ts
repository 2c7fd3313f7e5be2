// @ts-nocheck
import { decode, encode } from '../../src/codec.js';
import {
  type Action,
  type ClientOptions,
  type ConnectionState,
  clientConnection,
  type Input,
  type ServerOptions,
  serverConnection,
  step,
} from '../../src/connection/index.js';
import type { MqttError, ProtocolVersion } from '../../src/errors.js';
import type { ConnackPacket } from '../../src/packets/connack.js';
import type { ConnectPacket } from '../../src/packets/connect.js';
import type { DecodedPacket, Packet, PacketOf } from '../../src/packets/index.js';

/** An input without its time. */
export type Untimed = Input extends infer I ? (I extends Input ? Omit<I, 'now'> : never) : never;

const frozen = new WeakSet<object>();
const hashes: { readonly bytes: Uint8Array; readonly hash: string }[] = [];

const hashOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Freezes plain data to the bottom; byte arrays, which cannot be frozen, are remembered as they are. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || frozen.has(value)) return value;
  frozen.add(value);
  if (value instanceof Uint8Array) {
    hashes.push({ bytes: value, hash: hashOf(value) });
    return value;
  }
  for (const key of Reflect.ownKeys(value)) deepFreeze(Reflect.get(value, key));
  return value instanceof Error ? value : Object.freeze(value);
}

/** Fails when a byte array that was remembered has changed since. */
export function checkBytes(): void {
  for (const { bytes, hash } of hashes) {
    if (hashOf(bytes) !== hash) throw new Error('a byte array that a state holds was changed');
  }
}

/** One side of a connection, whose every state and input is frozen. */
export class Side {
  state: ConnectionState;
  now = 1_000_000;

  constructor(state: ConnectionState) {
    this.state = deepFreeze(state);
  }

  /** Takes a step and gives its actions. */
  do(input: Untimed): readonly Action[] {
    const before = this.state;
    const [state, actions] = step(before, deepFreeze({ ...input, now: this.now }) as Input);
    if (actions.some((action) => action.type === 'refused')) {
      if (state !== before || actions.length !== 1) throw new Error('a refusal changed something');
    }
    this.state = deepFreeze(state);
    return deepFreeze(actions);
  }

  /** Lets a packet come, as the codec reads it. */
  receive(packet: Packet): readonly Action[] {
    const frame = encode<ProtocolVersion>(packet, versionOf(packet) ?? this.state.terms.version);
    const version = versionOf(packet) ?? this.state.terms.version;
    return this.do({
      type: 'packetReceived',
      packet: decode<ProtocolVersion>(frame, version),
      size: frame.length,
    });
  }
}

function versionOf(packet: Packet): ProtocolVersion | undefined {
  return packet.type === 'connect' ? packet.protocolVersion : undefined;
}

/** A packet as it comes out of the codec. */
export function wire<V extends ProtocolVersion>(packet: PacketOf<V>, version: V): DecodedPacket<V> {
  return decode(encode(packet, version), version);
}

/** The packets that actions put on the wire. */
export function sent(actions: readonly Action[]): Packet[] {
  return actions.flatMap((action) => (action.type === 'transmit' ? [action.packet] : []));
}

/** The types of actions, of a `transmit` that of its packet. */
export function kinds(actions: readonly Action[]): string[] {
  return actions.map((action) => (action.type === 'transmit' ? action.packet.type : action.type));
}

/** The only action of a type. */
export function only<T extends Action['type']>(
  actions: readonly Action[],
  type: T,
): Extract<Action, { type: T }> {
  const found = actions.filter((action): action is Extract<Action, { type: T }> => action.type === type);
  if (found.length !== 1) throw new Error(`${found.length} actions of type ${type}`);
  return found[0] as Extract<Action, { type: T }>;
}

/** What a failure says: its code, the Reason Code for the peer and the statement. */
export function failure(actions: readonly Action[]): {
  code: string;
  reasonCode: unknown;
  statement: string | undefined;
} {
  const { error } = only(actions, 'fail');
  const { code, statement } = error;
  return { code, reasonCode: Reflect.get(error, 'reasonCode'), statement };
}

/** Why an input was refused. */
export function refused(actions: readonly Action[]): MqttError {
  return only(actions, 'refused').error;
}

type Connect<V extends ProtocolVersion> = Extract<ConnectPacket, { protocolVersion: V }>;

export const connect5: Connect<5> = {
  type: 'connect',
  protocolVersion: 5,
  clientId: 'c',
  cleanStart: false,
  keepAlive: 0,
  properties: { sessionExpiryInterval: 600 },
};
export const connect4: Connect<4> = {
  type: 'connect',
  protocolVersion: 4,
  clientId: 'c',
  cleanStart: false,
  keepAlive: 0,
};

/** The CONNECT of a version. */
export const connectOf = (version: ProtocolVersion): ConnectPacket => (version === 4 ? connect4 : connect5);

type ConnackRest<V extends ProtocolVersion> = Partial<Omit<ConnackPacket<V>, 'type'>>;

/** A client that has sent its CONNECT. */
export function connecting(version: ProtocolVersion, options: Partial<ClientOptions> = {}): Side {
  const side = new Side(clientConnection({ connect: connectOf(version), ...options }));
  side.do({ type: 'opened' });
  return side;
}

/** A client whose CONNECT was accepted. */
export function client(
  version: ProtocolVersion,
  options: Partial<ClientOptions> = {},
  connack: ConnackRest<5> = {},
): Side {
  const side = connecting(version, options);
  side.receive({ type: 'connack', sessionPresent: false, reasonCode: 0, ...connack } as ConnackPacket);
  if (side.state.phase !== 'connected') throw new Error('not connected');
  return side;
}

/** A server that waits for CONNECT. */
export function waiting(options: ServerOptions = {}): Side {
  const side = new Side(serverConnection(options));
  side.do({ type: 'opened' });
  return side;
}

/** A server that has been asked to connect. */
export function asked(
  version: ProtocolVersion,
  options: ServerOptions = {},
  connect: Partial<ConnectPacket> = {},
): Side {
  const side = waiting(options);
  side.receive({ ...connectOf(version), ...connect } as ConnectPacket);
  return side;
}

/** A server that has accepted a client. */
export function server(
  version: ProtocolVersion,
  options: ServerOptions = {},
  connect: Partial<ConnectPacket> = {},
  accept: Omit<Extract<Untimed, { type: 'accept' }>, 'type'> = {},
): Side {
  const side = asked(version, options, connect);
  side.do({ type: 'accept', ...accept });
  if (side.state.phase !== 'connected') throw new Error('not connected');
  return side;
}

/** A PUBLISH to send. */
export const publish = (
  qos: 0 | 1 | 2,
  topic = 'a',
): { type: 'publish'; topic: string; payload: string; qos: 0 | 1 | 2 } => ({
  type: 'publish',
  topic,
  payload: 'm',
  qos,
});

/** A PUBLISH that comes. */
export function incoming(qos: 0 | 1 | 2, packetId = 1, rest: object = {}): Packet {
  const id = qos === 0 ? {} : { packetId };
  return { type: 'publish', topic: 'a', payload: 'm', qos, ...id, ...rest } as Packet;
}

export const bothVersions: readonly [4, 5] = [4, 5];
export const bothRoles: readonly ['client', 'server'] = ['client', 'server'];

/** A connection that stands, seen from either side. */
export function connectedAs(role: 'client' | 'server', version: ProtocolVersion, options: object = {}): Side {
  return role === 'client' ? client(version, options) : server(version, options);
}

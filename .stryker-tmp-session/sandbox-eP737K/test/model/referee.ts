// @ts-nocheck
import type { DecodedPacket, Packet } from '../../src/index.js';
import type { Token } from '../../src/session/index.js';
import { numberOf } from './setup.js';
import { demand } from './violation.js';

/** One of our own QoS 1 or 2 messages between its first PUBLISH and its end. */
interface Exchange {
  readonly message: number;
  /** Whether it began on an earlier connection, so that DUP is due. */
  readonly earlier: boolean;
  /** Whether its PUBLISH, and its PUBREL, went out on this connection. */
  readonly published: boolean;
  readonly released: boolean;
  /** The place of its first PUBREC among all of them; 0: there was none. */
  readonly release: number;
}

/** The answers that are due, each kind in its order. */
type Owed = Readonly<Record<'puback' | 'pubrec' | 'pubrel' | 'pubcomp', readonly number[]>>;

/**
 * What a referee who knows the standard, and nothing of the implementation, remembers of one side's wire: enough to
 * tell whether a packet may be sent now.
 */
export interface Wire {
  readonly phase: 'closed' | 'connecting' | 'open' | 'over';
  /** By Packet Identifier. */
  readonly exchanges: Readonly<Record<number, Exchange>>;
  /** The last message of QoS 1 or 2, and the place of the last PUBREL, on this connection. */
  readonly lastPublished: number;
  readonly lastReleased: number;
  readonly releases: number;
  readonly owed: Owed;
  /** The identifiers of SUBSCRIBEs and UNSUBSCRIBEs that were sent and not answered. */
  readonly requests: readonly number[];
}

const NOTHING_OWED: Owed = { puback: [], pubrec: [], pubrel: [], pubcomp: [] };

export const QUIET: Wire = {
  phase: 'closed',
  exchanges: {},
  lastPublished: -1,
  lastReleased: 0,
  releases: 0,
  owed: NOTHING_OWED,
  requests: [],
};

/** The connection is over. */
export function wireOver(wire: Wire): Wire {
  const exchanges = Object.entries(wire.exchanges).map(([id, exchange]) => [
    id,
    { ...exchange, earlier: true, published: false, released: false },
  ]);
  return { ...QUIET, releases: wire.releases, exchanges: Object.fromEntries(exchanges) };
}

function withExchange(wire: Wire, id: number, exchange: Exchange): Wire {
  return { ...wire, exchanges: { ...wire.exchanges, [id]: exchange } };
}

/** A step asked to transmit a packet, and that was stored: a PUBLISH is an exchange from now on. */
export function issued(wire: Wire, packet: Packet): Wire {
  if (packet.type !== 'publish' || packet.packetId === undefined) return wire;
  const { packetId } = packet;
  if (wire.exchanges[packetId] !== undefined) return wire;
  return withExchange(wire, packetId, begin(numberOf(packet.payload)));
}

const begin = (message: number): Exchange => ({
  message,
  earlier: false,
  published: false,
  released: false,
  release: 0,
});

/** A PUBREC was received, and that was stored: the receiver has the message. */
export function recorded(wire: Wire, packet: DecodedPacket): Wire {
  if (packet.type !== 'pubrec' || (packet.reasonCode ?? 0) >= 0x80) return wire;
  const exchange = wire.exchanges[packet.packetId];
  if (exchange === undefined || exchange.release > 0) return wire;
  const releases = wire.releases + 1;
  return { ...withExchange(wire, packet.packetId, { ...exchange, release: releases }), releases };
}

/** A message has come to its end, and its Packet Identifier is free. */
export function settledExchange(wire: Wire, token: Token | undefined): Wire {
  const rest = Object.entries(wire.exchanges).filter(([, { message }]) => message !== token);
  return { ...wire, exchanges: Object.fromEntries(rest) };
}

/** A packet was received: what it has to be answered with is owed from now on, behind what is owed already. */
export function receivedPacket(wire: Wire, packet: DecodedPacket): Wire {
  switch (packet.type) {
    case 'connack':
      return packet.reasonCode === 0 ? { ...wire, phase: 'open' } : wire;
    case 'publish':
      if (packet.qos === 0) return wire;
      return owe(wire, packet.qos === 1 ? 'puback' : 'pubrec', packet.packetId);
    case 'pubrec':
      return (packet.reasonCode ?? 0) >= 0x80 ? wire : owe(wire, 'pubrel', packet.packetId);
    case 'pubrel':
      return owe(wire, 'pubcomp', packet.packetId);
    case 'suback':
    case 'unsuback':
      demand(wire.requests.includes(packet.packetId), `${packet.type} ${packet.packetId} answers nothing`);
      return { ...wire, requests: wire.requests.filter((id) => id !== packet.packetId) };
    default:
      return wire;
  }
}

function owe(wire: Wire, kind: keyof Owed, id: number): Wire {
  return { ...wire, owed: { ...wire.owed, [kind]: [...wire.owed[kind], id] } };
}

/** What the referee has to know of the terms. */
export interface Terms {
  readonly receiveMaximum: number;
  readonly pipelining: boolean;
}

/** A packet goes out: throws a Violation unless it may. */
export function sentPacket(wire: Wire, packet: Packet, terms: Terms): Wire {
  const { type } = packet;
  if (type === 'connect' || type === 'connack') {
    demand(wire.phase === 'closed', `${type} is not the first packet`);
    if (type === 'connect') return { ...wire, phase: 'connecting' };
    return { ...wire, phase: packet.reasonCode === 0 ? 'open' : 'over' };
  }
  const early = terms.pipelining || type === 'disconnect';
  demand(wire.phase === 'open' || (wire.phase === 'connecting' && early), `${type} is sent out of its time`);
  switch (type) {
    case 'publish':
      return sentPublish(wire, packet, terms.receiveMaximum);
    case 'puback':
    case 'pubrec':
    case 'pubcomp':
      return paid(wire, type, packet.packetId);
    case 'pubrel':
      return sentPubrel(wire, packet.packetId);
    case 'disconnect':
      return { ...wire, phase: 'over' };
    case 'subscribe':
    case 'unsubscribe': {
      const { packetId } = packet;
      const taken = wire.exchanges[packetId] !== undefined || wire.requests.includes(packetId);
      demand(packetId > 0 && !taken, `${type} takes identifier ${packetId}, which is in use`);
      return { ...wire, requests: [...wire.requests, packetId] };
    }
    default:
      return wire;
  }
}

function paid(wire: Wire, kind: keyof Owed, id: number): Wire {
  const [first, ...rest] = wire.owed[kind];
  demand(first === id, `${kind} ${id} is sent where ${first ?? 'none'} is due`);
  return { ...wire, owed: { ...wire.owed, [kind]: rest } };
}

function sentPublish(wire: Wire, packet: Extract<Packet, { type: 'publish' }>, receiveMaximum: number): Wire {
  const { packetId, qos = 0, dup = false } = packet;
  const message = numberOf(packet.payload);
  if (qos === 0) {
    demand(packetId === undefined && !dup, `m${message} of QoS 0 has a Packet Identifier or DUP`);
    return wire;
  }
  demand(packetId !== undefined && packetId > 0, `m${message} has no Packet Identifier`);
  const exchange = wire.exchanges[packetId] ?? begin(message);
  demand(!wire.requests.includes(packetId), `m${message} takes identifier ${packetId} of a request`);
  demand(exchange.message === message, `m${message} takes identifier ${packetId} of m${exchange.message}`);
  demand(exchange.release === 0, `m${message} is sent after its PUBREC`);
  demand(!exchange.published, `m${message} is sent twice on one connection`);
  demand(dup === exchange.earlier, `m${message} is sent with DUP ${dup ? 1 : 0}`);
  demand(message > wire.lastPublished, `m${message} is sent after m${wire.lastPublished}`);
  // Where nothing was stored of it, or its end has come already, it is no exchange.
  const isGoingOn = wire.exchanges[packetId] !== undefined;
  const after = isGoingOn ? withExchange(wire, packetId, { ...exchange, published: true }) : wire;
  const slots = Object.values(after.exchanges).filter((each) => each.published || each.release > 0);
  demand(slots.length <= receiveMaximum, `${slots.length} messages are in flight of ${receiveMaximum}`);
  return { ...after, lastPublished: message };
}

function sentPubrel(wire: Wire, id: number): Wire {
  const exchange = wire.exchanges[id];
  const due = wire.owed.pubrel[0] === id;
  demand(
    due || exchange?.earlier === true,
    `pubrel ${id} is sent where ${wire.owed.pubrel[0] ?? 'none'} is due`,
  );
  const after = due ? paid(wire, 'pubrel', id) : wire;
  // Nobody's identifier: the answer to a PUBREC that came too late.
  if (exchange === undefined) return after;
  demand(exchange.release > 0, `pubrel ${id} is sent before its PUBREC`);
  if (exchange.released) return after;
  demand(exchange.release > wire.lastReleased, `pubrel ${id} is not in the order of the PUBRECs`);
  return { ...withExchange(after, id, { ...exchange, released: true }), lastReleased: exchange.release };
}

// @ts-nocheck
import {
  type ConnectionState,
  clientConnection,
  type SendOptions,
  serverConnection,
  type step,
} from '../../src/connection/index.js';
import type { SendablePublish, SessionState } from '../../src/session/index.js';
import type { HostKind } from './hosts.js';

export type Role = 'client' | 'server';
export type QoS = 0 | 1 | 2;
export const ROLES: readonly Role[] = ['client', 'server'];

/** The other side. */
export const peerOf = (role: Role): Role => (role === 'client' ? 'server' : 'client');

/** What is the same for both sides and for every connection of a run. */
export interface Setup {
  readonly version: 4 | 5;
  readonly acknowledgements: 'automatic' | 'manual';
  readonly host: HostKind;
  /** The host whose promises are checked, where it is not that one. */
  readonly judgedAs?: HostKind;
  /**
   * What both sides announce on the first connection, on the second and so on, and on all that follow; MQTT 3.1.1 has
   * no word for it.
   */
  readonly receiveMaximum?: readonly number[];
  /** How many messages either side has under way at most by its own choice, in either version. */
  readonly maximumInFlight?: number;
  readonly topicAliasMaximum?: number;
  readonly keepAlive?: number;
  /** Whether the client sends before CONNACK, and the server's host takes its time over `accept`. */
  readonly pipelining?: boolean;
  /** Whether no CONNECT was ever accepted; otherwise the run begins with a session that both sides know. */
  readonly fresh?: boolean;
  /** In seconds; MQTT 3.1.1 says all or nothing. Default: for ever. */
  readonly sessionExpiryInterval?: number;
  /** How much either side queues. Default: as the library has it. */
  readonly queue?: number;
  /** What takes the place of `step`, to see whether a fault in it is found. */
  readonly step?: typeof step;
}

/** A message of the model: its payload is its number, by which everybody recognises it. */
export interface Message {
  readonly number: number;
  readonly qos: QoS;
  readonly topic?: string;
  readonly expires?: number;
  /** How many bytes its payload is filled up to. */
  readonly size?: number;
}

/** The PUBLISH that an application sends. */
export function publishOf(message: Message, version: 4 | 5): SendablePublish {
  const { number, qos, topic = 't', expires, size = 0 } = message;
  const payload = new TextEncoder().encode(`${number}`.padEnd(size));
  const properties = version === 5 && expires !== undefined ? { messageExpiryInterval: expires } : undefined;
  return { type: 'publish', topic, payload, qos, properties };
}

/** The number of the message that a payload is. */
export const numberOf = (payload: Uint8Array | string | undefined): number =>
  Number(typeof payload === 'string' ? payload : new TextDecoder().decode(payload));

/** How a message is given to `send`. */
export interface Sending extends Pick<SendOptions, 'ifBusy' | 'topicAlias'> {
  readonly message: Message;
}

const NEVER = 0xffffffff;

/** The Receive Maximum of a connection, by how many there have been before it. */
export function receiveMaximumOf({ receiveMaximum: all = [] }: Setup, before: number): number | undefined {
  return all[Math.min(before, all.length - 1)];
}

/** A client before its next connection. */
export function newClient(setup: Setup, session: SessionState, before: number): ConnectionState {
  const { version, acknowledgements, maximumInFlight, pipelining, queue, topicAliasMaximum } = setup;
  const { keepAlive = 0 } = setup;
  const receiveMaximum = receiveMaximumOf(setup, before);
  const sessionExpiryInterval = setup.sessionExpiryInterval ?? NEVER;
  const common = { type: 'connect', clientId: 'c', keepAlive } as const;
  // Whoever has no session says so: the server may have one of a connection whose CONNACK got lost.
  const cleanStart = version === 5 ? !session.begun : sessionExpiryInterval === 0;
  return clientConnection({
    connect:
      version === 4
        ? { ...common, protocolVersion: 4, cleanStart }
        : {
            ...common,
            protocolVersion: 5,
            cleanStart,
            properties: { sessionExpiryInterval, receiveMaximum, topicAliasMaximum },
          },
    session,
    acknowledgements,
    maximumInFlight,
    pipelining,
    ...(queue === undefined ? {} : { queue: { messages: queue } }),
  });
}

/** A server before its next connection. */
export function newServer(setup: Setup, before: number): ConnectionState {
  const { acknowledgements, maximumInFlight, queue, topicAliasMaximum } = setup;
  return serverConnection({
    acknowledgements,
    maximumInFlight,
    announced: { receiveMaximum: receiveMaximumOf(setup, before), topicAliasMaximum },
    ...(queue === undefined ? {} : { queue: { messages: queue } }),
  });
}

// @ts-nocheck
// owned: one connection's parser, state and encoder behind one set of calls; it does no I/O.
import type { Bytes, LenientRule } from '../codec.js';
import { isMqttError } from '../errors.js';
import type { DecodedPacket, Packet } from '../packets/index.js';
import { violation } from '../session/failures.js';
import { invalid, recordOf } from '../session/restore.js';
import type { AckProperties } from '../spec/properties.js';
import { PacketParser } from '../stream/index.js';
import type { Action, CloseAction, EndReason, ReplyAction, TransmitAction } from './actions.js';
import type {
  AcceptInput,
  AcknowledgeInput,
  AnswerInput,
  AuthenticateInput,
  DisconnectInput,
  Input,
  RefuseInput,
  SendablePacket,
  SendOptions,
} from './inputs.js';
import { deadline } from './keep-alive.js';
import { encodeAll } from './output.js';
import { importConnection } from './restore.js';
import type { ConnectionState } from './state.js';
import { step } from './step.js';
import { exportConnection, type StoredConnection } from './stored.js';

/** What an Endpoint tells its host: every action but the ones that `bytes` and `close` stand for. */
export type EndpointEvent = Exclude<Action, TransmitAction | ReplyAction | CloseAction>;

/** What one call of an Endpoint came to. */
export interface EndpointResult {
  /** To be written, whole and in order. */
  readonly bytes: Bytes | undefined;
  /** To be handled in order; under the contract of the atomic commit, stored before `bytes` are written. */
  readonly events: readonly EndpointEvent[];
  /** When `tick` is due, in the caller's milliseconds; undefined: never. It replaces the one before. */
  readonly deadline: number | undefined;
  /** Close the network connection once `bytes` are written; nothing more is to be read. */
  readonly close: EndReason | undefined;
}

/** Options of {@link Endpoint}. */
export interface EndpointOptions {
  /** Rules of the codec to relax for a sloppy peer; none by default. */
  readonly lenient?: readonly LenientRule[] | undefined;
  /** Whether binary fields of packets are copies, and not views into the chunks. Default: false. */
  readonly copy?: boolean | undefined;
  /** The largest CONNECT that a server takes, in bytes. Default: 131,072 (128 KiB). */
  readonly maximumConnectSize?: number | undefined;
  /**
   * How many bytes of answers a peer may leave unread: what is written between `blocked` and `writable`. A peer that
   * asks and never listens is cut off. Default: 1,048,576 (1 MiB).
   */
  readonly maximumUnread?: number | undefined;
}

/** An Endpoint as it is stored, with its network connection still open. */
export interface StoredEndpoint {
  /** The version of this format. */
  readonly format: 1;
  readonly connection: StoredConnection;
  /** The bytes of a packet that has not come whole. */
  readonly unread: Uint8Array;
}

const MAXIMUM_UNREAD = 1_048_576;

/**
 * Joins parser, `step` and encoder: bytes and wishes in, bytes and events out. Every call takes the caller's time in
 * milliseconds and gives one {@link EndpointResult}.
 *
 * Messages that are delivered hold views into the chunk they came in, unless `copy` is set.
 *
 * @example
 * const connect = { type: 'connect', protocolVersion: 4, clientId: 'a', cleanStart: true, keepAlive: 60 } as const;
 * const client = new Endpoint(clientConnection({ connect }));
 * client.open(0).bytes?.length; // => 15
 * const { events, deadline } = client.receive(Uint8Array.of(0x20, 2, 0, 0), 20);
 * events[0]?.type; // => 'connected'
 * deadline; // => 54_000
 */
export class Endpoint {
  #state: ConnectionState;
  #parser: PacketParser | undefined;
  readonly #options: EndpointOptions;
  #packets: Packet[] = [];
  #reply: Uint8Array | undefined;
  #events: EndpointEvent[] = [];
  #close: EndReason | undefined;
  #unread = 0;

  constructor(state: ConnectionState, options: EndpointOptions = {}) {
    this.#state = state;
    this.#options = options;
    const { settings, terms, phase } = state;
    const known = settings.role === 'client' || phase === 'handshake' || phase === 'connected';
    this.#parser = new PacketParser({
      version: known ? terms.version : undefined,
      from: settings.role === 'client' ? 'server' : 'client',
      maximumPacketSize: terms.ours.maximumPacketSize,
      maximumConnectSize: options.maximumConnectSize,
      lenient: options.lenient,
      copy: options.copy,
    });
  }

  /** The state of the connection, and in it of the session, as the last call left it. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** The network connection stands. */
  open(now: number): EndpointResult {
    return this.#run({ type: 'opened', now });
  }

  /** Bytes came. They are borrowed for this call, and for as long as messages hold views into them. */
  receive(chunk: Uint8Array, now: number): EndpointResult {
    const parser = this.#parser;
    if (parser !== undefined && this.#state.phase !== 'idle') {
      parser.push(chunk);
      while (this.#parser !== undefined && this.#next(parser, now));
    }
    return this.#result(now);
  }

  /** Takes one packet from the parser; tells whether there may be another. */
  #next(parser: PacketParser, now: number): boolean {
    const before = parser.buffered;
    let packet: DecodedPacket | undefined;
    try {
      packet = parser.next();
    } catch (error) {
      if (!isMqttError(error)) throw error;
      this.#step({ type: 'parseFailed', error, now });
      return false;
    }
    if (packet === undefined) return false;
    this.#step({ type: 'packetReceived', packet, size: before - parser.buffered, now });
    return true;
  }

  /** The application wants to send. */
  send(packet: SendablePacket, now: number, options?: SendOptions): EndpointResult {
    const token = options?.token;
    const ifBusy = options?.ifBusy;
    const topicAlias = options?.topicAlias;
    return this.#run({ type: 'send', packet, token, ifBusy, topicAlias, now });
  }

  /** The application's verdict on a QoS 1 or 2 message, where acknowledging is left to it. */
  acknowledge(
    packetId: number,
    now: number,
    verdict?: Pick<AcknowledgeInput, 'reasonCode' | 'properties'>,
  ): EndpointResult {
    const reasonCode = verdict?.reasonCode;
    const properties = verdict?.properties;
    return this.#run({ type: 'acknowledge', packetId, reasonCode, properties, now });
  }

  /** A server's answer to a SUBSCRIBE or UNSUBSCRIBE: one Reason Code for each Topic Filter. */
  answer(
    packetId: number,
    reasonCodes: AnswerInput['reasonCodes'],
    now: number,
    properties?: AckProperties,
  ): EndpointResult {
    return this.#run({ type: 'answer', packetId, reasonCodes, properties, now });
  }

  /** A server accepts a CONNECT, or a re-authentication. */
  accept(now: number, options?: Omit<AcceptInput, 'type' | 'now'>): EndpointResult {
    return this.#run({ ...options, type: 'accept', now });
  }

  /** A server refuses a CONNECT, or a re-authentication. */
  refuse(reasonCode: number, now: number, properties?: RefuseInput['properties']): EndpointResult {
    return this.#run({ type: 'refuse', reasonCode, now, ...(properties && { properties }) });
  }

  /** The next step of enhanced authentication, or the first of a client's re-authentication. */
  authenticate(now: number, properties?: AuthenticateInput['properties']): EndpointResult {
    return this.#run({ type: 'authenticate', properties, now });
  }

  /** The host ends the connection. */
  disconnect(now: number, options?: Pick<DisconnectInput, 'reasonCode' | 'properties'>): EndpointResult {
    return this.#run({ ...options, type: 'disconnect', now });
  }

  /** The deadline has come; early calls do no harm. */
  tick(now: number): EndpointResult {
    return this.#run({ type: 'timerFired', now });
  }

  /** The socket takes no more for now. New messages wait; answers still go out, up to `maximumUnread`. */
  blocked(now: number): EndpointResult {
    return this.#run({ type: 'blocked', now });
  }

  /** The socket takes more again. */
  writable(now: number): EndpointResult {
    this.#unread = 0;
    return this.#run({ type: 'writable', now });
  }

  /** The network connection is gone. */
  closed(now: number): EndpointResult {
    return this.#run({ type: 'closed', now });
  }

  /** The whole of it as plain data of its own, for a host that sleeps while its network connection stays open. */
  export(): StoredEndpoint {
    const unread = this.#parser?.unread() ?? new Uint8Array(0);
    return { format: 1, connection: exportConnection(this.#state), unread };
  }

  /**
   * An Endpoint that goes on where {@link export} left off. The options must be those that the first one had.
   *
   * Throws InvalidPacketError (`invalid-stored-state`) for anything but a stored Endpoint.
   */
  static resume(stored: unknown, options: EndpointOptions = {}): Endpoint {
    const row = recordOf(stored, 'endpoint');
    const { unread } = row;
    if (row['format'] !== 1) throw invalid('format');
    if (!(unread instanceof Uint8Array)) throw invalid('unread');
    const endpoint = new Endpoint(importConnection(row['connection']), options);
    if (unread.length > 0) endpoint.#parser?.push(unread);
    return endpoint;
  }

  #run(input: Input): EndpointResult {
    this.#step(input);
    return this.#result(input.now);
  }

  #step(input: Input): void {
    const [state, actions] = step(this.#state, input);
    this.#state = state;
    for (const action of actions) {
      if (action.type === 'transmit') this.#packets.push(action.packet);
      else if (action.type === 'reply') this.#reply = action.bytes;
      else if (action.type === 'close') this.#close = action.reason;
      else this.#events.push(action);
    }
    // What came after the end is of no interest, and what was read of it least of all.
    if (state.phase === 'closed') this.#parser = undefined;
  }

  #result(now: number): EndpointResult {
    let bytes = this.#encode();
    if (bytes !== undefined && this.#state.details.blocked) {
      this.#unread += bytes.length;
      if (this.#unread > (this.#options.maximumUnread ?? MAXIMUM_UNREAD)) {
        const error = violation('answers-not-read', 0x97, { version: this.#state.terms.version });
        this.#step({ type: 'parseFailed', error, now });
        // Nobody reads what it would say.
        this.#packets = [];
        bytes = undefined;
      }
    }
    const result = { bytes, events: this.#events, deadline: deadline(this.#state), close: this.#close };
    this.#events = [];
    this.#close = undefined;
    return result;
  }

  #encode(): Bytes | undefined {
    const reply = this.#reply;
    this.#reply = undefined;
    if (reply !== undefined) return new Uint8Array(reply);
    const packets = this.#packets;
    if (packets.length === 0) return undefined;
    this.#packets = [];
    return encodeAll(packets, this.#state.terms.version);
  }
}

// owned: one connection's parser, state and encoder behind one set of calls; it does no I/O.
import type { Bytes } from '../codec.js';
import { isMqttError, type PacketType } from '../errors.js';
import type { DecodedPacket, Packet } from '../packets/index.js';
import { violation } from '../session/failures.js';
import { invalid, recordOf } from '../session/restore.js';
import type { Token } from '../session/state.js';
import type { AckProperties } from '../spec/properties.js';
import type { EndReason } from './actions.js';
import type { EndpointEvent, EndpointOptions, EndpointResult, StoredEndpoint } from './endpoint-types.js';
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
import { Intake } from './intake.js';
import { deadline, heardNow } from './keep-alive.js';
import { encodeAll } from './output.js';
import { awaitsAnswer } from './queries.js';
import { importConnection } from './restore.js';
import type { ConnectionState } from './state.js';
import { step } from './step.js';
import { exportConnection } from './stored.js';

const MAXIMUM_UNREAD = 1_048_576;
const MAXIMUM_WAITING = 1_048_576;

/** The packets that a host may have to answer. */
const QUESTIONS: ReadonlySet<PacketType> = /* @__PURE__ */ new Set([
  'connect',
  'auth',
  'subscribe',
  'unsubscribe',
]);

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
  #intake: Intake | undefined;
  /** Whether reading waits for answers, as {@link EndpointOptions} says. */
  waitForAnswers: boolean | undefined;
  readonly #options: EndpointOptions;
  #packets: Packet[] = [];
  #reply: Uint8Array | undefined;
  #events: EndpointEvent[] = [];
  #close: EndReason | undefined;
  #unread = 0;

  constructor(state: ConnectionState, options: EndpointOptions = {}) {
    this.#state = state;
    this.#options = options;
    this.waitForAnswers = options.waitForAnswers;
    const { maximumConnectSize, lenient, copy, maximumWaiting = MAXIMUM_WAITING } = options;
    const { settings, terms, phase } = state;
    const { maximumPacketSize } = terms.ours;
    const known = settings.role === 'client' || phase === 'handshake' || phase === 'connected';
    const version = known ? terms.version : undefined;
    const from = settings.role === 'client' ? 'server' : 'client';
    const parsing = { version, from, maximumPacketSize, maximumConnectSize, lenient, copy } as const;
    this.#intake = new Intake(parsing, maximumWaiting);
  }

  /** The state of the connection, and in it of the session, as the last call left it. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** The network connection stands. */
  open(now: number): EndpointResult {
    return this.#run({ type: 'opened', now });
  }

  /** The host owes the peer an answer, and nothing more is read until it is given, or until `proceed`. */
  get isWaiting(): boolean {
    return this.waitForAnswers === true && awaitsAnswer(this.#state);
  }

  /** Reading stopped before all was read that came: `proceed` is due, once the answer is given. */
  get hasMore(): boolean {
    return this.#intake?.hasMore === true;
  }

  /**
   * Bytes came. They are borrowed for this call, and for as long as messages hold views into them or they wait to be
   * read; with `copy`, for this call only.
   */
  receive(chunk: Uint8Array, now: number): EndpointResult {
    const intake = this.#intake;
    if (intake !== undefined && this.#state.phase !== 'idle') {
      if (!intake.add(chunk, this.isWaiting)) {
        const { version } = this.#state.terms;
        const error = violation('too-many-held-packets', 0x97, { version });
        this.#step({ type: 'parseFailed', error, now });
      } else if (!this.isWaiting) this.#read(intake, now);
    }
    return this.#result(now);
  }

  /**
   * Reads on where reading stopped, up to the next packet that the host has to answer. It does so even if the answer
   * before is still due; whoever wants answers in order calls it while `hasMore && !isWaiting`.
   */
  proceed(now: number): EndpointResult {
    if (this.#intake?.hasMore) this.#read(this.#intake, now);
    return this.#result(now);
  }

  #read(intake: Intake, now: number): void {
    for (let before = intake.buffered; this.#intake !== undefined; ) {
      const packet = this.#next(intake, now);
      if (packet === undefined) return;
      const after = intake.buffered;
      this.#step({ type: 'packetReceived', packet, size: before - after, now });
      before = after;
      if (this.isWaiting && QUESTIONS.has(packet.type)) {
        intake.stop();
        return;
      }
    }
  }

  /** Takes one packet from what came; undefined where there is no other. */
  #next(intake: Intake, now: number): DecodedPacket | undefined {
    try {
      return intake.next();
    } catch (error) {
      if (!isMqttError(error)) throw error;
      this.#step({ type: 'parseFailed', error, now });
      return undefined;
    }
  }

  /** The application wants to send. */
  send(packet: SendablePacket, now: number, options?: SendOptions): EndpointResult {
    const token = options?.token;
    const ifBusy = options?.ifBusy;
    const topicAlias = options?.topicAlias;
    const expiresAt = options?.expiresAt;
    return this.#run({ type: 'send', packet, token, ifBusy, topicAlias, expiresAt, now });
  }

  /** Takes back a message that waits to be sent: `withdrawn`, or `refused` where it is not waiting. */
  withdraw(token: Token, now: number): EndpointResult {
    return this.#run({ type: 'withdraw', token, now });
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

  /** A client asks whether the server is there: PINGREQ now, whatever the Keep Alive (section 3.1.2.10). */
  ping(now: number): EndpointResult {
    return this.#run({ type: 'ping', now });
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

  /** The network connection is gone. What waits to be read is read before. */
  closed(now: number): EndpointResult {
    while (this.#intake?.hasMore) this.#read(this.#intake, now);
    return this.#run({ type: 'closed', now });
  }

  /** The whole of it as plain data of its own, for a host that sleeps while its network connection stays open. */
  export(): StoredEndpoint {
    const unread = this.#intake?.unread() ?? new Uint8Array(0);
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
    if (unread.length > 0) endpoint.#intake?.restore(unread);
    return endpoint;
  }

  #run(input: Input): EndpointResult {
    this.#step(input);
    return this.#result(input.now);
  }

  #step(input: Input): void {
    // While nobody reads, silence says nothing: time runs from the answer on.
    const before = this.isWaiting ? heardNow(this.#state, input.now) : this.#state;
    const [state, actions] = step(before, input);
    this.#state = state;
    for (const action of actions) {
      if (action.type === 'transmit') this.#packets.push(action.packet);
      else if (action.type === 'reply') this.#reply = action.bytes;
      else if (action.type === 'close') this.#close = action.reason;
      else this.#events.push(action);
    }
    // What came after the end is of no interest, and what was read of it least of all.
    if (state.phase === 'closed') this.#intake = undefined;
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

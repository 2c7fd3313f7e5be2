// pure: the QoS flows (section 4.3) as tables: phase and event give the next phase and what is due.
import type { PacketType } from '../errors.js';

/** What an outgoing exchange waits for; `none` where no exchange holds the Packet Identifier. */
export type OutgoingPhase =
  | 'awaiting-puback'
  | 'awaiting-pubrec'
  | 'awaiting-pubcomp'
  | 'awaiting-suback'
  | 'awaiting-unsuback';

/** What the peer says about an outgoing exchange; the two refusals have a Reason Code of 0x80 or above. */
export type OutgoingEvent =
  | 'puback'
  | 'puback refusal'
  | 'pubrec'
  | 'pubrec refusal'
  | 'pubcomp'
  | 'suback'
  | 'unsuback';

/** What an event does to an outgoing exchange. */
export interface OutgoingMove {
  /** The phase after it; `none` ends the exchange and frees its Packet Identifier. */
  readonly next: OutgoingPhase | 'none';
  /** A PUBREL is due. */
  readonly send?: 'pubrel';
  /** How the exchange ended. */
  readonly settle?: 'acknowledged' | 'refused';
}

/** Why an acknowledgement contradicts the state. */
export type FlowError = 'unknown-packet-id' | 'wrong-acknowledgement';

const UNKNOWN = 'unknown-packet-id';
const WRONG = 'wrong-acknowledgement';
const ACKNOWLEDGED: OutgoingMove = { next: 'none', settle: 'acknowledged' };
const REFUSED: OutgoingMove = { next: 'none', settle: 'refused' };
const RELEASE: OutgoingMove = { next: 'awaiting-pubcomp', send: 'pubrel' };
/** Nothing changes and nothing is due. */
const IGNORED: OutgoingMove = { next: 'none' };

/**
 * The sender's side of QoS 1 and QoS 2 (sections 4.3.2 and 4.3.3), and of SUBSCRIBE and UNSUBSCRIBE, which share
 * its Packet Identifiers.
 *
 * A PUBREC for an identifier that nobody holds is answered with PUBREL all the same, or the peer would wait for
 * ever; the PUBCOMP that this brings is then no error either (section 3.6.2.1). Nor is a PUBACK for nothing: a peer
 * that saw the PUBLISH on two connections may answer twice.
 */
export const OUTGOING_MOVES: Readonly<
  Record<OutgoingPhase | 'none', Readonly<Record<OutgoingEvent, OutgoingMove | FlowError>>>
> = {
  none: {
    puback: IGNORED,
    'puback refusal': IGNORED,
    pubrec: { next: 'none', send: 'pubrel' },
    'pubrec refusal': IGNORED,
    pubcomp: IGNORED,
    suback: UNKNOWN,
    unsuback: UNKNOWN,
  },
  'awaiting-puback': {
    puback: ACKNOWLEDGED,
    'puback refusal': REFUSED,
    pubrec: WRONG,
    'pubrec refusal': WRONG,
    pubcomp: WRONG,
    suback: WRONG,
    unsuback: WRONG,
  },
  'awaiting-pubrec': {
    puback: WRONG,
    'puback refusal': WRONG,
    pubrec: RELEASE,
    'pubrec refusal': REFUSED,
    pubcomp: WRONG,
    suback: WRONG,
    unsuback: WRONG,
  },
  'awaiting-pubcomp': {
    puback: WRONG,
    'puback refusal': WRONG,
    // A receiver that saw the PUBLISH twice answers twice.
    pubrec: RELEASE,
    'pubrec refusal': WRONG,
    pubcomp: ACKNOWLEDGED,
    suback: WRONG,
    unsuback: WRONG,
  },
  'awaiting-suback': {
    puback: WRONG,
    'puback refusal': WRONG,
    pubrec: WRONG,
    'pubrec refusal': WRONG,
    pubcomp: WRONG,
    suback: ACKNOWLEDGED,
    unsuback: WRONG,
  },
  'awaiting-unsuback': {
    puback: WRONG,
    'puback refusal': WRONG,
    pubrec: WRONG,
    'pubrec refusal': WRONG,
    pubcomp: WRONG,
    suback: WRONG,
    unsuback: ACKNOWLEDGED,
  },
};

/**
 * The event that an acknowledgement is, by its type and Reason Code (MQTT 3.1.1 has none: `undefined`).
 *
 * @example
 * outgoingEvent('pubrec', 0x10); // => 'pubrec'
 * outgoingEvent('pubrec', 0x87); // => 'pubrec refusal'
 */
export function outgoingEvent(
  type: 'puback' | 'pubrec' | 'pubcomp' | 'suback' | 'unsuback',
  reasonCode: number | undefined,
): OutgoingEvent {
  if (reasonCode === undefined || reasonCode < 0x80) return type;
  return type === 'puback' ? 'puback refusal' : type === 'pubrec' ? 'pubrec refusal' : type;
}

/**
 * What an acknowledgement does to the exchange it names, or why it contradicts the state.
 *
 * @example
 * outgoingMove('awaiting-pubrec', 'pubrec'); // => { next: 'awaiting-pubcomp', send: 'pubrel' }
 * outgoingMove('awaiting-pubrec', 'puback'); // => 'wrong-acknowledgement'
 */
export function outgoingMove(phase: OutgoingPhase | 'none', event: OutgoingEvent): OutgoingMove | FlowError {
  return OUTGOING_MOVES[phase][event];
}

/**
 * How far an incoming QoS 1 or 2 message has come: `delivered` to the application, whose verdict is awaited, or
 * `answered` with a PUBREC, so that PUBREL is awaited. `none` where the Packet Identifier is not held.
 */
export type IncomingPhase = 'delivered' | 'answered';

/** What happens to an incoming message: packets of the peer, or the verdict of the application on it. */
export type IncomingEvent = 'publish' | 'accepted' | 'rejected' | 'pubrel';

/** What an event does to an incoming message. */
export interface IncomingMove {
  /** The phase after it; `none` forgets the Packet Identifier. */
  readonly next: IncomingPhase | 'none';
  /** The message is handed to the application, ahead of any answer. */
  readonly deliver?: true;
  /** The answer that is due. */
  readonly send?: Extract<PacketType, 'puback' | 'pubrec' | 'pubcomp'>;
}

/**
 * The receiver's side of QoS 1 and QoS 2 (sections 4.3.2 and 4.3.3). Acknowledging automatically is to accept in
 * the moment of delivery. An event that cannot occur has no entry: QoS 1 has no PUBREL, and an application has no
 * verdict on what it was not given.
 */
export const INCOMING_MOVES: Readonly<
  Record<
    1 | 2,
    Readonly<Record<IncomingPhase | 'none', Readonly<Partial<Record<IncomingEvent, IncomingMove>>>>>
  >
> = {
  1: {
    none: { publish: { next: 'delivered', deliver: true } },
    delivered: {
      // The sender cannot have a new message under an identifier that was not acknowledged.
      publish: { next: 'delivered' },
      accepted: { next: 'none', send: 'puback' },
      rejected: { next: 'none', send: 'puback' },
    },
    answered: {},
  },
  2: {
    none: {
      publish: { next: 'delivered', deliver: true },
      pubrel: { next: 'none', send: 'pubcomp' },
    },
    delivered: {
      publish: { next: 'delivered' },
      accepted: { next: 'answered', send: 'pubrec' },
      rejected: { next: 'none', send: 'pubrec' },
      pubrel: { next: 'none', send: 'pubcomp' },
    },
    answered: {
      publish: { next: 'answered', send: 'pubrec' },
      pubrel: { next: 'none', send: 'pubcomp' },
    },
  },
};

/**
 * What an event does to an incoming message, or undefined for an event that cannot occur.
 *
 * @example
 * incomingMove(2, 'answered', 'publish'); // => { next: 'answered', send: 'pubrec' }
 * incomingMove(1, 'delivered', 'pubrel'); // => undefined
 */
export function incomingMove(
  qos: 1 | 2,
  phase: IncomingPhase | 'none',
  event: IncomingEvent,
): IncomingMove | undefined {
  return INCOMING_MOVES[qos][phase][event];
}

/** What differs between the versions in the flows. */
export interface FlowRules {
  /** Whether an acknowledgement can carry a Reason Code, and so refuse a message. */
  readonly reasonCodes: boolean;
  /** Whether unacknowledged messages are sent again to a server that says Session Present 0. */
  readonly resendWithoutSession: boolean;
  /** Whether a client that knows no session must close when the server says Session Present 1. */
  readonly closeOnUnknownSession: boolean;
}

/**
 * What differs between the versions in the flows. MQTT 3.1.1 re-sends whenever Clean Session is 0 (MQTT-4.4.0-1)
 * and leaves the client free to go on with a session it does not know.
 */
export const FLOW_RULES: Readonly<Record<4 | 5, FlowRules>> = {
  4: { reasonCodes: false, resendWithoutSession: true, closeOnUnknownSession: false },
  5: { reasonCodes: true, resendWithoutSession: false, closeOnUnknownSession: true },
};

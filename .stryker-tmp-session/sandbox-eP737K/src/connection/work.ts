// @ts-nocheck
// owned: one step's working copy of a state; it begins and ends within `step`, and nobody else sees it.
import type { MqttError, PacketType, ProtocolError, ProtocolErrorCode } from '../errors.js';
import type { Packet } from '../packets/index.js';
import { violation } from '../session/failures.js';
import type { SessionState, Token } from '../session/state.js';
import type { Action, ConnectedAction, Outcome } from './actions.js';
import type { AliasState } from './aliases.js';
import type { Input } from './inputs.js';
import type { Owed } from './owed.js';
import type { ConnectionState, Details, Phase, Settings, Terms, Traffic } from './state.js';

/** The parts of a state as one step changes them, and what it asks for. */
export interface Work {
  /** The state that the step began with. */
  readonly before: ConnectionState;
  readonly input: Input;
  readonly settings: Settings;
  phase: Phase;
  terms: Terms;
  session: SessionState;
  sending: number;
  receiving: number;
  /** Whether a packet went out, and whether one came in. */
  sent: boolean;
  received: boolean;
  owed: Owed;
  aliases: AliasState;
  details: Details;
  /** Whether the input was refused, in which case nothing else may have changed. */
  refused: boolean;
  /** The actions. Most steps have one or two, for which an array that grows is many times too large. */
  first: Action | undefined;
  second: Action | undefined;
  more: Action[] | undefined;
}

/** Opens a state for one step. */
export function begin(state: ConnectionState, input: Input): Work {
  const { settings, phase, terms, session, traffic, owed, aliases, details } = state;
  return {
    before: state,
    input,
    settings,
    phase,
    terms,
    session,
    sending: traffic.sending,
    receiving: traffic.receiving,
    sent: false,
    received: false,
    owed,
    aliases,
    details,
    refused: false,
    first: undefined,
    second: undefined,
    more: undefined,
  };
}

const NO_ACTIONS: readonly Action[] = [];

/** Closes the step: the new state, or the same object where nothing has changed. */
export function finish(w: Work): readonly [ConnectionState, readonly Action[]] {
  const { first, second, more, before } = w;
  const actions =
    first === undefined
      ? NO_ACTIONS
      : second === undefined
        ? [first]
        : more === undefined
          ? [first, second]
          : [first, second, ...more];
  return [w.refused ? before : stateAfter(w, before), actions];
}

function stateAfter(w: Work, before: ConnectionState): ConnectionState {
  const traffic = trafficAfter(w, before.traffic);
  const { settings, phase, terms, session, owed, aliases, details } = w;
  if (
    traffic === before.traffic &&
    session === before.session &&
    details === before.details &&
    owed === before.owed &&
    aliases === before.aliases &&
    phase === before.phase &&
    terms === before.terms
  ) {
    return before;
  }
  return { settings, phase, terms, session, traffic, owed, aliases, details };
}

function trafficAfter(w: Work, was: Traffic): Traffic {
  const { sending, receiving } = w;
  const { now } = w.input;
  const lastSent = w.sent ? now : was.lastSent;
  const lastReceived = w.received ? now : was.lastReceived;
  return lastSent === was.lastSent &&
    lastReceived === was.lastReceived &&
    sending === was.sending &&
    receiving === was.receiving
    ? was
    : { lastSent, lastReceived, sending, receiving };
}

/** Adds an action. */
export function emit(w: Work, action: Action): void {
  if (w.first === undefined) w.first = action;
  else if (w.second === undefined) w.second = action;
  else if (w.more === undefined) w.more = [action];
  else w.more.push(action);
}

/** Puts a packet on the wire; sizes have been seen to. */
export function transmit(w: Work, packet: Packet): void {
  w.sent = true;
  emit(w, { type: 'transmit', packet });
}

/** Refuses the input: the state stays what it was. */
export function refuse(w: Work, error: MqttError, token?: Token): void {
  w.refused = true;
  w.first = { type: 'refused', token, error };
  w.second = undefined;
  w.more = undefined;
}

/** Tells how something sent has ended. */
export function settle(w: Work, token: Token | undefined, outcome: Outcome): void {
  emit(w, { type: 'settled', token, outcome });
}

/** The error for a rule that the peer broke, with the version in force. */
export function broken(
  w: Work,
  code: ProtocolErrorCode,
  reasonCode: number,
  packetType: PacketType | undefined,
  field?: string,
  statement?: string,
): ProtocolError {
  // Before CONNECT nobody knows the version.
  const version = w.phase === 'waiting' ? undefined : w.terms.version;
  return violation(code, reasonCode, { version, packetType, field, statement });
}

/** Whether the version has Reason Codes for PUBREL and PUBCOMP, and the peer takes the five bytes of one with it. */
export function hasRoomForReason(w: Work): boolean {
  return w.terms.version === 5 && w.terms.peers.maximumPacketSize >= 5;
}

/** What the host should know of the terms on which the connection stands. */
export function connected(
  terms: Terms,
  sessionPresent: boolean,
  packet: ConnectedAction['packet'],
): ConnectedAction {
  const { version, clientId, keepAlive, sessionExpiryInterval, peers } = terms;
  return {
    type: 'connected',
    version,
    clientId,
    sessionPresent,
    keepAlive,
    sessionExpiryInterval,
    limits: peers,
    packet,
  };
}

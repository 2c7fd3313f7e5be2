// owned: one step's working copy of a state; it begins and ends within `step`, and nobody else sees it.
import type { MqttError, PacketType, ProtocolError, ProtocolErrorCode } from '../errors.js';
import type { Packet } from '../packets/index.js';
import { violation } from '../session/failures.js';
import type { SessionState, Token } from '../session/state.js';
import type { Action, ConnectedAction, Outcome } from './actions.js';
import type { AliasState } from './aliases.js';
import type { Owed } from './owed.js';
import type { ConnectionState, Details, Phase, Settings, Terms } from './state.js';

/** The parts of a state as one step changes them, and what it asks for. */
export interface Work {
  /** The state that the step began with. */
  readonly before: ConnectionState;
  readonly settings: Settings;
  readonly now: number;
  phase: Phase;
  terms: Terms;
  session: SessionState;
  lastSent: number;
  lastReceived: number;
  sending: number;
  receiving: number;
  owed: Owed;
  aliases: AliasState;
  details: Details;
  /** Why the input was refused, in which case nothing else may have changed. */
  refused: boolean;
  readonly out: Action[];
}

/** Opens a state for one step. */
export function begin(state: ConnectionState, now: number): Work {
  const { settings, phase, terms, session, traffic, owed, aliases, details } = state;
  return {
    before: state,
    settings,
    now,
    phase,
    terms,
    session,
    lastSent: traffic.lastSent,
    lastReceived: traffic.lastReceived,
    sending: traffic.sending,
    receiving: traffic.receiving,
    owed,
    aliases,
    details,
    refused: false,
    out: [],
  };
}

/** Closes the step: the new state, or the same object where nothing has changed. */
export function finish(w: Work): readonly [ConnectionState, readonly Action[]] {
  const { before, out } = w;
  if (w.refused) return [before, out];
  const was = before.traffic;
  const sameTraffic =
    w.sending === was.sending &&
    w.receiving === was.receiving &&
    w.lastSent === was.lastSent &&
    w.lastReceived === was.lastReceived;
  if (
    sameTraffic &&
    w.session === before.session &&
    w.details === before.details &&
    w.owed === before.owed &&
    w.aliases === before.aliases &&
    w.phase === before.phase &&
    w.terms === before.terms
  ) {
    return [before, out];
  }
  const traffic = sameTraffic
    ? was
    : {
        lastSent: w.lastSent,
        lastReceived: w.lastReceived,
        sending: w.sending,
        receiving: w.receiving,
      };
  const { settings, phase, terms, session, owed, aliases, details } = w;
  return [{ settings, phase, terms, session, traffic, owed, aliases, details }, out];
}

/** Puts a packet on the wire; sizes have been seen to. */
export function transmit(w: Work, packet: Packet): void {
  w.lastSent = w.now;
  w.out.push({ type: 'transmit', packet });
}

/** Refuses the input: the state stays what it was. */
export function refuse(w: Work, error: MqttError, token?: Token): void {
  w.refused = true;
  w.out.length = 0;
  w.out.push({ type: 'refused', token, error });
}

/** Tells how something sent has ended. */
export function settle(w: Work, token: Token | undefined, outcome: Outcome): void {
  w.out.push({ type: 'settled', token, outcome });
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

// pure: the peer's answers to what we sent: acknowledgements of every kind (section 4.3).
import type { DecodedPuback, DecodedPubcomp, DecodedPubrec } from '../packets/acks.js';
import type { DecodedSuback, DecodedUnsuback } from '../packets/suback.js';
import { type FlowError, outgoingEvent, outgoingMove } from '../session/flows.js';
import { endFlow, flowOf, type OutgoingFlow, type RequestFlow, releaseFlow } from '../session/state.js';
import type { Outcome } from './actions.js';
import { fail } from './closing.js';
import { drain, isAbandoned } from './outgoing.js';
import { broken, hasRoomForReason, settle, transmit, type Work } from './work.js';

/** PUBACK, PUBREC or PUBCOMP. */
export function onAcknowledgement(w: Work, packet: DecodedPuback | DecodedPubrec | DecodedPubcomp): void {
  const { type, packetId } = packet;
  const reasonCode = packet.reasonCode ?? 0;
  if (reasonCode === 0x10 && w.settings.role === 'server') {
    fail(w, broken(w, 'wrong-sender', 0x82, type, 'reasonCode'));
    return;
  }
  const flow = flowOf(w.session, packetId);
  const move = outgoingMove(flow === undefined ? 'none' : flow.phase, outgoingEvent(type, reasonCode));
  if (typeof move === 'string') {
    failFlow(w, move, type);
    return;
  }
  if (flow === undefined) {
    if (move.send !== undefined) sendPubrel(w, packetId, true);
    return;
  }
  if (move.next === 'awaiting-pubcomp') {
    if (flow.phase === 'awaiting-pubrec') {
      if (isHeld(w, flow)) w.sending++;
      w.session = releaseFlow(w.session, flow, reasonCode);
    }
    sendPubrel(w, packetId, false);
    return;
  }
  if (!isHeld(w, flow)) w.sending--;
  w.session = endFlow(w.session, packetId);
  if (!isAbandoned(flow)) settle(w, flow.token, outcomeOf(flow, packet, move.settle === 'refused'));
  drain(w);
}

function outcomeOf(
  flow: OutgoingFlow,
  packet: DecodedPuback | DecodedPubrec | DecodedPubcomp,
  refused: boolean,
): Outcome {
  const reasonCode = flow.phase === 'awaiting-pubcomp' ? flow.reasonCode : (packet.reasonCode ?? 0);
  if (packet.type === 'pubrec' || (packet.type === 'puback' && refused)) {
    return { kind: 'refused', packet, reasonCode };
  }
  return { kind: 'acknowledged', packet, reasonCode };
}

function sendPubrel(w: Work, packetId: number, unknown: boolean): void {
  if (unknown && hasRoomForReason(w)) transmit(w, { type: 'pubrel', packetId, reasonCode: 0x92 });
  else transmit(w, { type: 'pubrel', packetId });
}

/** Whether an exchange of an earlier connection has not been taken up again, so that it holds no slot. */
function isHeld(w: Work, flow: OutgoingFlow): boolean {
  const { resend } = w.details;
  if (resend === undefined || flow.phase === 'awaiting-pubcomp') return false;
  // One flow waits at least, or there would be nothing to send again. Nothing new goes out before the last of them.
  return flow.order >= resend.flows[resend.at]!.order;
}

function failFlow(
  w: Work,
  error: FlowError,
  type: 'puback' | 'pubrec' | 'pubcomp' | 'suback' | 'unsuback',
): void {
  fail(w, broken(w, error, 0x82, type, 'packetId'));
}

/** SUBACK or UNSUBACK: one Reason Code for each filter (section 3.9.3), but in an UNSUBACK of MQTT 3.1.1. */
export function onRequestAnswered(w: Work, packet: DecodedSuback | DecodedUnsuback): void {
  const { type, packetId, reasonCodes } = packet;
  const flow = flowOf(w.session, packetId);
  const move = outgoingMove(flow === undefined ? 'none' : flow.phase, outgoingEvent(type, undefined));
  if (typeof move === 'string') {
    failFlow(w, move, type);
    return;
  }
  // Nothing else has a move for it.
  const { filters, token } = flow as RequestFlow;
  if (reasonCodes !== undefined && reasonCodes.length !== filters) {
    const statement = type === 'suback' ? '3.8.4-5|3.8.4-6' : '|3.10.4-6';
    fail(w, broken(w, 'reason-code-count', 0x82, type, 'reasonCodes', statement));
    return;
  }
  w.session = endFlow(w.session, packetId);
  w.details = { ...w.details, awaited: w.details.awaited - 1 };
  settle(w, token, { kind: 'acknowledged', packet, reasonCode: 0 });
  drain(w);
}

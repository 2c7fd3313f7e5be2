// pure: a server's side of SUBSCRIBE and UNSUBSCRIBE (sections 3.8.4 and 3.10.4).

import type { SubackPacket, UnsubackPacket } from '../packets/suback.js';
import type { DecodedSubscribe } from '../packets/subscribe.js';
import type { DecodedUnsubscribe } from '../packets/unsubscribe.js';
import { refusal } from '../session/failures.js';
import { sizeOf } from '../session/messages.js';
import { isId } from '../session/state.js';
import { trieDelete, trieGet, trieSet } from '../session/trie.js';
import type { SubackReasonCode, SubackReturnCode, UnsubackReasonCode } from '../spec/reason-codes.js';
import { subscriptionProblem } from './checks.js';
import { fail } from './closing.js';
import { fitted } from './fit.js';
import type { AnswerInput } from './inputs.js';
import { broken, emit, refuse, transmit, type Work } from './work.js';

/** A SUBSCRIBE or UNSUBSCRIBE came: the host is asked for its answer. */
export function onRequest(w: Work, packet: DecodedSubscribe | DecodedUnsubscribe): void {
  const { type, packetId } = packet;
  const { requests } = w.details;
  // A client of MQTT 3.1.1 is not told what is not available, so that for it all is.
  if (type === 'subscribe') {
    const problem = subscriptionProblem(packet, w.terms.ours);
    if (problem !== undefined) {
      fail(w, broken(w, problem.code, problem.reasonCode, type, problem.field));
      return;
    }
  }
  if (trieGet(requests, packetId) !== undefined || trieGet(w.owed.entries, packetId) !== undefined) {
    fail(w, broken(w, 'packet-id-in-use', 0x82, type, 'packetId', '2.3.1-2|2.2.1-3'));
    return;
  }
  const filters = type === 'subscribe' ? packet.subscriptions.length : packet.topicFilters.length;
  w.details = { ...w.details, requests: trieSet(requests, packetId, { type, filters }) };
  emit(w, { type: 'requestReceived', packet });
}

/** The host's answer. */
export function answer(w: Work, input: AnswerInput): void {
  const { packetId, reasonCodes } = input;
  const { version } = w.terms;
  const request = isId(packetId) ? trieGet(w.details.requests, packetId) : undefined;
  // Without a connection there are no requests.
  if (request === undefined) {
    refuse(
      w,
      refusal(w.phase === 'connected' ? 'unknown-packet-id' : 'not-connected', 'packetId', { version }),
    );
    return;
  }
  const packetType = request.type === 'subscribe' ? 'suback' : 'unsuback';
  if (reasonCodes.length !== request.filters && (version === 5 || packetType === 'suback')) {
    const statement = packetType === 'suback' ? '3.8.4-5|3.8.4-6' : '|3.10.4-6';
    refuse(w, refusal('reason-code-count', 'reasonCodes', { version, packetType, statement }));
    return;
  }
  const packet = answerPacket(packetType, version, input);
  const size = sizeOf(packet, version);
  const fit = typeof size === 'number' ? fitted(packet, w.terms, w.settings.role) : size;
  if (!('type' in fit)) {
    refuse(w, fit);
    return;
  }
  w.details = { ...w.details, requests: trieDelete(w.details.requests, packetId) };
  transmit(w, fit);
}

function answerPacket(
  type: 'suback' | 'unsuback',
  version: 4 | 5,
  { packetId, reasonCodes, properties }: AnswerInput,
): SubackPacket | UnsubackPacket {
  if (version === 5) {
    const all = reasonCodes as readonly (SubackReasonCode & UnsubackReasonCode)[];
    return { type, packetId, reasonCodes: all, properties };
  }
  if (type === 'unsuback') return { type, packetId };
  // MQTT 3.1.1 knows one way to refuse a subscription.
  const codes = reasonCodes.map((code) => (code >= 0x80 ? 0x80 : code) as SubackReturnCode);
  return { type, packetId, reasonCodes: codes };
}

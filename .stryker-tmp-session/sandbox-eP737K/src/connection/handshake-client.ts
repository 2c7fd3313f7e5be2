// @ts-nocheck
// pure: a client's side of the handshake (sections 3.1 and 3.2).
import type { DecodedConnack } from '../packets/connack.js';
import { FLOW_RULES } from '../session/flows.js';
import { emptySession } from '../session/state.js';
import type { ConnackProperties } from '../spec/properties.js';
import { discardSession, end, fail } from './closing.js';
import { limitsOf } from './limits.js';
import { resume } from './resume.js';
import type { Terms } from './state.js';
import { broken, connected, emit, transmit, type Work } from './work.js';

/** The network stands: CONNECT is the first packet (MQTT-3.1.0-1). */
export function openClient(w: Work): void {
  const { connect } = w.details;
  if (connect === undefined) return;
  w.phase = 'handshake';
  w.session = { ...w.session, connection: w.session.connection + 1 };
  if (w.terms.cleanStart) discardSession(w);
  const authTurn = w.terms.authenticationMethod === undefined ? 'none' : 'theirs';
  const firstOrder = w.session.nextOrder;
  w.details = { ...w.details, connect: undefined, since: w.input.now, authTurn, firstOrder };
  transmit(w, connect);
}

/** A CONNACK came. */
export function onConnack(w: Work, packet: DecodedConnack): void {
  const { terms } = w;
  if (packet.reasonCode !== 0) {
    emit(w, { type: 'connectRefused', packet });
    end(w, { reason: 'refused', close: true });
    return;
  }
  const properties: ConnackProperties = packet.properties ?? {};
  if (properties.authenticationMethod !== terms.authenticationMethod) {
    const field = 'properties.authenticationMethod';
    const [code, statement] =
      terms.authenticationMethod === undefined
        ? (['unexpected-authentication', '|4.12.0-6'] as const)
        : (['authentication-method-mismatch', '|4.12.0-5'] as const);
    fail(w, broken(w, code, 0x82, 'connack', field, statement));
    return;
  }
  if (isUnexpectedSession(w, packet.sessionPresent)) {
    const statement = terms.cleanStart ? '3.2.2-1|3.2.2-2' : '|3.2.2-4';
    fail(w, broken(w, 'unexpected-session-present', 0x82, 'connack', 'sessionPresent', statement));
    return;
  }
  w.phase = 'connected';
  w.terms = agreed(terms, properties);
  w.details = { ...w.details, authTurn: 'none' };
  emit(w, connected(w.terms, packet.sessionPresent, packet));
  takeUpSession(w, packet.sessionPresent);
  w.session = { ...w.session, begun: true };
  resume(w, w.details.firstOrder);
}

/** Whether the server has a session that cannot be ours (MQTT-3.2.2-4). */
function isUnexpectedSession(w: Work, sessionPresent: boolean): boolean {
  const { terms, session, settings } = w;
  if (!sessionPresent || session.begun) return false;
  return (
    terms.cleanStart || (FLOW_RULES[terms.version].closeOnUnknownSession && !settings.trustSessionPresent)
  );
}

/** What CONNACK changes about the terms. */
function agreed(terms: Terms, properties: ConnackProperties): Terms {
  return {
    ...terms,
    clientId: properties.assignedClientIdentifier ?? terms.clientId,
    keepAlive: properties.serverKeepAlive ?? terms.keepAlive,
    sessionExpiryInterval: properties.sessionExpiryInterval ?? terms.sessionExpiryInterval,
    peers: limitsOf(properties),
  };
}

/** The server has no session: what we hold for it is worth nothing (MQTT-3.2.2-5), or in MQTT 3.1.1 half of it. */
function takeUpSession(w: Work, sessionPresent: boolean): void {
  if (sessionPresent) return;
  // Its new messages may have the identifiers of old ones.
  if (!FLOW_RULES[w.terms.version].resendWithoutSession) discardSession(w, w.details.firstOrder);
  else if (w.session.incoming.size > 0) w.session = { ...w.session, incoming: emptySession().incoming };
}

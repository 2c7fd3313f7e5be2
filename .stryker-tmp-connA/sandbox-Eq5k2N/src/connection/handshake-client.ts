// @ts-nocheck
// pure: a client's side of the handshake (sections 3.1 and 3.2).
function stryNS_9fa48() {
  var g = typeof globalThis === 'object' && globalThis && globalThis.Math === Math && globalThis || new Function("return this")();
  var ns = g.__stryker__ || (g.__stryker__ = {});
  if (ns.activeMutant === undefined && g.process && g.process.env && g.process.env.__STRYKER_ACTIVE_MUTANT__) {
    ns.activeMutant = g.process.env.__STRYKER_ACTIVE_MUTANT__;
  }
  function retrieveNS() {
    return ns;
  }
  stryNS_9fa48 = retrieveNS;
  return retrieveNS();
}
stryNS_9fa48();
function stryCov_9fa48() {
  var ns = stryNS_9fa48();
  var cov = ns.mutantCoverage || (ns.mutantCoverage = {
    static: {},
    perTest: {}
  });
  function cover() {
    var c = cov.static;
    if (ns.currentTestId) {
      c = cov.perTest[ns.currentTestId] = cov.perTest[ns.currentTestId] || {};
    }
    var a = arguments;
    for (var i = 0; i < a.length; i++) {
      c[a[i]] = (c[a[i]] || 0) + 1;
    }
  }
  stryCov_9fa48 = cover;
  cover.apply(null, arguments);
}
function stryMutAct_9fa48(id) {
  var ns = stryNS_9fa48();
  function isActive(id) {
    if (ns.activeMutant === id) {
      if (ns.hitCount !== void 0 && ++ns.hitCount > ns.hitLimit) {
        throw new Error('Stryker: Hit count limit reached (' + ns.hitCount + ')');
      }
      return true;
    }
    return false;
  }
  stryMutAct_9fa48 = isActive;
  return isActive(id);
}
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
  if (stryMutAct_9fa48("836")) {
    {}
  } else {
    stryCov_9fa48("836");
    const {
      connect
    } = w.details;
    if (stryMutAct_9fa48("839") ? connect !== undefined : stryMutAct_9fa48("838") ? false : stryMutAct_9fa48("837") ? true : (stryCov_9fa48("837", "838", "839"), connect === undefined)) return;
    w.phase = stryMutAct_9fa48("840") ? "" : (stryCov_9fa48("840"), 'handshake');
    w.session = stryMutAct_9fa48("841") ? {} : (stryCov_9fa48("841"), {
      ...w.session,
      connection: stryMutAct_9fa48("842") ? w.session.connection - 1 : (stryCov_9fa48("842"), w.session.connection + 1)
    });
    if (stryMutAct_9fa48("844") ? false : stryMutAct_9fa48("843") ? true : (stryCov_9fa48("843", "844"), w.terms.cleanStart)) discardSession(w);
    const authTurn = (stryMutAct_9fa48("847") ? w.terms.authenticationMethod !== undefined : stryMutAct_9fa48("846") ? false : stryMutAct_9fa48("845") ? true : (stryCov_9fa48("845", "846", "847"), w.terms.authenticationMethod === undefined)) ? stryMutAct_9fa48("848") ? "" : (stryCov_9fa48("848"), 'none') : stryMutAct_9fa48("849") ? "" : (stryCov_9fa48("849"), 'theirs');
    const firstOrder = w.session.nextOrder;
    w.details = stryMutAct_9fa48("850") ? {} : (stryCov_9fa48("850"), {
      ...w.details,
      connect: undefined,
      since: w.input.now,
      authTurn,
      firstOrder
    });
    transmit(w, connect);
  }
}

/** A CONNACK came. */
export function onConnack(w: Work, packet: DecodedConnack): void {
  if (stryMutAct_9fa48("851")) {
    {}
  } else {
    stryCov_9fa48("851");
    const {
      terms
    } = w;
    if (stryMutAct_9fa48("854") ? packet.reasonCode === 0 : stryMutAct_9fa48("853") ? false : stryMutAct_9fa48("852") ? true : (stryCov_9fa48("852", "853", "854"), packet.reasonCode !== 0)) {
      if (stryMutAct_9fa48("855")) {
        {}
      } else {
        stryCov_9fa48("855");
        emit(w, stryMutAct_9fa48("856") ? {} : (stryCov_9fa48("856"), {
          type: stryMutAct_9fa48("857") ? "" : (stryCov_9fa48("857"), 'connectRefused'),
          packet
        }));
        end(w, stryMutAct_9fa48("858") ? {} : (stryCov_9fa48("858"), {
          reason: stryMutAct_9fa48("859") ? "" : (stryCov_9fa48("859"), 'refused'),
          close: stryMutAct_9fa48("860") ? false : (stryCov_9fa48("860"), true)
        }));
        return;
      }
    }
    const properties: ConnackProperties = stryMutAct_9fa48("861") ? packet.properties && {} : (stryCov_9fa48("861"), packet.properties ?? {});
    if (stryMutAct_9fa48("864") ? properties.authenticationMethod === terms.authenticationMethod : stryMutAct_9fa48("863") ? false : stryMutAct_9fa48("862") ? true : (stryCov_9fa48("862", "863", "864"), properties.authenticationMethod !== terms.authenticationMethod)) {
      if (stryMutAct_9fa48("865")) {
        {}
      } else {
        stryCov_9fa48("865");
        const field = stryMutAct_9fa48("866") ? "" : (stryCov_9fa48("866"), 'properties.authenticationMethod');
        const [code, statement] = (stryMutAct_9fa48("869") ? terms.authenticationMethod !== undefined : stryMutAct_9fa48("868") ? false : stryMutAct_9fa48("867") ? true : (stryCov_9fa48("867", "868", "869"), terms.authenticationMethod === undefined)) ? ['unexpected-authentication', '|4.12.0-6'] as const : ['authentication-method-mismatch', '|4.12.0-5'] as const;
        fail(w, broken(w, code, 0x82, stryMutAct_9fa48("870") ? "" : (stryCov_9fa48("870"), 'connack'), field, statement));
        return;
      }
    }
    if (stryMutAct_9fa48("872") ? false : stryMutAct_9fa48("871") ? true : (stryCov_9fa48("871", "872"), isUnexpectedSession(w, packet.sessionPresent))) {
      if (stryMutAct_9fa48("873")) {
        {}
      } else {
        stryCov_9fa48("873");
        const statement = terms.cleanStart ? stryMutAct_9fa48("874") ? "" : (stryCov_9fa48("874"), '3.2.2-1|3.2.2-2') : stryMutAct_9fa48("875") ? "" : (stryCov_9fa48("875"), '|3.2.2-4');
        fail(w, broken(w, stryMutAct_9fa48("876") ? "" : (stryCov_9fa48("876"), 'unexpected-session-present'), 0x82, stryMutAct_9fa48("877") ? "" : (stryCov_9fa48("877"), 'connack'), stryMutAct_9fa48("878") ? "" : (stryCov_9fa48("878"), 'sessionPresent'), statement));
        return;
      }
    }
    w.phase = stryMutAct_9fa48("879") ? "" : (stryCov_9fa48("879"), 'connected');
    w.terms = agreed(terms, properties);
    w.details = stryMutAct_9fa48("880") ? {} : (stryCov_9fa48("880"), {
      ...w.details,
      authTurn: stryMutAct_9fa48("881") ? "" : (stryCov_9fa48("881"), 'none')
    });
    emit(w, connected(w.terms, packet.sessionPresent, packet));
    takeUpSession(w, packet.sessionPresent);
    w.session = stryMutAct_9fa48("882") ? {} : (stryCov_9fa48("882"), {
      ...w.session,
      begun: stryMutAct_9fa48("883") ? false : (stryCov_9fa48("883"), true)
    });
    resume(w, w.details.firstOrder);
  }
}

/** Whether the server has a session that cannot be ours (MQTT-3.2.2-4). */
function isUnexpectedSession(w: Work, sessionPresent: boolean): boolean {
  if (stryMutAct_9fa48("884")) {
    {}
  } else {
    stryCov_9fa48("884");
    const {
      terms,
      session,
      settings
    } = w;
    if (stryMutAct_9fa48("887") ? !sessionPresent && session.begun : stryMutAct_9fa48("886") ? false : stryMutAct_9fa48("885") ? true : (stryCov_9fa48("885", "886", "887"), (stryMutAct_9fa48("888") ? sessionPresent : (stryCov_9fa48("888"), !sessionPresent)) || session.begun)) return stryMutAct_9fa48("889") ? true : (stryCov_9fa48("889"), false);
    return stryMutAct_9fa48("892") ? terms.cleanStart && FLOW_RULES[terms.version].closeOnUnknownSession && !settings.trustSessionPresent : stryMutAct_9fa48("891") ? false : stryMutAct_9fa48("890") ? true : (stryCov_9fa48("890", "891", "892"), terms.cleanStart || (stryMutAct_9fa48("894") ? FLOW_RULES[terms.version].closeOnUnknownSession || !settings.trustSessionPresent : stryMutAct_9fa48("893") ? false : (stryCov_9fa48("893", "894"), FLOW_RULES[terms.version].closeOnUnknownSession && (stryMutAct_9fa48("895") ? settings.trustSessionPresent : (stryCov_9fa48("895"), !settings.trustSessionPresent)))));
  }
}

/** What CONNACK changes about the terms. */
function agreed(terms: Terms, properties: ConnackProperties): Terms {
  if (stryMutAct_9fa48("896")) {
    {}
  } else {
    stryCov_9fa48("896");
    return stryMutAct_9fa48("897") ? {} : (stryCov_9fa48("897"), {
      ...terms,
      clientId: stryMutAct_9fa48("898") ? properties.assignedClientIdentifier && terms.clientId : (stryCov_9fa48("898"), properties.assignedClientIdentifier ?? terms.clientId),
      keepAlive: stryMutAct_9fa48("899") ? properties.serverKeepAlive && terms.keepAlive : (stryCov_9fa48("899"), properties.serverKeepAlive ?? terms.keepAlive),
      sessionExpiryInterval: stryMutAct_9fa48("900") ? properties.sessionExpiryInterval && terms.sessionExpiryInterval : (stryCov_9fa48("900"), properties.sessionExpiryInterval ?? terms.sessionExpiryInterval),
      peers: limitsOf(properties)
    });
  }
}

/** The server has no session: what we hold for it is worth nothing (MQTT-3.2.2-5), or in MQTT 3.1.1 half of it. */
function takeUpSession(w: Work, sessionPresent: boolean): void {
  if (stryMutAct_9fa48("901")) {
    {}
  } else {
    stryCov_9fa48("901");
    if (stryMutAct_9fa48("903") ? false : stryMutAct_9fa48("902") ? true : (stryCov_9fa48("902", "903"), sessionPresent)) return;
    // Its new messages may have the identifiers of old ones.
    if (stryMutAct_9fa48("906") ? false : stryMutAct_9fa48("905") ? true : stryMutAct_9fa48("904") ? FLOW_RULES[w.terms.version].resendWithoutSession : (stryCov_9fa48("904", "905", "906"), !FLOW_RULES[w.terms.version].resendWithoutSession)) discardSession(w, w.details.firstOrder);else if (stryMutAct_9fa48("910") ? w.session.incoming.size <= 0 : stryMutAct_9fa48("909") ? w.session.incoming.size >= 0 : stryMutAct_9fa48("908") ? false : stryMutAct_9fa48("907") ? true : (stryCov_9fa48("907", "908", "909", "910"), w.session.incoming.size > 0)) w.session = stryMutAct_9fa48("911") ? {} : (stryCov_9fa48("911"), {
      ...w.session,
      incoming: emptySession().incoming
    });
  }
}
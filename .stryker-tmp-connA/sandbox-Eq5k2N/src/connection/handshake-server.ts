// @ts-nocheck
// pure: a server's side of the handshake (sections 3.1.4 and 3.2), and the packets that come before its end.
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
import { type MqttError, type ProtocolError, UnsupportedVersionError } from '../errors.js';
import type { ConnackPacket } from '../packets/connack.js';
import type { DecodedConnect, DecodedWill } from '../packets/connect.js';
import { refusal } from '../session/failures.js';
import { sizeOf } from '../session/messages.js';
import { emptySession } from '../session/state.js';
import { copyOf, copyProperties } from '../session/stored.js';
import type { ConnackProperties } from '../spec/properties.js';
import { CONNACK_REASON_CODES } from '../spec/reason-codes.js';
import { sendAuth } from './auth.js';
import { discardSession, disconnect, end, fail, sendConnack } from './closing.js';
import { expiryOf } from './create.js';
import { fitted } from './fit.js';
import type { AcceptInput, RefuseInput } from './inputs.js';
import { limitsOf, NO_LIMITS, ownLimits } from './limits.js';
import { resume } from './resume.js';
import type { Terms } from './state.js';
import { broken, connected, emit, refuse as refuseInput, transmit, type Work } from './work.js';

/** The network stands: a CONNECT is awaited. */
export function openServer(w: Work): void {
  if (stryMutAct_9fa48("912")) {
    {}
  } else {
    stryCov_9fa48("912");
    w.phase = stryMutAct_9fa48("913") ? "" : (stryCov_9fa48("913"), 'waiting');
    w.details = stryMutAct_9fa48("914") ? {} : (stryCov_9fa48("914"), {
      ...w.details,
      since: w.input.now
    });
  }
}

/** A CONNECT came, as the first packet. */
export function onConnect(w: Work, packet: DecodedConnect): void {
  if (stryMutAct_9fa48("915")) {
    {}
  } else {
    stryCov_9fa48("915");
    const {
      settings
    } = w;
    const {
      protocolVersion
    } = packet;
    if (stryMutAct_9fa48("918") ? false : stryMutAct_9fa48("917") ? true : stryMutAct_9fa48("916") ? settings.versions.includes(protocolVersion) : (stryCov_9fa48("916", "917", "918"), !settings.versions.includes(protocolVersion))) {
      if (stryMutAct_9fa48("919")) {
        {}
      } else {
        stryCov_9fa48("919");
        fail(w, unsupported(protocolVersion));
        return;
      }
    }
    w.phase = stryMutAct_9fa48("920") ? "" : (stryCov_9fa48("920"), 'handshake');
    w.terms = requested(w, packet);
    const authTurn = (stryMutAct_9fa48("923") ? w.terms.authenticationMethod !== undefined : stryMutAct_9fa48("922") ? false : stryMutAct_9fa48("921") ? true : (stryCov_9fa48("921", "922", "923"), w.terms.authenticationMethod === undefined)) ? stryMutAct_9fa48("924") ? "" : (stryCov_9fa48("924"), 'none') : stryMutAct_9fa48("925") ? "" : (stryCov_9fa48("925"), 'ours');
    w.details = stryMutAct_9fa48("926") ? {} : (stryCov_9fa48("926"), {
      ...w.details,
      since: w.input.now,
      authTurn,
      will: stryMutAct_9fa48("929") ? packet.will || copyWill(packet.will) : stryMutAct_9fa48("928") ? false : stryMutAct_9fa48("927") ? true : (stryCov_9fa48("927", "928", "929"), packet.will && copyWill(packet.will))
    });
    const problem = connectProblem(w, packet);
    if (stryMutAct_9fa48("932") ? problem !== undefined : stryMutAct_9fa48("931") ? false : stryMutAct_9fa48("930") ? true : (stryCov_9fa48("930", "931", "932"), problem === undefined)) {
      if (stryMutAct_9fa48("933")) {
        {}
      } else {
        stryCov_9fa48("933");
        emit(w, stryMutAct_9fa48("934") ? {} : (stryCov_9fa48("934"), {
          type: stryMutAct_9fa48("935") ? "" : (stryCov_9fa48("935"), 'connectRequested'),
          packet
        }));
        return;
      }
    }
    emit(w, stryMutAct_9fa48("936") ? {} : (stryCov_9fa48("936"), {
      type: stryMutAct_9fa48("937") ? "" : (stryCov_9fa48("937"), 'fail'),
      error: problem
    }));
    sendConnack(w, protocolVersion, problem.reasonCode);
    end(w, stryMutAct_9fa48("938") ? {} : (stryCov_9fa48("938"), {
      reason: stryMutAct_9fa48("939") ? "" : (stryCov_9fa48("939"), 'refused'),
      close: stryMutAct_9fa48("940") ? false : (stryCov_9fa48("940"), true)
    }));
  }
}

/** Who does not speak both versions refuses the other one in the words of MQTT 3.1.1. */
function unsupported(protocolLevel: 4 | 5): MqttError {
  if (stryMutAct_9fa48("941")) {
    {}
  } else {
    stryCov_9fa48("941");
    return new UnsupportedVersionError(stryMutAct_9fa48("942") ? {} : (stryCov_9fa48("942"), {
      code: stryMutAct_9fa48("943") ? "" : (stryCov_9fa48("943"), 'unsupported-version'),
      reasonCode: 0x84,
      protocolName: stryMutAct_9fa48("944") ? "" : (stryCov_9fa48("944"), 'MQTT'),
      protocolLevel,
      reply: Uint8Array.of(0x20, 2, 0, 1),
      packetType: stryMutAct_9fa48("945") ? "" : (stryCov_9fa48("945"), 'connect'),
      statement: stryMutAct_9fa48("946") ? "" : (stryCov_9fa48("946"), 'MQTT-3.1.2-2')
    }));
  }
}
function requested(w: Work, packet: DecodedConnect): Terms {
  if (stryMutAct_9fa48("947")) {
    {}
  } else {
    stryCov_9fa48("947");
    const {
      protocolVersion,
      clientId,
      cleanStart,
      keepAlive,
      properties
    } = packet;
    const v4 = stryMutAct_9fa48("950") ? protocolVersion !== 4 : stryMutAct_9fa48("949") ? false : stryMutAct_9fa48("948") ? true : (stryCov_9fa48("948", "949", "950"), protocolVersion === 4);
    const {
      announced
    } = w.settings;
    return stryMutAct_9fa48("951") ? {} : (stryCov_9fa48("951"), {
      version: protocolVersion,
      clientId,
      cleanStart,
      keepAlive,
      ...expiryOf(packet),
      problemInformation: stryMutAct_9fa48("954") ? properties?.requestProblemInformation === 0 : stryMutAct_9fa48("953") ? false : stryMutAct_9fa48("952") ? true : (stryCov_9fa48("952", "953", "954"), (stryMutAct_9fa48("955") ? properties.requestProblemInformation : (stryCov_9fa48("955"), properties?.requestProblemInformation)) !== 0),
      responseInformation: stryMutAct_9fa48("958") ? properties?.requestResponseInformation !== 1 : stryMutAct_9fa48("957") ? false : stryMutAct_9fa48("956") ? true : (stryCov_9fa48("956", "957", "958"), (stryMutAct_9fa48("959") ? properties.requestResponseInformation : (stryCov_9fa48("959"), properties?.requestResponseInformation)) === 1),
      authenticationMethod: stryMutAct_9fa48("960") ? properties.authenticationMethod : (stryCov_9fa48("960"), properties?.authenticationMethod),
      // A client of MQTT 3.1.1 cannot be told any limits.
      ours: v4 ? stryMutAct_9fa48("961") ? {} : (stryCov_9fa48("961"), {
        ...NO_LIMITS,
        maximumPacketSize: ownLimits(announced).maximumPacketSize
      }) : limitsOf(announced),
      peers: limitsOf(properties)
    });
  }
}
function copyWill(will: DecodedWill): DecodedWill {
  if (stryMutAct_9fa48("962")) {
    {}
  } else {
    stryCov_9fa48("962");
    const {
      properties
    } = will;
    const copy = stryMutAct_9fa48("963") ? {} : (stryCov_9fa48("963"), {
      ...will,
      payload: copyOf(will.payload)
    });
    return (stryMutAct_9fa48("966") ? properties !== undefined : stryMutAct_9fa48("965") ? false : stryMutAct_9fa48("964") ? true : (stryCov_9fa48("964", "965", "966"), properties === undefined)) ? copy : stryMutAct_9fa48("967") ? {} : (stryCov_9fa48("967"), {
      ...copy,
      properties: copyProperties(properties)
    });
  }
}

/** What a CONNECT asks for that we have said we do not do. */
function connectProblem(w: Work, {
  clientId,
  cleanStart,
  will
}: DecodedConnect): ProtocolError | undefined {
  if (stryMutAct_9fa48("968")) {
    {}
  } else {
    stryCov_9fa48("968");
    const {
      version,
      ours,
      authenticationMethod
    } = w.terms;
    if (stryMutAct_9fa48("971") ? version !== 4 : stryMutAct_9fa48("970") ? false : stryMutAct_9fa48("969") ? true : (stryCov_9fa48("969", "970", "971"), version === 4)) {
      if (stryMutAct_9fa48("972")) {
        {}
      } else {
        stryCov_9fa48("972");
        if (stryMutAct_9fa48("975") ? clientId !== '' && cleanStart : stryMutAct_9fa48("974") ? false : stryMutAct_9fa48("973") ? true : (stryCov_9fa48("973", "974", "975"), (stryMutAct_9fa48("977") ? clientId === '' : stryMutAct_9fa48("976") ? false : (stryCov_9fa48("976", "977"), clientId !== (stryMutAct_9fa48("978") ? "Stryker was here!" : (stryCov_9fa48("978"), '')))) || cleanStart)) return undefined;
        return broken(w, stryMutAct_9fa48("979") ? "" : (stryCov_9fa48("979"), 'client-identifier-not-valid'), 0x85, stryMutAct_9fa48("980") ? "" : (stryCov_9fa48("980"), 'connect'), stryMutAct_9fa48("981") ? "" : (stryCov_9fa48("981"), 'clientId'), stryMutAct_9fa48("982") ? "" : (stryCov_9fa48("982"), '3.1.3-8'));
      }
    }
    if (stryMutAct_9fa48("985") ? authenticationMethod !== undefined || !w.settings.authenticationMethods.includes(authenticationMethod) : stryMutAct_9fa48("984") ? false : stryMutAct_9fa48("983") ? true : (stryCov_9fa48("983", "984", "985"), (stryMutAct_9fa48("987") ? authenticationMethod === undefined : stryMutAct_9fa48("986") ? true : (stryCov_9fa48("986", "987"), authenticationMethod !== undefined)) && (stryMutAct_9fa48("988") ? w.settings.authenticationMethods.includes(authenticationMethod) : (stryCov_9fa48("988"), !w.settings.authenticationMethods.includes(authenticationMethod))))) {
      if (stryMutAct_9fa48("989")) {
        {}
      } else {
        stryCov_9fa48("989");
        const field = stryMutAct_9fa48("990") ? "" : (stryCov_9fa48("990"), 'properties.authenticationMethod');
        return broken(w, stryMutAct_9fa48("991") ? "" : (stryCov_9fa48("991"), 'authentication-method-not-supported'), 0x8c, stryMutAct_9fa48("992") ? "" : (stryCov_9fa48("992"), 'connect'), field, stryMutAct_9fa48("993") ? "" : (stryCov_9fa48("993"), '|4.12.0-1'));
      }
    }
    if (stryMutAct_9fa48("996") ? will !== undefined || will.qos > ours.maximumQoS : stryMutAct_9fa48("995") ? false : stryMutAct_9fa48("994") ? true : (stryCov_9fa48("994", "995", "996"), (stryMutAct_9fa48("998") ? will === undefined : stryMutAct_9fa48("997") ? true : (stryCov_9fa48("997", "998"), will !== undefined)) && (stryMutAct_9fa48("1001") ? will.qos <= ours.maximumQoS : stryMutAct_9fa48("1000") ? will.qos >= ours.maximumQoS : stryMutAct_9fa48("999") ? true : (stryCov_9fa48("999", "1000", "1001"), will.qos > ours.maximumQoS)))) {
      if (stryMutAct_9fa48("1002")) {
        {}
      } else {
        stryCov_9fa48("1002");
        return broken(w, stryMutAct_9fa48("1003") ? "" : (stryCov_9fa48("1003"), 'qos-not-supported'), 0x9b, stryMutAct_9fa48("1004") ? "" : (stryCov_9fa48("1004"), 'connect'), stryMutAct_9fa48("1005") ? "" : (stryCov_9fa48("1005"), 'will.qos'), stryMutAct_9fa48("1006") ? "" : (stryCov_9fa48("1006"), '|3.2.2-12'));
      }
    }
    if (stryMutAct_9fa48("1009") ? will?.retain || !ours.retainAvailable : stryMutAct_9fa48("1008") ? false : stryMutAct_9fa48("1007") ? true : (stryCov_9fa48("1007", "1008", "1009"), (stryMutAct_9fa48("1010") ? will.retain : (stryCov_9fa48("1010"), will?.retain)) && (stryMutAct_9fa48("1011") ? ours.retainAvailable : (stryCov_9fa48("1011"), !ours.retainAvailable)))) {
      if (stryMutAct_9fa48("1012")) {
        {}
      } else {
        stryCov_9fa48("1012");
        return broken(w, stryMutAct_9fa48("1013") ? "" : (stryCov_9fa48("1013"), 'retain-not-supported'), 0x9a, stryMutAct_9fa48("1014") ? "" : (stryCov_9fa48("1014"), 'connect'), stryMutAct_9fa48("1015") ? "" : (stryCov_9fa48("1015"), 'will.retain'), stryMutAct_9fa48("1016") ? "" : (stryCov_9fa48("1016"), '|3.2.2-13'));
      }
    }
    return undefined;
  }
}

/** The host accepts the CONNECT, or a re-authentication. */
export function accept(w: Work, input: AcceptInput): void {
  if (stryMutAct_9fa48("1017")) {
    {}
  } else {
    stryCov_9fa48("1017");
    const {
      phase,
      settings,
      details
    } = w;
    const {
      terms
    } = w;
    const {
      version,
      authenticationMethod: method
    } = terms;
    if (stryMutAct_9fa48("1020") ? settings.role === 'server' && phase === 'connected' && details.authTurn === 'ours' || method !== undefined : stryMutAct_9fa48("1019") ? false : stryMutAct_9fa48("1018") ? true : (stryCov_9fa48("1018", "1019", "1020"), (stryMutAct_9fa48("1022") ? settings.role === 'server' && phase === 'connected' || details.authTurn === 'ours' : stryMutAct_9fa48("1021") ? true : (stryCov_9fa48("1021", "1022"), (stryMutAct_9fa48("1024") ? settings.role === 'server' || phase === 'connected' : stryMutAct_9fa48("1023") ? true : (stryCov_9fa48("1023", "1024"), (stryMutAct_9fa48("1026") ? settings.role !== 'server' : stryMutAct_9fa48("1025") ? true : (stryCov_9fa48("1025", "1026"), settings.role === (stryMutAct_9fa48("1027") ? "" : (stryCov_9fa48("1027"), 'server')))) && (stryMutAct_9fa48("1029") ? phase !== 'connected' : stryMutAct_9fa48("1028") ? true : (stryCov_9fa48("1028", "1029"), phase === (stryMutAct_9fa48("1030") ? "" : (stryCov_9fa48("1030"), 'connected')))))) && (stryMutAct_9fa48("1032") ? details.authTurn !== 'ours' : stryMutAct_9fa48("1031") ? true : (stryCov_9fa48("1031", "1032"), details.authTurn === (stryMutAct_9fa48("1033") ? "" : (stryCov_9fa48("1033"), 'ours')))))) && (stryMutAct_9fa48("1035") ? method === undefined : stryMutAct_9fa48("1034") ? true : (stryCov_9fa48("1034", "1035"), method !== undefined)))) {
      if (stryMutAct_9fa48("1036")) {
        {}
      } else {
        stryCov_9fa48("1036");
        acceptAgain(w, method, input);
        return;
      }
    }
    if (stryMutAct_9fa48("1039") ? (settings.role !== 'server' || phase !== 'handshake') && details.authTurn === 'theirs' : stryMutAct_9fa48("1038") ? false : stryMutAct_9fa48("1037") ? true : (stryCov_9fa48("1037", "1038", "1039"), (stryMutAct_9fa48("1041") ? settings.role !== 'server' && phase !== 'handshake' : stryMutAct_9fa48("1040") ? false : (stryCov_9fa48("1040", "1041"), (stryMutAct_9fa48("1043") ? settings.role === 'server' : stryMutAct_9fa48("1042") ? false : (stryCov_9fa48("1042", "1043"), settings.role !== (stryMutAct_9fa48("1044") ? "" : (stryCov_9fa48("1044"), 'server')))) || (stryMutAct_9fa48("1046") ? phase === 'handshake' : stryMutAct_9fa48("1045") ? false : (stryCov_9fa48("1045", "1046"), phase !== (stryMutAct_9fa48("1047") ? "" : (stryCov_9fa48("1047"), 'handshake')))))) || (stryMutAct_9fa48("1049") ? details.authTurn !== 'theirs' : stryMutAct_9fa48("1048") ? false : (stryCov_9fa48("1048", "1049"), details.authTurn === (stryMutAct_9fa48("1050") ? "" : (stryCov_9fa48("1050"), 'theirs')))))) {
      if (stryMutAct_9fa48("1051")) {
        {}
      } else {
        stryCov_9fa48("1051");
        refuseInput(w, refusal(stryMutAct_9fa48("1052") ? "" : (stryCov_9fa48("1052"), 'not-now'), stryMutAct_9fa48("1053") ? "" : (stryCov_9fa48("1053"), 'type'), stryMutAct_9fa48("1054") ? {} : (stryCov_9fa48("1054"), {
          packetType: stryMutAct_9fa48("1055") ? "" : (stryCov_9fa48("1055"), 'connack')
        })));
        return;
      }
    }
    const assigned = stryMutAct_9fa48("1056") ? input.clientId && input.properties?.assignedClientIdentifier : (stryCov_9fa48("1056"), input.clientId ?? (stryMutAct_9fa48("1057") ? input.properties.assignedClientIdentifier : (stryCov_9fa48("1057"), input.properties?.assignedClientIdentifier)));
    const clientId = stryMutAct_9fa48("1060") ? terms.clientId && assigned : stryMutAct_9fa48("1059") ? false : stryMutAct_9fa48("1058") ? true : (stryCov_9fa48("1058", "1059", "1060"), terms.clientId || assigned);
    if (stryMutAct_9fa48("1063") ? false : stryMutAct_9fa48("1062") ? true : stryMutAct_9fa48("1061") ? clientId : (stryCov_9fa48("1061", "1062", "1063"), !clientId)) {
      if (stryMutAct_9fa48("1064")) {
        {}
      } else {
        stryCov_9fa48("1064");
        const context = {
          version,
          packetType: 'connack',
          statement: '|3.1.3-6'
        } as const;
        refuseInput(w, refusal(stryMutAct_9fa48("1065") ? "" : (stryCov_9fa48("1065"), 'missing-client-identifier'), stryMutAct_9fa48("1066") ? "" : (stryCov_9fa48("1066"), 'clientId'), context));
        return;
      }
    }
    const session = stryMutAct_9fa48("1067") ? input.session && emptySession() : (stryCov_9fa48("1067"), input.session ?? emptySession());
    const sessionPresent = stryMutAct_9fa48("1070") ? session.begun || !terms.cleanStart : stryMutAct_9fa48("1069") ? false : stryMutAct_9fa48("1068") ? true : (stryCov_9fa48("1068", "1069", "1070"), session.begun && (stryMutAct_9fa48("1071") ? terms.cleanStart : (stryCov_9fa48("1071"), !terms.cleanStart)));
    const properties = (stryMutAct_9fa48("1074") ? version !== 4 : stryMutAct_9fa48("1073") ? false : stryMutAct_9fa48("1072") ? true : (stryCov_9fa48("1072", "1073", "1074"), version === 4)) ? undefined : connackProperties(w, input, assigned);
    const packet: ConnackPacket<5> = stryMutAct_9fa48("1075") ? {} : (stryCov_9fa48("1075"), {
      type: stryMutAct_9fa48("1076") ? "" : (stryCov_9fa48("1076"), 'connack'),
      sessionPresent,
      reasonCode: 0,
      properties
    });
    const size = sizeOf(packet, version);
    const fit = (stryMutAct_9fa48("1079") ? typeof size !== 'number' : stryMutAct_9fa48("1078") ? false : stryMutAct_9fa48("1077") ? true : (stryCov_9fa48("1077", "1078", "1079"), typeof size === (stryMutAct_9fa48("1080") ? "" : (stryCov_9fa48("1080"), 'number')))) ? fitted(packet, terms, stryMutAct_9fa48("1081") ? "" : (stryCov_9fa48("1081"), 'server')) : size;
    if (stryMutAct_9fa48("1084") ? false : stryMutAct_9fa48("1083") ? true : stryMutAct_9fa48("1082") ? 'type' in fit : (stryCov_9fa48("1082", "1083", "1084"), !((stryMutAct_9fa48("1085") ? "" : (stryCov_9fa48("1085"), 'type')) in fit))) {
      if (stryMutAct_9fa48("1086")) {
        {}
      } else {
        stryCov_9fa48("1086");
        refuseInput(w, fit);
        return;
      }
    }
    w.session = stryMutAct_9fa48("1087") ? {} : (stryCov_9fa48("1087"), {
      ...session,
      connection: stryMutAct_9fa48("1088") ? session.connection - 1 : (stryCov_9fa48("1088"), session.connection + 1)
    });
    w.terms = granted(terms, properties, clientId);
    w.phase = stryMutAct_9fa48("1089") ? "" : (stryCov_9fa48("1089"), 'connected');
    w.details = stryMutAct_9fa48("1090") ? {} : (stryCov_9fa48("1090"), {
      ...details,
      authTurn: stryMutAct_9fa48("1091") ? "" : (stryCov_9fa48("1091"), 'none'),
      held: stryMutAct_9fa48("1092") ? ["Stryker was here"] : (stryCov_9fa48("1092"), []),
      heldBytes: 0,
      firstOrder: session.nextOrder
    });
    if (stryMutAct_9fa48("1094") ? false : stryMutAct_9fa48("1093") ? true : (stryCov_9fa48("1093", "1094"), terms.cleanStart)) discardSession(w);
    w.session = stryMutAct_9fa48("1095") ? {} : (stryCov_9fa48("1095"), {
      ...w.session,
      begun: stryMutAct_9fa48("1096") ? false : (stryCov_9fa48("1096"), true)
    });
    transmit(w, fit);
    emit(w, connected(w.terms, sessionPresent, undefined));
    resume(w, Number.POSITIVE_INFINITY);
  }
}

/** The properties of CONNACK: what is announced always, what the host adds, and what follows from CONNECT. */
function connackProperties(w: Work, input: AcceptInput, assigned: string | undefined): ConnackProperties {
  if (stryMutAct_9fa48("1097")) {
    {}
  } else {
    stryCov_9fa48("1097");
    const {
      terms,
      settings
    } = w;
    const properties: ConnackProperties = stryMutAct_9fa48("1098") ? {} : (stryCov_9fa48("1098"), {
      ...settings.announced,
      ...input.properties
    });
    if (stryMutAct_9fa48("1101") ? terms.clientId !== '' : stryMutAct_9fa48("1100") ? false : stryMutAct_9fa48("1099") ? true : (stryCov_9fa48("1099", "1100", "1101"), terms.clientId === (stryMutAct_9fa48("1102") ? "Stryker was here!" : (stryCov_9fa48("1102"), '')))) properties.assignedClientIdentifier = assigned;
    // It has one of its own, which is the one in force.
    else delete properties.assignedClientIdentifier;
    if (stryMutAct_9fa48("1105") ? terms.authenticationMethod === undefined : stryMutAct_9fa48("1104") ? false : stryMutAct_9fa48("1103") ? true : (stryCov_9fa48("1103", "1104", "1105"), terms.authenticationMethod !== undefined)) properties.authenticationMethod = terms.authenticationMethod;else {
      if (stryMutAct_9fa48("1106")) {
        {}
      } else {
        stryCov_9fa48("1106");
        // Nobody asked for it (MQTT-4.12.0-6).
        delete properties.authenticationMethod;
        delete properties.authenticationData;
      }
    }
    // Nobody asked for it (MQTT-3.1.2-28).
    if (stryMutAct_9fa48("1109") ? false : stryMutAct_9fa48("1108") ? true : stryMutAct_9fa48("1107") ? terms.responseInformation : (stryCov_9fa48("1107", "1108", "1109"), !terms.responseInformation)) delete properties.responseInformation;
    return properties;
  }
}
function granted(terms: Terms, properties: ConnackProperties | undefined, clientId: string): Terms {
  if (stryMutAct_9fa48("1110")) {
    {}
  } else {
    stryCov_9fa48("1110");
    return stryMutAct_9fa48("1111") ? {} : (stryCov_9fa48("1111"), {
      ...terms,
      clientId,
      keepAlive: stryMutAct_9fa48("1112") ? properties?.serverKeepAlive && terms.keepAlive : (stryCov_9fa48("1112"), (stryMutAct_9fa48("1113") ? properties.serverKeepAlive : (stryCov_9fa48("1113"), properties?.serverKeepAlive)) ?? terms.keepAlive),
      sessionExpiryInterval: stryMutAct_9fa48("1114") ? properties?.sessionExpiryInterval && terms.sessionExpiryInterval : (stryCov_9fa48("1114"), (stryMutAct_9fa48("1115") ? properties.sessionExpiryInterval : (stryCov_9fa48("1115"), properties?.sessionExpiryInterval)) ?? terms.sessionExpiryInterval),
      ours: (stryMutAct_9fa48("1118") ? properties !== undefined : stryMutAct_9fa48("1117") ? false : stryMutAct_9fa48("1116") ? true : (stryCov_9fa48("1116", "1117", "1118"), properties === undefined)) ? terms.ours : limitsOf(properties)
    });
  }
}
function acceptAgain(w: Work, method: string, {
  properties
}: AcceptInput): void {
  if (stryMutAct_9fa48("1119")) {
    {}
  } else {
    stryCov_9fa48("1119");
    const {
      authenticationData,
      reasonString,
      userProperties
    } = stryMutAct_9fa48("1120") ? properties && {} : (stryCov_9fa48("1120"), properties ?? {});
    const error = sendAuth(w, method, 0x00, stryMutAct_9fa48("1121") ? {} : (stryCov_9fa48("1121"), {
      authenticationData,
      reasonString,
      userProperties
    }));
    if (stryMutAct_9fa48("1124") ? error === undefined : stryMutAct_9fa48("1123") ? false : stryMutAct_9fa48("1122") ? true : (stryCov_9fa48("1122", "1123", "1124"), error !== undefined)) refuseInput(w, error);else w.details = stryMutAct_9fa48("1125") ? {} : (stryCov_9fa48("1125"), {
      ...w.details,
      authTurn: stryMutAct_9fa48("1126") ? "" : (stryCov_9fa48("1126"), 'none')
    });
  }
}

/** The host refuses the CONNECT, or a re-authentication. */
export function refuse(w: Work, input: RefuseInput): void {
  if (stryMutAct_9fa48("1127")) {
    {}
  } else {
    stryCov_9fa48("1127");
    const {
      phase,
      settings,
      details,
      terms
    } = w;
    const {
      reasonCode,
      properties
    } = input;
    const again = stryMutAct_9fa48("1130") ? phase === 'connected' || details.authTurn !== 'none' : stryMutAct_9fa48("1129") ? false : stryMutAct_9fa48("1128") ? true : (stryCov_9fa48("1128", "1129", "1130"), (stryMutAct_9fa48("1132") ? phase !== 'connected' : stryMutAct_9fa48("1131") ? true : (stryCov_9fa48("1131", "1132"), phase === (stryMutAct_9fa48("1133") ? "" : (stryCov_9fa48("1133"), 'connected')))) && (stryMutAct_9fa48("1135") ? details.authTurn === 'none' : stryMutAct_9fa48("1134") ? true : (stryCov_9fa48("1134", "1135"), details.authTurn !== (stryMutAct_9fa48("1136") ? "" : (stryCov_9fa48("1136"), 'none')))));
    if (stryMutAct_9fa48("1139") ? settings.role !== 'server' && phase !== 'handshake' && !again : stryMutAct_9fa48("1138") ? false : stryMutAct_9fa48("1137") ? true : (stryCov_9fa48("1137", "1138", "1139"), (stryMutAct_9fa48("1141") ? settings.role === 'server' : stryMutAct_9fa48("1140") ? false : (stryCov_9fa48("1140", "1141"), settings.role !== (stryMutAct_9fa48("1142") ? "" : (stryCov_9fa48("1142"), 'server')))) || (stryMutAct_9fa48("1144") ? phase !== 'handshake' || !again : stryMutAct_9fa48("1143") ? false : (stryCov_9fa48("1143", "1144"), (stryMutAct_9fa48("1146") ? phase === 'handshake' : stryMutAct_9fa48("1145") ? true : (stryCov_9fa48("1145", "1146"), phase !== (stryMutAct_9fa48("1147") ? "" : (stryCov_9fa48("1147"), 'handshake')))) && (stryMutAct_9fa48("1148") ? again : (stryCov_9fa48("1148"), !again)))))) {
      if (stryMutAct_9fa48("1149")) {
        {}
      } else {
        stryCov_9fa48("1149");
        refuseInput(w, refusal(stryMutAct_9fa48("1150") ? "" : (stryCov_9fa48("1150"), 'not-now'), stryMutAct_9fa48("1151") ? "" : (stryCov_9fa48("1151"), 'type'), stryMutAct_9fa48("1152") ? {} : (stryCov_9fa48("1152"), {
          packetType: stryMutAct_9fa48("1153") ? "" : (stryCov_9fa48("1153"), 'connack')
        })));
        return;
      }
    }
    if (stryMutAct_9fa48("1155") ? false : stryMutAct_9fa48("1154") ? true : (stryCov_9fa48("1154", "1155"), again)) {
      if (stryMutAct_9fa48("1156")) {
        {}
      } else {
        stryCov_9fa48("1156");
        disconnect(w, stryMutAct_9fa48("1157") ? {} : (stryCov_9fa48("1157"), {
          type: stryMutAct_9fa48("1158") ? "" : (stryCov_9fa48("1158"), 'disconnect'),
          now: input.now,
          reasonCode,
          properties
        }));
        return;
      }
    }
    if (stryMutAct_9fa48("1161") ? terms.version !== 5 : stryMutAct_9fa48("1160") ? false : stryMutAct_9fa48("1159") ? true : (stryCov_9fa48("1159", "1160", "1161"), terms.version === 5)) {
      if (stryMutAct_9fa48("1162")) {
        {}
      } else {
        stryCov_9fa48("1162");
        const known = stryMutAct_9fa48("1165") ? (CONNACK_REASON_CODES as readonly number[]).includes(reasonCode) || reasonCode >= 0x80 : stryMutAct_9fa48("1164") ? false : stryMutAct_9fa48("1163") ? true : (stryCov_9fa48("1163", "1164", "1165"), (CONNACK_REASON_CODES as readonly number[]).includes(reasonCode) && (stryMutAct_9fa48("1168") ? reasonCode < 0x80 : stryMutAct_9fa48("1167") ? reasonCode > 0x80 : stryMutAct_9fa48("1166") ? true : (stryCov_9fa48("1166", "1167", "1168"), reasonCode >= 0x80)));
        const code = known ? undefined : refusal(stryMutAct_9fa48("1169") ? "" : (stryCov_9fa48("1169"), 'unknown-reason-code'), stryMutAct_9fa48("1170") ? "" : (stryCov_9fa48("1170"), 'reasonCode'), stryMutAct_9fa48("1171") ? {} : (stryCov_9fa48("1171"), {
          packetType: stryMutAct_9fa48("1172") ? "" : (stryCov_9fa48("1172"), 'connack')
        }));
        const size = stryMutAct_9fa48("1173") ? code && sizeOf({
          type: 'connack',
          sessionPresent: false,
          reasonCode,
          properties
        }, 5) : (stryCov_9fa48("1173"), code ?? sizeOf(stryMutAct_9fa48("1174") ? {} : (stryCov_9fa48("1174"), {
          type: stryMutAct_9fa48("1175") ? "" : (stryCov_9fa48("1175"), 'connack'),
          sessionPresent: stryMutAct_9fa48("1176") ? true : (stryCov_9fa48("1176"), false),
          reasonCode,
          properties
        }), 5));
        if (stryMutAct_9fa48("1179") ? typeof size === 'number' : stryMutAct_9fa48("1178") ? false : stryMutAct_9fa48("1177") ? true : (stryCov_9fa48("1177", "1178", "1179"), typeof size !== (stryMutAct_9fa48("1180") ? "" : (stryCov_9fa48("1180"), 'number')))) {
          if (stryMutAct_9fa48("1181")) {
            {}
          } else {
            stryCov_9fa48("1181");
            refuseInput(w, size);
            return;
          }
        }
      }
    }
    sendConnack(w, terms.version, reasonCode, properties);
    end(w, stryMutAct_9fa48("1182") ? {} : (stryCov_9fa48("1182"), {
      reason: stryMutAct_9fa48("1183") ? "" : (stryCov_9fa48("1183"), 'refused'),
      close: stryMutAct_9fa48("1184") ? false : (stryCov_9fa48("1184"), true)
    }));
  }
}
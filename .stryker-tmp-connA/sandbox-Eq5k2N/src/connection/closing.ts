// @ts-nocheck
// pure: how a connection ends (sections 3.14 and 4.13): the last packet, the will, the session, and who hears of it.
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
import { MalformedPacketError, type MqttError, PacketTooLargeError, ProtocolError, UnsupportedVersionError } from '../errors.js';
import type { DecodedDisconnect, DisconnectPacket } from '../packets/disconnect.js';
import { refusal } from '../session/failures.js';
import { sizeOf } from '../session/messages.js';
import { emptyQueue, queuedMessages } from '../session/queue.js';
import { emptySession, endFlow, flowsInOrder, isDurable, type SessionState } from '../session/state.js';
import type { ConnackReasonCode, ConnackReturnCode, DisconnectReasonCode } from '../spec/reason-codes.js';
import { CONNACK_REASON_CODES, DISCONNECT_REASON_CODES, DISCONNECT_SENDERS } from '../spec/reason-codes.js';
import type { EndReason } from './actions.js';
import { NO_ALIASES } from './aliases.js';
import { fitted } from './fit.js';
import type { DisconnectInput } from './inputs.js';
import { isAbandoned } from './outgoing.js';
import { NOTHING_OWED } from './owed.js';
import { FRESH_DETAILS } from './state.js';
import { broken, emit, refuse, settle, transmit, type Work } from './work.js';
const NEVER = 0xffffffff;
const EXPIRY = stryMutAct_9fa48("416") ? "" : (stryCov_9fa48("416"), 'properties.sessionExpiryInterval');

/** How a connection ends. */
interface Ending {
  readonly reason: EndReason;
  /** Whether the network connection is ours to close. */
  readonly close: boolean;
  /** Whether the client said goodbye in good order, which voids its will. */
  readonly willVoid?: boolean;
}

/** Ends the connection: the last thing that happens to it. */
export function end(w: Work, {
  reason,
  close,
  willVoid = stryMutAct_9fa48("417") ? true : (stryCov_9fa48("417"), false)
}: Ending): void {
  if (stryMutAct_9fa48("418")) {
    {}
  } else {
    stryCov_9fa48("418");
    const accepted = stryMutAct_9fa48("421") ? w.phase !== 'connected' : stryMutAct_9fa48("420") ? false : stryMutAct_9fa48("419") ? true : (stryCov_9fa48("419", "420", "421"), w.phase === (stryMutAct_9fa48("422") ? "" : (stryCov_9fa48("422"), 'connected')));
    const {
      terms
    } = w;
    const {
      will
    } = w.details;
    w.phase = stryMutAct_9fa48("423") ? "" : (stryCov_9fa48("423"), 'closed');
    if (stryMutAct_9fa48("425") ? false : stryMutAct_9fa48("424") ? true : (stryCov_9fa48("424", "425"), close)) emit(w, stryMutAct_9fa48("426") ? {} : (stryCov_9fa48("426"), {
      type: stryMutAct_9fa48("427") ? "" : (stryCov_9fa48("427"), 'close'),
      reason
    }));
    dropRequests(w);
    if (stryMutAct_9fa48("430") ? accepted || terms.sessionExpiryInterval === 0 : stryMutAct_9fa48("429") ? false : stryMutAct_9fa48("428") ? true : (stryCov_9fa48("428", "429", "430"), accepted && (stryMutAct_9fa48("432") ? terms.sessionExpiryInterval !== 0 : stryMutAct_9fa48("431") ? true : (stryCov_9fa48("431", "432"), terms.sessionExpiryInterval === 0)))) discardSession(w);
    if (stryMutAct_9fa48("435") ? accepted || will !== undefined : stryMutAct_9fa48("434") ? false : stryMutAct_9fa48("433") ? true : (stryCov_9fa48("433", "434", "435"), accepted && (stryMutAct_9fa48("437") ? will === undefined : stryMutAct_9fa48("436") ? true : (stryCov_9fa48("436", "437"), will !== undefined)))) {
      if (stryMutAct_9fa48("438")) {
        {}
      } else {
        stryCov_9fa48("438");
        if (stryMutAct_9fa48("440") ? false : stryMutAct_9fa48("439") ? true : (stryCov_9fa48("439", "440"), willVoid)) emit(w, stryMutAct_9fa48("441") ? {} : (stryCov_9fa48("441"), {
          type: stryMutAct_9fa48("442") ? "" : (stryCov_9fa48("442"), 'willDiscarded')
        }));else {
          if (stryMutAct_9fa48("443")) {
            {}
          } else {
            stryCov_9fa48("443");
            const {
              willDelayInterval: delay = 0,
              ...properties
            } = stryMutAct_9fa48("444") ? {} : (stryCov_9fa48("444"), {
              ...will.properties
            });
            const expiry = terms.sessionExpiryInterval;
            const seconds = (stryMutAct_9fa48("447") ? expiry !== NEVER : stryMutAct_9fa48("446") ? false : stryMutAct_9fa48("445") ? true : (stryCov_9fa48("445", "446", "447"), expiry === NEVER)) ? delay : stryMutAct_9fa48("448") ? Math.max(delay, expiry) : (stryCov_9fa48("448"), Math.min(delay, expiry));
            // What is published has no place for its delay.
            const due = (stryMutAct_9fa48("451") ? will.properties !== undefined : stryMutAct_9fa48("450") ? false : stryMutAct_9fa48("449") ? true : (stryCov_9fa48("449", "450", "451"), will.properties === undefined)) ? will : stryMutAct_9fa48("452") ? {} : (stryCov_9fa48("452"), {
              ...will,
              properties
            });
            emit(w, stryMutAct_9fa48("453") ? {} : (stryCov_9fa48("453"), {
              type: stryMutAct_9fa48("454") ? "" : (stryCov_9fa48("454"), 'willDue'),
              will: due,
              at: stryMutAct_9fa48("455") ? w.input.now - seconds * 1_000 : (stryCov_9fa48("455"), w.input.now + (stryMutAct_9fa48("456") ? seconds / 1_000 : (stryCov_9fa48("456"), seconds * 1_000)))
            }));
          }
        }
      }
    }
    w.owed = NOTHING_OWED;
    w.aliases = NO_ALIASES;
    w.details = FRESH_DETAILS;
    w.sending = 0;
    w.receiving = 0;
    // The session of a CONNECT that was never accepted is what it was before.
    const sessionExpiryInterval = accepted ? terms.sessionExpiryInterval : undefined;
    emit(w, stryMutAct_9fa48("457") ? {} : (stryCov_9fa48("457"), {
      type: stryMutAct_9fa48("458") ? "" : (stryCov_9fa48("458"), 'ended'),
      reason,
      sessionExpiryInterval
    }));
  }
}

/** SUBSCRIBEs and UNSUBSCRIBEs die with their connection, and their identifiers are free again. */
function dropRequests(w: Work): void {
  if (stryMutAct_9fa48("459")) {
    {}
  } else {
    stryCov_9fa48("459");
    if (stryMutAct_9fa48("462") ? w.details.awaited !== 0 : stryMutAct_9fa48("461") ? false : stryMutAct_9fa48("460") ? true : (stryCov_9fa48("460", "461", "462"), w.details.awaited === 0)) return;
    for (const flow of flowsInOrder(w.session)) {
      if (stryMutAct_9fa48("463")) {
        {}
      } else {
        stryCov_9fa48("463");
        if (stryMutAct_9fa48("465") ? false : stryMutAct_9fa48("464") ? true : (stryCov_9fa48("464", "465"), isDurable(flow))) continue;
        w.session = endFlow(w.session, flow.packetId);
        settle(w, flow.token, stryMutAct_9fa48("466") ? {} : (stryCov_9fa48("466"), {
          kind: stryMutAct_9fa48("467") ? "" : (stryCov_9fa48("467"), 'connection-lost')
        }));
      }
    }
  }
}

/**
 * Discards the state of the session (section 4.1). Messages that were never sent belong to it on a server; a client
 * keeps them for its next session.
 */
export function discardSession(w: Work, from: number = Number.POSITIVE_INFINITY): void {
  if (stryMutAct_9fa48("468")) {
    {}
  } else {
    stryCov_9fa48("468");
    const {
      session
    } = w;
    const older = stryMutAct_9fa48("469") ? flowsInOrder(session) : (stryCov_9fa48("469"), flowsInOrder(session).filter(stryMutAct_9fa48("470") ? () => undefined : (stryCov_9fa48("470"), flow => stryMutAct_9fa48("473") ? isDurable(flow) || flow.order < from : stryMutAct_9fa48("472") ? false : stryMutAct_9fa48("471") ? true : (stryCov_9fa48("471", "472", "473"), isDurable(flow) && (stryMutAct_9fa48("476") ? flow.order >= from : stryMutAct_9fa48("475") ? flow.order <= from : stryMutAct_9fa48("474") ? true : (stryCov_9fa48("474", "475", "476"), flow.order < from))))));
    const server = stryMutAct_9fa48("479") ? w.settings.role !== 'server' : stryMutAct_9fa48("478") ? false : stryMutAct_9fa48("477") ? true : (stryCov_9fa48("477", "478", "479"), w.settings.role === (stryMutAct_9fa48("480") ? "" : (stryCov_9fa48("480"), 'server')));
    const queued = server ? queuedMessages(session.queue) : stryMutAct_9fa48("481") ? ["Stryker was here"] : (stryCov_9fa48("481"), []);
    const something = stryMutAct_9fa48("484") ? (session.begun || older.length > 0 || session.incoming.size > 0) && queued.length > 0 : stryMutAct_9fa48("483") ? false : stryMutAct_9fa48("482") ? true : (stryCov_9fa48("482", "483", "484"), (stryMutAct_9fa48("486") ? (session.begun || older.length > 0) && session.incoming.size > 0 : stryMutAct_9fa48("485") ? false : (stryCov_9fa48("485", "486"), (stryMutAct_9fa48("488") ? session.begun && older.length > 0 : stryMutAct_9fa48("487") ? false : (stryCov_9fa48("487", "488"), session.begun || (stryMutAct_9fa48("491") ? older.length <= 0 : stryMutAct_9fa48("490") ? older.length >= 0 : stryMutAct_9fa48("489") ? false : (stryCov_9fa48("489", "490", "491"), older.length > 0)))) || (stryMutAct_9fa48("494") ? session.incoming.size <= 0 : stryMutAct_9fa48("493") ? session.incoming.size >= 0 : stryMutAct_9fa48("492") ? false : (stryCov_9fa48("492", "493", "494"), session.incoming.size > 0)))) || (stryMutAct_9fa48("497") ? queued.length <= 0 : stryMutAct_9fa48("496") ? queued.length >= 0 : stryMutAct_9fa48("495") ? false : (stryCov_9fa48("495", "496", "497"), queued.length > 0)));
    let rest: SessionState = stryMutAct_9fa48("498") ? {} : (stryCov_9fa48("498"), {
      ...session,
      begun: stryMutAct_9fa48("499") ? true : (stryCov_9fa48("499"), false),
      incoming: emptySession().incoming
    });
    if (stryMutAct_9fa48("501") ? false : stryMutAct_9fa48("500") ? true : (stryCov_9fa48("500", "501"), server)) rest = stryMutAct_9fa48("502") ? {} : (stryCov_9fa48("502"), {
      ...rest,
      queue: stryMutAct_9fa48("503") ? {} : (stryCov_9fa48("503"), {
        ...emptyQueue(),
        first: session.queue.next,
        next: session.queue.next
      })
    });
    for (const flow of older) rest = endFlow(rest, flow.packetId);
    w.session = rest;
    for (const flow of older) {
      if (stryMutAct_9fa48("504")) {
        {}
      } else {
        stryCov_9fa48("504");
        if (stryMutAct_9fa48("506") ? false : stryMutAct_9fa48("505") ? true : (stryCov_9fa48("505", "506"), isAbandoned(flow))) continue;
        const progress = (stryMutAct_9fa48("509") ? flow.phase !== 'awaiting-pubcomp' : stryMutAct_9fa48("508") ? false : stryMutAct_9fa48("507") ? true : (stryCov_9fa48("507", "508", "509"), flow.phase === (stryMutAct_9fa48("510") ? "" : (stryCov_9fa48("510"), 'awaiting-pubcomp')))) ? stryMutAct_9fa48("511") ? "" : (stryCov_9fa48("511"), 'received') : stryMutAct_9fa48("512") ? "" : (stryCov_9fa48("512"), 'sent');
        settle(w, flow.token, stryMutAct_9fa48("513") ? {} : (stryCov_9fa48("513"), {
          kind: stryMutAct_9fa48("514") ? "" : (stryCov_9fa48("514"), 'session-lost'),
          progress
        }));
      }
    }
    for (const item of queued) settle(w, item.token, stryMutAct_9fa48("515") ? {} : (stryCov_9fa48("515"), {
      kind: stryMutAct_9fa48("516") ? "" : (stryCov_9fa48("516"), 'session-lost'),
      progress: stryMutAct_9fa48("517") ? "" : (stryCov_9fa48("517"), 'queued')
    }));
    if (stryMutAct_9fa48("519") ? false : stryMutAct_9fa48("518") ? true : (stryCov_9fa48("518", "519"), something)) emit(w, stryMutAct_9fa48("520") ? {} : (stryCov_9fa48("520"), {
      type: stryMutAct_9fa48("521") ? "" : (stryCov_9fa48("521"), 'sessionDiscarded')
    }));
  }
}

/** The Reason Code that an error stands for. */
function reasonOf(error: MqttError): number {
  if (stryMutAct_9fa48("522")) {
    {}
  } else {
    stryCov_9fa48("522");
    return (stryMutAct_9fa48("525") ? (error instanceof MalformedPacketError || error instanceof ProtocolError) && error instanceof PacketTooLargeError : stryMutAct_9fa48("524") ? false : stryMutAct_9fa48("523") ? true : (stryCov_9fa48("523", "524", "525"), (stryMutAct_9fa48("527") ? error instanceof MalformedPacketError && error instanceof ProtocolError : stryMutAct_9fa48("526") ? false : (stryCov_9fa48("526", "527"), error instanceof MalformedPacketError || error instanceof ProtocolError)) || error instanceof PacketTooLargeError)) ? error.reasonCode : 0x80;
  }
}

/** The peer broke a rule: tells it as far as it can be told, and ends the connection. */
export function fail(w: Work, error: MqttError): void {
  if (stryMutAct_9fa48("528")) {
    {}
  } else {
    stryCov_9fa48("528");
    emit(w, stryMutAct_9fa48("529") ? {} : (stryCov_9fa48("529"), {
      type: stryMutAct_9fa48("530") ? "" : (stryCov_9fa48("530"), 'fail'),
      error
    }));
    if (stryMutAct_9fa48("532") ? false : stryMutAct_9fa48("531") ? true : (stryCov_9fa48("531", "532"), error instanceof UnsupportedVersionError)) {
      if (stryMutAct_9fa48("533")) {
        {}
      } else {
        stryCov_9fa48("533");
        if (stryMutAct_9fa48("537") ? error.reply.length <= 0 : stryMutAct_9fa48("536") ? error.reply.length >= 0 : stryMutAct_9fa48("535") ? false : stryMutAct_9fa48("534") ? true : (stryCov_9fa48("534", "535", "536", "537"), error.reply.length > 0)) emit(w, stryMutAct_9fa48("538") ? {} : (stryCov_9fa48("538"), {
          type: stryMutAct_9fa48("539") ? "" : (stryCov_9fa48("539"), 'reply'),
          bytes: error.reply
        }));
      }
    } else tellWhy(w, error);
    end(w, stryMutAct_9fa48("540") ? {} : (stryCov_9fa48("540"), {
      reason: stryMutAct_9fa48("541") ? "" : (stryCov_9fa48("541"), 'failed'),
      close: stryMutAct_9fa48("542") ? false : (stryCov_9fa48("542"), true)
    }));
  }
}

/**
 * Says why, where the version has a packet for it and the order of packets admits one: a server answers a CONNECT
 * with CONNACK and says DISCONNECT only after a good one (MQTT-3.14.0-1).
 */
function tellWhy(w: Work, error: MqttError): void {
  if (stryMutAct_9fa48("543")) {
    {}
  } else {
    stryCov_9fa48("543");
    const {
      role
    } = w.settings;
    const reasonCode = reasonOf(error);
    if (stryMutAct_9fa48("546") ? w.phase !== 'waiting' : stryMutAct_9fa48("545") ? false : stryMutAct_9fa48("544") ? true : (stryCov_9fa48("544", "545", "546"), w.phase === (stryMutAct_9fa48("547") ? "" : (stryCov_9fa48("547"), 'waiting')))) {
      if (stryMutAct_9fa48("548")) {
        {}
      } else {
        stryCov_9fa48("548");
        // Only a CONNECT of MQTT 5.0 that made itself known can be answered.
        if (stryMutAct_9fa48("551") ? error.packetType === 'connect' || error.protocolVersion === 5 : stryMutAct_9fa48("550") ? false : stryMutAct_9fa48("549") ? true : (stryCov_9fa48("549", "550", "551"), (stryMutAct_9fa48("553") ? error.packetType !== 'connect' : stryMutAct_9fa48("552") ? true : (stryCov_9fa48("552", "553"), error.packetType === (stryMutAct_9fa48("554") ? "" : (stryCov_9fa48("554"), 'connect')))) && (stryMutAct_9fa48("556") ? error.protocolVersion !== 5 : stryMutAct_9fa48("555") ? true : (stryCov_9fa48("555", "556"), error.protocolVersion === 5)))) sendConnack(w, 5, reasonCode);
      }
    } else if (stryMutAct_9fa48("559") ? w.terms.version !== 4 : stryMutAct_9fa48("558") ? false : stryMutAct_9fa48("557") ? true : (stryCov_9fa48("557", "558", "559"), w.terms.version === 4)) return;else if (stryMutAct_9fa48("562") ? w.phase === 'handshake' || role === 'server' : stryMutAct_9fa48("561") ? false : stryMutAct_9fa48("560") ? true : (stryCov_9fa48("560", "561", "562"), (stryMutAct_9fa48("564") ? w.phase !== 'handshake' : stryMutAct_9fa48("563") ? true : (stryCov_9fa48("563", "564"), w.phase === (stryMutAct_9fa48("565") ? "" : (stryCov_9fa48("565"), 'handshake')))) && (stryMutAct_9fa48("567") ? role !== 'server' : stryMutAct_9fa48("566") ? true : (stryCov_9fa48("566", "567"), role === (stryMutAct_9fa48("568") ? "" : (stryCov_9fa48("568"), 'server')))))) sendConnack(w, 5, reasonCode);else sendDisconnect(w, reasonCode, undefined);
  }
}

/** Sends a CONNACK that refuses, if the version has a code for it and the client has room for it. */
export function sendConnack(w: Work, version: 4 | 5, reasonCode: number, properties?: Extract<Parameters<typeof fitted>[0], {
  type: 'connack';
}>['properties']): void {
  if (stryMutAct_9fa48("569")) {
    {}
  } else {
    stryCov_9fa48("569");
    if (stryMutAct_9fa48("572") ? version !== 4 : stryMutAct_9fa48("571") ? false : stryMutAct_9fa48("570") ? true : (stryCov_9fa48("570", "571", "572"), version === 4)) {
      if (stryMutAct_9fa48("573")) {
        {}
      } else {
        stryCov_9fa48("573");
        const code = CONNECT_RETURN_CODES[reasonCode];
        if (stryMutAct_9fa48("576") ? code === undefined : stryMutAct_9fa48("575") ? false : stryMutAct_9fa48("574") ? true : (stryCov_9fa48("574", "575", "576"), code !== undefined)) transmit(w, stryMutAct_9fa48("577") ? {} : (stryCov_9fa48("577"), {
          type: stryMutAct_9fa48("578") ? "" : (stryCov_9fa48("578"), 'connack'),
          sessionPresent: stryMutAct_9fa48("579") ? true : (stryCov_9fa48("579"), false),
          reasonCode: code
        }));
        return;
      }
    }
    const known = stryMutAct_9fa48("582") ? (CONNACK_REASON_CODES as readonly number[]).includes(reasonCode) || reasonCode >= 0x80 : stryMutAct_9fa48("581") ? false : stryMutAct_9fa48("580") ? true : (stryCov_9fa48("580", "581", "582"), (CONNACK_REASON_CODES as readonly number[]).includes(reasonCode) && (stryMutAct_9fa48("585") ? reasonCode < 0x80 : stryMutAct_9fa48("584") ? reasonCode > 0x80 : stryMutAct_9fa48("583") ? true : (stryCov_9fa48("583", "584", "585"), reasonCode >= 0x80)));
    const code = (known ? reasonCode : 0x80) as ConnackReasonCode;
    const packet = {
      type: 'connack',
      sessionPresent: false,
      reasonCode: code,
      properties
    } as const;
    const fit = fitted(packet, stryMutAct_9fa48("586") ? {} : (stryCov_9fa48("586"), {
      ...w.terms,
      version
    }), w.settings.role);
    if (stryMutAct_9fa48("588") ? false : stryMutAct_9fa48("587") ? true : (stryCov_9fa48("587", "588"), (stryMutAct_9fa48("589") ? "" : (stryCov_9fa48("589"), 'type')) in fit)) transmit(w, fit);
  }
}

/** What a client of MQTT 3.1.1 can hear of a refusal (section 3.2.2.3); for the rest there is silence. */
const CONNECT_RETURN_CODES: Readonly<Record<number, ConnackReturnCode>> = stryMutAct_9fa48("590") ? {} : (stryCov_9fa48("590"), {
  1: 1,
  2: 2,
  3: 3,
  4: 4,
  5: 5,
  132: 1,
  133: 2,
  134: 4,
  135: 5,
  136: 3,
  137: 3,
  138: 5,
  140: 5,
  151: 3,
  159: 3
});
function sendDisconnect(w: Work, reasonCode: number, properties: DisconnectPacket<5>['properties']): void {
  if (stryMutAct_9fa48("591")) {
    {}
  } else {
    stryCov_9fa48("591");
    const {
      role
    } = w.settings;
    const other = (stryMutAct_9fa48("594") ? role !== 'client' : stryMutAct_9fa48("593") ? false : stryMutAct_9fa48("592") ? true : (stryCov_9fa48("592", "593", "594"), role === (stryMutAct_9fa48("595") ? "" : (stryCov_9fa48("595"), 'client')))) ? DISCONNECT_SENDERS.server : DISCONNECT_SENDERS.client;
    const known = (DISCONNECT_REASON_CODES as readonly number[]).includes(reasonCode);
    const code = (known && !other.includes(reasonCode) ? reasonCode : 0x80) as DisconnectReasonCode;
    const packet = {
      type: 'disconnect',
      reasonCode: code,
      properties
    } as const;
    const fit = fitted(packet, w.terms, role);
    if (stryMutAct_9fa48("597") ? false : stryMutAct_9fa48("596") ? true : (stryCov_9fa48("596", "597"), (stryMutAct_9fa48("598") ? "" : (stryCov_9fa48("598"), 'type')) in fit)) transmit(w, fit);
  }
}

/** A DISCONNECT came. */
export function onDisconnect(w: Work, packet: DecodedDisconnect): void {
  if (stryMutAct_9fa48("599")) {
    {}
  } else {
    stryCov_9fa48("599");
    const {
      terms,
      settings
    } = w;
    const expiry = stryMutAct_9fa48("600") ? packet.properties.sessionExpiryInterval : (stryCov_9fa48("600"), packet.properties?.sessionExpiryInterval);
    const reasonCode = stryMutAct_9fa48("601") ? packet.reasonCode && 0 : (stryCov_9fa48("601"), packet.reasonCode ?? 0);
    const fault = DISCONNECT_SENDERS[settings.role].includes(reasonCode) ? stryMutAct_9fa48("602") ? "" : (stryCov_9fa48("602"), 'reasonCode') : (stryMutAct_9fa48("605") ? settings.role === 'client' || expiry !== undefined : stryMutAct_9fa48("604") ? false : stryMutAct_9fa48("603") ? true : (stryCov_9fa48("603", "604", "605"), (stryMutAct_9fa48("607") ? settings.role !== 'client' : stryMutAct_9fa48("606") ? true : (stryCov_9fa48("606", "607"), settings.role === (stryMutAct_9fa48("608") ? "" : (stryCov_9fa48("608"), 'client')))) && (stryMutAct_9fa48("610") ? expiry === undefined : stryMutAct_9fa48("609") ? true : (stryCov_9fa48("609", "610"), expiry !== undefined)))) ? EXPIRY : undefined;
    if (stryMutAct_9fa48("613") ? fault === undefined : stryMutAct_9fa48("612") ? false : stryMutAct_9fa48("611") ? true : (stryCov_9fa48("611", "612", "613"), fault !== undefined)) {
      if (stryMutAct_9fa48("614")) {
        {}
      } else {
        stryCov_9fa48("614");
        const statement = (stryMutAct_9fa48("617") ? fault !== EXPIRY : stryMutAct_9fa48("616") ? false : stryMutAct_9fa48("615") ? true : (stryCov_9fa48("615", "616", "617"), fault === EXPIRY)) ? stryMutAct_9fa48("618") ? "" : (stryCov_9fa48("618"), '|3.14.2-2') : undefined;
        fail(w, broken(w, stryMutAct_9fa48("619") ? "" : (stryCov_9fa48("619"), 'wrong-sender'), 0x82, stryMutAct_9fa48("620") ? "" : (stryCov_9fa48("620"), 'disconnect'), fault, statement));
        return;
      }
    }
    if (stryMutAct_9fa48("623") ? expiry !== undefined && expiry > 0 || terms.requestedExpiry === 0 : stryMutAct_9fa48("622") ? false : stryMutAct_9fa48("621") ? true : (stryCov_9fa48("621", "622", "623"), (stryMutAct_9fa48("625") ? expiry !== undefined || expiry > 0 : stryMutAct_9fa48("624") ? true : (stryCov_9fa48("624", "625"), (stryMutAct_9fa48("627") ? expiry === undefined : stryMutAct_9fa48("626") ? true : (stryCov_9fa48("626", "627"), expiry !== undefined)) && (stryMutAct_9fa48("630") ? expiry <= 0 : stryMutAct_9fa48("629") ? expiry >= 0 : stryMutAct_9fa48("628") ? true : (stryCov_9fa48("628", "629", "630"), expiry > 0)))) && (stryMutAct_9fa48("632") ? terms.requestedExpiry !== 0 : stryMutAct_9fa48("631") ? true : (stryCov_9fa48("631", "632"), terms.requestedExpiry === 0)))) {
      if (stryMutAct_9fa48("633")) {
        {}
      } else {
        stryCov_9fa48("633");
        // This DISCONNECT is not valid: the will stays due.
        fail(w, broken(w, stryMutAct_9fa48("634") ? "" : (stryCov_9fa48("634"), 'session-expiry-not-allowed'), 0x82, stryMutAct_9fa48("635") ? "" : (stryCov_9fa48("635"), 'disconnect'), EXPIRY));
        return;
      }
    }
    if (stryMutAct_9fa48("638") ? expiry === undefined : stryMutAct_9fa48("637") ? false : stryMutAct_9fa48("636") ? true : (stryCov_9fa48("636", "637", "638"), expiry !== undefined)) w.terms = stryMutAct_9fa48("639") ? {} : (stryCov_9fa48("639"), {
      ...terms,
      sessionExpiryInterval: expiry
    });
    emit(w, stryMutAct_9fa48("640") ? {} : (stryCov_9fa48("640"), {
      type: stryMutAct_9fa48("641") ? "" : (stryCov_9fa48("641"), 'disconnectReceived'),
      packet
    }));
    end(w, stryMutAct_9fa48("642") ? {} : (stryCov_9fa48("642"), {
      reason: stryMutAct_9fa48("643") ? "" : (stryCov_9fa48("643"), 'peer-disconnected'),
      close: stryMutAct_9fa48("644") ? false : (stryCov_9fa48("644"), true),
      willVoid: stryMutAct_9fa48("647") ? reasonCode !== 0 : stryMutAct_9fa48("646") ? false : stryMutAct_9fa48("645") ? true : (stryCov_9fa48("645", "646", "647"), reasonCode === 0)
    }));
  }
}

/** The host ends the connection. */
export function disconnect(w: Work, input: DisconnectInput): void {
  if (stryMutAct_9fa48("648")) {
    {}
  } else {
    stryCov_9fa48("648");
    const {
      phase,
      terms
    } = w;
    const {
      role
    } = w.settings;
    if (stryMutAct_9fa48("651") ? phase === 'idle' && phase === 'closed' : stryMutAct_9fa48("650") ? false : stryMutAct_9fa48("649") ? true : (stryCov_9fa48("649", "650", "651"), (stryMutAct_9fa48("653") ? phase !== 'idle' : stryMutAct_9fa48("652") ? false : (stryCov_9fa48("652", "653"), phase === (stryMutAct_9fa48("654") ? "" : (stryCov_9fa48("654"), 'idle')))) || (stryMutAct_9fa48("656") ? phase !== 'closed' : stryMutAct_9fa48("655") ? false : (stryCov_9fa48("655", "656"), phase === (stryMutAct_9fa48("657") ? "" : (stryCov_9fa48("657"), 'closed')))))) {
      if (stryMutAct_9fa48("658")) {
        {}
      } else {
        stryCov_9fa48("658");
        refuse(w, refusal(stryMutAct_9fa48("659") ? "" : (stryCov_9fa48("659"), 'not-connected'), stryMutAct_9fa48("660") ? "" : (stryCov_9fa48("660"), 'type'), stryMutAct_9fa48("661") ? {} : (stryCov_9fa48("661"), {
          packetType: stryMutAct_9fa48("662") ? "" : (stryCov_9fa48("662"), 'disconnect')
        })));
        return;
      }
    }
    const {
      reasonCode = 0,
      properties
    } = input;
    const error = disconnectProblem(w, reasonCode, properties);
    if (stryMutAct_9fa48("665") ? error === undefined : stryMutAct_9fa48("664") ? false : stryMutAct_9fa48("663") ? true : (stryCov_9fa48("663", "664", "665"), error !== undefined)) {
      if (stryMutAct_9fa48("666")) {
        {}
      } else {
        stryCov_9fa48("666");
        refuse(w, error);
        return;
      }
    }
    const expiry = stryMutAct_9fa48("667") ? properties.sessionExpiryInterval : (stryCov_9fa48("667"), properties?.sessionExpiryInterval);
    if (stryMutAct_9fa48("670") ? expiry !== undefined || terms.version === 5 : stryMutAct_9fa48("669") ? false : stryMutAct_9fa48("668") ? true : (stryCov_9fa48("668", "669", "670"), (stryMutAct_9fa48("672") ? expiry === undefined : stryMutAct_9fa48("671") ? true : (stryCov_9fa48("671", "672"), expiry !== undefined)) && (stryMutAct_9fa48("674") ? terms.version !== 5 : stryMutAct_9fa48("673") ? true : (stryCov_9fa48("673", "674"), terms.version === 5)))) w.terms = stryMutAct_9fa48("675") ? {} : (stryCov_9fa48("675"), {
      ...terms,
      sessionExpiryInterval: expiry
    });
    if (stryMutAct_9fa48("678") ? terms.version !== 4 : stryMutAct_9fa48("677") ? false : stryMutAct_9fa48("676") ? true : (stryCov_9fa48("676", "677", "678"), terms.version === 4)) {
      if (stryMutAct_9fa48("679")) {
        {}
      } else {
        stryCov_9fa48("679");
        // Any DISCONNECT of MQTT 3.1.1 voids the will: whoever wants it published closes without one.
        if (stryMutAct_9fa48("682") ? role === 'client' || reasonCode === 0 : stryMutAct_9fa48("681") ? false : stryMutAct_9fa48("680") ? true : (stryCov_9fa48("680", "681", "682"), (stryMutAct_9fa48("684") ? role !== 'client' : stryMutAct_9fa48("683") ? true : (stryCov_9fa48("683", "684"), role === (stryMutAct_9fa48("685") ? "" : (stryCov_9fa48("685"), 'client')))) && (stryMutAct_9fa48("687") ? reasonCode !== 0 : stryMutAct_9fa48("686") ? true : (stryCov_9fa48("686", "687"), reasonCode === 0)))) transmit(w, stryMutAct_9fa48("688") ? {} : (stryCov_9fa48("688"), {
          type: stryMutAct_9fa48("689") ? "" : (stryCov_9fa48("689"), 'disconnect')
        }));
      }
    } else if (stryMutAct_9fa48("692") ? phase === 'connected' && role === 'client' : stryMutAct_9fa48("691") ? false : stryMutAct_9fa48("690") ? true : (stryCov_9fa48("690", "691", "692"), (stryMutAct_9fa48("694") ? phase !== 'connected' : stryMutAct_9fa48("693") ? false : (stryCov_9fa48("693", "694"), phase === (stryMutAct_9fa48("695") ? "" : (stryCov_9fa48("695"), 'connected')))) || (stryMutAct_9fa48("697") ? role !== 'client' : stryMutAct_9fa48("696") ? false : (stryCov_9fa48("696", "697"), role === (stryMutAct_9fa48("698") ? "" : (stryCov_9fa48("698"), 'client')))))) sendDisconnect(w, reasonCode, properties);else if (stryMutAct_9fa48("701") ? phase === 'handshake' || reasonCode >= 0x80 : stryMutAct_9fa48("700") ? false : stryMutAct_9fa48("699") ? true : (stryCov_9fa48("699", "700", "701"), (stryMutAct_9fa48("703") ? phase !== 'handshake' : stryMutAct_9fa48("702") ? true : (stryCov_9fa48("702", "703"), phase === (stryMutAct_9fa48("704") ? "" : (stryCov_9fa48("704"), 'handshake')))) && (stryMutAct_9fa48("707") ? reasonCode < 0x80 : stryMutAct_9fa48("706") ? reasonCode > 0x80 : stryMutAct_9fa48("705") ? true : (stryCov_9fa48("705", "706", "707"), reasonCode >= 0x80)))) sendConnack(w, 5, reasonCode);
    end(w, stryMutAct_9fa48("708") ? {} : (stryCov_9fa48("708"), {
      reason: stryMutAct_9fa48("709") ? "" : (stryCov_9fa48("709"), 'disconnected'),
      close: stryMutAct_9fa48("710") ? false : (stryCov_9fa48("710"), true)
    }));
  }
}
function disconnectProblem(w: Work, reasonCode: number, properties: DisconnectInput['properties']): MqttError | undefined {
  if (stryMutAct_9fa48("711")) {
    {}
  } else {
    stryCov_9fa48("711");
    const {
      terms
    } = w;
    const {
      role
    } = w.settings;
    const context = {
      version: terms.version,
      packetType: 'disconnect'
    } as const;
    const packet = stryMutAct_9fa48("712") ? {} : (stryCov_9fa48("712"), {
      type: stryMutAct_9fa48("713") ? "" : (stryCov_9fa48("713"), 'disconnect'),
      reasonCode,
      properties
    });
    const size = sizeOf(packet, 5);
    if (stryMutAct_9fa48("716") ? typeof size === 'number' : stryMutAct_9fa48("715") ? false : stryMutAct_9fa48("714") ? true : (stryCov_9fa48("714", "715", "716"), typeof size !== (stryMutAct_9fa48("717") ? "" : (stryCov_9fa48("717"), 'number')))) return size;
    const other = (stryMutAct_9fa48("720") ? role !== 'client' : stryMutAct_9fa48("719") ? false : stryMutAct_9fa48("718") ? true : (stryCov_9fa48("718", "719", "720"), role === (stryMutAct_9fa48("721") ? "" : (stryCov_9fa48("721"), 'client')))) ? DISCONNECT_SENDERS.server : DISCONNECT_SENDERS.client;
    if (stryMutAct_9fa48("723") ? false : stryMutAct_9fa48("722") ? true : (stryCov_9fa48("722", "723"), other.includes(reasonCode))) return refusal(stryMutAct_9fa48("724") ? "" : (stryCov_9fa48("724"), 'wrong-sender'), stryMutAct_9fa48("725") ? "" : (stryCov_9fa48("725"), 'reasonCode'), context);
    const expiry = stryMutAct_9fa48("726") ? properties.sessionExpiryInterval : (stryCov_9fa48("726"), properties?.sessionExpiryInterval);
    if (stryMutAct_9fa48("729") ? expiry !== undefined || role === 'server' : stryMutAct_9fa48("728") ? false : stryMutAct_9fa48("727") ? true : (stryCov_9fa48("727", "728", "729"), (stryMutAct_9fa48("731") ? expiry === undefined : stryMutAct_9fa48("730") ? true : (stryCov_9fa48("730", "731"), expiry !== undefined)) && (stryMutAct_9fa48("733") ? role !== 'server' : stryMutAct_9fa48("732") ? true : (stryCov_9fa48("732", "733"), role === (stryMutAct_9fa48("734") ? "" : (stryCov_9fa48("734"), 'server')))))) {
      if (stryMutAct_9fa48("735")) {
        {}
      } else {
        stryCov_9fa48("735");
        return refusal(stryMutAct_9fa48("736") ? "" : (stryCov_9fa48("736"), 'wrong-sender'), EXPIRY, stryMutAct_9fa48("737") ? {} : (stryCov_9fa48("737"), {
          ...context,
          statement: stryMutAct_9fa48("738") ? "" : (stryCov_9fa48("738"), '|3.14.2-2')
        }));
      }
    }
    if (stryMutAct_9fa48("741") ? expiry !== undefined && expiry > 0 || terms.requestedExpiry === 0 : stryMutAct_9fa48("740") ? false : stryMutAct_9fa48("739") ? true : (stryCov_9fa48("739", "740", "741"), (stryMutAct_9fa48("743") ? expiry !== undefined || expiry > 0 : stryMutAct_9fa48("742") ? true : (stryCov_9fa48("742", "743"), (stryMutAct_9fa48("745") ? expiry === undefined : stryMutAct_9fa48("744") ? true : (stryCov_9fa48("744", "745"), expiry !== undefined)) && (stryMutAct_9fa48("748") ? expiry <= 0 : stryMutAct_9fa48("747") ? expiry >= 0 : stryMutAct_9fa48("746") ? true : (stryCov_9fa48("746", "747", "748"), expiry > 0)))) && (stryMutAct_9fa48("750") ? terms.requestedExpiry !== 0 : stryMutAct_9fa48("749") ? true : (stryCov_9fa48("749", "750"), terms.requestedExpiry === 0)))) {
      if (stryMutAct_9fa48("751")) {
        {}
      } else {
        stryCov_9fa48("751");
        return refusal(stryMutAct_9fa48("752") ? "" : (stryCov_9fa48("752"), 'session-expiry-not-allowed'), EXPIRY, context);
      }
    }
    return undefined;
  }
}

/** The network connection is gone. */
export function onClosed(w: Work): void {
  if (stryMutAct_9fa48("753")) {
    {}
  } else {
    stryCov_9fa48("753");
    if (stryMutAct_9fa48("756") ? w.phase === 'closed' : stryMutAct_9fa48("755") ? false : stryMutAct_9fa48("754") ? true : (stryCov_9fa48("754", "755", "756"), w.phase !== (stryMutAct_9fa48("757") ? "" : (stryCov_9fa48("757"), 'closed')))) end(w, stryMutAct_9fa48("758") ? {} : (stryCov_9fa48("758"), {
      reason: stryMutAct_9fa48("759") ? "" : (stryCov_9fa48("759"), 'closed'),
      close: stryMutAct_9fa48("760") ? true : (stryCov_9fa48("760"), false)
    }));
  }
}
// @ts-nocheck
// pure: the peer's answers to what we sent: acknowledgements of every kind (section 4.3).
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
  if (stryMutAct_9fa48("62")) {
    {}
  } else {
    stryCov_9fa48("62");
    const {
      type,
      packetId
    } = packet;
    const reasonCode = stryMutAct_9fa48("63") ? packet.reasonCode && 0 : (stryCov_9fa48("63"), packet.reasonCode ?? 0);
    if (stryMutAct_9fa48("66") ? reasonCode === 0x10 || w.settings.role === 'server' : stryMutAct_9fa48("65") ? false : stryMutAct_9fa48("64") ? true : (stryCov_9fa48("64", "65", "66"), (stryMutAct_9fa48("68") ? reasonCode !== 0x10 : stryMutAct_9fa48("67") ? true : (stryCov_9fa48("67", "68"), reasonCode === 0x10)) && (stryMutAct_9fa48("70") ? w.settings.role !== 'server' : stryMutAct_9fa48("69") ? true : (stryCov_9fa48("69", "70"), w.settings.role === (stryMutAct_9fa48("71") ? "" : (stryCov_9fa48("71"), 'server')))))) {
      if (stryMutAct_9fa48("72")) {
        {}
      } else {
        stryCov_9fa48("72");
        fail(w, broken(w, stryMutAct_9fa48("73") ? "" : (stryCov_9fa48("73"), 'wrong-sender'), 0x82, type, stryMutAct_9fa48("74") ? "" : (stryCov_9fa48("74"), 'reasonCode')));
        return;
      }
    }
    const flow = flowOf(w.session, packetId);
    const move = outgoingMove((stryMutAct_9fa48("77") ? flow !== undefined : stryMutAct_9fa48("76") ? false : stryMutAct_9fa48("75") ? true : (stryCov_9fa48("75", "76", "77"), flow === undefined)) ? stryMutAct_9fa48("78") ? "" : (stryCov_9fa48("78"), 'none') : flow.phase, outgoingEvent(type, reasonCode));
    if (stryMutAct_9fa48("81") ? typeof move !== 'string' : stryMutAct_9fa48("80") ? false : stryMutAct_9fa48("79") ? true : (stryCov_9fa48("79", "80", "81"), typeof move === (stryMutAct_9fa48("82") ? "" : (stryCov_9fa48("82"), 'string')))) {
      if (stryMutAct_9fa48("83")) {
        {}
      } else {
        stryCov_9fa48("83");
        failFlow(w, move, type);
        return;
      }
    }
    if (stryMutAct_9fa48("86") ? flow !== undefined : stryMutAct_9fa48("85") ? false : stryMutAct_9fa48("84") ? true : (stryCov_9fa48("84", "85", "86"), flow === undefined)) {
      if (stryMutAct_9fa48("87")) {
        {}
      } else {
        stryCov_9fa48("87");
        if (stryMutAct_9fa48("90") ? move.send === undefined : stryMutAct_9fa48("89") ? false : stryMutAct_9fa48("88") ? true : (stryCov_9fa48("88", "89", "90"), move.send !== undefined)) sendPubrel(w, packetId, stryMutAct_9fa48("91") ? false : (stryCov_9fa48("91"), true));
        return;
      }
    }
    if (stryMutAct_9fa48("94") ? move.next !== 'awaiting-pubcomp' : stryMutAct_9fa48("93") ? false : stryMutAct_9fa48("92") ? true : (stryCov_9fa48("92", "93", "94"), move.next === (stryMutAct_9fa48("95") ? "" : (stryCov_9fa48("95"), 'awaiting-pubcomp')))) {
      if (stryMutAct_9fa48("96")) {
        {}
      } else {
        stryCov_9fa48("96");
        if (stryMutAct_9fa48("99") ? flow.phase !== 'awaiting-pubrec' : stryMutAct_9fa48("98") ? false : stryMutAct_9fa48("97") ? true : (stryCov_9fa48("97", "98", "99"), flow.phase === (stryMutAct_9fa48("100") ? "" : (stryCov_9fa48("100"), 'awaiting-pubrec')))) {
          if (stryMutAct_9fa48("101")) {
            {}
          } else {
            stryCov_9fa48("101");
            if (stryMutAct_9fa48("103") ? false : stryMutAct_9fa48("102") ? true : (stryCov_9fa48("102", "103"), isHeld(w, flow))) stryMutAct_9fa48("104") ? w.sending-- : (stryCov_9fa48("104"), w.sending++);
            w.session = releaseFlow(w.session, flow, reasonCode);
          }
        }
        sendPubrel(w, packetId, stryMutAct_9fa48("105") ? true : (stryCov_9fa48("105"), false));
        return;
      }
    }
    if (stryMutAct_9fa48("108") ? false : stryMutAct_9fa48("107") ? true : stryMutAct_9fa48("106") ? isHeld(w, flow) : (stryCov_9fa48("106", "107", "108"), !isHeld(w, flow))) stryMutAct_9fa48("109") ? w.sending++ : (stryCov_9fa48("109"), w.sending--);
    w.session = endFlow(w.session, packetId);
    if (stryMutAct_9fa48("112") ? false : stryMutAct_9fa48("111") ? true : stryMutAct_9fa48("110") ? isAbandoned(flow) : (stryCov_9fa48("110", "111", "112"), !isAbandoned(flow))) settle(w, flow.token, outcomeOf(flow, packet, stryMutAct_9fa48("115") ? move.settle !== 'refused' : stryMutAct_9fa48("114") ? false : stryMutAct_9fa48("113") ? true : (stryCov_9fa48("113", "114", "115"), move.settle === (stryMutAct_9fa48("116") ? "" : (stryCov_9fa48("116"), 'refused')))));
    drain(w);
  }
}
function outcomeOf(flow: OutgoingFlow, packet: DecodedPuback | DecodedPubrec | DecodedPubcomp, refused: boolean): Outcome {
  if (stryMutAct_9fa48("117")) {
    {}
  } else {
    stryCov_9fa48("117");
    const reasonCode = (stryMutAct_9fa48("120") ? flow.phase !== 'awaiting-pubcomp' : stryMutAct_9fa48("119") ? false : stryMutAct_9fa48("118") ? true : (stryCov_9fa48("118", "119", "120"), flow.phase === (stryMutAct_9fa48("121") ? "" : (stryCov_9fa48("121"), 'awaiting-pubcomp')))) ? flow.reasonCode : stryMutAct_9fa48("122") ? packet.reasonCode && 0 : (stryCov_9fa48("122"), packet.reasonCode ?? 0);
    if (stryMutAct_9fa48("125") ? packet.type === 'pubrec' && packet.type === 'puback' && refused : stryMutAct_9fa48("124") ? false : stryMutAct_9fa48("123") ? true : (stryCov_9fa48("123", "124", "125"), (stryMutAct_9fa48("127") ? packet.type !== 'pubrec' : stryMutAct_9fa48("126") ? false : (stryCov_9fa48("126", "127"), packet.type === (stryMutAct_9fa48("128") ? "" : (stryCov_9fa48("128"), 'pubrec')))) || (stryMutAct_9fa48("130") ? packet.type === 'puback' || refused : stryMutAct_9fa48("129") ? false : (stryCov_9fa48("129", "130"), (stryMutAct_9fa48("132") ? packet.type !== 'puback' : stryMutAct_9fa48("131") ? true : (stryCov_9fa48("131", "132"), packet.type === (stryMutAct_9fa48("133") ? "" : (stryCov_9fa48("133"), 'puback')))) && refused)))) {
      if (stryMutAct_9fa48("134")) {
        {}
      } else {
        stryCov_9fa48("134");
        return stryMutAct_9fa48("135") ? {} : (stryCov_9fa48("135"), {
          kind: stryMutAct_9fa48("136") ? "" : (stryCov_9fa48("136"), 'refused'),
          packet,
          reasonCode
        });
      }
    }
    return stryMutAct_9fa48("137") ? {} : (stryCov_9fa48("137"), {
      kind: stryMutAct_9fa48("138") ? "" : (stryCov_9fa48("138"), 'acknowledged'),
      packet,
      reasonCode
    });
  }
}
function sendPubrel(w: Work, packetId: number, unknown: boolean): void {
  if (stryMutAct_9fa48("139")) {
    {}
  } else {
    stryCov_9fa48("139");
    if (stryMutAct_9fa48("142") ? unknown || hasRoomForReason(w) : stryMutAct_9fa48("141") ? false : stryMutAct_9fa48("140") ? true : (stryCov_9fa48("140", "141", "142"), unknown && hasRoomForReason(w))) transmit(w, stryMutAct_9fa48("143") ? {} : (stryCov_9fa48("143"), {
      type: stryMutAct_9fa48("144") ? "" : (stryCov_9fa48("144"), 'pubrel'),
      packetId,
      reasonCode: 0x92
    }));else transmit(w, stryMutAct_9fa48("145") ? {} : (stryCov_9fa48("145"), {
      type: stryMutAct_9fa48("146") ? "" : (stryCov_9fa48("146"), 'pubrel'),
      packetId
    }));
  }
}

/** Whether an exchange of an earlier connection has not been taken up again, so that it holds no slot. */
function isHeld(w: Work, flow: OutgoingFlow): boolean {
  if (stryMutAct_9fa48("147")) {
    {}
  } else {
    stryCov_9fa48("147");
    const {
      resend
    } = w.details;
    if (stryMutAct_9fa48("150") ? resend === undefined && flow.phase === 'awaiting-pubcomp' : stryMutAct_9fa48("149") ? false : stryMutAct_9fa48("148") ? true : (stryCov_9fa48("148", "149", "150"), (stryMutAct_9fa48("152") ? resend !== undefined : stryMutAct_9fa48("151") ? false : (stryCov_9fa48("151", "152"), resend === undefined)) || (stryMutAct_9fa48("154") ? flow.phase !== 'awaiting-pubcomp' : stryMutAct_9fa48("153") ? false : (stryCov_9fa48("153", "154"), flow.phase === (stryMutAct_9fa48("155") ? "" : (stryCov_9fa48("155"), 'awaiting-pubcomp')))))) return stryMutAct_9fa48("156") ? true : (stryCov_9fa48("156"), false);
    // One flow waits at least, or there would be nothing to send again.
    const first = resend.flows[resend.at]!;
    const last = resend.flows[stryMutAct_9fa48("157") ? resend.flows.length + 1 : (stryCov_9fa48("157"), resend.flows.length - 1)]!;
    return stryMutAct_9fa48("160") ? flow.order >= first.order || flow.order <= last.order : stryMutAct_9fa48("159") ? false : stryMutAct_9fa48("158") ? true : (stryCov_9fa48("158", "159", "160"), (stryMutAct_9fa48("163") ? flow.order < first.order : stryMutAct_9fa48("162") ? flow.order > first.order : stryMutAct_9fa48("161") ? true : (stryCov_9fa48("161", "162", "163"), flow.order >= first.order)) && (stryMutAct_9fa48("166") ? flow.order > last.order : stryMutAct_9fa48("165") ? flow.order < last.order : stryMutAct_9fa48("164") ? true : (stryCov_9fa48("164", "165", "166"), flow.order <= last.order)));
  }
}
function failFlow(w: Work, error: FlowError, type: 'puback' | 'pubrec' | 'pubcomp' | 'suback' | 'unsuback'): void {
  if (stryMutAct_9fa48("167")) {
    {}
  } else {
    stryCov_9fa48("167");
    fail(w, broken(w, error, 0x82, type, stryMutAct_9fa48("168") ? "" : (stryCov_9fa48("168"), 'packetId')));
  }
}

/** SUBACK or UNSUBACK: one Reason Code for each filter (section 3.9.3), but in an UNSUBACK of MQTT 3.1.1. */
export function onRequestAnswered(w: Work, packet: DecodedSuback | DecodedUnsuback): void {
  if (stryMutAct_9fa48("169")) {
    {}
  } else {
    stryCov_9fa48("169");
    const {
      type,
      packetId,
      reasonCodes
    } = packet;
    const flow = flowOf(w.session, packetId);
    const move = outgoingMove((stryMutAct_9fa48("172") ? flow !== undefined : stryMutAct_9fa48("171") ? false : stryMutAct_9fa48("170") ? true : (stryCov_9fa48("170", "171", "172"), flow === undefined)) ? stryMutAct_9fa48("173") ? "" : (stryCov_9fa48("173"), 'none') : flow.phase, outgoingEvent(type, undefined));
    if (stryMutAct_9fa48("176") ? typeof move !== 'string' : stryMutAct_9fa48("175") ? false : stryMutAct_9fa48("174") ? true : (stryCov_9fa48("174", "175", "176"), typeof move === (stryMutAct_9fa48("177") ? "" : (stryCov_9fa48("177"), 'string')))) {
      if (stryMutAct_9fa48("178")) {
        {}
      } else {
        stryCov_9fa48("178");
        failFlow(w, move, type);
        return;
      }
    }
    // Nothing else has a move for it.
    const {
      filters,
      token
    } = flow as RequestFlow;
    if (stryMutAct_9fa48("181") ? reasonCodes !== undefined || reasonCodes.length !== filters : stryMutAct_9fa48("180") ? false : stryMutAct_9fa48("179") ? true : (stryCov_9fa48("179", "180", "181"), (stryMutAct_9fa48("183") ? reasonCodes === undefined : stryMutAct_9fa48("182") ? true : (stryCov_9fa48("182", "183"), reasonCodes !== undefined)) && (stryMutAct_9fa48("185") ? reasonCodes.length === filters : stryMutAct_9fa48("184") ? true : (stryCov_9fa48("184", "185"), reasonCodes.length !== filters)))) {
      if (stryMutAct_9fa48("186")) {
        {}
      } else {
        stryCov_9fa48("186");
        const statement = (stryMutAct_9fa48("189") ? type !== 'suback' : stryMutAct_9fa48("188") ? false : stryMutAct_9fa48("187") ? true : (stryCov_9fa48("187", "188", "189"), type === (stryMutAct_9fa48("190") ? "" : (stryCov_9fa48("190"), 'suback')))) ? stryMutAct_9fa48("191") ? "" : (stryCov_9fa48("191"), '3.8.4-5|3.8.4-6') : stryMutAct_9fa48("192") ? "" : (stryCov_9fa48("192"), '|3.10.4-6');
        fail(w, broken(w, stryMutAct_9fa48("193") ? "" : (stryCov_9fa48("193"), 'reason-code-count'), 0x82, type, stryMutAct_9fa48("194") ? "" : (stryCov_9fa48("194"), 'reasonCodes'), statement));
        return;
      }
    }
    w.session = endFlow(w.session, packetId);
    w.details = stryMutAct_9fa48("195") ? {} : (stryCov_9fa48("195"), {
      ...w.details,
      awaited: stryMutAct_9fa48("196") ? w.details.awaited + 1 : (stryCov_9fa48("196"), w.details.awaited - 1)
    });
    settle(w, token, stryMutAct_9fa48("197") ? {} : (stryCov_9fa48("197"), {
      kind: stryMutAct_9fa48("198") ? "" : (stryCov_9fa48("198"), 'acknowledged'),
      packet,
      reasonCode: 0
    }));
    drain(w);
  }
}
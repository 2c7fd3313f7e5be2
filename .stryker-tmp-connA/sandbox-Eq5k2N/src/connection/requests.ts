// @ts-nocheck
// pure: a server's side of SUBSCRIBE and UNSUBSCRIBE (sections 3.8.4 and 3.10.4).
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
  if (stryMutAct_9fa48("2183")) {
    {}
  } else {
    stryCov_9fa48("2183");
    const {
      type,
      packetId
    } = packet;
    const {
      requests
    } = w.details;
    if (stryMutAct_9fa48("2186") ? type === 'subscribe' || w.terms.version === 5 : stryMutAct_9fa48("2185") ? false : stryMutAct_9fa48("2184") ? true : (stryCov_9fa48("2184", "2185", "2186"), (stryMutAct_9fa48("2188") ? type !== 'subscribe' : stryMutAct_9fa48("2187") ? true : (stryCov_9fa48("2187", "2188"), type === (stryMutAct_9fa48("2189") ? "" : (stryCov_9fa48("2189"), 'subscribe')))) && (stryMutAct_9fa48("2191") ? w.terms.version !== 5 : stryMutAct_9fa48("2190") ? true : (stryCov_9fa48("2190", "2191"), w.terms.version === 5)))) {
      if (stryMutAct_9fa48("2192")) {
        {}
      } else {
        stryCov_9fa48("2192");
        const problem = subscriptionProblem(packet, w.terms.ours);
        if (stryMutAct_9fa48("2195") ? problem === undefined : stryMutAct_9fa48("2194") ? false : stryMutAct_9fa48("2193") ? true : (stryCov_9fa48("2193", "2194", "2195"), problem !== undefined)) {
          if (stryMutAct_9fa48("2196")) {
            {}
          } else {
            stryCov_9fa48("2196");
            fail(w, broken(w, problem.code, problem.reasonCode, type, problem.field));
            return;
          }
        }
      }
    }
    if (stryMutAct_9fa48("2199") ? trieGet(requests, packetId) !== undefined && trieGet(w.owed.entries, packetId) !== undefined : stryMutAct_9fa48("2198") ? false : stryMutAct_9fa48("2197") ? true : (stryCov_9fa48("2197", "2198", "2199"), (stryMutAct_9fa48("2201") ? trieGet(requests, packetId) === undefined : stryMutAct_9fa48("2200") ? false : (stryCov_9fa48("2200", "2201"), trieGet(requests, packetId) !== undefined)) || (stryMutAct_9fa48("2203") ? trieGet(w.owed.entries, packetId) === undefined : stryMutAct_9fa48("2202") ? false : (stryCov_9fa48("2202", "2203"), trieGet(w.owed.entries, packetId) !== undefined)))) {
      if (stryMutAct_9fa48("2204")) {
        {}
      } else {
        stryCov_9fa48("2204");
        fail(w, broken(w, stryMutAct_9fa48("2205") ? "" : (stryCov_9fa48("2205"), 'packet-id-in-use'), 0x82, type, stryMutAct_9fa48("2206") ? "" : (stryCov_9fa48("2206"), 'packetId'), stryMutAct_9fa48("2207") ? "" : (stryCov_9fa48("2207"), '2.3.1-2|2.2.1-3')));
        return;
      }
    }
    const filters = (stryMutAct_9fa48("2210") ? type !== 'subscribe' : stryMutAct_9fa48("2209") ? false : stryMutAct_9fa48("2208") ? true : (stryCov_9fa48("2208", "2209", "2210"), type === (stryMutAct_9fa48("2211") ? "" : (stryCov_9fa48("2211"), 'subscribe')))) ? packet.subscriptions.length : packet.topicFilters.length;
    w.details = stryMutAct_9fa48("2212") ? {} : (stryCov_9fa48("2212"), {
      ...w.details,
      requests: trieSet(requests, packetId, stryMutAct_9fa48("2213") ? {} : (stryCov_9fa48("2213"), {
        type,
        filters
      }))
    });
    emit(w, stryMutAct_9fa48("2214") ? {} : (stryCov_9fa48("2214"), {
      type: stryMutAct_9fa48("2215") ? "" : (stryCov_9fa48("2215"), 'requestReceived'),
      packet
    }));
  }
}

/** The host's answer. */
export function answer(w: Work, input: AnswerInput): void {
  if (stryMutAct_9fa48("2216")) {
    {}
  } else {
    stryCov_9fa48("2216");
    const {
      packetId,
      reasonCodes
    } = input;
    const {
      version
    } = w.terms;
    const request = isId(packetId) ? trieGet(w.details.requests, packetId) : undefined;
    if (stryMutAct_9fa48("2219") ? w.phase !== 'connected' && request === undefined : stryMutAct_9fa48("2218") ? false : stryMutAct_9fa48("2217") ? true : (stryCov_9fa48("2217", "2218", "2219"), (stryMutAct_9fa48("2221") ? w.phase === 'connected' : stryMutAct_9fa48("2220") ? false : (stryCov_9fa48("2220", "2221"), w.phase !== (stryMutAct_9fa48("2222") ? "" : (stryCov_9fa48("2222"), 'connected')))) || (stryMutAct_9fa48("2224") ? request !== undefined : stryMutAct_9fa48("2223") ? false : (stryCov_9fa48("2223", "2224"), request === undefined)))) {
      if (stryMutAct_9fa48("2225")) {
        {}
      } else {
        stryCov_9fa48("2225");
        refuse(w, refusal((stryMutAct_9fa48("2228") ? w.phase !== 'connected' : stryMutAct_9fa48("2227") ? false : stryMutAct_9fa48("2226") ? true : (stryCov_9fa48("2226", "2227", "2228"), w.phase === (stryMutAct_9fa48("2229") ? "" : (stryCov_9fa48("2229"), 'connected')))) ? stryMutAct_9fa48("2230") ? "" : (stryCov_9fa48("2230"), 'unknown-packet-id') : stryMutAct_9fa48("2231") ? "" : (stryCov_9fa48("2231"), 'not-connected'), stryMutAct_9fa48("2232") ? "" : (stryCov_9fa48("2232"), 'packetId'), stryMutAct_9fa48("2233") ? {} : (stryCov_9fa48("2233"), {
          version
        })));
        return;
      }
    }
    const packetType = (stryMutAct_9fa48("2236") ? request.type !== 'subscribe' : stryMutAct_9fa48("2235") ? false : stryMutAct_9fa48("2234") ? true : (stryCov_9fa48("2234", "2235", "2236"), request.type === (stryMutAct_9fa48("2237") ? "" : (stryCov_9fa48("2237"), 'subscribe')))) ? stryMutAct_9fa48("2238") ? "" : (stryCov_9fa48("2238"), 'suback') : stryMutAct_9fa48("2239") ? "" : (stryCov_9fa48("2239"), 'unsuback');
    if (stryMutAct_9fa48("2242") ? reasonCodes.length !== request.filters || version === 5 || packetType === 'suback' : stryMutAct_9fa48("2241") ? false : stryMutAct_9fa48("2240") ? true : (stryCov_9fa48("2240", "2241", "2242"), (stryMutAct_9fa48("2244") ? reasonCodes.length === request.filters : stryMutAct_9fa48("2243") ? true : (stryCov_9fa48("2243", "2244"), reasonCodes.length !== request.filters)) && (stryMutAct_9fa48("2246") ? version === 5 && packetType === 'suback' : stryMutAct_9fa48("2245") ? true : (stryCov_9fa48("2245", "2246"), (stryMutAct_9fa48("2248") ? version !== 5 : stryMutAct_9fa48("2247") ? false : (stryCov_9fa48("2247", "2248"), version === 5)) || (stryMutAct_9fa48("2250") ? packetType !== 'suback' : stryMutAct_9fa48("2249") ? false : (stryCov_9fa48("2249", "2250"), packetType === (stryMutAct_9fa48("2251") ? "" : (stryCov_9fa48("2251"), 'suback')))))))) {
      if (stryMutAct_9fa48("2252")) {
        {}
      } else {
        stryCov_9fa48("2252");
        const statement = (stryMutAct_9fa48("2255") ? packetType !== 'suback' : stryMutAct_9fa48("2254") ? false : stryMutAct_9fa48("2253") ? true : (stryCov_9fa48("2253", "2254", "2255"), packetType === (stryMutAct_9fa48("2256") ? "" : (stryCov_9fa48("2256"), 'suback')))) ? stryMutAct_9fa48("2257") ? "" : (stryCov_9fa48("2257"), '3.8.4-5|3.8.4-6') : stryMutAct_9fa48("2258") ? "" : (stryCov_9fa48("2258"), '|3.10.4-6');
        refuse(w, refusal(stryMutAct_9fa48("2259") ? "" : (stryCov_9fa48("2259"), 'reason-code-count'), stryMutAct_9fa48("2260") ? "" : (stryCov_9fa48("2260"), 'reasonCodes'), stryMutAct_9fa48("2261") ? {} : (stryCov_9fa48("2261"), {
          version,
          packetType,
          statement
        })));
        return;
      }
    }
    const packet = answerPacket(packetType, version, input);
    const size = sizeOf(packet, version);
    const fit = (stryMutAct_9fa48("2264") ? typeof size !== 'number' : stryMutAct_9fa48("2263") ? false : stryMutAct_9fa48("2262") ? true : (stryCov_9fa48("2262", "2263", "2264"), typeof size === (stryMutAct_9fa48("2265") ? "" : (stryCov_9fa48("2265"), 'number')))) ? fitted(packet, w.terms, w.settings.role) : size;
    if (stryMutAct_9fa48("2268") ? false : stryMutAct_9fa48("2267") ? true : stryMutAct_9fa48("2266") ? 'type' in fit : (stryCov_9fa48("2266", "2267", "2268"), !((stryMutAct_9fa48("2269") ? "" : (stryCov_9fa48("2269"), 'type')) in fit))) {
      if (stryMutAct_9fa48("2270")) {
        {}
      } else {
        stryCov_9fa48("2270");
        refuse(w, fit);
        return;
      }
    }
    w.details = stryMutAct_9fa48("2271") ? {} : (stryCov_9fa48("2271"), {
      ...w.details,
      requests: trieDelete(w.details.requests, packetId)
    });
    transmit(w, fit);
  }
}
function answerPacket(type: 'suback' | 'unsuback', version: 4 | 5, {
  packetId,
  reasonCodes,
  properties
}: AnswerInput): SubackPacket | UnsubackPacket {
  if (stryMutAct_9fa48("2272")) {
    {}
  } else {
    stryCov_9fa48("2272");
    if (stryMutAct_9fa48("2275") ? version !== 5 : stryMutAct_9fa48("2274") ? false : stryMutAct_9fa48("2273") ? true : (stryCov_9fa48("2273", "2274", "2275"), version === 5)) {
      if (stryMutAct_9fa48("2276")) {
        {}
      } else {
        stryCov_9fa48("2276");
        return (stryMutAct_9fa48("2279") ? type !== 'suback' : stryMutAct_9fa48("2278") ? false : stryMutAct_9fa48("2277") ? true : (stryCov_9fa48("2277", "2278", "2279"), type === (stryMutAct_9fa48("2280") ? "" : (stryCov_9fa48("2280"), 'suback')))) ? stryMutAct_9fa48("2281") ? {} : (stryCov_9fa48("2281"), {
          type,
          packetId,
          reasonCodes: reasonCodes as readonly SubackReasonCode[],
          properties
        }) : stryMutAct_9fa48("2282") ? {} : (stryCov_9fa48("2282"), {
          type,
          packetId,
          reasonCodes: reasonCodes as readonly UnsubackReasonCode[],
          properties
        });
      }
    }
    if (stryMutAct_9fa48("2285") ? type !== 'unsuback' : stryMutAct_9fa48("2284") ? false : stryMutAct_9fa48("2283") ? true : (stryCov_9fa48("2283", "2284", "2285"), type === (stryMutAct_9fa48("2286") ? "" : (stryCov_9fa48("2286"), 'unsuback')))) return stryMutAct_9fa48("2287") ? {} : (stryCov_9fa48("2287"), {
      type,
      packetId
    });
    // MQTT 3.1.1 knows one way to refuse a subscription.
    const codes = reasonCodes.map(stryMutAct_9fa48("2288") ? () => undefined : (stryCov_9fa48("2288"), code => (code >= 0x80 ? 0x80 : code) as SubackReturnCode));
    return stryMutAct_9fa48("2289") ? {} : (stryCov_9fa48("2289"), {
      type,
      packetId,
      reasonCodes: codes
    });
  }
}
// @ts-nocheck
// pure: questions about a connection, answered as values.
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
import type { MqttError } from '../errors.js';
import { refusal } from '../session/failures.js';
import { checkPacket } from './checks.js';
import type { SendablePacket } from './inputs.js';
import { busy, maySend, slots } from './outgoing.js';
import type { ConnectionState } from './state.js';

/**
 * Why a packet would not go out at once if it were sent now; undefined: it would.
 *
 * The codes `not-connected`, `blocked`, `quota-exhausted` and `no-free-packet-id` pass by themselves; a QoS 1 or 2
 * message may wait for it in the queue. Any other means that this peer does not take the packet.
 *
 * @example
 * const state = serverConnection();
 * canSend(state, { type: 'publish', topic: 'a' })?.code; // => 'not-connected'
 * canSend(state, { type: 'publish', topic: 'a/#' })?.code; // => 'wildcard-in-topic-name'
 */
export function canSend(state: ConnectionState, packet: SendablePacket): MqttError | undefined {
  if (stryMutAct_9fa48("2143")) {
    {}
  } else {
    stryCov_9fa48("2143");
    const error = checkPacket(packet, state.terms, state.settings.role, state.aliases);
    if (stryMutAct_9fa48("2146") ? error === undefined : stryMutAct_9fa48("2145") ? false : stryMutAct_9fa48("2144") ? true : (stryCov_9fa48("2144", "2145", "2146"), error !== undefined)) return error;
    const code = waitingFor(state, packet);
    return (stryMutAct_9fa48("2149") ? code !== undefined : stryMutAct_9fa48("2148") ? false : stryMutAct_9fa48("2147") ? true : (stryCov_9fa48("2147", "2148", "2149"), code === undefined)) ? undefined : refusal(code, stryMutAct_9fa48("2150") ? "" : (stryCov_9fa48("2150"), 'type'), stryMutAct_9fa48("2151") ? {} : (stryCov_9fa48("2151"), {
      packetType: packet.type
    }));
  }
}
function waitingFor(state: ConnectionState, packet: SendablePacket): 'not-connected' | 'blocked' | 'quota-exhausted' | 'no-free-packet-id' | undefined {
  if (stryMutAct_9fa48("2152")) {
    {}
  } else {
    stryCov_9fa48("2152");
    const {
      session,
      details,
      traffic,
      phase,
      settings,
      terms
    } = state;
    if (stryMutAct_9fa48("2155") ? packet.type === 'publish' || packet.qos === 1 || packet.qos === 2 : stryMutAct_9fa48("2154") ? false : stryMutAct_9fa48("2153") ? true : (stryCov_9fa48("2153", "2154", "2155"), (stryMutAct_9fa48("2157") ? packet.type !== 'publish' : stryMutAct_9fa48("2156") ? true : (stryCov_9fa48("2156", "2157"), packet.type === (stryMutAct_9fa48("2158") ? "" : (stryCov_9fa48("2158"), 'publish')))) && (stryMutAct_9fa48("2160") ? packet.qos === 1 && packet.qos === 2 : stryMutAct_9fa48("2159") ? true : (stryCov_9fa48("2159", "2160"), (stryMutAct_9fa48("2162") ? packet.qos !== 1 : stryMutAct_9fa48("2161") ? false : (stryCov_9fa48("2161", "2162"), packet.qos === 1)) || (stryMutAct_9fa48("2164") ? packet.qos !== 2 : stryMutAct_9fa48("2163") ? false : (stryCov_9fa48("2163", "2164"), packet.qos === 2)))))) {
      if (stryMutAct_9fa48("2165")) {
        {}
      } else {
        stryCov_9fa48("2165");
        return busy(stryMutAct_9fa48("2166") ? {} : (stryCov_9fa48("2166"), {
          phase,
          settings,
          terms,
          session,
          details,
          sending: traffic.sending
        }));
      }
    }
    if (stryMutAct_9fa48("2169") ? false : stryMutAct_9fa48("2168") ? true : stryMutAct_9fa48("2167") ? maySend(state) : (stryCov_9fa48("2167", "2168", "2169"), !maySend(state))) return stryMutAct_9fa48("2170") ? "" : (stryCov_9fa48("2170"), 'not-connected');
    if (stryMutAct_9fa48("2173") ? packet.type !== 'publish' : stryMutAct_9fa48("2172") ? false : stryMutAct_9fa48("2171") ? true : (stryCov_9fa48("2171", "2172", "2173"), packet.type === (stryMutAct_9fa48("2174") ? "" : (stryCov_9fa48("2174"), 'publish')))) return details.blocked ? stryMutAct_9fa48("2175") ? "" : (stryCov_9fa48("2175"), 'blocked') : undefined;
    return (stryMutAct_9fa48("2178") ? session.outgoing.size !== 65_535 : stryMutAct_9fa48("2177") ? false : stryMutAct_9fa48("2176") ? true : (stryCov_9fa48("2176", "2177", "2178"), session.outgoing.size === 65_535)) ? stryMutAct_9fa48("2179") ? "" : (stryCov_9fa48("2179"), 'no-free-packet-id') : undefined;
  }
}

/**
 * How many more QoS 1 and 2 messages go out now (section 4.9): from 0 to the peer's Receive Maximum, or to our own
 * `maximumInFlight` where that is lower.
 *
 * @example
 * sendQuota(serverConnection()); // => 65_535
 */
export function sendQuota(state: ConnectionState): number {
  if (stryMutAct_9fa48("2180")) {
    {}
  } else {
    stryCov_9fa48("2180");
    return stryMutAct_9fa48("2181") ? Math.min(0, slots(state) - state.traffic.sending) : (stryCov_9fa48("2181"), Math.max(0, stryMutAct_9fa48("2182") ? slots(state) + state.traffic.sending : (stryCov_9fa48("2182"), slots(state) - state.traffic.sending)));
  }
}
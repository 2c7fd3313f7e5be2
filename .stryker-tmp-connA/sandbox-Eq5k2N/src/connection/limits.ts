// @ts-nocheck
// pure: what each side of a connection can take, as CONNECT and CONNACK say it (sections 3.1.2.11 and 3.2.2.3).
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
import { DEFAULT_MAXIMUM_PACKET_SIZE, MAXIMUM_PACKET_SIZE } from '../spec/limits.js';
import type { ConnackProperties, ConnectProperties } from '../spec/properties.js';

/** What one side of a connection takes from the other. */
export interface Limits {
  /** How many QoS 1 and 2 messages at a time, 1 to 65,535. */
  readonly receiveMaximum: number;
  /** The largest packet in bytes, fixed header included. */
  readonly maximumPacketSize: number;
  /** The highest Topic Alias; 0: none. */
  readonly topicAliasMaximum: number;
  /** The highest QoS. */
  readonly maximumQoS: 0 | 1 | 2;
  /** Whether retained messages. */
  readonly retainAvailable: boolean;
  /** Whether Topic Filters with wildcards. */
  readonly wildcardSubscriptionAvailable: boolean;
  /** Whether Subscription Identifiers. */
  readonly subscriptionIdentifierAvailable: boolean;
  /** Whether shared subscriptions. */
  readonly sharedSubscriptionAvailable: boolean;
}

/** What holds where nothing was said: everything, as far as the protocol can carry it. */
export const NO_LIMITS: Limits = stryMutAct_9fa48("1734") ? {} : (stryCov_9fa48("1734"), {
  receiveMaximum: 65_535,
  maximumPacketSize: MAXIMUM_PACKET_SIZE,
  topicAliasMaximum: 0,
  maximumQoS: 2,
  retainAvailable: stryMutAct_9fa48("1735") ? false : (stryCov_9fa48("1735"), true),
  wildcardSubscriptionAvailable: stryMutAct_9fa48("1736") ? false : (stryCov_9fa48("1736"), true),
  subscriptionIdentifierAvailable: stryMutAct_9fa48("1737") ? false : (stryCov_9fa48("1737"), true),
  sharedSubscriptionAvailable: stryMutAct_9fa48("1738") ? false : (stryCov_9fa48("1738"), true)
});

/** Limits as properties of CONNECT or CONNACK say them, by what their absence means. */
export function limitsOf(properties: (ConnectProperties & ConnackProperties) | undefined): Limits {
  if (stryMutAct_9fa48("1739")) {
    {}
  } else {
    stryCov_9fa48("1739");
    if (stryMutAct_9fa48("1742") ? properties !== undefined : stryMutAct_9fa48("1741") ? false : stryMutAct_9fa48("1740") ? true : (stryCov_9fa48("1740", "1741", "1742"), properties === undefined)) return NO_LIMITS;
    return stryMutAct_9fa48("1743") ? {} : (stryCov_9fa48("1743"), {
      receiveMaximum: stryMutAct_9fa48("1744") ? properties.receiveMaximum && NO_LIMITS.receiveMaximum : (stryCov_9fa48("1744"), properties.receiveMaximum ?? NO_LIMITS.receiveMaximum),
      maximumPacketSize: stryMutAct_9fa48("1745") ? Math.max(properties.maximumPacketSize ?? MAXIMUM_PACKET_SIZE, MAXIMUM_PACKET_SIZE) : (stryCov_9fa48("1745"), Math.min(stryMutAct_9fa48("1746") ? properties.maximumPacketSize && MAXIMUM_PACKET_SIZE : (stryCov_9fa48("1746"), properties.maximumPacketSize ?? MAXIMUM_PACKET_SIZE), MAXIMUM_PACKET_SIZE)),
      topicAliasMaximum: stryMutAct_9fa48("1747") ? properties.topicAliasMaximum && 0 : (stryCov_9fa48("1747"), properties.topicAliasMaximum ?? 0),
      maximumQoS: stryMutAct_9fa48("1748") ? properties.maximumQoS && 2 : (stryCov_9fa48("1748"), properties.maximumQoS ?? 2),
      retainAvailable: stryMutAct_9fa48("1751") ? properties.retainAvailable === 0 : stryMutAct_9fa48("1750") ? false : stryMutAct_9fa48("1749") ? true : (stryCov_9fa48("1749", "1750", "1751"), properties.retainAvailable !== 0),
      wildcardSubscriptionAvailable: stryMutAct_9fa48("1754") ? properties.wildcardSubscriptionAvailable === 0 : stryMutAct_9fa48("1753") ? false : stryMutAct_9fa48("1752") ? true : (stryCov_9fa48("1752", "1753", "1754"), properties.wildcardSubscriptionAvailable !== 0),
      subscriptionIdentifierAvailable: stryMutAct_9fa48("1757") ? properties.subscriptionIdentifierAvailable === 0 : stryMutAct_9fa48("1756") ? false : stryMutAct_9fa48("1755") ? true : (stryCov_9fa48("1755", "1756", "1757"), properties.subscriptionIdentifierAvailable !== 0),
      sharedSubscriptionAvailable: stryMutAct_9fa48("1760") ? properties.sharedSubscriptionAvailable === 0 : stryMutAct_9fa48("1759") ? false : stryMutAct_9fa48("1758") ? true : (stryCov_9fa48("1758", "1759", "1760"), properties.sharedSubscriptionAvailable !== 0)
    });
  }
}

/** Our own limits: a packet size is always set, since a parser has to have one. */
export function ownLimits(properties: (ConnectProperties & ConnackProperties) | undefined): Limits {
  if (stryMutAct_9fa48("1761")) {
    {}
  } else {
    stryCov_9fa48("1761");
    return limitsOf(stryMutAct_9fa48("1762") ? {} : (stryCov_9fa48("1762"), {
      maximumPacketSize: DEFAULT_MAXIMUM_PACKET_SIZE,
      ...properties
    }));
  }
}
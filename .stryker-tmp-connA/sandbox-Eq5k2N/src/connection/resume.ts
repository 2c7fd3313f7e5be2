// @ts-nocheck
// pure: taking a session up again on a new connection (section 4.4).
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
import { flowsInOrder, isDurable, type PublishFlow } from '../session/state.js';
import { drain, sendAgain, slots } from './outgoing.js';
import { transmit, type Work } from './work.js';

/**
 * Sends again what was not acknowledged, in the order in which it was sent: PUBREL for what the peer has, PUBLISH
 * with DUP for the rest. Every exchange holds a slot of the peer's Receive Maximum, and of our own. PUBRELs go out whatever it is;
 * PUBLISHes that find none wait, and what comes later waits behind them.
 *
 * Exchanges from `until` on belong to this connection already.
 */
export function resume(w: Work, until: number): void {
  if (stryMutAct_9fa48("2290")) {
    {}
  } else {
    stryCov_9fa48("2290");
    const older = stryMutAct_9fa48("2292") ? flowsInOrder(w.session).filter(flow => flow.order < until) : stryMutAct_9fa48("2291") ? flowsInOrder(w.session).filter(isDurable) : (stryCov_9fa48("2291", "2292"), flowsInOrder(w.session).filter(isDurable).filter(stryMutAct_9fa48("2293") ? () => undefined : (stryCov_9fa48("2293"), flow => stryMutAct_9fa48("2297") ? flow.order >= until : stryMutAct_9fa48("2296") ? flow.order <= until : stryMutAct_9fa48("2295") ? false : stryMutAct_9fa48("2294") ? true : (stryCov_9fa48("2294", "2295", "2296", "2297"), flow.order < until))));
    const held: PublishFlow[] = stryMutAct_9fa48("2298") ? ["Stryker was here"] : (stryCov_9fa48("2298"), []);
    // A receiver may count the identifiers that it holds: they get their slots before any PUBLISH does.
    stryMutAct_9fa48("2299") ? w.sending -= older.filter(flow => flow.phase === 'awaiting-pubcomp').length : (stryCov_9fa48("2299"), w.sending += stryMutAct_9fa48("2300") ? older.length : (stryCov_9fa48("2300"), older.filter(stryMutAct_9fa48("2301") ? () => undefined : (stryCov_9fa48("2301"), flow => stryMutAct_9fa48("2304") ? flow.phase !== 'awaiting-pubcomp' : stryMutAct_9fa48("2303") ? false : stryMutAct_9fa48("2302") ? true : (stryCov_9fa48("2302", "2303", "2304"), flow.phase === (stryMutAct_9fa48("2305") ? "" : (stryCov_9fa48("2305"), 'awaiting-pubcomp'))))).length));
    for (const flow of older) {
      if (stryMutAct_9fa48("2306")) {
        {}
      } else {
        stryCov_9fa48("2306");
        if (stryMutAct_9fa48("2309") ? flow.phase !== 'awaiting-pubcomp' : stryMutAct_9fa48("2308") ? false : stryMutAct_9fa48("2307") ? true : (stryCov_9fa48("2307", "2308", "2309"), flow.phase === (stryMutAct_9fa48("2310") ? "" : (stryCov_9fa48("2310"), 'awaiting-pubcomp')))) transmit(w, stryMutAct_9fa48("2311") ? {} : (stryCov_9fa48("2311"), {
          type: stryMutAct_9fa48("2312") ? "" : (stryCov_9fa48("2312"), 'pubrel'),
          packetId: flow.packetId
        }));else {
          if (stryMutAct_9fa48("2313")) {
            {}
          } else {
            stryCov_9fa48("2313");
            const free = stryMutAct_9fa48("2316") ? w.sending < slots(w) || !w.details.blocked : stryMutAct_9fa48("2315") ? false : stryMutAct_9fa48("2314") ? true : (stryCov_9fa48("2314", "2315", "2316"), (stryMutAct_9fa48("2319") ? w.sending >= slots(w) : stryMutAct_9fa48("2318") ? w.sending <= slots(w) : stryMutAct_9fa48("2317") ? true : (stryCov_9fa48("2317", "2318", "2319"), w.sending < slots(w))) && (stryMutAct_9fa48("2320") ? w.details.blocked : (stryCov_9fa48("2320"), !w.details.blocked)));
            if (stryMutAct_9fa48("2322") ? false : stryMutAct_9fa48("2321") ? true : (stryCov_9fa48("2321", "2322"), free)) sendAgain(w, flow);else held.push(flow);
          }
        }
      }
    }
    if (stryMutAct_9fa48("2326") ? held.length <= 0 : stryMutAct_9fa48("2325") ? held.length >= 0 : stryMutAct_9fa48("2324") ? false : stryMutAct_9fa48("2323") ? true : (stryCov_9fa48("2323", "2324", "2325", "2326"), held.length > 0)) w.details = stryMutAct_9fa48("2327") ? {} : (stryCov_9fa48("2327"), {
      ...w.details,
      resend: stryMutAct_9fa48("2328") ? {} : (stryCov_9fa48("2328"), {
        flows: held,
        at: 0
      })
    });
    drain(w);
  }
}
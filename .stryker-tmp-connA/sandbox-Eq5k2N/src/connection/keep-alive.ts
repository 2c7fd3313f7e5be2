// @ts-nocheck
// pure: what has to happen at which time: keep alive, timeouts, expiry (sections 3.1.2.10 and 4.13).
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
import { fail } from './closing.js';
import { expireQueue } from './outgoing.js';
import type { ConnectionState } from './state.js';
import { broken, transmit, type Work } from './work.js';

// A client pings a little before its Keep Alive is over, so that a late timer still keeps the promise.
const PING_SHARE = 900;
// A server waits one and a half times the Keep Alive (MQTT-3.1.2-24; 5.0: MQTT-3.1.2-22).
const PATIENCE = 1_500;
// Messages that expire are looked for once a second at most.
const EXPIRY_GRAIN = 1_000;

/**
 * When `timerFired` is due, in the caller's milliseconds; undefined: never. It may lie in the past.
 *
 * @example
 * const [state] = step(serverConnection({ connectTimeout: 5_000 }), { type: 'opened', now: 1_000 });
 * deadline(state); // => 6_000
 */
export function deadline(state: ConnectionState): number | undefined {
  if (stryMutAct_9fa48("1608")) {
    {}
  } else {
    stryCov_9fa48("1608");
    const {
      settings,
      phase,
      details,
      traffic
    } = state;
    const client = stryMutAct_9fa48("1611") ? settings.role !== 'client' : stryMutAct_9fa48("1610") ? false : stryMutAct_9fa48("1609") ? true : (stryCov_9fa48("1609", "1610", "1611"), settings.role === (stryMutAct_9fa48("1612") ? "" : (stryCov_9fa48("1612"), 'client')));
    switch (phase) {
      case stryMutAct_9fa48("1614") ? "" : (stryCov_9fa48("1614"), 'waiting'):
        if (stryMutAct_9fa48("1613")) {} else {
          stryCov_9fa48("1613");
          return stryMutAct_9fa48("1615") ? details.since - settings.handshakeTimeout : (stryCov_9fa48("1615"), details.since + settings.handshakeTimeout);
        }
      case stryMutAct_9fa48("1617") ? "" : (stryCov_9fa48("1617"), 'handshake'):
        if (stryMutAct_9fa48("1616")) {} else {
          stryCov_9fa48("1616");
          // A server that has not answered waits for its own host.
          return (stryMutAct_9fa48("1620") ? client && details.authTurn === 'theirs' : stryMutAct_9fa48("1619") ? false : stryMutAct_9fa48("1618") ? true : (stryCov_9fa48("1618", "1619", "1620"), client || (stryMutAct_9fa48("1622") ? details.authTurn !== 'theirs' : stryMutAct_9fa48("1621") ? false : (stryCov_9fa48("1621", "1622"), details.authTurn === (stryMutAct_9fa48("1623") ? "" : (stryCov_9fa48("1623"), 'theirs')))))) ? stryMutAct_9fa48("1624") ? details.since - settings.handshakeTimeout : (stryCov_9fa48("1624"), details.since + settings.handshakeTimeout) : undefined;
        }
      case stryMutAct_9fa48("1626") ? "" : (stryCov_9fa48("1626"), 'connected'):
        if (stryMutAct_9fa48("1625")) {} else {
          stryCov_9fa48("1625");
          return earliest(client ? pingDeadline(state.terms.keepAlive, settings.pingTimeout, details.pingSent, traffic) : silenceDeadline(state.terms.keepAlive, traffic.lastReceived), expiryDeadline(state.session.queue.expiry));
        }
      default:
        if (stryMutAct_9fa48("1627")) {} else {
          stryCov_9fa48("1627");
          return undefined;
        }
    }
  }
}
function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (stryMutAct_9fa48("1628")) {
    {}
  } else {
    stryCov_9fa48("1628");
    return (stryMutAct_9fa48("1631") ? a === undefined && b === undefined : stryMutAct_9fa48("1630") ? false : stryMutAct_9fa48("1629") ? true : (stryCov_9fa48("1629", "1630", "1631"), (stryMutAct_9fa48("1633") ? a !== undefined : stryMutAct_9fa48("1632") ? false : (stryCov_9fa48("1632", "1633"), a === undefined)) || (stryMutAct_9fa48("1635") ? b !== undefined : stryMutAct_9fa48("1634") ? false : (stryCov_9fa48("1634", "1635"), b === undefined)))) ? stryMutAct_9fa48("1636") ? a && b : (stryCov_9fa48("1636"), a ?? b) : stryMutAct_9fa48("1637") ? Math.max(a, b) : (stryCov_9fa48("1637"), Math.min(a, b));
  }
}

/** When a client has to ping, or to give up waiting for the answer. */
function pingDeadline(keepAlive: number, timeout: number, pingSent: number | undefined, {
  lastSent,
  lastReceived
}: ConnectionState['traffic']): number | undefined {
  if (stryMutAct_9fa48("1638")) {
    {}
  } else {
    stryCov_9fa48("1638");
    // Whatever comes shows that the peer is alive: its PINGRESP may stand behind a long message.
    if (stryMutAct_9fa48("1641") ? pingSent === undefined : stryMutAct_9fa48("1640") ? false : stryMutAct_9fa48("1639") ? true : (stryCov_9fa48("1639", "1640", "1641"), pingSent !== undefined)) return stryMutAct_9fa48("1642") ? Math.max(pingSent, lastReceived) - timeout : (stryCov_9fa48("1642"), (stryMutAct_9fa48("1643") ? Math.min(pingSent, lastReceived) : (stryCov_9fa48("1643"), Math.max(pingSent, lastReceived))) + timeout);
    return (stryMutAct_9fa48("1646") ? keepAlive !== 0 : stryMutAct_9fa48("1645") ? false : stryMutAct_9fa48("1644") ? true : (stryCov_9fa48("1644", "1645", "1646"), keepAlive === 0)) ? undefined : stryMutAct_9fa48("1647") ? lastSent - keepAlive * PING_SHARE : (stryCov_9fa48("1647"), lastSent + (stryMutAct_9fa48("1648") ? keepAlive / PING_SHARE : (stryCov_9fa48("1648"), keepAlive * PING_SHARE)));
  }
}
function silenceDeadline(keepAlive: number, lastReceived: number): number | undefined {
  if (stryMutAct_9fa48("1649")) {
    {}
  } else {
    stryCov_9fa48("1649");
    return (stryMutAct_9fa48("1652") ? keepAlive !== 0 : stryMutAct_9fa48("1651") ? false : stryMutAct_9fa48("1650") ? true : (stryCov_9fa48("1650", "1651", "1652"), keepAlive === 0)) ? undefined : stryMutAct_9fa48("1653") ? lastReceived - keepAlive * PATIENCE : (stryCov_9fa48("1653"), lastReceived + (stryMutAct_9fa48("1654") ? keepAlive / PATIENCE : (stryCov_9fa48("1654"), keepAlive * PATIENCE)));
  }
}
function expiryDeadline(expiry: number | undefined): number | undefined {
  if (stryMutAct_9fa48("1655")) {
    {}
  } else {
    stryCov_9fa48("1655");
    return (stryMutAct_9fa48("1658") ? expiry !== undefined : stryMutAct_9fa48("1657") ? false : stryMutAct_9fa48("1656") ? true : (stryCov_9fa48("1656", "1657", "1658"), expiry === undefined)) ? undefined : stryMutAct_9fa48("1659") ? Math.ceil(expiry / EXPIRY_GRAIN) / EXPIRY_GRAIN : (stryCov_9fa48("1659"), Math.ceil(stryMutAct_9fa48("1660") ? expiry * EXPIRY_GRAIN : (stryCov_9fa48("1660"), expiry / EXPIRY_GRAIN)) * EXPIRY_GRAIN);
  }
}

/** The time has come: does what is due by now, which may be nothing. */
export function timerFired(w: Work): void {
  if (stryMutAct_9fa48("1661")) {
    {}
  } else {
    stryCov_9fa48("1661");
    const {
      phase,
      settings,
      details,
      terms
    } = w;
    const {
      now
    } = w.input;
    const {
      traffic
    } = w.before;
    const client = stryMutAct_9fa48("1664") ? settings.role !== 'client' : stryMutAct_9fa48("1663") ? false : stryMutAct_9fa48("1662") ? true : (stryCov_9fa48("1662", "1663", "1664"), settings.role === (stryMutAct_9fa48("1665") ? "" : (stryCov_9fa48("1665"), 'client')));
    if (stryMutAct_9fa48("1668") ? phase === 'waiting' && phase === 'handshake' : stryMutAct_9fa48("1667") ? false : stryMutAct_9fa48("1666") ? true : (stryCov_9fa48("1666", "1667", "1668"), (stryMutAct_9fa48("1670") ? phase !== 'waiting' : stryMutAct_9fa48("1669") ? false : (stryCov_9fa48("1669", "1670"), phase === (stryMutAct_9fa48("1671") ? "" : (stryCov_9fa48("1671"), 'waiting')))) || (stryMutAct_9fa48("1673") ? phase !== 'handshake' : stryMutAct_9fa48("1672") ? false : (stryCov_9fa48("1672", "1673"), phase === (stryMutAct_9fa48("1674") ? "" : (stryCov_9fa48("1674"), 'handshake')))))) {
      if (stryMutAct_9fa48("1675")) {
        {}
      } else {
        stryCov_9fa48("1675");
        if (stryMutAct_9fa48("1678") ? phase === 'handshake' && !client || details.authTurn !== 'theirs' : stryMutAct_9fa48("1677") ? false : stryMutAct_9fa48("1676") ? true : (stryCov_9fa48("1676", "1677", "1678"), (stryMutAct_9fa48("1680") ? phase === 'handshake' || !client : stryMutAct_9fa48("1679") ? true : (stryCov_9fa48("1679", "1680"), (stryMutAct_9fa48("1682") ? phase !== 'handshake' : stryMutAct_9fa48("1681") ? true : (stryCov_9fa48("1681", "1682"), phase === (stryMutAct_9fa48("1683") ? "" : (stryCov_9fa48("1683"), 'handshake')))) && (stryMutAct_9fa48("1684") ? client : (stryCov_9fa48("1684"), !client)))) && (stryMutAct_9fa48("1686") ? details.authTurn === 'theirs' : stryMutAct_9fa48("1685") ? true : (stryCov_9fa48("1685", "1686"), details.authTurn !== (stryMutAct_9fa48("1687") ? "" : (stryCov_9fa48("1687"), 'theirs')))))) return;
        if (stryMutAct_9fa48("1691") ? now >= details.since + settings.handshakeTimeout : stryMutAct_9fa48("1690") ? now <= details.since + settings.handshakeTimeout : stryMutAct_9fa48("1689") ? false : stryMutAct_9fa48("1688") ? true : (stryCov_9fa48("1688", "1689", "1690", "1691"), now < (stryMutAct_9fa48("1692") ? details.since - settings.handshakeTimeout : (stryCov_9fa48("1692"), details.since + settings.handshakeTimeout)))) return;
        fail(w, broken(w, client ? stryMutAct_9fa48("1693") ? "" : (stryCov_9fa48("1693"), 'connack-timeout') : stryMutAct_9fa48("1694") ? "" : (stryCov_9fa48("1694"), 'connect-timeout'), 0x80, undefined));
        return;
      }
    }
    if (stryMutAct_9fa48("1697") ? phase === 'connected' : stryMutAct_9fa48("1696") ? false : stryMutAct_9fa48("1695") ? true : (stryCov_9fa48("1695", "1696", "1697"), phase !== (stryMutAct_9fa48("1698") ? "" : (stryCov_9fa48("1698"), 'connected')))) return;
    const due = client ? pingDeadline(terms.keepAlive, settings.pingTimeout, details.pingSent, traffic) : silenceDeadline(terms.keepAlive, traffic.lastReceived);
    if (stryMutAct_9fa48("1701") ? due !== undefined || now >= due : stryMutAct_9fa48("1700") ? false : stryMutAct_9fa48("1699") ? true : (stryCov_9fa48("1699", "1700", "1701"), (stryMutAct_9fa48("1703") ? due === undefined : stryMutAct_9fa48("1702") ? true : (stryCov_9fa48("1702", "1703"), due !== undefined)) && (stryMutAct_9fa48("1706") ? now < due : stryMutAct_9fa48("1705") ? now > due : stryMutAct_9fa48("1704") ? true : (stryCov_9fa48("1704", "1705", "1706"), now >= due)))) {
      if (stryMutAct_9fa48("1707")) {
        {}
      } else {
        stryCov_9fa48("1707");
        if (stryMutAct_9fa48("1710") ? false : stryMutAct_9fa48("1709") ? true : stryMutAct_9fa48("1708") ? client : (stryCov_9fa48("1708", "1709", "1710"), !client)) fail(w, broken(w, stryMutAct_9fa48("1711") ? "" : (stryCov_9fa48("1711"), 'keep-alive-timeout'), 0x8d, undefined, undefined, stryMutAct_9fa48("1712") ? "" : (stryCov_9fa48("1712"), '3.1.2-24|3.1.2-22')));else if (stryMutAct_9fa48("1715") ? details.pingSent === undefined : stryMutAct_9fa48("1714") ? false : stryMutAct_9fa48("1713") ? true : (stryCov_9fa48("1713", "1714", "1715"), details.pingSent !== undefined)) fail(w, broken(w, stryMutAct_9fa48("1716") ? "" : (stryCov_9fa48("1716"), 'ping-timeout'), 0x80, stryMutAct_9fa48("1717") ? "" : (stryCov_9fa48("1717"), 'pingresp')));else {
          if (stryMutAct_9fa48("1718")) {
            {}
          } else {
            stryCov_9fa48("1718");
            transmit(w, stryMutAct_9fa48("1719") ? {} : (stryCov_9fa48("1719"), {
              type: stryMutAct_9fa48("1720") ? "" : (stryCov_9fa48("1720"), 'pingreq')
            }));
            w.details = stryMutAct_9fa48("1721") ? {} : (stryCov_9fa48("1721"), {
              ...w.details,
              pingSent: now
            });
          }
        }
        if (stryMutAct_9fa48("1724") ? w.phase === 'connected' : stryMutAct_9fa48("1723") ? false : stryMutAct_9fa48("1722") ? true : (stryCov_9fa48("1722", "1723", "1724"), w.phase !== (stryMutAct_9fa48("1725") ? "" : (stryCov_9fa48("1725"), 'connected')))) return;
      }
    }
    const expiry = expiryDeadline(w.session.queue.expiry);
    if (stryMutAct_9fa48("1728") ? expiry !== undefined || now >= expiry : stryMutAct_9fa48("1727") ? false : stryMutAct_9fa48("1726") ? true : (stryCov_9fa48("1726", "1727", "1728"), (stryMutAct_9fa48("1730") ? expiry === undefined : stryMutAct_9fa48("1729") ? true : (stryCov_9fa48("1729", "1730"), expiry !== undefined)) && (stryMutAct_9fa48("1733") ? now < expiry : stryMutAct_9fa48("1732") ? now > expiry : stryMutAct_9fa48("1731") ? true : (stryCov_9fa48("1731", "1732", "1733"), now >= expiry)))) expireQueue(w);
  }
}
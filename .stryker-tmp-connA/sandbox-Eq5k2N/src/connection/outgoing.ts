// @ts-nocheck
// pure: what the caller sends, and how it gets on the wire: at once, later from the queue, or not at all.
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
import { type MqttError, PacketTooLargeError } from '../errors.js';
import type { PublishPacket } from '../packets/publish.js';
import { refusal } from '../session/failures.js';
import { messageOf, packetOf, type SendablePublish } from '../session/messages.js';
import { enqueue, firstQueued, hasRoom, type QueuedMessage, removeFirst, withoutExpired } from '../session/queue.js';
import { addFlow, endFlow, flowOf, freeId, type OutgoingFlow, type PublishFlow, publishFlow, releaseFlow, type StoredMessage, setQueue } from '../session/state.js';
import { assignAlias, outgoingTopic, useAlias } from './aliases.js';
import { checkMessage, checkPublish, checkRequest, hasAliasRoom } from './checks.js';
import type { SendableSubscribe, SendableUnsubscribe, SendInput } from './inputs.js';
import type { ConnectionState, Resend } from './state.js';
import { hasRoomForReason, refuse, settle, transmit, type Work } from './work.js';

/** The application wants to send. */
export function send(w: Work, input: SendInput): void {
  if (stryMutAct_9fa48("1763")) {
    {}
  } else {
    stryCov_9fa48("1763");
    const {
      packet
    } = input;
    if (stryMutAct_9fa48("1765") ? false : stryMutAct_9fa48("1764") ? true : (stryCov_9fa48("1764", "1765"), isMute(w))) {
      if (stryMutAct_9fa48("1766")) {
        {}
      } else {
        stryCov_9fa48("1766");
        refuse(w, refusal(stryMutAct_9fa48("1767") ? "" : (stryCov_9fa48("1767"), 'not-connected'), stryMutAct_9fa48("1768") ? "" : (stryCov_9fa48("1768"), 'type'), stryMutAct_9fa48("1769") ? {} : (stryCov_9fa48("1769"), {
          packetType: packet.type
        })), input.token);
      }
    } else if (stryMutAct_9fa48("1772") ? packet.type !== 'publish' : stryMutAct_9fa48("1771") ? false : stryMutAct_9fa48("1770") ? true : (stryCov_9fa48("1770", "1771", "1772"), packet.type === (stryMutAct_9fa48("1773") ? "" : (stryCov_9fa48("1773"), 'publish')))) sendPublish(w, input, packet);else sendRequest(w, input, packet);
  }
}

/** Whether nothing can be taken: the connection is over, or a server's has no session yet to queue it in. */
export function isMute({
  phase,
  settings
}: Pick<ConnectionState, 'phase' | 'settings'>): boolean {
  if (stryMutAct_9fa48("1774")) {
    {}
  } else {
    stryCov_9fa48("1774");
    return stryMutAct_9fa48("1777") ? phase === 'closed' && settings.role === 'server' && phase !== 'connected' : stryMutAct_9fa48("1776") ? false : stryMutAct_9fa48("1775") ? true : (stryCov_9fa48("1775", "1776", "1777"), (stryMutAct_9fa48("1779") ? phase !== 'closed' : stryMutAct_9fa48("1778") ? false : (stryCov_9fa48("1778", "1779"), phase === (stryMutAct_9fa48("1780") ? "" : (stryCov_9fa48("1780"), 'closed')))) || (stryMutAct_9fa48("1782") ? settings.role === 'server' || phase !== 'connected' : stryMutAct_9fa48("1781") ? false : (stryCov_9fa48("1781", "1782"), (stryMutAct_9fa48("1784") ? settings.role !== 'server' : stryMutAct_9fa48("1783") ? true : (stryCov_9fa48("1783", "1784"), settings.role === (stryMutAct_9fa48("1785") ? "" : (stryCov_9fa48("1785"), 'server')))) && (stryMutAct_9fa48("1787") ? phase === 'connected' : stryMutAct_9fa48("1786") ? true : (stryCov_9fa48("1786", "1787"), phase !== (stryMutAct_9fa48("1788") ? "" : (stryCov_9fa48("1788"), 'connected')))))));
  }
}

/** Whether packets may go out: after CONNACK, or before it where the client takes that risk (section 3.1.4). */
export function maySend(state: Pick<ConnectionState, 'phase' | 'settings' | 'terms'>): boolean {
  if (stryMutAct_9fa48("1789")) {
    {}
  } else {
    stryCov_9fa48("1789");
    if (stryMutAct_9fa48("1792") ? state.phase !== 'connected' : stryMutAct_9fa48("1791") ? false : stryMutAct_9fa48("1790") ? true : (stryCov_9fa48("1790", "1791", "1792"), state.phase === (stryMutAct_9fa48("1793") ? "" : (stryCov_9fa48("1793"), 'connected')))) return stryMutAct_9fa48("1794") ? false : (stryCov_9fa48("1794"), true);
    return stryMutAct_9fa48("1797") ? state.phase === 'handshake' && state.settings.pipelining || state.terms.authenticationMethod === undefined : stryMutAct_9fa48("1796") ? false : stryMutAct_9fa48("1795") ? true : (stryCov_9fa48("1795", "1796", "1797"), (stryMutAct_9fa48("1799") ? state.phase === 'handshake' || state.settings.pipelining : stryMutAct_9fa48("1798") ? true : (stryCov_9fa48("1798", "1799"), (stryMutAct_9fa48("1801") ? state.phase !== 'handshake' : stryMutAct_9fa48("1800") ? true : (stryCov_9fa48("1800", "1801"), state.phase === (stryMutAct_9fa48("1802") ? "" : (stryCov_9fa48("1802"), 'handshake')))) && state.settings.pipelining)) && (stryMutAct_9fa48("1804") ? state.terms.authenticationMethod !== undefined : stryMutAct_9fa48("1803") ? true : (stryCov_9fa48("1803", "1804"), state.terms.authenticationMethod === undefined)));
  }
}

/** How many QoS 1 and 2 messages may be under way: as many as the peer takes, and as we want. */
export function slots({
  terms,
  settings
}: Pick<ConnectionState, 'terms' | 'settings'>): number {
  if (stryMutAct_9fa48("1805")) {
    {}
  } else {
    stryCov_9fa48("1805");
    return stryMutAct_9fa48("1806") ? Math.max(terms.peers.receiveMaximum, settings.maximumInFlight) : (stryCov_9fa48("1806"), Math.min(terms.peers.receiveMaximum, settings.maximumInFlight));
  }
}

/** Why a QoS 1 or 2 message would have to wait; undefined: it would not. */
export function busy(state: Pick<ConnectionState, 'phase' | 'settings' | 'terms' | 'session' | 'details'> & {
  readonly sending: number;
}): 'not-connected' | 'blocked' | 'quota-exhausted' | 'no-free-packet-id' | undefined {
  if (stryMutAct_9fa48("1807")) {
    {}
  } else {
    stryCov_9fa48("1807");
    const {
      phase,
      session,
      details,
      sending
    } = state;
    if (stryMutAct_9fa48("1810") ? false : stryMutAct_9fa48("1809") ? true : stryMutAct_9fa48("1808") ? maySend(state) : (stryCov_9fa48("1808", "1809", "1810"), !maySend(state))) return stryMutAct_9fa48("1811") ? "" : (stryCov_9fa48("1811"), 'not-connected');
    if (stryMutAct_9fa48("1813") ? false : stryMutAct_9fa48("1812") ? true : (stryCov_9fa48("1812", "1813"), details.blocked)) return stryMutAct_9fa48("1814") ? "" : (stryCov_9fa48("1814"), 'blocked');
    // Messages of an earlier connection go first; before CONNACK nobody knows whether they will.
    const older = stryMutAct_9fa48("1817") ? phase === 'handshake' || sending < session.outgoing.size - details.awaited : stryMutAct_9fa48("1816") ? false : stryMutAct_9fa48("1815") ? true : (stryCov_9fa48("1815", "1816", "1817"), (stryMutAct_9fa48("1819") ? phase !== 'handshake' : stryMutAct_9fa48("1818") ? true : (stryCov_9fa48("1818", "1819"), phase === (stryMutAct_9fa48("1820") ? "" : (stryCov_9fa48("1820"), 'handshake')))) && (stryMutAct_9fa48("1823") ? sending >= session.outgoing.size - details.awaited : stryMutAct_9fa48("1822") ? sending <= session.outgoing.size - details.awaited : stryMutAct_9fa48("1821") ? true : (stryCov_9fa48("1821", "1822", "1823"), sending < (stryMutAct_9fa48("1824") ? session.outgoing.size + details.awaited : (stryCov_9fa48("1824"), session.outgoing.size - details.awaited)))));
    if (stryMutAct_9fa48("1827") ? older && session.queue.size > 0 : stryMutAct_9fa48("1826") ? false : stryMutAct_9fa48("1825") ? true : (stryCov_9fa48("1825", "1826", "1827"), older || (stryMutAct_9fa48("1830") ? session.queue.size <= 0 : stryMutAct_9fa48("1829") ? session.queue.size >= 0 : stryMutAct_9fa48("1828") ? false : (stryCov_9fa48("1828", "1829", "1830"), session.queue.size > 0)))) return stryMutAct_9fa48("1831") ? "" : (stryCov_9fa48("1831"), 'quota-exhausted');
    if (stryMutAct_9fa48("1835") ? sending < slots(state) : stryMutAct_9fa48("1834") ? sending > slots(state) : stryMutAct_9fa48("1833") ? false : stryMutAct_9fa48("1832") ? true : (stryCov_9fa48("1832", "1833", "1834", "1835"), sending >= slots(state))) return stryMutAct_9fa48("1836") ? "" : (stryCov_9fa48("1836"), 'quota-exhausted');
    return (stryMutAct_9fa48("1839") ? session.outgoing.size !== 65_535 : stryMutAct_9fa48("1838") ? false : stryMutAct_9fa48("1837") ? true : (stryCov_9fa48("1837", "1838", "1839"), session.outgoing.size === 65_535)) ? stryMutAct_9fa48("1840") ? "" : (stryCov_9fa48("1840"), 'no-free-packet-id') : undefined;
  }
}
function sendPublish(w: Work, input: SendInput, packet: SendablePublish): void {
  if (stryMutAct_9fa48("1841")) {
    {}
  } else {
    stryCov_9fa48("1841");
    const {
      token
    } = input;
    const {
      role
    } = w.settings;
    const size = checkPublish(packet, w.terms, role, w.aliases);
    if (stryMutAct_9fa48("1844") ? typeof size === 'number' : stryMutAct_9fa48("1843") ? false : stryMutAct_9fa48("1842") ? true : (stryCov_9fa48("1842", "1843", "1844"), typeof size !== (stryMutAct_9fa48("1845") ? "" : (stryCov_9fa48("1845"), 'number')))) {
      if (stryMutAct_9fa48("1846")) {
        {}
      } else {
        stryCov_9fa48("1846");
        // A server does as if it had sent what is too large for the client (MQTT-3.1.2-25).
        if (stryMutAct_9fa48("1849") ? role === 'server' && size instanceof PacketTooLargeError || w.phase === 'connected' : stryMutAct_9fa48("1848") ? false : stryMutAct_9fa48("1847") ? true : (stryCov_9fa48("1847", "1848", "1849"), (stryMutAct_9fa48("1851") ? role === 'server' || size instanceof PacketTooLargeError : stryMutAct_9fa48("1850") ? true : (stryCov_9fa48("1850", "1851"), (stryMutAct_9fa48("1853") ? role !== 'server' : stryMutAct_9fa48("1852") ? true : (stryCov_9fa48("1852", "1853"), role === (stryMutAct_9fa48("1854") ? "" : (stryCov_9fa48("1854"), 'server')))) && size instanceof PacketTooLargeError)) && (stryMutAct_9fa48("1856") ? w.phase !== 'connected' : stryMutAct_9fa48("1855") ? true : (stryCov_9fa48("1855", "1856"), w.phase === (stryMutAct_9fa48("1857") ? "" : (stryCov_9fa48("1857"), 'connected')))))) {
          if (stryMutAct_9fa48("1858")) {
            {}
          } else {
            stryCov_9fa48("1858");
            settle(w, token, stryMutAct_9fa48("1859") ? {} : (stryCov_9fa48("1859"), {
              kind: stryMutAct_9fa48("1860") ? "" : (stryCov_9fa48("1860"), 'unsendable'),
              error: size
            }));
          }
        } else refuse(w, size, token);
        return;
      }
    }
    const {
      qos = 0
    } = packet;
    if (stryMutAct_9fa48("1863") ? qos !== 0 : stryMutAct_9fa48("1862") ? false : stryMutAct_9fa48("1861") ? true : (stryCov_9fa48("1861", "1862", "1863"), qos === 0)) {
      if (stryMutAct_9fa48("1864")) {
        {}
      } else {
        stryCov_9fa48("1864");
        const reason = maySend(w) ? w.details.blocked ? stryMutAct_9fa48("1865") ? "" : (stryCov_9fa48("1865"), 'blocked') : undefined : stryMutAct_9fa48("1866") ? "" : (stryCov_9fa48("1866"), 'not-connected');
        if (stryMutAct_9fa48("1869") ? reason === undefined : stryMutAct_9fa48("1868") ? false : stryMutAct_9fa48("1867") ? true : (stryCov_9fa48("1867", "1868", "1869"), reason !== undefined)) {
          if (stryMutAct_9fa48("1870")) {
            {}
          } else {
            stryCov_9fa48("1870");
            refuse(w, refusal(reason, stryMutAct_9fa48("1871") ? "" : (stryCov_9fa48("1871"), 'qos'), stryMutAct_9fa48("1872") ? {} : (stryCov_9fa48("1872"), {
              packetType: stryMutAct_9fa48("1873") ? "" : (stryCov_9fa48("1873"), 'publish')
            })), token);
            return;
          }
        }
        const {
          topic,
          payload,
          retain = stryMutAct_9fa48("1874") ? true : (stryCov_9fa48("1874"), false),
          properties
        } = packet;
        const auto = stryMutAct_9fa48("1877") ? input.topicAlias !== 'automatic' : stryMutAct_9fa48("1876") ? false : stryMutAct_9fa48("1875") ? true : (stryCov_9fa48("1875", "1876", "1877"), input.topicAlias === (stryMutAct_9fa48("1878") ? "" : (stryCov_9fa48("1878"), 'automatic')));
        const out: PublishPacket<5> = stryMutAct_9fa48("1879") ? {} : (stryCov_9fa48("1879"), {
          type: stryMutAct_9fa48("1880") ? "" : (stryCov_9fa48("1880"), 'publish'),
          topic,
          payload,
          qos: 0,
          retain,
          dup: stryMutAct_9fa48("1881") ? true : (stryCov_9fa48("1881"), false),
          properties
        });
        transmitPublish(w, out, stryMutAct_9fa48("1884") ? auto || hasAliasRoom(size, w.terms.peers.maximumPacketSize) : stryMutAct_9fa48("1883") ? false : stryMutAct_9fa48("1882") ? true : (stryCov_9fa48("1882", "1883", "1884"), auto && hasAliasRoom(size, w.terms.peers.maximumPacketSize)));
        settle(w, token, SENT);
        return;
      }
    }
    const message = messageOf(packet, qos, fullTopic(w, packet), w.input.now);
    const reason = busy(w);
    if (stryMutAct_9fa48("1887") ? reason !== undefined : stryMutAct_9fa48("1886") ? false : stryMutAct_9fa48("1885") ? true : (stryCov_9fa48("1885", "1886", "1887"), reason === undefined)) {
      if (stryMutAct_9fa48("1888")) {
        {}
      } else {
        stryCov_9fa48("1888");
        const {
          payload,
          retain = stryMutAct_9fa48("1889") ? true : (stryCov_9fa48("1889"), false),
          properties
        } = packet;
        const packetId = startFlow(w, message, token);
        const out: PublishPacket<5> = stryMutAct_9fa48("1890") ? {} : (stryCov_9fa48("1890"), {
          type: stryMutAct_9fa48("1891") ? "" : (stryCov_9fa48("1891"), 'publish'),
          topic: packet.topic,
          payload,
          qos,
          retain,
          dup: stryMutAct_9fa48("1892") ? true : (stryCov_9fa48("1892"), false),
          packetId,
          properties
        });
        const auto = stryMutAct_9fa48("1895") ? input.topicAlias !== 'automatic' : stryMutAct_9fa48("1894") ? false : stryMutAct_9fa48("1893") ? true : (stryCov_9fa48("1893", "1894", "1895"), input.topicAlias === (stryMutAct_9fa48("1896") ? "" : (stryCov_9fa48("1896"), 'automatic')));
        transmitPublish(w, out, stryMutAct_9fa48("1899") ? auto || hasAliasRoom(size, w.terms.peers.maximumPacketSize) : stryMutAct_9fa48("1898") ? false : stryMutAct_9fa48("1897") ? true : (stryCov_9fa48("1897", "1898", "1899"), auto && hasAliasRoom(size, w.terms.peers.maximumPacketSize)));
      }
    } else if (stryMutAct_9fa48("1902") ? input.ifBusy === 'refuse' && role === 'server' && reason === 'not-connected' : stryMutAct_9fa48("1901") ? false : stryMutAct_9fa48("1900") ? true : (stryCov_9fa48("1900", "1901", "1902"), (stryMutAct_9fa48("1904") ? input.ifBusy !== 'refuse' : stryMutAct_9fa48("1903") ? false : (stryCov_9fa48("1903", "1904"), input.ifBusy === (stryMutAct_9fa48("1905") ? "" : (stryCov_9fa48("1905"), 'refuse')))) || (stryMutAct_9fa48("1907") ? role === 'server' || reason === 'not-connected' : stryMutAct_9fa48("1906") ? false : (stryCov_9fa48("1906", "1907"), (stryMutAct_9fa48("1909") ? role !== 'server' : stryMutAct_9fa48("1908") ? true : (stryCov_9fa48("1908", "1909"), role === (stryMutAct_9fa48("1910") ? "" : (stryCov_9fa48("1910"), 'server')))) && (stryMutAct_9fa48("1912") ? reason !== 'not-connected' : stryMutAct_9fa48("1911") ? true : (stryCov_9fa48("1911", "1912"), reason === (stryMutAct_9fa48("1913") ? "" : (stryCov_9fa48("1913"), 'not-connected')))))))) {
      if (stryMutAct_9fa48("1914")) {
        {}
      } else {
        stryCov_9fa48("1914");
        // A server has no session before it has accepted the CONNECT.
        refuse(w, refusal(reason, stryMutAct_9fa48("1915") ? "" : (stryCov_9fa48("1915"), 'qos'), stryMutAct_9fa48("1916") ? {} : (stryCov_9fa48("1916"), {
          packetType: stryMutAct_9fa48("1917") ? "" : (stryCov_9fa48("1917"), 'publish')
        })), token);
      }
    } else if (stryMutAct_9fa48("1920") ? false : stryMutAct_9fa48("1919") ? true : stryMutAct_9fa48("1918") ? hasRoom(w.session.queue, size, w.settings.queue) : (stryCov_9fa48("1918", "1919", "1920"), !hasRoom(w.session.queue, size, w.settings.queue))) {
      if (stryMutAct_9fa48("1921")) {
        {}
      } else {
        stryCov_9fa48("1921");
        refuse(w, refusal(stryMutAct_9fa48("1922") ? "" : (stryCov_9fa48("1922"), 'queue-full'), stryMutAct_9fa48("1923") ? "" : (stryCov_9fa48("1923"), 'qos'), stryMutAct_9fa48("1924") ? {} : (stryCov_9fa48("1924"), {
          packetType: stryMutAct_9fa48("1925") ? "" : (stryCov_9fa48("1925"), 'publish')
        })), token);
      }
    } else {
      if (stryMutAct_9fa48("1926")) {
        {}
      } else {
        stryCov_9fa48("1926");
        const automaticAlias = stryMutAct_9fa48("1929") ? input.topicAlias !== 'automatic' : stryMutAct_9fa48("1928") ? false : stryMutAct_9fa48("1927") ? true : (stryCov_9fa48("1927", "1928", "1929"), input.topicAlias === (stryMutAct_9fa48("1930") ? "" : (stryCov_9fa48("1930"), 'automatic')));
        w.session = setQueue(w.session, enqueue(w.session.queue, stryMutAct_9fa48("1931") ? {} : (stryCov_9fa48("1931"), {
          token,
          message,
          automaticAlias,
          bytes: size
        })));
      }
    }
  }
}
const SENT = {
  kind: 'sent'
} as const;

/** The topic of a PUBLISH, or the one that its Topic Alias stands for. */
function fullTopic(w: Work, {
  topic,
  properties
}: Pick<SendablePublish, 'topic' | 'properties'>): string {
  if (stryMutAct_9fa48("1932")) {
    {}
  } else {
    stryCov_9fa48("1932");
    const alias = (stryMutAct_9fa48("1935") ? topic !== '' : stryMutAct_9fa48("1934") ? false : stryMutAct_9fa48("1933") ? true : (stryCov_9fa48("1933", "1934", "1935"), topic === (stryMutAct_9fa48("1936") ? "Stryker was here!" : (stryCov_9fa48("1936"), '')))) ? stryMutAct_9fa48("1937") ? properties.topicAlias : (stryCov_9fa48("1937"), properties?.topicAlias) : undefined;
    return stryMutAct_9fa48("1938") ? (alias === undefined ? undefined : outgoingTopic(w.aliases, alias)) && topic : (stryCov_9fa48("1938"), ((stryMutAct_9fa48("1941") ? alias !== undefined : stryMutAct_9fa48("1940") ? false : stryMutAct_9fa48("1939") ? true : (stryCov_9fa48("1939", "1940", "1941"), alias === undefined)) ? undefined : outgoingTopic(w.aliases, alias)) ?? topic);
  }
}

/** Gives a message its identifier and its slot. There is one of each: {@link busy} has said so. */
function startFlow(w: Work, message: StoredMessage, token: PublishFlow['token']): number {
  if (stryMutAct_9fa48("1942")) {
    {}
  } else {
    stryCov_9fa48("1942");
    const packetId = freeId(w.session);
    w.session = addFlow(w.session, publishFlow(packetId, w.session.nextOrder, token, message));
    stryMutAct_9fa48("1943") ? w.sending-- : (stryCov_9fa48("1943"), w.sending++);
    return packetId;
  }
}

/** Sends a PUBLISH, under an alias where one was asked for or chosen. */
function transmitPublish(w: Work, packet: PublishPacket<5>, automatic: boolean): void {
  if (stryMutAct_9fa48("1944")) {
    {}
  } else {
    stryCov_9fa48("1944");
    const own = stryMutAct_9fa48("1945") ? packet.properties.topicAlias : (stryCov_9fa48("1945"), packet.properties?.topicAlias);
    if (stryMutAct_9fa48("1948") ? own === undefined : stryMutAct_9fa48("1947") ? false : stryMutAct_9fa48("1946") ? true : (stryCov_9fa48("1946", "1947", "1948"), own !== undefined)) {
      if (stryMutAct_9fa48("1949")) {
        {}
      } else {
        stryCov_9fa48("1949");
        w.aliases = useAlias(w.aliases, own, fullTopic(w, packet));
      }
    } else if (stryMutAct_9fa48("1951") ? false : stryMutAct_9fa48("1950") ? true : (stryCov_9fa48("1950", "1951"), automatic)) {
      if (stryMutAct_9fa48("1952")) {
        {}
      } else {
        stryCov_9fa48("1952");
        const {
          topic
        } = packet;
        const maximum = w.terms.peers.topicAliasMaximum;
        const assigned = assignAlias(w.aliases, topic, maximum, w.settings.automaticAliases);
        if (stryMutAct_9fa48("1955") ? assigned === undefined : stryMutAct_9fa48("1954") ? false : stryMutAct_9fa48("1953") ? true : (stryCov_9fa48("1953", "1954", "1955"), assigned !== undefined)) {
          if (stryMutAct_9fa48("1956")) {
            {}
          } else {
            stryCov_9fa48("1956");
            w.aliases = useAlias(w.aliases, assigned.alias, topic);
            const properties = stryMutAct_9fa48("1957") ? {} : (stryCov_9fa48("1957"), {
              ...packet.properties,
              topicAlias: assigned.alias
            });
            transmit(w, stryMutAct_9fa48("1958") ? {} : (stryCov_9fa48("1958"), {
              ...packet,
              topic: assigned.known ? stryMutAct_9fa48("1959") ? "Stryker was here!" : (stryCov_9fa48("1959"), '') : topic,
              properties
            }));
            return;
          }
        }
      }
    }
    transmit(w, packet);
  }
}
function sendRequest(w: Work, input: SendInput, packet: SendableSubscribe | SendableUnsubscribe): void {
  if (stryMutAct_9fa48("1960")) {
    {}
  } else {
    stryCov_9fa48("1960");
    const {
      token
    } = input;
    const context = {
      version: w.terms.version,
      packetType: packet.type
    } as const;
    if (stryMutAct_9fa48("1963") ? false : stryMutAct_9fa48("1962") ? true : stryMutAct_9fa48("1961") ? maySend(w) : (stryCov_9fa48("1961", "1962", "1963"), !maySend(w))) {
      if (stryMutAct_9fa48("1964")) {
        {}
      } else {
        stryCov_9fa48("1964");
        refuse(w, refusal(stryMutAct_9fa48("1965") ? "" : (stryCov_9fa48("1965"), 'not-connected'), stryMutAct_9fa48("1966") ? "" : (stryCov_9fa48("1966"), 'type'), context), token);
        return;
      }
    }
    const error = checkRequest(packet, w.terms, w.settings.role);
    const packetId = (stryMutAct_9fa48("1969") ? error !== undefined : stryMutAct_9fa48("1968") ? false : stryMutAct_9fa48("1967") ? true : (stryCov_9fa48("1967", "1968", "1969"), error === undefined)) ? freeId(w.session) : 0;
    if (stryMutAct_9fa48("1972") ? packetId !== 0 : stryMutAct_9fa48("1971") ? false : stryMutAct_9fa48("1970") ? true : (stryCov_9fa48("1970", "1971", "1972"), packetId === 0)) {
      if (stryMutAct_9fa48("1973")) {
        {}
      } else {
        stryCov_9fa48("1973");
        refuse(w, stryMutAct_9fa48("1974") ? error && refusal('no-free-packet-id', 'packetId', context) : (stryCov_9fa48("1974"), error ?? refusal(stryMutAct_9fa48("1975") ? "" : (stryCov_9fa48("1975"), 'no-free-packet-id'), stryMutAct_9fa48("1976") ? "" : (stryCov_9fa48("1976"), 'packetId'), context)), token);
        return;
      }
    }
    const order = w.session.nextOrder;
    if (stryMutAct_9fa48("1979") ? packet.type !== 'subscribe' : stryMutAct_9fa48("1978") ? false : stryMutAct_9fa48("1977") ? true : (stryCov_9fa48("1977", "1978", "1979"), packet.type === (stryMutAct_9fa48("1980") ? "" : (stryCov_9fa48("1980"), 'subscribe')))) {
      if (stryMutAct_9fa48("1981")) {
        {}
      } else {
        stryCov_9fa48("1981");
        const {
          type,
          subscriptions,
          properties
        } = packet;
        const flow = {
          phase: 'awaiting-suback',
          packetId,
          order,
          token,
          filters: subscriptions.length
        } as const;
        w.session = addFlow(w.session, flow);
        transmit(w, stryMutAct_9fa48("1982") ? {} : (stryCov_9fa48("1982"), {
          type,
          packetId,
          subscriptions,
          properties
        }));
      }
    } else {
      if (stryMutAct_9fa48("1983")) {
        {}
      } else {
        stryCov_9fa48("1983");
        const {
          type,
          topicFilters,
          properties
        } = packet;
        const flow = {
          phase: 'awaiting-unsuback',
          packetId,
          order,
          token,
          filters: topicFilters.length
        } as const;
        w.session = addFlow(w.session, flow);
        transmit(w, stryMutAct_9fa48("1984") ? {} : (stryCov_9fa48("1984"), {
          type,
          packetId,
          topicFilters,
          properties
        }));
      }
    }
    w.details = stryMutAct_9fa48("1985") ? {} : (stryCov_9fa48("1985"), {
      ...w.details,
      awaited: stryMutAct_9fa48("1986") ? w.details.awaited - 1 : (stryCov_9fa48("1986"), w.details.awaited + 1)
    });
  }
}

/** Sends what waits, as far as the peer and the socket take more: first what was sent before, then the queue. */
export function drain(w: Work): void {
  if (stryMutAct_9fa48("1987")) {
    {}
  } else {
    stryCov_9fa48("1987");
    if (stryMutAct_9fa48("1990") ? w.phase !== 'connected' && w.details.blocked : stryMutAct_9fa48("1989") ? false : stryMutAct_9fa48("1988") ? true : (stryCov_9fa48("1988", "1989", "1990"), (stryMutAct_9fa48("1992") ? w.phase === 'connected' : stryMutAct_9fa48("1991") ? false : (stryCov_9fa48("1991", "1992"), w.phase !== (stryMutAct_9fa48("1993") ? "" : (stryCov_9fa48("1993"), 'connected')))) || w.details.blocked)) return;
    const {
      resend
    } = w.details;
    if (stryMutAct_9fa48("1996") ? resend === undefined : stryMutAct_9fa48("1995") ? false : stryMutAct_9fa48("1994") ? true : (stryCov_9fa48("1994", "1995", "1996"), resend !== undefined)) drainResend(w, resend);
    while (stryMutAct_9fa48("1998") ? w.sending < slots(w) || w.session.outgoing.size < 65_535 : stryMutAct_9fa48("1997") ? false : (stryCov_9fa48("1997", "1998"), (stryMutAct_9fa48("2001") ? w.sending >= slots(w) : stryMutAct_9fa48("2000") ? w.sending <= slots(w) : stryMutAct_9fa48("1999") ? true : (stryCov_9fa48("1999", "2000", "2001"), w.sending < slots(w))) && (stryMutAct_9fa48("2004") ? w.session.outgoing.size >= 65_535 : stryMutAct_9fa48("2003") ? w.session.outgoing.size <= 65_535 : stryMutAct_9fa48("2002") ? true : (stryCov_9fa48("2002", "2003", "2004"), w.session.outgoing.size < 65_535)))) {
      if (stryMutAct_9fa48("2005")) {
        {}
      } else {
        stryCov_9fa48("2005");
        const item = firstQueued(w.session.queue);
        if (stryMutAct_9fa48("2008") ? item !== undefined : stryMutAct_9fa48("2007") ? false : stryMutAct_9fa48("2006") ? true : (stryCov_9fa48("2006", "2007", "2008"), item === undefined)) return;
        w.session = setQueue(w.session, removeFirst(w.session.queue, item));
        sendQueued(w, item);
      }
    }
  }
}
function sendQueued(w: Work, {
  message,
  token,
  automaticAlias,
  bytes
}: QueuedMessage): void {
  if (stryMutAct_9fa48("2009")) {
    {}
  } else {
    stryCov_9fa48("2009");
    const {
      expiresAt,
      topic
    } = message;
    if (stryMutAct_9fa48("2012") ? expiresAt !== undefined || expiresAt <= w.input.now : stryMutAct_9fa48("2011") ? false : stryMutAct_9fa48("2010") ? true : (stryCov_9fa48("2010", "2011", "2012"), (stryMutAct_9fa48("2014") ? expiresAt === undefined : stryMutAct_9fa48("2013") ? true : (stryCov_9fa48("2013", "2014"), expiresAt !== undefined)) && (stryMutAct_9fa48("2017") ? expiresAt > w.input.now : stryMutAct_9fa48("2016") ? expiresAt < w.input.now : stryMutAct_9fa48("2015") ? true : (stryCov_9fa48("2015", "2016", "2017"), expiresAt <= w.input.now)))) {
      if (stryMutAct_9fa48("2018")) {
        {}
      } else {
        stryCov_9fa48("2018");
        settle(w, token, stryMutAct_9fa48("2019") ? {} : (stryCov_9fa48("2019"), {
          kind: stryMutAct_9fa48("2020") ? "" : (stryCov_9fa48("2020"), 'expired')
        }));
        return;
      }
    }
    const error = checkMessage(message, w.terms, w.settings.role);
    if (stryMutAct_9fa48("2023") ? error === undefined : stryMutAct_9fa48("2022") ? false : stryMutAct_9fa48("2021") ? true : (stryCov_9fa48("2021", "2022", "2023"), error !== undefined)) {
      if (stryMutAct_9fa48("2024")) {
        {}
      } else {
        stryCov_9fa48("2024");
        settle(w, token, stryMutAct_9fa48("2025") ? {} : (stryCov_9fa48("2025"), {
          kind: stryMutAct_9fa48("2026") ? "" : (stryCov_9fa48("2026"), 'unsendable'),
          error
        }));
        return;
      }
    }
    const packet = packetOf(message, startFlow(w, message, token), stryMutAct_9fa48("2027") ? true : (stryCov_9fa48("2027"), false), w.input.now, w.terms.version);
    // The topic may not be counted in the size, where an alias stood for it.
    const room = hasAliasRoom(stryMutAct_9fa48("2028") ? bytes - 3 * topic.length : (stryCov_9fa48("2028"), bytes + (stryMutAct_9fa48("2029") ? 3 / topic.length : (stryCov_9fa48("2029"), 3 * topic.length))), w.terms.peers.maximumPacketSize);
    transmitPublish(w, packet, stryMutAct_9fa48("2032") ? automaticAlias || room : stryMutAct_9fa48("2031") ? false : stryMutAct_9fa48("2030") ? true : (stryCov_9fa48("2030", "2031", "2032"), automaticAlias && room));
  }
}

/** Messages that expired before they were sent are dropped (section 3.3.2.3.3). */
export function expireQueue(w: Work): void {
  if (stryMutAct_9fa48("2033")) {
    {}
  } else {
    stryCov_9fa48("2033");
    const [queue, expired] = withoutExpired(w.session.queue, w.input.now);
    w.session = setQueue(w.session, queue);
    for (const item of expired) settle(w, item.token, stryMutAct_9fa48("2034") ? {} : (stryCov_9fa48("2034"), {
      kind: stryMutAct_9fa48("2035") ? "" : (stryCov_9fa48("2035"), 'expired')
    }));
  }
}

/** Sends messages of an earlier connection again, the first of them first. */
function drainResend(w: Work, resend: Resend): void {
  if (stryMutAct_9fa48("2036")) {
    {}
  } else {
    stryCov_9fa48("2036");
    let {
      at
    } = resend;
    for (; stryMutAct_9fa48("2038") ? at < resend.flows.length || w.sending < slots(w) : stryMutAct_9fa48("2037") ? false : (stryCov_9fa48("2037", "2038"), (stryMutAct_9fa48("2041") ? at >= resend.flows.length : stryMutAct_9fa48("2040") ? at <= resend.flows.length : stryMutAct_9fa48("2039") ? true : (stryCov_9fa48("2039", "2040", "2041"), at < resend.flows.length)) && (stryMutAct_9fa48("2044") ? w.sending >= slots(w) : stryMutAct_9fa48("2043") ? w.sending <= slots(w) : stryMutAct_9fa48("2042") ? true : (stryCov_9fa48("2042", "2043", "2044"), w.sending < slots(w)))); stryMutAct_9fa48("2045") ? at-- : (stryCov_9fa48("2045"), at++)) {
      if (stryMutAct_9fa48("2046")) {
        {}
      } else {
        stryCov_9fa48("2046");
        const flow = resend.flows[at]!;
        // It may have been acknowledged meanwhile.
        if (stryMutAct_9fa48("2049") ? flowOf(w.session, flow.packetId) !== flow : stryMutAct_9fa48("2048") ? false : stryMutAct_9fa48("2047") ? true : (stryCov_9fa48("2047", "2048", "2049"), flowOf(w.session, flow.packetId) === flow)) sendAgain(w, flow);
      }
    }
    const rest = (stryMutAct_9fa48("2052") ? at !== resend.flows.length : stryMutAct_9fa48("2051") ? false : stryMutAct_9fa48("2050") ? true : (stryCov_9fa48("2050", "2051", "2052"), at === resend.flows.length)) ? undefined : stryMutAct_9fa48("2053") ? {} : (stryCov_9fa48("2053"), {
      flows: resend.flows,
      at
    });
    w.details = stryMutAct_9fa48("2054") ? {} : (stryCov_9fa48("2054"), {
      ...w.details,
      resend: rest
    });
  }
}

/** Sends a PUBLISH of an earlier connection again, or reports that this peer does not take it. */
export function sendAgain(w: Work, flow: PublishFlow): void {
  if (stryMutAct_9fa48("2055")) {
    {}
  } else {
    stryCov_9fa48("2055");
    const {
      token,
      packetId
    } = flow;
    const error: MqttError | undefined = checkMessage(flow, w.terms, w.settings.role);
    if (stryMutAct_9fa48("2058") ? error !== undefined : stryMutAct_9fa48("2057") ? false : stryMutAct_9fa48("2056") ? true : (stryCov_9fa48("2056", "2057", "2058"), error === undefined)) {
      if (stryMutAct_9fa48("2059")) {
        {}
      } else {
        stryCov_9fa48("2059");
        stryMutAct_9fa48("2060") ? w.sending-- : (stryCov_9fa48("2060"), w.sending++);
        transmit(w, packetOf(flow, packetId, stryMutAct_9fa48("2061") ? false : (stryCov_9fa48("2061"), true), w.input.now, w.terms.version));
        return;
      }
    }
    settle(w, token, stryMutAct_9fa48("2062") ? {} : (stryCov_9fa48("2062"), {
      kind: stryMutAct_9fa48("2063") ? "" : (stryCov_9fa48("2063"), 'unsendable'),
      error
    }));
    if (stryMutAct_9fa48("2066") ? flow.qos !== 1 : stryMutAct_9fa48("2065") ? false : stryMutAct_9fa48("2064") ? true : (stryCov_9fa48("2064", "2065", "2066"), flow.qos === 1)) w.session = endFlow(w.session, packetId);else abandon(w, flow);
  }
}

/**
 * Gives up a QoS 2 message that the peer may hold already: PUBREL frees the identifier there, so that a new message
 * under it is not taken for the old one. The flow has no caller any more.
 */
function abandon(w: Work, flow: PublishFlow): void {
  if (stryMutAct_9fa48("2067")) {
    {}
  } else {
    stryCov_9fa48("2067");
    w.session = releaseFlow(w.session, stryMutAct_9fa48("2068") ? {} : (stryCov_9fa48("2068"), {
      ...flow,
      token: undefined
    }), ABANDONED);
    stryMutAct_9fa48("2069") ? w.sending-- : (stryCov_9fa48("2069"), w.sending++);
    const {
      packetId
    } = flow;
    transmit(w, hasRoomForReason(w) ? stryMutAct_9fa48("2070") ? {} : (stryCov_9fa48("2070"), {
      type: stryMutAct_9fa48("2071") ? "" : (stryCov_9fa48("2071"), 'pubrel'),
      packetId,
      reasonCode: 0x92
    }) : stryMutAct_9fa48("2072") ? {} : (stryCov_9fa48("2072"), {
      type: stryMutAct_9fa48("2073") ? "" : (stryCov_9fa48("2073"), 'pubrel'),
      packetId
    }));
  }
}

// Stands for the Reason Code of a PUBREC where there was none, since the message was given up.
const ABANDONED = 0xff;

/** Whether nobody waits for the end of an exchange any more: its message was reported as unsendable. */
export function isAbandoned(flow: OutgoingFlow): boolean {
  if (stryMutAct_9fa48("2074")) {
    {}
  } else {
    stryCov_9fa48("2074");
    return stryMutAct_9fa48("2077") ? flow.phase === 'awaiting-pubcomp' || flow.reasonCode === ABANDONED : stryMutAct_9fa48("2076") ? false : stryMutAct_9fa48("2075") ? true : (stryCov_9fa48("2075", "2076", "2077"), (stryMutAct_9fa48("2079") ? flow.phase !== 'awaiting-pubcomp' : stryMutAct_9fa48("2078") ? true : (stryCov_9fa48("2078", "2079"), flow.phase === (stryMutAct_9fa48("2080") ? "" : (stryCov_9fa48("2080"), 'awaiting-pubcomp')))) && (stryMutAct_9fa48("2082") ? flow.reasonCode !== ABANDONED : stryMutAct_9fa48("2081") ? true : (stryCov_9fa48("2081", "2082"), flow.reasonCode === ABANDONED)));
  }
}
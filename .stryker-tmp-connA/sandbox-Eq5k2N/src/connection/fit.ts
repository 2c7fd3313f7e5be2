// @ts-nocheck
// pure: what the peer's Maximum Packet Size and Request Problem Information leave of a packet.
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
import { encodedLength } from '../codec.js';
import type { MqttError, ProtocolVersion } from '../errors.js';
import type { Packet } from '../packets/index.js';
import { tooLarge } from '../session/failures.js';
import type { AckProperties } from '../spec/properties.js';
import type { Terms } from './state.js';

/** Packets whose Reason String and User Properties are there for people only, and can be spared. */
export type Explained = Extract<Packet, {
  type: 'connack' | 'puback' | 'pubrec' | 'pubrel' | 'pubcomp' | 'suback' | 'unsuback' | 'disconnect' | 'auth';
}>;

// What a packet without properties has at most, lists of Reason Codes apart.
const BARE = 8;
function without<P extends Explained>(packet: P, ...names: readonly (keyof AckProperties)[]): P {
  if (stryMutAct_9fa48("761")) {
    {}
  } else {
    stryCov_9fa48("761");
    const properties: AckProperties = stryMutAct_9fa48("762") ? {} : (stryCov_9fa48("762"), {
      ...packet.properties
    });
    for (const name of names) delete properties[name];
    return stryMutAct_9fa48("763") ? {} : (stryCov_9fa48("763"), {
      ...packet,
      properties
    });
  }
}

/**
 * The packet as it may be sent: without Reason String and User Properties where the client did not ask for them,
 * and without as many of them as it takes to fit the peer's Maximum Packet Size (for instance section 3.4.2.2.2).
 * The error for a packet that is too large even then.
 */
export function fitted<P extends Explained>(packet: P, terms: Terms, role: 'client' | 'server'): P | MqttError {
  if (stryMutAct_9fa48("764")) {
    {}
  } else {
    stryCov_9fa48("764");
    const {
      version,
      peers
    } = terms;
    const limit = peers.maximumPacketSize;
    let fit = packet;
    const {
      type,
      properties
    } = packet;
    const explains = stryMutAct_9fa48("767") ? properties?.reasonString !== undefined && properties?.userProperties !== undefined : stryMutAct_9fa48("766") ? false : stryMutAct_9fa48("765") ? true : (stryCov_9fa48("765", "766", "767"), (stryMutAct_9fa48("769") ? properties?.reasonString === undefined : stryMutAct_9fa48("768") ? false : (stryCov_9fa48("768", "769"), (stryMutAct_9fa48("770") ? properties.reasonString : (stryCov_9fa48("770"), properties?.reasonString)) !== undefined)) || (stryMutAct_9fa48("772") ? properties?.userProperties === undefined : stryMutAct_9fa48("771") ? false : (stryCov_9fa48("771", "772"), (stryMutAct_9fa48("773") ? properties.userProperties : (stryCov_9fa48("773"), properties?.userProperties)) !== undefined)));
    if (stryMutAct_9fa48("776") ? explains && role === 'server' && !terms.problemInformation && type !== 'connack' || type !== 'disconnect' : stryMutAct_9fa48("775") ? false : stryMutAct_9fa48("774") ? true : (stryCov_9fa48("774", "775", "776"), (stryMutAct_9fa48("778") ? explains && role === 'server' && !terms.problemInformation || type !== 'connack' : stryMutAct_9fa48("777") ? true : (stryCov_9fa48("777", "778"), (stryMutAct_9fa48("780") ? explains && role === 'server' || !terms.problemInformation : stryMutAct_9fa48("779") ? true : (stryCov_9fa48("779", "780"), (stryMutAct_9fa48("782") ? explains || role === 'server' : stryMutAct_9fa48("781") ? true : (stryCov_9fa48("781", "782"), explains && (stryMutAct_9fa48("784") ? role !== 'server' : stryMutAct_9fa48("783") ? true : (stryCov_9fa48("783", "784"), role === (stryMutAct_9fa48("785") ? "" : (stryCov_9fa48("785"), 'server')))))) && (stryMutAct_9fa48("786") ? terms.problemInformation : (stryCov_9fa48("786"), !terms.problemInformation)))) && (stryMutAct_9fa48("788") ? type === 'connack' : stryMutAct_9fa48("787") ? true : (stryCov_9fa48("787", "788"), type !== (stryMutAct_9fa48("789") ? "" : (stryCov_9fa48("789"), 'connack')))))) && (stryMutAct_9fa48("791") ? type === 'disconnect' : stryMutAct_9fa48("790") ? true : (stryCov_9fa48("790", "791"), type !== (stryMutAct_9fa48("792") ? "" : (stryCov_9fa48("792"), 'disconnect')))))) {
      if (stryMutAct_9fa48("793")) {
        {}
      } else {
        stryCov_9fa48("793");
        fit = without(fit, stryMutAct_9fa48("794") ? "" : (stryCov_9fa48("794"), 'reasonString'), stryMutAct_9fa48("795") ? "" : (stryCov_9fa48("795"), 'userProperties'));
      }
    } else if (stryMutAct_9fa48("798") ? !explains && limit >= BARE && properties === undefined || !('reasonCodes' in packet) : stryMutAct_9fa48("797") ? false : stryMutAct_9fa48("796") ? true : (stryCov_9fa48("796", "797", "798"), (stryMutAct_9fa48("800") ? !explains && limit >= BARE || properties === undefined : stryMutAct_9fa48("799") ? true : (stryCov_9fa48("799", "800"), (stryMutAct_9fa48("802") ? !explains || limit >= BARE : stryMutAct_9fa48("801") ? true : (stryCov_9fa48("801", "802"), (stryMutAct_9fa48("803") ? explains : (stryCov_9fa48("803"), !explains)) && (stryMutAct_9fa48("806") ? limit < BARE : stryMutAct_9fa48("805") ? limit > BARE : stryMutAct_9fa48("804") ? true : (stryCov_9fa48("804", "805", "806"), limit >= BARE)))) && (stryMutAct_9fa48("808") ? properties !== undefined : stryMutAct_9fa48("807") ? true : (stryCov_9fa48("807", "808"), properties === undefined)))) && (stryMutAct_9fa48("809") ? 'reasonCodes' in packet : (stryCov_9fa48("809"), !((stryMutAct_9fa48("810") ? "" : (stryCov_9fa48("810"), 'reasonCodes')) in packet))))) {
      if (stryMutAct_9fa48("811")) {
        {}
      } else {
        stryCov_9fa48("811");
        return packet;
      }
    }
    if (stryMutAct_9fa48("815") ? sizeIn(fit, version) > limit : stryMutAct_9fa48("814") ? sizeIn(fit, version) < limit : stryMutAct_9fa48("813") ? false : stryMutAct_9fa48("812") ? true : (stryCov_9fa48("812", "813", "814", "815"), sizeIn(fit, version) <= limit)) return fit;
    fit = without(fit, stryMutAct_9fa48("816") ? "" : (stryCov_9fa48("816"), 'userProperties'));
    if (stryMutAct_9fa48("820") ? sizeIn(fit, version) > limit : stryMutAct_9fa48("819") ? sizeIn(fit, version) < limit : stryMutAct_9fa48("818") ? false : stryMutAct_9fa48("817") ? true : (stryCov_9fa48("817", "818", "819", "820"), sizeIn(fit, version) <= limit)) return fit;
    fit = without(fit, stryMutAct_9fa48("821") ? "" : (stryCov_9fa48("821"), 'reasonString'), stryMutAct_9fa48("822") ? "" : (stryCov_9fa48("822"), 'userProperties'));
    const size = sizeIn(fit, version);
    return (stryMutAct_9fa48("826") ? size > limit : stryMutAct_9fa48("825") ? size < limit : stryMutAct_9fa48("824") ? false : stryMutAct_9fa48("823") ? true : (stryCov_9fa48("823", "824", "825", "826"), size <= limit)) ? fit : tooLarge(size, limit, stryMutAct_9fa48("827") ? {} : (stryCov_9fa48("827"), {
      version,
      packetType: type,
      statement: sizeRule(role)
    }));
  }
}
function sizeIn(packet: Explained, version: ProtocolVersion): number {
  if (stryMutAct_9fa48("828")) {
    {}
  } else {
    stryCov_9fa48("828");
    return encodedLength<ProtocolVersion>(packet, version);
  }
}

/** The statement that forbids that side packets over the peer's Maximum Packet Size. */
export function sizeRule(role: 'client' | 'server'): string {
  if (stryMutAct_9fa48("829")) {
    {}
  } else {
    stryCov_9fa48("829");
    return (stryMutAct_9fa48("832") ? role !== 'client' : stryMutAct_9fa48("831") ? false : stryMutAct_9fa48("830") ? true : (stryCov_9fa48("830", "831", "832"), role === (stryMutAct_9fa48("833") ? "" : (stryCov_9fa48("833"), 'client')))) ? stryMutAct_9fa48("834") ? "" : (stryCov_9fa48("834"), '|3.2.2-15') : stryMutAct_9fa48("835") ? "" : (stryCov_9fa48("835"), '|3.1.2-24');
  }
}
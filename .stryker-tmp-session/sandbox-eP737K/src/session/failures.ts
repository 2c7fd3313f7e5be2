// @ts-nocheck
// pure: the errors that the session and the connection make: of the peer's doing, and of the caller's.
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
import { type InvalidPacketCode, InvalidPacketError, PacketTooLargeError, type PacketType, ProtocolError, type ProtocolErrorCode, type ProtocolVersion } from '../errors.js';

/** Where an error of the session or the connection belongs. */
export interface FailureContext {
  readonly version?: ProtocolVersion | undefined;
  readonly packetType?: PacketType | undefined;
  readonly field?: string | undefined;
  /** The statement's number; where the versions differ, that of 3.1.1 stands before the bar, of 5.0 after it. */
  readonly statement?: string | undefined;
}

/** The statement as the standard of that version numbers it. */
function statementOf(text: string | undefined, version: ProtocolVersion | undefined): string | undefined {
  if (stryMutAct_9fa48("184")) {
    {}
  } else {
    stryCov_9fa48("184");
    const sides = stryMutAct_9fa48("185") ? text?.split('|') && [] : (stryCov_9fa48("185"), (stryMutAct_9fa48("186") ? text.split('|') : (stryCov_9fa48("186"), text?.split(stryMutAct_9fa48("187") ? "" : (stryCov_9fa48("187"), '|')))) ?? (stryMutAct_9fa48("188") ? ["Stryker was here"] : (stryCov_9fa48("188"), [])));
    const number = sides[(stryMutAct_9fa48("191") ? version !== 4 : stryMutAct_9fa48("190") ? false : stryMutAct_9fa48("189") ? true : (stryCov_9fa48("189", "190", "191"), version === 4)) ? 0 : stryMutAct_9fa48("192") ? sides.length + 1 : (stryCov_9fa48("192"), sides.length - 1)];
    return number ? stryMutAct_9fa48("193") ? `` : (stryCov_9fa48("193"), `MQTT-${number}`) : undefined;
  }
}

/** What a peer did wrong, and the Reason Code that it should be told. */
export function violation(code: ProtocolErrorCode, reasonCode: number, {
  version,
  packetType,
  field,
  statement
}: FailureContext = {}): ProtocolError {
  if (stryMutAct_9fa48("194")) {
    {}
  } else {
    stryCov_9fa48("194");
    return new ProtocolError(stryMutAct_9fa48("195") ? {} : (stryCov_9fa48("195"), {
      code,
      reasonCode,
      field,
      packetType,
      protocolVersion: version,
      statement: statementOf(statement, version)
    }));
  }
}

/** What a caller asked for that cannot be done. */
export function refusal(code: InvalidPacketCode, field: string, {
  version,
  packetType,
  statement
}: FailureContext = {}): InvalidPacketError {
  if (stryMutAct_9fa48("196")) {
    {}
  } else {
    stryCov_9fa48("196");
    return new InvalidPacketError(stryMutAct_9fa48("197") ? {} : (stryCov_9fa48("197"), {
      code,
      field,
      packetType,
      protocolVersion: version,
      statement: statementOf(statement, version)
    }));
  }
}

/** A packet over the Maximum Packet Size. */
export function tooLarge(size: number, limit: number, {
  version,
  packetType,
  statement
}: FailureContext = {}): PacketTooLargeError {
  if (stryMutAct_9fa48("198")) {
    {}
  } else {
    stryCov_9fa48("198");
    return new PacketTooLargeError(stryMutAct_9fa48("199") ? {} : (stryCov_9fa48("199"), {
      code: stryMutAct_9fa48("200") ? "" : (stryCov_9fa48("200"), 'packet-too-large'),
      reasonCode: 0x95,
      size,
      limit,
      packetType,
      protocolVersion: version,
      statement: statementOf(statement, version)
    }));
  }
}
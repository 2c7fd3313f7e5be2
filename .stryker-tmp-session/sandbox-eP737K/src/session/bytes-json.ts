// @ts-nocheck
// pure: stored states as JSON text, with byte arrays written as base64.
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
import { refusal } from './failures.js';
const ALPHABET = stryMutAct_9fa48("0") ? "" : (stryCov_9fa48("0"), 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
// The key that marks a byte array. Stored states have no keys of anybody's choice, so that it cannot clash.
const MARK = stryMutAct_9fa48("1") ? "" : (stryCov_9fa48("1"), '$bytes');

/**
 * Writes a stored state (of a session, of its changes, of a connection) as JSON; byte arrays become
 * `{ "$bytes": "<base64>" }`.
 *
 * @example
 * storedToJson({ payload: Uint8Array.of(104, 105) }); // => '{"payload":{"$bytes":"aGk="}}'
 */
export function storedToJson(stored: object): string {
  if (stryMutAct_9fa48("2")) {
    {}
  } else {
    stryCov_9fa48("2");
    return JSON.stringify(stored, stryMutAct_9fa48("3") ? () => undefined : (stryCov_9fa48("3"), (_key, value: unknown) => value instanceof Uint8Array ? stryMutAct_9fa48("4") ? {} : (stryCov_9fa48("4"), {
      [MARK]: toBase64(value)
    }) : value));
  }
}

/**
 * Reads what {@link storedToJson} wrote. What comes out is checked by the function that imports it.
 *
 * Throws InvalidPacketError (`invalid-stored-state`) for text that is no JSON or no base64.
 *
 * @example
 * storedFromJson('{"payload":{"$bytes":"aGk="}}'); // => { payload: Uint8Array.of(104, 105) }
 */
export function storedFromJson(text: string): unknown {
  if (stryMutAct_9fa48("5")) {
    {}
  } else {
    stryCov_9fa48("5");
    try {
      if (stryMutAct_9fa48("6")) {
        {}
      } else {
        stryCov_9fa48("6");
        return JSON.parse(text, (_key, value: unknown) => {
          if (stryMutAct_9fa48("7")) {
            {}
          } else {
            stryCov_9fa48("7");
            if (stryMutAct_9fa48("10") ? typeof value !== 'object' && value === null : stryMutAct_9fa48("9") ? false : stryMutAct_9fa48("8") ? true : (stryCov_9fa48("8", "9", "10"), (stryMutAct_9fa48("12") ? typeof value === 'object' : stryMutAct_9fa48("11") ? false : (stryCov_9fa48("11", "12"), typeof value !== (stryMutAct_9fa48("13") ? "" : (stryCov_9fa48("13"), 'object')))) || (stryMutAct_9fa48("15") ? value !== null : stryMutAct_9fa48("14") ? false : (stryCov_9fa48("14", "15"), value === null)))) return value;
            const encoded: unknown = Reflect.get(value, MARK);
            return (stryMutAct_9fa48("18") ? typeof encoded !== 'string' : stryMutAct_9fa48("17") ? false : stryMutAct_9fa48("16") ? true : (stryCov_9fa48("16", "17", "18"), typeof encoded === (stryMutAct_9fa48("19") ? "" : (stryCov_9fa48("19"), 'string')))) ? fromBase64(encoded) : value;
          }
        });
      }
    } catch (error) {
      if (stryMutAct_9fa48("20")) {
        {}
      } else {
        stryCov_9fa48("20");
        if (stryMutAct_9fa48("22") ? false : stryMutAct_9fa48("21") ? true : (stryCov_9fa48("21", "22"), error instanceof SyntaxError)) throw refusal(stryMutAct_9fa48("23") ? "" : (stryCov_9fa48("23"), 'invalid-stored-state'), stryMutAct_9fa48("24") ? "" : (stryCov_9fa48("24"), 'json'));
        throw error;
      }
    }
  }
}
function toBase64(bytes: Uint8Array): string {
  if (stryMutAct_9fa48("25")) {
    {}
  } else {
    stryCov_9fa48("25");
    const pieces: string[] = stryMutAct_9fa48("26") ? ["Stryker was here"] : (stryCov_9fa48("26"), []);
    for (let at = 0; stryMutAct_9fa48("29") ? at >= bytes.length : stryMutAct_9fa48("28") ? at <= bytes.length : stryMutAct_9fa48("27") ? false : (stryCov_9fa48("27", "28", "29"), at < bytes.length); stryMutAct_9fa48("30") ? at -= 3 : (stryCov_9fa48("30"), at += 3)) {
      if (stryMutAct_9fa48("31")) {
        {}
      } else {
        stryCov_9fa48("31");
        const left = stryMutAct_9fa48("32") ? bytes.length + at : (stryCov_9fa48("32"), bytes.length - at);
        const word = bytes[at]! << 16 | (stryMutAct_9fa48("33") ? bytes[at + 1] && 0 : (stryCov_9fa48("33"), bytes[stryMutAct_9fa48("34") ? at - 1 : (stryCov_9fa48("34"), at + 1)] ?? 0)) << 8 | (stryMutAct_9fa48("35") ? bytes[at + 2] && 0 : (stryCov_9fa48("35"), bytes[stryMutAct_9fa48("36") ? at - 2 : (stryCov_9fa48("36"), at + 2)] ?? 0));
        pieces.push(stryMutAct_9fa48("37") ? ALPHABET[word >> 18]! + ALPHABET[word >> 12 & 63]! + (left > 1 ? ALPHABET[word >> 6 & 63]! : '=') - (left > 2 ? ALPHABET[word & 63]! : '=') : (stryCov_9fa48("37"), (stryMutAct_9fa48("38") ? ALPHABET[word >> 18]! + ALPHABET[word >> 12 & 63]! - (left > 1 ? ALPHABET[word >> 6 & 63]! : '=') : (stryCov_9fa48("38"), (stryMutAct_9fa48("39") ? ALPHABET[word >> 18]! - ALPHABET[word >> 12 & 63]! : (stryCov_9fa48("39"), ALPHABET[word >> 18]! + ALPHABET[word >> 12 & 63]!)) + ((stryMutAct_9fa48("43") ? left <= 1 : stryMutAct_9fa48("42") ? left >= 1 : stryMutAct_9fa48("41") ? false : stryMutAct_9fa48("40") ? true : (stryCov_9fa48("40", "41", "42", "43"), left > 1)) ? ALPHABET[word >> 6 & 63]! : stryMutAct_9fa48("44") ? "" : (stryCov_9fa48("44"), '=')))) + ((stryMutAct_9fa48("48") ? left <= 2 : stryMutAct_9fa48("47") ? left >= 2 : stryMutAct_9fa48("46") ? false : stryMutAct_9fa48("45") ? true : (stryCov_9fa48("45", "46", "47", "48"), left > 2)) ? ALPHABET[word & 63]! : stryMutAct_9fa48("49") ? "" : (stryCov_9fa48("49"), '='))));
      }
    }
    return pieces.join(stryMutAct_9fa48("50") ? "Stryker was here!" : (stryCov_9fa48("50"), ''));
  }
}
function fromBase64(text: string): Uint8Array {
  if (stryMutAct_9fa48("51")) {
    {}
  } else {
    stryCov_9fa48("51");
    const digits = text.replace(stryMutAct_9fa48("53") ? /=$/ : stryMutAct_9fa48("52") ? /={1,2}/ : (stryCov_9fa48("52", "53"), /={1,2}$/), stryMutAct_9fa48("54") ? "Stryker was here!" : (stryCov_9fa48("54"), ''));
    if (stryMutAct_9fa48("57") ? text.length % 4 !== 0 && !/^[A-Za-z0-9+/]*$/.test(digits) : stryMutAct_9fa48("56") ? false : stryMutAct_9fa48("55") ? true : (stryCov_9fa48("55", "56", "57"), (stryMutAct_9fa48("59") ? text.length % 4 === 0 : stryMutAct_9fa48("58") ? false : (stryCov_9fa48("58", "59"), (stryMutAct_9fa48("60") ? text.length * 4 : (stryCov_9fa48("60"), text.length % 4)) !== 0)) || (stryMutAct_9fa48("61") ? /^[A-Za-z0-9+/]*$/.test(digits) : (stryCov_9fa48("61"), !(stryMutAct_9fa48("65") ? /^[^A-Za-z0-9+/]*$/ : stryMutAct_9fa48("64") ? /^[A-Za-z0-9+/]$/ : stryMutAct_9fa48("63") ? /^[A-Za-z0-9+/]*/ : stryMutAct_9fa48("62") ? /[A-Za-z0-9+/]*$/ : (stryCov_9fa48("62", "63", "64", "65"), /^[A-Za-z0-9+/]*$/)).test(digits))))) {
      if (stryMutAct_9fa48("66")) {
        {}
      } else {
        stryCov_9fa48("66");
        throw refusal(stryMutAct_9fa48("67") ? "" : (stryCov_9fa48("67"), 'invalid-stored-state'), MARK);
      }
    }
    const bytes = new Uint8Array((stryMutAct_9fa48("68") ? digits.length / 3 : (stryCov_9fa48("68"), digits.length * 3)) >> 2);
    let at = 0;
    let word = 0;
    for (let i = 0; stryMutAct_9fa48("71") ? i >= digits.length : stryMutAct_9fa48("70") ? i <= digits.length : stryMutAct_9fa48("69") ? false : (stryCov_9fa48("69", "70", "71"), i < digits.length); stryMutAct_9fa48("72") ? i-- : (stryCov_9fa48("72"), i++)) {
      if (stryMutAct_9fa48("73")) {
        {}
      } else {
        stryCov_9fa48("73");
        word = word << 6 | ALPHABET.indexOf(digits[i]!);
        if (stryMutAct_9fa48("76") ? (i & 3) !== 0 : stryMutAct_9fa48("75") ? false : stryMutAct_9fa48("74") ? true : (stryCov_9fa48("74", "75", "76"), (i & 3) === 0)) continue;
        // Six bits more than needed are in the word after each digit but the first of four.
        bytes[stryMutAct_9fa48("77") ? at-- : (stryCov_9fa48("77"), at++)] = word >> (stryMutAct_9fa48("78") ? 6 + 2 * (i & 3) : (stryCov_9fa48("78"), 6 - (stryMutAct_9fa48("79") ? 2 / (i & 3) : (stryCov_9fa48("79"), 2 * (i & 3)))));
      }
    }
    return bytes;
  }
}
// pure: UTF-8 as MQTT demands it (section 1.5.4, in 3.1.1 section 1.5.3): strict, U+FEFF kept.

/** What the bytes of a string must not hold beside ill-formed UTF-8: nothing more, as in a payload. */
export const ANYTHING: number = 0;
/** What a string field must not hold: U+0000. */
export const NO_NULL: number = 1;
/** What a Topic Name must not hold: U+0000, `+` and `#`. */
export const NO_WILDCARD: number = 3;

// Engines without these (QuickJS, XS, bare contexts) take the portable path.
interface Decoder {
  decode(bytes: Uint8Array): string;
}
interface Encoder {
  encodeInto(text: string, target: Uint8Array): { written: number };
}
declare const TextDecoder: (new (label: string, options: object) => Decoder) | undefined;
declare const TextEncoder: (new () => Encoder) | undefined;

const decoder: Decoder | undefined = /* @__PURE__ */ (() =>
  typeof TextDecoder === 'function'
    ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    : undefined)();
const encoder: Encoder | undefined = /* @__PURE__ */ (() =>
  typeof TextEncoder === 'function' ? new TextEncoder() : undefined)();

// Where the native coders overtake the loops, in bytes and in UTF-16 units.
const DECODE_FROM = 64;
const ENCODE_FROM = 48;

// The class of each byte: 1 for U+0000, 2 for a wildcard, 4 for all but ASCII.
const CLASS: Uint8Array = /* @__PURE__ */ (() => {
  const table = new Uint8Array(256).fill(4, 128);
  table[0] = 1;
  table[0x23] = table[0x2b] = 2;
  return table;
})();

// What may not stand in a string: a lone surrogate, and what is forbidden besides.
function forbiddenIn(text: string, forbidden: number): boolean {
  return (
    forbidden === NO_WILDCARD ? /[\0+#\ud800-\udfff]/u : forbidden ? /[\0\ud800-\udfff]/u : /[\ud800-\udfff]/u
  ).test(text);
}

const chars = String.fromCharCode;

/**
 * Reads a string, or tells the index of the first byte (of a character) that may not stand there.
 *
 * `forbidden` is {@link ANYTHING}, {@link NO_NULL} or {@link NO_WILDCARD}. Never throws.
 */
export function readUtf8(bytes: Uint8Array, at: number, end: number, forbidden: number): string | number {
  if (end - at >= DECODE_FROM && decoder !== undefined) {
    try {
      const text = decoder.decode(bytes.subarray(at, end));
      if (!forbiddenIn(text, forbidden)) return text;
    } catch {
      // Ill-formed, or memory that the decoder refuses (shared): the loop below knows which.
    }
  }
  const stop = forbidden | 4;
  let text = '';
  // Sixteen at a time while all is ASCII: the widest call that engines still inline.
  for (; at + 16 <= end; at += 16) {
    const a = bytes[at]!;
    const b = bytes[at + 1]!;
    const c = bytes[at + 2]!;
    const d = bytes[at + 3]!;
    const e = bytes[at + 4]!;
    const f = bytes[at + 5]!;
    const g = bytes[at + 6]!;
    const h = bytes[at + 7]!;
    const i = bytes[at + 8]!;
    const j = bytes[at + 9]!;
    const k = bytes[at + 10]!;
    const l = bytes[at + 11]!;
    const m = bytes[at + 12]!;
    const n = bytes[at + 13]!;
    const o = bytes[at + 14]!;
    const p = bytes[at + 15]!;
    const first =
      CLASS[a]! | CLASS[b]! | CLASS[c]! | CLASS[d]! | CLASS[e]! | CLASS[f]! | CLASS[g]! | CLASS[h]!;
    const second =
      CLASS[i]! | CLASS[j]! | CLASS[k]! | CLASS[l]! | CLASS[m]! | CLASS[n]! | CLASS[o]! | CLASS[p]!;
    if (((first | second) & stop) !== 0) break;
    text += chars(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  }
  for (; at + 4 <= end; at += 4) {
    const a = bytes[at]!;
    const b = bytes[at + 1]!;
    const c = bytes[at + 2]!;
    const d = bytes[at + 3]!;
    if (((CLASS[a]! | CLASS[b]! | CLASS[c]! | CLASS[d]!) & stop) !== 0) break;
    text += chars(a, b, c, d);
  }
  while (at < end) {
    let code = bytes[at]!;
    let next = at + 1;
    if (code < 0x80) {
      if ((CLASS[code]! & forbidden) !== 0) return at;
    } else {
      if (code < 0xc2 || code > 0xf4) return at;
      const more = code < 0xe0 ? 1 : code < 0xf0 ? 2 : 3;
      if (next + more > end) return at;
      code &= 0x3f >> more;
      for (; next <= at + more; next++) {
        const byte = bytes[next]!;
        if (byte >> 6 !== 2) return at;
        code = (code << 6) | (byte & 0x3f);
      }
      // Overlong, a surrogate, or beyond U+10FFFF.
      if (code < (more === 1 ? 0x80 : more === 2 ? 0x800 : 0x10000) || code >> 11 === 27 || code > 0x10ffff)
        return at;
    }
    text += String.fromCodePoint(code);
    at = next;
  }
  return text;
}

/**
 * Writes a string and returns the index after it, or, below zero, the complement of the index of the
 * first UTF-16 unit that may not stand in it: a lone surrogate, or what `forbidden` names.
 *
 * The target must have room for three bytes per UTF-16 unit. Never throws.
 */
export function writeUtf8(text: string, target: Uint8Array, at: number, forbidden: number): number {
  const { length } = text;
  // The native encoder turns a lone surrogate into U+FFFD without a word, so look first.
  if (length >= ENCODE_FROM && encoder !== undefined && !forbiddenIn(text, forbidden)) {
    return at + encoder.encodeInto(text, target.subarray(at)).written;
  }
  for (let i = 0; i < length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      if ((CLASS[code]! & forbidden) !== 0) return ~i;
      target[at++] = code;
      continue;
    }
    if (code < 0x800) target[at++] = 0xc0 | (code >> 6);
    else {
      if (code >> 11 === 27) {
        code = text.codePointAt(i)!;
        if (code < 0x10000) return ~i;
        i++;
        target[at++] = 0xf0 | (code >> 18);
        target[at++] = 0x80 | ((code >> 12) & 0x3f);
      } else target[at++] = 0xe0 | (code >> 12);
      target[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    target[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

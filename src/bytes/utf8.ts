// pure: UTF-8 as MQTT demands it (section 1.5.4, in 3.1.1 section 1.5.3): strict, U+FEFF kept.

/** What a string field must not hold besides ill-formed UTF-8: U+0000. */
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

const nativeDecoder: Decoder | undefined = /* @__PURE__ */ (() =>
  typeof TextDecoder === 'function'
    ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    : undefined)();
const nativeEncoder: Encoder | undefined = /* @__PURE__ */ (() =>
  typeof TextEncoder === 'function' && TextEncoder.prototype.encodeInto ? new TextEncoder() : undefined)();

// Where the native coders overtake the loops, in bytes and in UTF-16 units (docs/decisions.md).
const NATIVE_DECODE_FROM = 64;
const NATIVE_ENCODE_FROM = 48;

// The class of each byte: 1 for U+0000, 2 for a wildcard, 4 for all but ASCII.
const CLASS: Uint8Array = /* @__PURE__ */ (() => {
  const table = new Uint8Array(256).fill(4, 128);
  table[0] = 1;
  table[0x23] = table[0x2b] = 2;
  return table;
})();

const chars = String.fromCharCode;

/**
 * Reads a string, or tells the index of the first byte that may not stand there.
 *
 * `forbidden` is {@link NO_NULL} or {@link NO_WILDCARD}. Never throws.
 */
export function readUtf8(bytes: Uint8Array, start: number, end: number, forbidden: number): string | number {
  const stop = forbidden | 4;
  let text = '';
  let at = start;
  if (end - start < NATIVE_DECODE_FROM || nativeDecoder === undefined) {
    // Sixteen at a time: the widest call that engines still inline.
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
      const classes =
        CLASS[a]! | CLASS[b]! | CLASS[c]! | CLASS[d]! | CLASS[e]! | CLASS[f]! | CLASS[g]! | CLASS[h]!;
      const more =
        CLASS[i]! | CLASS[j]! | CLASS[k]! | CLASS[l]! | CLASS[m]! | CLASS[n]! | CLASS[o]! | CLASS[p]!;
      if (((classes | more) & stop) !== 0) return readSlowly(bytes, start, end, forbidden);
      text += chars(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
    }
    for (; at + 4 <= end; at += 4) {
      const a = bytes[at]!;
      const b = bytes[at + 1]!;
      const c = bytes[at + 2]!;
      const d = bytes[at + 3]!;
      if (((CLASS[a]! | CLASS[b]! | CLASS[c]! | CLASS[d]!) & stop) !== 0) {
        return readSlowly(bytes, start, end, forbidden);
      }
      text += chars(a, b, c, d);
    }
    for (; at < end; at++) {
      const a = bytes[at]!;
      if ((CLASS[a]! & stop) !== 0) return readSlowly(bytes, start, end, forbidden);
      text += chars(a);
    }
    return text;
  }
  for (; at < end; at++) {
    if ((CLASS[bytes[at]!]! & forbidden) !== 0) return readSlowly(bytes, start, end, forbidden);
  }
  try {
    return nativeDecoder.decode(bytes.subarray(start, end));
  } catch {
    // Ill-formed, or memory that the decoder refuses (shared): the portable path knows which.
    return readSlowly(bytes, start, end, forbidden);
  }
}

// Any UTF-8; finds the exact byte that is wrong. Ranges are those of Unicode's table 3-7.
function readSlowly(bytes: Uint8Array, start: number, end: number, forbidden: number): string | number {
  let text = '';
  for (let at = start; at < end; ) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      if ((CLASS[lead]! & forbidden) !== 0) return at;
      text += chars(lead);
      at++;
      continue;
    }
    if (lead < 0xc2 || lead > 0xf4) return at;
    const count = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let code = lead & (0x3f >> count);
    // Only the second byte's range depends on the lead: it rules out overlong forms, surrogates, > U+10FFFF.
    let low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    let high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    for (let i = 1; i <= count; i++) {
      const next = at + i < end ? bytes[at + i]! : -1;
      if (next < low || next > high) return at;
      low = 0x80;
      high = 0xbf;
      code = (code << 6) | (next & 0x3f);
    }
    text += code < 0x10000 ? chars(code) : chars(0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
    at += count + 1;
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
  const length = text.length;
  if (length >= NATIVE_ENCODE_FROM && nativeEncoder !== undefined) {
    // The native encoder turns a lone surrogate into U+FFFD without a word, so look first.
    const bad =
      forbidden === 0
        ? /[\ud800-\udfff]/u
        : forbidden === NO_NULL
          ? /[\0\ud800-\udfff]/u
          : /[\0+#\ud800-\udfff]/u;
    const found = text.search(bad);
    return found < 0 ? at + nativeEncoder.encodeInto(text, target.subarray(at)).written : ~found;
  }
  const stop = forbidden | 4;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    // Units above 255 read as undefined, and undefined & stop is 0: hence the comparison.
    if (code > 127 || (CLASS[code]! & stop) !== 0) return writeSlowly(text, i, target, at + i, forbidden);
    target[at + i] = code;
  }
  return at + length;
}

function writeSlowly(
  text: string,
  from: number,
  target: Uint8Array,
  start: number,
  forbidden: number,
): number {
  let at = start;
  for (let i = from; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      if ((CLASS[code]! & forbidden) !== 0) return ~i;
      target[at++] = code;
      continue;
    }
    if (code < 0x800) {
      target[at++] = 0xc0 | (code >> 6);
    } else {
      if (code >= 0xd800 && code < 0xe000) {
        const low = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
        if (code > 0xdbff || low < 0xdc00 || low > 0xdfff) return ~i;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i++;
        target[at++] = 0xf0 | (code >> 18);
        target[at++] = 0x80 | ((code >> 12) & 0x3f);
      } else {
        target[at++] = 0xe0 | (code >> 12);
      }
      target[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    target[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

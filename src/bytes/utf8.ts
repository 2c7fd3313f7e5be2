// pure: UTF-8 as MQTT demands it (section 1.5.4, in 3.1.1 section 1.5.3): strict, U+FEFF kept.

/** What a string must not hold beside ill-formed UTF-8: nothing more, as in a payload. */
export const ANYTHING: number = 0;
/** What a string field must not hold: U+0000. */
export const NO_NULL: number = 1;
/** What a Topic Name must not hold: U+0000, `+` and `#`. */
export const NO_WILDCARD: number = 2;

// Where the native coders overtake the loops, in bytes and in UTF-16 units.
const DECODE_FROM = 48;
const ENCODE_FROM = 40;

// U+D800 to U+DFFF, but for their last 11 bits.
const SURROGATES = 27;

// Engines without these (QuickJS, XS, bare contexts) take the portable path.
interface Decoder {
  decode(bytes: Uint8Array): string;
}
interface Encoder {
  encodeInto(text: string, target: Uint8Array): { written: number };
}
declare const TextDecoder: (new (label: undefined, options: object) => Decoder) | undefined;
declare const TextEncoder: (new () => Encoder) | undefined;

// UTF-8 is what a decoder takes when it is not told.
const decoder: Decoder | undefined = /* @__PURE__ */ (() =>
  typeof TextDecoder === 'function'
    ? new TextDecoder(undefined, { fatal: true, ignoreBOM: true })
    : undefined)();
const encoder: Encoder | undefined = /* @__PURE__ */ (() =>
  typeof TextEncoder === 'function' ? new TextEncoder() : undefined)();

// Which of the values above each byte offends, as bits; 4 for all but ASCII.
const CLASS: Uint8Array = /* @__PURE__ */ (() => {
  const table = new Uint8Array(256).fill(4, 128);
  table[0] = 3;
  table[0x23] = table[0x2b] = 2;
  return table;
})();

// The same for text, where a lone surrogate offends too.
const OFFENCE: readonly RegExp[] = [/[\ud800-\udfff]/u, /[\0\ud800-\udfff]/u, /[\0+#\ud800-\udfff]/u];

// Arrays to gather short strings in, one for each length: `apply` takes whole arrays, and takes plain ones fastest.
const UNITS: number[][] = [];

/**
 * Reads a string, or tells the index of the first byte (of a character) that may not stand there.
 *
 * `forbidden` is {@link ANYTHING}, {@link NO_NULL} or {@link NO_WILDCARD}. Never throws.
 */
export function readUtf8(bytes: Uint8Array, at: number, end: number, forbidden: number): string | number {
  const length = end - at;
  if (length < DECODE_FROM) {
    UNITS[length] ??= Array.from(bytes.subarray(at, end));
    const units = UNITS[length];
    let seen = 0;
    // What stands at the top of a module, engines may fetch again for every byte.
    for (let i = 0, classes = CLASS; i < length; i++) {
      const byte = bytes[at + i]!;
      units[i] = byte;
      seen |= classes[byte]!;
    }
    if (!(seen & (forbidden | 4))) return String.fromCharCode.apply(null, units);
  } else if (decoder) {
    try {
      const text = decoder.decode(bytes.subarray(at, end));
      if (!OFFENCE[forbidden]!.test(text)) return text;
    } catch {
      // Ill-formed, or memory that the decoder refuses (shared): the loop below knows which.
    }
  }
  let text = '';
  while (at < end) {
    const start = at;
    let code = bytes[at++]!;
    if (CLASS[code]! & forbidden) return start;
    if (code > 0x7f) {
      if (code < 0xc2) return start;
      let more = code < 0xe0 ? 1 : code < 0xf0 ? 2 : 3;
      // Less would be overlong; two bytes that are were refused above.
      const least = 2 << (5 * more);
      // One bit more than the letter: what begins with five ones comes out too large.
      code &= 0x7f >> more;
      for (; more > 0; more--) {
        if (at === end || bytes[at]! >> 6 !== 2) return start;
        code = (code << 6) | (bytes[at++]! & 0x3f);
      }
      if (code < least || code >> 11 === SURROGATES || code > 0x10ffff) return start;
    }
    text += String.fromCodePoint(code);
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
  if (length < ENCODE_FROM) {
    let seen = 0;
    let i = 0;
    for (; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) break;
      target[at + i] = unit;
      seen |= CLASS[unit]!;
    }
    if (i === length && !(seen & forbidden)) return at + i;
  }
  const offence = text.search(OFFENCE[forbidden]!);
  if (offence >= 0) return ~offence;
  // The native encoder turns a lone surrogate into U+FFFD without a word, but there is none now.
  if (encoder) return at + encoder.encodeInto(text, target.subarray(at)).written;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    let more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    // As many leading ones as there are bytes, where there is more than one.
    target[at++] = more === 0 ? code : (-0x80 >> more) | (code >> (6 * more));
    while (more-- > 0) target[at++] = 0x80 | ((code >> (6 * more)) & 0x3f);
  }
  return at;
}

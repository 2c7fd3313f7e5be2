// pure: stored states as JSON text, with byte arrays written as base64.
import { refusal } from './failures.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
// The key that marks a byte array. Stored states have no keys of anybody's choice, so that it cannot clash.
const MARK = '$bytes';

/**
 * Writes a stored state (of a session, of its changes, of a connection) as JSON; byte arrays become
 * `{ "$bytes": "<base64>" }`.
 *
 * @example
 * storedToJson({ payload: Uint8Array.of(104, 105) }); // => '{"payload":{"$bytes":"aGk="}}'
 */
export function storedToJson(stored: object): string {
  return JSON.stringify(stored, function (this: object, key, value: unknown) {
    // Some byte arrays, such as Node's Buffer, turn themselves into something else before anybody is asked.
    const given: unknown = Reflect.get(this, key);
    return given instanceof Uint8Array ? { [MARK]: toBase64(given) } : value;
  });
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
  try {
    return JSON.parse(text, (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null) return value;
      const encoded: unknown = Reflect.get(value, MARK);
      return typeof encoded === 'string' ? fromBase64(encoded) : value;
    });
  } catch (error) {
    if (error instanceof SyntaxError) throw refusal('invalid-stored-state', 'json');
    throw error;
  }
}

function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    pieces.push(
      ALPHABET[word >> 18]! +
        ALPHABET[(word >> 12) & 63]! +
        (left > 1 ? ALPHABET[(word >> 6) & 63]! : '=') +
        (left > 2 ? ALPHABET[word & 63]! : '='),
    );
  }
  return pieces.join('');
}

function fromBase64(text: string): Uint8Array {
  const digits = text.replace(/={1,2}$/, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*$/.test(digits)) {
    throw refusal('invalid-stored-state', MARK);
  }
  const bytes = new Uint8Array((digits.length * 3) >> 2);
  let at = 0;
  let word = 0;
  for (let i = 0; i < digits.length; i++) {
    word = (word << 6) | ALPHABET.indexOf(digits[i]!);
    if ((i & 3) === 0) continue;
    // Six bits more than needed are in the word after each digit but the first of four.
    bytes[at++] = word >> (6 - 2 * (i & 3));
  }
  return bytes;
}

// pure: what the parsers need of a fixed header that may not be whole yet.

/** The length of the fixed header at that place: 2 to 5 bytes, or 0 while its end is not there. */
export function headerLength(bytes: Uint8Array, at: number, held: number = bytes.length - at): number {
  for (let length = 2; length <= held; length++) {
    // A fifth byte of the Remaining Length does not exist: the fourth is judged as it stands.
    if (bytes[at + length - 1]! < 0x80 || length === 5) return length;
  }
  return 0;
}

/** Checks a limit in bytes; throws RangeError. */
export function limitOf(value: number | undefined, otherwise: number, name: string): number {
  if (value === undefined) return otherwise;
  if (!(value >= 1)) throw new RangeError(`options.${name} must be at least 1 byte`);
  return value;
}

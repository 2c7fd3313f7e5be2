/** Reads what users send, field by field: as JSON, in a query, or typed. What is wrong is said by the name of the field. */

/** What a user sent cannot be used; the message begins with the name of the field. */
export class FieldError extends Error {
  override readonly name: string = 'FieldError';
  constructor(
    readonly field: string,
    problem: string,
    /** As in HTTP. */
    readonly status = 400,
    /** What an answer says besides. */
    readonly more: Json = {},
  ) {
    super(`${field}: ${problem}`);
  }
}

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands under a name, if that is not one that all objects have. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The fields of an object; numbers and truth may come as text. What is null is not there. */
export class Fields {
  readonly #values: Json;
  /** What stands before the names of its fields in errors. */
  readonly #prefix: string;
  readonly #asked = new Set<string>();

  /** `name` is that of the object itself; it says nothing of its fields unless there are others beside it. */
  constructor(value: unknown, name = 'body', isOnly = true) {
    if (!isJson(value)) throw new FieldError(name, 'it has to be an object');
    this.#values = value;
    this.#prefix = isOnly ? '' : `${name}.`;
  }

  static parse(json: string, name = 'body'): Fields {
    try {
      return new Fields(JSON.parse(json), name);
    } catch (error) {
      if (error instanceof FieldError) throw error;
      throw new FieldError(name, 'it is no JSON in UTF-8');
    }
  }

  /** Those of both; the other ones count where both have one. */
  with(other: Fields): Fields {
    return new Fields({ ...this.#values, ...other.#values });
  }

  value(name: string): unknown {
    this.#asked.add(name);
    return own(this.#values, name) ?? undefined;
  }

  error(name: string, problem: string): FieldError {
    return new FieldError(this.#prefix + name, problem);
  }

  /** Throws for a field that nobody has asked for. */
  allRead(): void {
    const unknown = Object.keys(this.#values).find((name) => !this.#asked.has(name));
    if (unknown === undefined) return;
    throw this.error(unknown, `there is no such field; the fields are ${[...this.#asked].join(', ')}`);
  }

  text(name: string, longest = Number.POSITIVE_INFINITY): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw this.error(name, 'it has to be a string');
    if (value.length > longest) throw this.error(name, `it may have ${longest} characters`);
    return value;
  }

  required(name: string, longest?: number): string {
    const value = this.text(name, longest);
    if (value === undefined || value === '') throw this.error(name, 'it is missing');
    return value;
  }

  integer(name: string, lowest: number, highest: number): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= lowest && number <= highest) {
      return number;
    }
    throw this.error(name, `it has to be a whole number from ${lowest} to ${highest}`);
  }

  qos(name: string): 0 | 1 | 2 {
    return (this.integer(name, 0, 2) ?? 0) as 0 | 1 | 2;
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.choice(name, { true: true, false: false });
  }

  /** What one of these words stands for. */
  choice<T>(name: string, choices: Readonly<Record<string, T>>): T | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (['string', 'number'].includes(typeof value) && Object.hasOwn(choices, String(value))) {
      return choices[String(value)];
    }
    throw this.error(name, `it has to be ${Object.keys(choices).join(' or ')}`);
  }

  list(name: string, highest: number): readonly unknown[] {
    const value = this.value(name);
    if (!Array.isArray(value) || value.length === 0)
      throw this.error(name, 'it has to be a list that is not empty');
    if (value.length > highest)
      throw this.error(name, `it has ${value.length} entries, and may have ${highest}`);
    return value;
  }

  /** An object among the fields. */
  inner(name: string): Fields {
    return new Fields(this.value(name) ?? {}, this.#prefix + name, false);
  }

  /** What `name` says as text, or `nameBase64` as bytes. */
  bytes(name: string, highest: number): Uint8Array | undefined {
    const [text, base64] = [this.text(name), this.text(`${name}Base64`)];
    if (text !== undefined && base64 !== undefined) throw this.error(name, `it excludes ${name}Base64`);
    const [given, bytes] =
      text !== undefined
        ? [name, new TextEncoder().encode(text)]
        : [`${name}Base64`, base64 === undefined ? undefined : fromBase64(base64)];
    if (bytes === null) throw this.error(given, 'it has to be Base64');
    if (bytes !== undefined && bytes.length > highest)
      throw this.error(given, `it has ${bytes.length} bytes, and may have ${highest}`);
    return bytes;
  }

  /** All of them, as they came. */
  toJson(): Json {
    return this.#values;
  }
}

/** Bytes as text; undefined: they are no UTF-8. `isCut`: they may end within a character. */
export function textOf(bytes: Uint8Array, isCut = false): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Null: it is none. */
export function fromBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

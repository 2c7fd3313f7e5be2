// @ts-nocheck
import { createHash } from 'node:crypto';
import { type Action, type ConnectionState, type Input, step } from '../../src/connection/index.js';
import { demand, Violation } from './violation.js';

/**
 * A `step` whose states, inputs and actions cannot be changed afterwards: all is frozen, and byte arrays, which
 * cannot be, are hashed. {@link check} tells whether any of them has changed.
 */
export class Guard {
  readonly #hashes = new Map<Uint8Array, string>();
  readonly #guarded: typeof step;

  constructor(guarded: typeof step = step) {
    this.#guarded = guarded;
  }

  readonly step = (state: ConnectionState, input: Input): readonly [ConnectionState, readonly Action[]] => {
    this.#protect(state);
    this.#protect(input);
    try {
      const result = this.#guarded(state, input);
      this.#protect(result);
      return result;
    } catch (error) {
      throw new Violation(`${input.type} makes step throw: ${error instanceof Error ? error.stack : error}`);
    }
  };

  check(): void {
    for (const [bytes, hash] of this.#hashes)
      demand(hashOf(bytes) === hash, 'bytes of an old state have changed');
  }

  #protect(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    if (value instanceof Uint8Array) {
      if (!this.#hashes.has(value)) this.#hashes.set(value, hashOf(value));
      return;
    }
    if (Object.isFrozen(value)) return;
    Object.freeze(value);
    for (const field of Object.values(value)) this.#protect(field);
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('base64');

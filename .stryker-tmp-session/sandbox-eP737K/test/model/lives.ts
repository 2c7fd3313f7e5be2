// @ts-nocheck
import fc, { type Arbitrary } from 'fast-check';
import type { ConnectionState, Input } from '../../src/connection/index.js';
import { anyInput } from './inputs.js';
import { politeInputs } from './polite.js';
import type { Role } from './setup.js';
import { anyClient, anyServer, told } from './starts.js';
import type { Version } from './values.js';

/** What happens next: an input, or one of those that are polite in the state at hand. */
export type Next =
  | { readonly input: Input; readonly after: number }
  | { readonly polite: number; readonly after: number };

/** A side of that version, and much of what can happen to it: with or without a handshake, and time that passes. */
export function anyLife(
  version: Version,
  role: Role,
  input: Arbitrary<Input> = anyInput(version, role),
): Arbitrary<{ readonly state: ConnectionState; readonly nexts: readonly Next[] }> {
  const start = role === 'client' ? anyClient(version) : anyServer(version);
  const after = fc.oneof({ weight: 9, arbitrary: fc.nat(200) }, { weight: 1, arbitrary: fc.nat(40_000) });
  const next: Arbitrary<Next> = fc.oneof(
    { weight: 1, arbitrary: fc.record({ input, after }) },
    { weight: 3, arbitrary: fc.record({ polite: fc.nat(30), after }) },
  );
  const nexts = fc.array(next, { maxLength: 60, size: 'max' });
  const skips = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) });
  return fc.tuple(start, nexts, skips).map(([begins, rest, skip]) => {
    const { state, handshake } = begins;
    const some = handshake.slice(0, handshake.length - skip);
    const life = { state, nexts: [...some.map((each) => ({ input: each, after: 0 })), ...rest] };
    return told(life, { begins, skip, rest });
  });
}

/** Lives it: `visit` is called with every input, and gives the state after it. */
export function live(
  { state, nexts }: { readonly state: ConnectionState; readonly nexts: readonly Next[] },
  visit: (state: ConnectionState, input: Input) => ConnectionState,
): void {
  let now = 0;
  let at = state;
  // After the end there is not much to see.
  let rest = 3;
  for (const next of nexts) {
    if (at.phase === 'closed' && rest-- === 0) return;
    now += next.after;
    const choices = 'polite' in next ? politeInputs(at, now) : [];
    const input = 'polite' in next ? choices[next.polite % choices.length] : { ...next.input, now };
    if (input === undefined) continue;
    now = input.now;
    at = visit(at, input);
  }
}

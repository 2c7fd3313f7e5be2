/**
 * The suite that every adapter passes in its own runtime. Nothing here knows where it runs: no test framework, no
 * `node:`, no timers but the kit's.
 */

import { within } from './client.js';
import { CLOSING } from './closing.js';
import { CONNECTING } from './connecting.js';
import { FLOW } from './flow.js';
import type { Case, Kit, Result } from './kit.js';
import { WEBSOCKET } from './websocket.js';

export type * from './kit.js';

export const CASES: readonly Case[] = [...CONNECTING, ...CLOSING, ...FLOW, ...WEBSOCKET];

/** No case may take longer. */
const LONGEST = 50_000;

/** Runs one case; what goes wrong is in the result. */
export async function runCase(kit: Kit, { name, run }: Case): Promise<Result> {
  const started = kit.now();
  const milliseconds = (): number => Math.round(kit.now() - started);
  try {
    const measured = await within(kit, `the case ${name}`, run(kit), LONGEST);
    const numbers = measured === undefined ? {} : { measured };
    return { case: name, ok: true, milliseconds: milliseconds(), ...numbers };
  } catch (error) {
    const text = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
    return { case: name, ok: false, error: text, milliseconds: milliseconds() };
  }
}

/** Runs the cases of these names, one after the other, and tells each result as it comes. */
export async function runSuite(
  kit: Kit,
  names: readonly string[],
  tell: (result: Result) => void,
): Promise<void> {
  for (const one of CASES) if (names.includes(one.name)) tell(await runCase(kit, one));
}

/** `PUREMQTT_RUNS=20 npx vitest run test/model` runs everything that is random twenty times as often. */
// @ts-nocheck

export const FACTOR: number = Math.max(Number(process.env['PUREMQTT_RUNS']) || 1, 0.01);

/** How often to try a property. */
export const runs = (count: number): { readonly numRuns: number } => ({ numRuns: Math.ceil(count * FACTOR) });

/** How long it may take, in milliseconds. */
export const TIMEOUT: number = 120_000 * Math.max(1, FACTOR);

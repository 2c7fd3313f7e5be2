// @ts-nocheck
// pure: places of a packet where a fault may be put.
import type { Faults } from './faults.js';

/** A packet whose fields may be anything. */
export type Loose = Record<string, unknown>;
/** Where a fault is; `last` is the last item of a list. */
export type Path = readonly string[];
/** A path, what may be wrong there, and what has to be true of the packet for that to be the only fault. */
export type Site = readonly [path: Path, faults: Faults, prepare?: ((packet: Loose) => Loose) | undefined];

/** A copy of an object, or an empty one for anything else. */
export const object = (value: unknown): Loose =>
  ({ ...(typeof value === 'object' ? value : undefined) }) as Loose;

/** A copy of the value with another one at that path, and the path as errors spell it. */
export function replaced(
  value: unknown,
  [step = '', ...rest]: Path,
  wrong: unknown,
): readonly [unknown, string] {
  if (step === 'last' && Array.isArray(value)) {
    const index = value.length - 1;
    const [item, field] = rest.length === 0 ? [wrong, ''] : replaced(value[index], rest, wrong);
    return [[...value.slice(0, index), item], `[${index}]${field}`];
  }
  const before = object(value);
  const [item, field] = rest.length === 0 ? [wrong, ''] : replaced(before[step], rest, wrong);
  return [{ ...before, [step]: item }, `.${step}${field}`];
}

export const withFields =
  (more: Loose) =>
  (packet: Loose): Loose => ({ ...packet, ...more });

export const withProperties =
  (more: Loose) =>
  (packet: Loose): Loose => ({ ...packet, properties: { ...object(packet['properties']), ...more } });

export const withWill = (packet: Loose): Loose => ({
  ...packet,
  will: { topic: 'a', ...object(packet['will']) },
});

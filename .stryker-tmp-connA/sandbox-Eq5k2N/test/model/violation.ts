/** What a checker throws when a rule does not hold. */
// @ts-nocheck

export class Violation extends Error {
  override readonly name = 'Violation';
}

/** Throws a {@link Violation} unless the condition holds. */
export function demand(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Violation(text);
}

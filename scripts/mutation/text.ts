/** Text on one line, with single spaces, and cut where it is longer than so many characters. */
export function squeezed(text: string, longest: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}

/** Whether a source has a text that was squeezed out of it. */
export function holds(source: string, text: string): boolean {
  return source.replace(/\s+/g, ' ').includes(text.replace(/…$/, ''));
}

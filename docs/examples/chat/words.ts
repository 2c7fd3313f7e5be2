/** The word list of the checking worker. */

/** One word a line; `#` begins a comment. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(/\r?\n/).flatMap((line) => wordsIn(line.replace(/#.*/, ''))));
}

/** The first word of the text that is on the list, whatever its case, accents and invisible characters. */
export function forbiddenWord(text: string, words: ReadonlySet<string>): string | undefined {
  return wordsIn(text).find((word) => words.has(word));
}

function wordsIn(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

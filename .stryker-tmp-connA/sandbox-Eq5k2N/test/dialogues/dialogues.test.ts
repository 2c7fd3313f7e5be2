// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { loadDialogues } from './dialogue.js';
import { play, throughEndpoint, throughJson, throughStep } from './players.js';

const ways = [
  ['step', throughStep],
  ['an Endpoint', throughEndpoint],
  ['an Endpoint that is stored and resumed before every step', throughJson],
] as const;

for (const [file, dialogues] of loadDialogues()) {
  for (const [name, way] of ways) {
    describe(`dialogues of ${file} through ${name}`, () => {
      for (const dialogue of dialogues) {
        it(dialogue.title, () => {
          const found = play(dialogue, way);
          if (found !== undefined) expect.fail(found);
        });
      }
    });
  }
}

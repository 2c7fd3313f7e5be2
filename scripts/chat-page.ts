/** Writes into the chat's README how much script its page has; `--check` tells whether it says so already. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { weigh } from '../docs/examples/chat/site.js';
import { replaceMarkedBlock } from './lib/marked-block.js';
import { writeOrCheck } from './lib/page.js';
import { root } from './lib/root.js';

const PAGE = 'docs/examples/chat/README.md';
const { script, mqtt } = await weigh();
const text = `The page has ${script} of script, minified and gzipped; ${mqtt} of it are MQTT: puremqtt with the example client.`;

writeOrCheck(
  PAGE,
  replaceMarkedBlock(readFileSync(join(root, PAGE), 'utf8'), 'weight', text),
  'npx tsx scripts/chat-page.ts',
);

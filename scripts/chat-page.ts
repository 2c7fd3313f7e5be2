/** Writes into the chat's README how much script its page has; `--check` tells whether it says so already. */
import { readFileSync } from 'node:fs';
import { weigh } from '../docs/examples/chat/site.js';
import { replaceMarkedBlock, writeMarkedBlock } from './lib/marked-block.js';
import { root } from './lib/root.js';

const path = `${root}/docs/examples/chat/README.md`;
const { script, mqtt } = await weigh();
const text = `The page has ${script} of script, minified and gzipped; ${mqtt} of it are MQTT: puremqtt with the example client.`;

if (process.argv.includes('--check')) {
  const readme = readFileSync(path, 'utf8');
  if (replaceMarkedBlock(readme, 'weight', text) !== readme) {
    console.error(`${path} is out of date: run npx tsx scripts/chat-page.ts`);
    process.exitCode = 1;
  }
} else writeMarkedBlock(path, 'weight', text);

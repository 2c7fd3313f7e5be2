// @ts-nocheck
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJson } from '../../../scripts/check-exports.js';
import { entries } from '../../../scripts/entries.js';
import { root } from '../../../scripts/lib/root.js';
import { Consumer } from './consumer.js';
import { runtime } from './describe.js';

/** fast-check is an optional peer dependency, and this consumer does not have it. */
const names = Object.keys(entries)
  .filter((name) => name !== 'arbitraries')
  .map((name) => (name === 'index' ? 'puremqtt' : `puremqtt/${name}`));

const check = `
  const bytes = main.encode({ type: 'pingreq' }, 5);
  if (main.decode(bytes, 5).type !== 'pingreq') throw new Error('no round trip');
  const counts = all.map((one) => Object.keys(one).length);
  console.log(counts.every((count) => count > 0), counts.length);`;
const OUTPUT = `true ${names.length}`;

/** Every entry imported as a module, with types that have to fit. */
const module = `
${names.map((name, index) => `import * as m${index} from '${name}';`).join('\n')}
const main = m0;
const all: object[] = [${names.map((_, index) => `m${index}`)}];
const packet: m0.Packet = { type: 'pingreq' };
if (packet.type !== 'pingreq') throw new Error('never');
${check}`;
const script = `const main = require('puremqtt');
const all = ${JSON.stringify(names)}.map((name) => require(name));
${check}`;

let consumer: Consumer;
beforeAll(() => {
  consumer = new Consumer();
  const { folder } = consumer;
  writeFileSync(join(folder, 'check.ts'), module);
  writeFileSync(join(folder, 'check.mjs'), module.replace(/: (object\[\]|m0\.Packet)/g, ''));
  writeFileSync(join(folder, 'check.cjs'), script);
  writeFileSync(join(folder, 'deno.json'), JSON.stringify({ nodeModulesDir: 'manual' }));
  // What the declarations of the adapter for Node name; every project on Node has it.
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  for (const name of ['@types/node', 'undici-types']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
  }
}, 120_000);
afterAll(() => consumer?.remove());

const run = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, {
    cwd: consumer.folder,
    encoding: 'utf8',
    timeout: 60_000,
    stdio: 'pipe',
  }).trim();

const deno = runtime('Deno', '@deno/linux-x64-glibc/deno');
const bun = runtime('Bun', '@oven/bun-linux-x64/bin/bun');

describe('the packed package', { timeout: 90_000 }, () => {
  for (const version of [20, 22, 24, 26]) {
    const node = runtime(`Node ${version}`, `node${version}-bin/bin/node`);
    it.skipIf(node === undefined)(`loads in Node ${version}, as ES modules and as CommonJS`, () => {
      expect(run(node ?? '', ['--version'])).toMatch(new RegExp(`^v${version}\\.`));
      expect(run(node ?? '', ['check.mjs'])).toBe(OUTPUT);
      expect(run(node ?? '', ['check.cjs'])).toBe(OUTPUT);
    });
  }

  it.skipIf(deno === undefined)('loads in Deno, and its declarations please deno check', () => {
    expect(run(deno ?? '', ['run', '--no-prompt', 'check.ts'])).toBe(OUTPUT);
    run(deno ?? '', ['check', 'check.ts']);
    writeFileSync(join(consumer.folder, 'wrong.ts'), `${module}\nconst wrong: string = main.encode;`);
    expect(() => run(deno ?? '', ['check', 'wrong.ts'])).toThrow("not assignable to type 'string'");
  });

  it.skipIf(bun === undefined)('loads in Bun, as TypeScript, as ES modules and as CommonJS', () => {
    for (const file of ['check.ts', 'check.mjs', 'check.cjs']) expect(run(bun ?? '', [file])).toBe(OUTPUT);
  });

  it('says which version it is', () => {
    expect(run(process.execPath, ['-p', `require('puremqtt/package.json').version`])).toBe(
      readJson('package.json')['version'],
    );
  });
});

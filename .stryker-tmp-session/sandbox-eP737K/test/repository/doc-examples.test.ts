// @ts-nocheck
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sourceFiles } from '../../scripts/check-exports.js';
import { root } from '../../scripts/lib/root.js';
import {
  type Example,
  findExamples,
  prepare,
  readExports,
  removePrepared,
  typeErrors,
  withChecks,
} from './examples.js';

const sources = sourceFiles();
const pages = [
  ...['README.md'].filter((path) => existsSync(join(root, path))),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const exported = readExports(sources);
const examples = [...sources, ...pages].flatMap((path) =>
  findExamples(path, readFileSync(join(root, path), 'utf8')),
);

afterAll(removePrepared);

describe('every example', () => {
  it('compiles', () => {
    expect(typeErrors(examples, exported)).toEqual([]);
  });

  const running = examples.filter((example) => example.run);
  const runs = prepare(running, exported);
  it.each(running.map(({ path, line }, index) => [`${path}:${line}`, index] as const))(
    '%s does what it says',
    async (_, index) => {
      await (await runs)[index]?.();
    },
  );
});

describe('the check of the examples', () => {
  const example = (code: string, path = 'README.md'): Example => ({ path, line: 1, code, run: true });
  const run = async (code: string): Promise<void> => {
    const [only] = await prepare([example(code)], exported);
    await only?.();
  };

  it('finds blocks in docstrings and pages, with their lines', () => {
    const docstring =
      '// pure\n/**\n * Text.\n *\n * @example\n * ```ts\n * f(1); // => 2\n *   indented;\n * ```\n */\n';
    expect(findExamples('src/x.ts', docstring)).toEqual([
      { path: 'src/x.ts', line: 7, code: 'f(1); // => 2\n  indented;', run: true },
    ]);
    const page = '# Page\n```ts\na;\n```\n```sh\nb\n```\n```ts no-run\nc;\n```\n```json\n1\n```\n';
    expect(findExamples('docs/x.md', page)).toEqual([
      { path: 'docs/x.md', line: 3, code: 'a;', run: true },
      { path: 'docs/x.md', line: 9, code: 'c;', run: false },
    ]);
  });

  it.each([
    `1 + 1; // => 2`,
    `const sum = 1 + 1; // => 2`,
    `console.log([1, { a: 2 }]); // => [1, { a: 2 }]`,
    `new Uint8Array([1, 2]); // => Uint8Array [1, 2]`,
    `new Uint8Array([1, 2]); // => Uint8Array(2) [ 1, 2 ]`,
    `new Uint8Array([1, 2]); // => new Uint8Array([1, 2])`,
    `({ type: 'x', payload: new Uint8Array(1) }); // => { type: 'x', payload: Uint8Array [0] }`,
    `({ a: 1,\n  b: 2 }); // => {\n//   a: 1,\n//   b: 2 }`,
    `for (const n of [1, 2]) { n > 0; // => true\n}`,
    `null!.x; // throws TypeError`,
    `const x: string = null!.x; // throws TypeError`,
    `await Promise.reject(new RangeError('no')); // throws RangeError`,
  ])('lets through: %s', async (code) => {
    await run(code);
  });

  it.each([
    [`1 + 1; // => 3`, 'promises 3 and gives 2'],
    [`const sum = 1 + 1; // => 3`, 'promises 3 and gives 2'],
    [`console.log('a'); // => 'b'`, `promises 'b' and gives 'a'`],
    [`new Uint8Array([1]); // => Uint8Array [2]`, 'promises Uint8Array [2]'],
    [`({ a: 1 }); // => {\n//   a: 2 }`, 'promises { a: 2 }'],
    [`for (const n of [1, 2]) { n < 2; // => true\n}`, 'promises true and gives false'],
    [`1; // throws TypeError`, 'promises TypeError and throws nothing'],
    [`null!.x; // throws RangeError`, 'promises RangeError and throws TypeError'],
    [`throw new Error('by itself');`, 'by itself'],
  ])('catches: %s', async (code, message) => {
    await expect(run(code)).rejects.toThrow(message);
  });

  it('catches an example that does not compile, with its place', () => {
    const wrong: Example = {
      path: 'docs/x.md',
      line: 10,
      code: `const a = 1;\nconst b: string = a;`,
      run: false,
    };
    expect(typeErrors([wrong], exported)).toEqual([
      `docs/x.md:11: Type 'number' is not assignable to type 'string'.`,
    ]);
    expect(typeErrors([example(`import { noSuchName } from 'puremqtt';`)], exported).join()).toContain(
      'noSuchName',
    );
  });

  it('lets a docstring use what its own file exports without an import, and a page not', () => {
    const [path, names] = [...exported].find(([, all]) => [...all.values()].includes('value')) ?? [];
    const name = [...(names ?? [])].find(([, kind]) => kind === 'value')?.[0];
    expect(typeErrors([example(`${name};`, path)], exported)).toEqual([]);
    expect(typeErrors([example(`${name};`)], exported).join()).toContain(`Cannot find name '${name}'`);
  });

  it('leaves code without a promise alone', () => {
    const code = `const a = 1; // one\nf(a);\n`;
    expect(withChecks(code)).toBe(code);
  });
});

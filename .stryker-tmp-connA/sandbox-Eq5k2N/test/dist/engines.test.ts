// @ts-nocheck
import vm from 'node:vm';
import { getQuickJS, shouldInterruptAfterDeadline } from 'quickjs-emscripten';
import { describe, expect, it } from 'vitest';
import { bundle, loadIndex } from './dist.js';
import { exercise } from './exercise.js';

/** Evaluates scripts one after the other in one fresh engine; gives the value of the last, by way of JSON. */
type Engine = (...scripts: string[]) => Promise<unknown>;

const bareContext: Engine = async (...scripts) => {
  const context = vm.createContext(Object.create(null));
  let last: unknown;
  for (const script of scripts) last = vm.runInContext(script, context, { timeout: 60_000 });
  return JSON.parse(String(last));
};

const quickJs: Engine = async (...scripts) => {
  const context = (await getQuickJS()).newContext();
  try {
    context.runtime.setMemoryLimit(256 * 1024 * 1024);
    context.runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + 60_000));
    let last = '';
    for (const script of scripts) {
      const result = context.evalCode(script);
      const value = result.error ?? result.value;
      // As text: an error that holds on to the engine takes vitest many seconds to print.
      if (result.error) throw new Error(JSON.stringify(context.dump(value)));
      last = context.getString(value);
      value.dispose();
    }
    return JSON.parse(last);
  } finally {
    context.dispose();
  }
};

const exerciseScript = bundle(`
  import * as api from './dist/index.js';
  import { exercise } from './test/dist/exercise.ts';
  export const run = () => JSON.stringify(exercise(api));
`);

describe.each([
  ['a bare node:vm context', bareContext],
  ['QuickJS', quickJs],
])('the built bundle in %s', (_, engine) => {
  it('finds no TextEncoder, TextDecoder, timers or console', async () => {
    const names = ['TextEncoder', 'TextDecoder', 'setTimeout', 'Buffer', 'process'];
    const found = await engine(
      `JSON.stringify(${JSON.stringify(names)}.filter((name) => name in globalThis))`,
    );
    expect(found).toEqual([]);
  });

  it('encodes, decodes and parses as it does elsewhere', async () => {
    expect(await engine(await exerciseScript, 'puremqtt.run()')).toEqual([]);
  });

  it('would tell a failure', async () => {
    const broken = await bundle(`
      import * as api from './dist/index.js';
      import { exercise } from './test/dist/exercise.ts';
      export const run = () => JSON.stringify(exercise({ ...api, encode: () => new Uint8Array([0xd0, 0]) }));
    `);
    expect(await engine(broken, 'puremqtt.run()')).toContain('PINGREQ encoded: d000 instead of c000');
  });
});

describe.each(['js', 'cjs'] as const)('the built index.%s in Node', (format) => {
  it('encodes, decodes and parses', async () => {
    expect(exercise(await loadIndex(format))).toEqual([]);
  });
});

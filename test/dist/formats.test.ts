import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { entries } from '../../scripts/entries.js';
import { root } from '../../scripts/lib/root.js';
import { bundle, type Format, load, loadIndex, readDist } from './dist.js';

const formats: readonly Format[] = ['js', 'cjs'];
const names = Object.keys(entries);
/** Each adapter has its own of these, with the same surface. */
const OWN: readonly string[] = ['attach', 'connect', 'listen'];
/** What declarations import from elsewhere, by the entry that may. */
const FOREIGN: Readonly<Record<string, RegExp>> = {
  arbitraries: /^fast-check$/,
  node: /^node:(net|stream|tls)$/,
};

describe.each(formats)('the entries as .%s', (format) => {
  it('share what they export: a class exists once', async () => {
    const homes = new Map<string, { entry: string; value: unknown }>();
    let shared = 0;
    for (const entry of names) {
      for (const [name, value] of Object.entries(await load(entry, format))) {
        const first = homes.get(name);
        if (OWN.includes(name)) continue;
        if (first === undefined) homes.set(name, { entry, value });
        else {
          expect(value, `${name} of ${first.entry} and of ${entry}`).toBe(first.value);
          shared++;
        }
      }
    }
    expect(shared).toBeGreaterThan(0);
  });

  it('define each error class in one file', () => {
    const files = readdirSync(join(root, 'dist')).filter((name) => name.endsWith(`.${format}`));
    const defined = files.flatMap((name) => readDist(name).match(/\w+ = class\b.* extends Error\b/g) ?? []);
    expect(defined.some((line) => line.includes('MqttError'))).toBe(true);
    expect(new Set(defined).size).toBe(defined.length);
  });

  it('export the same names in both formats', async () => {
    for (const entry of names) {
      const namesIn = async (other: Format): Promise<string[]> =>
        Object.keys(await load(entry, other)).filter(
          (name) => name !== 'default' && name !== 'module.exports',
        );
      expect((await namesIn('cjs')).sort(), entry).toEqual((await namesIn('js')).sort());
    }
  });

  it('come with source maps to files of the package', () => {
    const mapped = readdirSync(join(root, 'dist')).filter((name) => name.endsWith(`.${format}`));
    const sources = mapped.flatMap((name) => {
      expect(readDist(name)).toContain(`//# sourceMappingURL=${name}.map`);
      return (JSON.parse(readDist(`${name}.map`)) as { sources: string[] }).sources;
    });
    expect(sources).toContain('../src/codec.ts');
    for (const source of sources) expect(existsSync(join(root, 'dist', source)), source).toBe(true);
  });
});

describe('isMqttError', () => {
  type Thrower = () => unknown;
  const caught = (decode: (frame: Uint8Array, version: 5) => unknown): unknown => {
    try {
      return decode(new Uint8Array([0xc1, 0]), 5);
    } catch (error) {
      return error;
    }
  };

  it('knows the errors of the other format, of other entries and of other realms', async () => {
    const esm = await loadIndex('js');
    const cjs = await loadIndex('cjs');
    const script = await bundle(`export * from './dist/index.js';`);
    const context = vm.createContext({});
    vm.runInContext(script, context);
    const thrower = `(() => { try { puremqtt.decode(new Uint8Array([0xc1, 0]), 5); } catch (error) { return error; } })`;
    const throwers: readonly Thrower[] = [
      () => caught(esm.decode),
      () => caught(cjs.decode),
      vm.runInContext(thrower, context) as Thrower,
    ];
    const judges = [
      esm.isMqttError,
      cjs.isMqttError,
      vm.runInContext('puremqtt.isMqttError', context) as typeof esm.isMqttError,
    ];
    for (const judge of judges) {
      for (const thrower of throwers) expect(judge(thrower())).toBe(true);
      for (const other of [
        new Error('x'),
        null,
        undefined,
        1,
        'x',
        {},
        vm.runInContext('new Error()', context),
      ]) {
        expect(judge(other)).toBe(false);
      }
    }
    // Else the two formats would be one and the test would prove nothing.
    expect(caught(cjs.decode)).not.toBeInstanceOf(esm.MqttError);
    expect(caught(esm.decode)).toBeInstanceOf(esm.MqttError);
  });
});

describe('the declarations', () => {
  const files = readdirSync(join(root, 'dist')).filter((name) => /\.d\.c?ts$/.test(name));

  it('exist for every entry in both formats', () => {
    expect(files).toEqual(expect.arrayContaining(names.flatMap((name) => [`${name}.d.ts`, `${name}.d.cts`])));
  });

  it.each(files)('%s names no any, no Buffer and nothing of a runtime', (file) => {
    const source = ts.createSourceFile(file, readDist(file), ts.ScriptTarget.ES2022, true);
    expect(
      source.referencedFiles.length +
        source.typeReferenceDirectives.length +
        source.libReferenceDirectives.length,
    ).toBe(0);
    const visit = (node: ts.Node): void => {
      expect(node.kind === ts.SyntaxKind.AnyKeyword, `any in ${node.parent?.getText().slice(0, 80)}`).toBe(
        false,
      );
      if (ts.isIdentifier(node))
        expect(['Buffer', 'NodeJS', 'ReadableStream', 'Blob']).not.toContain(node.text);
      ts.forEachChild(node, visit);
    };
    visit(source);
    const imported = source.statements.flatMap((node) =>
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined
        ? [(node.moduleSpecifier as ts.StringLiteral).text]
        : [],
    );
    const allowed = FOREIGN[file.replace(/\.d\.c?ts$/, '')];
    expect(imported.filter((name) => !name.startsWith('./') && !allowed?.test(name))).toEqual([]);
  });
});

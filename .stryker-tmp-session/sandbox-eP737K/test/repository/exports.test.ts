// @ts-nocheck
import { describe, expect, it } from 'vitest';
import {
  disagreements,
  exportsMap,
  readJson,
  sourceFiles,
  typesVersions,
} from '../../scripts/check-exports.js';
import { entries } from '../../scripts/entries.js';

describe('the list of entries', () => {
  it('agrees with package.json, typedoc.json and the files in src/', () => {
    expect(disagreements(entries, readJson('package.json'), readJson('typedoc.json'), sourceFiles())).toEqual(
      [],
    );
  });

  it('names every condition with its types first', () => {
    expect(JSON.stringify(exportsMap({ index: 'src/index.ts', codec: 'src/codec.ts' }))).toBe(
      '{".":{"import":{"types":"./dist/index.d.ts","default":"./dist/index.js"},' +
        '"require":{"types":"./dist/index.d.cts","default":"./dist/index.cjs"}},' +
        '"./codec":{"import":{"types":"./dist/codec.d.ts","default":"./dist/codec.js"},' +
        '"require":{"types":"./dist/codec.d.cts","default":"./dist/codec.cjs"}},' +
        '"./package.json":"./package.json"}',
    );
  });

  const list = { index: 'src/index.ts' };
  const manifest = { exports: exportsMap(list), typesVersions: typesVersions(list) };
  const typedoc = { entryPoints: ['src/index.ts'] };

  it('is found to agree with a tree that it describes', () => {
    expect(disagreements(list, manifest, typedoc, ['src/index.ts', 'src/bytes/reader.ts'])).toEqual([]);
  });

  it.each([
    ['an entry less in package.json', { ...manifest, exports: {} }, typedoc, ['src/index.ts'], '"exports"'],
    ['no typesVersions', { exports: manifest.exports }, typedoc, ['src/index.ts'], '"typesVersions"'],
    ['another entry in typedoc.json', manifest, { entryPoints: [] }, ['src/index.ts'], '"entryPoints"'],
    ['a missing source', manifest, typedoc, [], 'src/index.ts does not exist'],
    [
      'a forgotten source',
      manifest,
      typedoc,
      ['src/index.ts', 'src/session/index.ts'],
      'src/session/index.ts is an entry',
    ],
    [
      'a forgotten adapter',
      manifest,
      typedoc,
      ['src/index.ts', 'src/adapters/node.ts'],
      'src/adapters/node.ts is an entry',
    ],
  ])('is found to disagree when there is %s', (_, wrongManifest, wrongTypedoc, sources, message) => {
    expect(disagreements(list, wrongManifest, wrongTypedoc, sources).join('\n')).toContain(message);
  });

  it('is found to disagree when the types do not stand first', () => {
    const swapped = { '.': { import: { default: './dist/index.js', types: './dist/index.d.ts' } } };
    const right = exportsMap(list)['.'] as { require: unknown };
    const wrong = {
      ...manifest,
      exports: { ...manifest.exports, '.': { ...swapped['.'], require: right.require } },
    };
    expect(disagreements(list, wrong, typedoc, ['src/index.ts']).join()).toContain('"exports"');
  });
});

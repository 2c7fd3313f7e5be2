// @ts-nocheck
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readFixture, readTitle } from '../lib/ledger.js';

/** The statements that a test names: in its titles, or in the fixture that it plays. */
export type StatementsOf = (name: string) => readonly string[];

const key = ({ standard, id }: { readonly standard: string; readonly id: string }): string =>
  `${standard}: ${id}`;

const unique = (keys: readonly string[]): string[] => [...new Set(keys)];

/** The titles of the fixtures' tests begin so. */
const PREFIXES = { '': 'a valid packet', 'invalid/': 'an invalid packet' } as const;

/** Reads which statements each fixture names, and gives the function that knows them by the name of a test. */
export function readNames(root: string): StatementsOf {
  const fixtures = new Map<string, readonly string[]>();
  for (const [version, standard] of [
    [4, '3.1.1'],
    [5, '5.0'],
  ] as const) {
    for (const folder of ['', 'invalid/'] as const) {
      const path = `fixtures/v${version}/${folder}`;
      for (const file of readdirSync(join(root, path)).filter((name) => name.endsWith('.json'))) {
        const items = JSON.parse(readFileSync(join(root, path, file), 'utf8')) as readonly { name: string }[];
        for (const item of items) {
          const { claims } = readFixture(JSON.stringify([item]), path + file);
          const title = `${standard} ${basename(file, '.json')}: ${item.name}`;
          fixtures.set(`${PREFIXES[folder]}|${title}`, unique(claims.map(key)));
        }
      }
    }
  }
  return (name) => {
    const [, prefix = '', title = ''] = /^(an? (?:in)?valid packet) [^:]*: (.*)$/s.exec(name) ?? [];
    return unique([...readTitle(name, '').claims.map(key), ...(fixtures.get(`${prefix}|${title}`) ?? [])]);
  };
}

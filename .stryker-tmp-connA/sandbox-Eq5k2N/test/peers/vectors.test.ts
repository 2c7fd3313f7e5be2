// @ts-nocheck
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  type Disagreement,
  disagreements,
  isForBroker,
  judge,
} from '../../scripts/differential/mosquitto.js';
import { readRows, unlisted } from '../../scripts/differential.js';
import { fromHex, readVectors, type Vector } from '../../scripts/lib/vectors.js';
import { Mosquitto, mosquittoPath, noMosquitto, sayWhy } from './mosquitto.js';

// The list is of this version: others differ in other ways.
const LISTED = '2.0.11';

sayWhy('test/peers/vectors.test.ts');

const version = /version (\S+)/.exec(
  mosquittoPath === undefined ? '' : spawnSync(mosquittoPath, ['-h'], { encoding: 'utf8' }).stdout,
)?.[1];
const isListed = version === LISTED;
if (version !== undefined && !isListed) {
  console.warn(
    `the vectors are sent to mosquitto ${version}, but its list is of ${LISTED}: nothing is compared`,
  );
}

const rows = readRows('fixtures/differential/mosquitto.json');

describe.skipIf(noMosquitto !== undefined)('invalid vectors, sent to a real mosquitto', () => {
  it('are refused, but for the kinds that are listed, all of which are seen', async () => {
    const broker = await Mosquitto.start();
    try {
      const vectors = readVectors();
      expect(vectors.filter(isForBroker).length).toBeGreaterThan(1_500);
      const found = await disagreements(vectors, broker.port);
      if (!isListed) return;
      const told = ({ kind, vector }: Disagreement): string => `${kind}: ${vector.name}`;
      expect([...unlisted(found, rows).values()].map(told)).toEqual([]);
      const seen = new Set(found.map(({ kind, version }) => `${version} ${kind}`));
      const listed = rows.flatMap(({ kind, versions }) => versions.map((each) => `${each} ${kind}`));
      expect(listed.filter((each) => !seen.has(each))).toEqual([]);
    } finally {
      await broker.stop();
    }
  });

  it('are told from those that it takes', async () => {
    const broker = await Mosquitto.start();
    try {
      const verdict = (hex: string): Promise<string> => {
        const vector: Vector = { version: 5, name: hex, frame: fromHex(hex) };
        return judge(vector, broker.port);
      };
      expect(await verdict('32080001740001006869')).toBe('accepts');
      expect(await verdict('36080001740001006869')).toBe('refuses');
      expect(await verdict('100e00044d5154540502003c00000163')).toBe('accepts');
      expect(await verdict('100e00044d5154540503003c00000163')).toBe('refuses');
      for (const { examples } of isListed ? rows : []) {
        for (const { version, hex = '' } of examples) {
          expect(await judge({ version, name: hex, frame: fromHex(hex) }, broker.port), hex).toBe('accepts');
        }
      }
    } finally {
      await broker.stop();
    }
  });
});

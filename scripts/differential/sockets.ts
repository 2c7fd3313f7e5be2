/**
 * Generated malformed bytes on sockets of a real mosquitto: `npm run differential:mosquitto -- --runs 20000`.
 *
 * Each kind of bytes that it does not refuse has a row in `fixtures/differential/mosquitto.json`, for the version
 * that the file is of. Exits with 1 for one that has none.
 */
import { parseArgs } from 'node:util';
import { malformedBytes } from '../../src/arbitraries/index.js';
import { Mosquitto, noMosquitto } from '../../test/peers/mosquitto.js';
import { readRows, unlisted } from '../differential.js';
import { diceOf, randomBytes } from '../fuzz/mutate.js';
import { valueFrom } from '../fuzz/parametric.js';
import { isMain } from '../lib/root.js';
import type { Vector } from '../lib/vectors.js';
import { disagreements, isForBroker } from './mosquitto.js';

const FILE = 'fixtures/differential/mosquitto.json';
const BATCH = 1_000;

const arbitraries = ([4, 5] as const).map((version) => malformedBytes({ version, from: 'client' }));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '20000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    },
  });
  if (noMosquitto !== undefined) throw new Error(noMosquitto);
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  const dice = diceOf(seed);
  const rows = readRows(FILE);
  const counts = new Map<string, number>();
  const missing = new Map<string, string>();
  let sent = 0;
  while (sent < runs) {
    const vectors = Array.from({ length: BATCH }, (): Vector => {
      const { bytes: frame, version, due } = valueFrom(arbitraries[dice(2)]!, randomBytes(dice, 200));
      const error = { code: due.class, reasonCode: due.reasonCode };
      return {
        version,
        name: Buffer.from(frame).toString('hex').slice(0, 400),
        frame,
        from: 'client',
        error,
      };
    });
    sent += vectors.filter(isForBroker).length;
    // One for each batch: a broker that remembers too much of what was sent becomes slow.
    const broker = await Mosquitto.start();
    try {
      const found = await disagreements(vectors, broker.port);
      for (const { kind, version } of found) {
        const key = `${version} ${kind}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      for (const [key, { vector }] of unlisted(found, rows)) missing.set(key, vector.name);
    } finally {
      await broker.stop();
    }
  }
  for (const [kind, times] of [...counts].sort(([, a], [, b]) => b - a)) console.log(`${times} ${kind}`);
  console.log(`seed ${seed}: ${sent} malformed packets sent`);
  for (const [key, name] of missing) console.error(`not in ${FILE}: ${key}\n  ${name}`);
  if (missing.size > 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) await main();

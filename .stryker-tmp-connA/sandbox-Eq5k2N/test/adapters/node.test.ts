// @ts-nocheck
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPeers } from './peers/start.js';
import { nodeKit } from './runtimes/node-kit.js';
import { CASES, type Kit, runCase } from './suite/index.js';
import { columnOf, servedBy } from './suite/matrix.js';

const COLUMN = 'node20';
let kit: Kit;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const started = await startPeers();
  kit = nodeKit(COLUMN, started.peers);
  stop = started.stop;
}, 60_000);
afterAll(() => stop());

describe('the adapter for Node, from source, in this Node', () => {
  const names = servedBy(columnOf(COLUMN), CASES);
  it.each(CASES.filter(({ name }) => names.includes(name)))(
    '$name: $promise',
    async (one) => {
      const { ok, error } = await runCase(kit, one);
      expect({ ok, error }).toEqual({ ok: true, error: undefined });
    },
    40_000,
  );
});

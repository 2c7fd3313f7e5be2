// @ts-nocheck
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startPeers } from './peers/start.js';
import { memory } from './runtimes/node-kit.js';
import { webSocketKit } from './runtimes/websocket-kit.js';
import { CASES, type Kit, runCase } from './suite/index.js';
import { columnOf, servedBy } from './suite/matrix.js';

const COLUMN = 'ws';
let kit: Kit;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const started = await startPeers();
  kit = webSocketKit(
    COLUMN,
    started.peers,
    { delay, memory },
    ({ ca, identity }) =>
      (url, protocol) =>
        new WebSocket(url, protocol, {
          ...(ca !== undefined && { ca }),
          ...identity,
          perMessageDeflate: false,
        }),
  );
  stop = started.stop;
});
afterAll(() => stop());

describe('the adapter for WebSockets, from source, on the package ws', () => {
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

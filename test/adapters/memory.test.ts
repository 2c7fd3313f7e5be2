import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { attach } from '../../src/adapters/node.js';
import { End } from './pair.js';
import { BEHAVIOURS } from './peers/behaviours.js';
import { Peer, type Records } from './peers/peer.js';
import { CASES, type Kit, runCase } from './suite/index.js';
import { columnOf, saysOf, servedBy } from './suite/matrix.js';

const column = columnOf('memory');
const names = Object.keys(BEHAVIOURS);
const records: Records = new Map();

/** The peers of the suite behind pairs of streams: what is a port elsewhere is a place in the list here. */
const kit: Kit = {
  plain: 'tcp',
  secure: 'tls',
  peers: {
    ports: Object.fromEntries(names.map((name, index) => [`tcp/${name}`, index])),
    ca: '',
    client: { cert: '', key: '' },
  },
  says: saysOf(column),
  connect: (endpoint, { port }, handler, options) => {
    const [ours, theirs] = End.pair();
    BEHAVIOURS[names[port] ?? '']?.(new Peer(theirs, () => theirs.resetAndDestroy(), records));
    return attach(endpoint, ours, handler, options);
  },
  delay,
  now: () => performance.now(),
};

describe('the adapter for Node over streams in memory', () => {
  const served = servedBy(column, CASES);
  it.each(CASES.filter(({ name }) => served.includes(name)))('$name: $promise', async (one) => {
    const { ok, error } = await runCase(kit, one);
    expect({ ok, error }).toEqual({ ok: true, error: undefined });
  });
});

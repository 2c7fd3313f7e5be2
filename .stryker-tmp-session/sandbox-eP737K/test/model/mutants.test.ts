// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants.js';
import { type Flow, messagesOf } from './scenarios.js';
import { Counterexample, explore } from './search.js';
import { normalParty, type Scenario } from './sides.js';
import { worldOf } from './world.js';

const flow = (from: Flow['from'], qos: Flow['qos']): Flow => ({ from, qos });
const TWO_OF_QOS_1 = messagesOf([flow('client', 1), flow('client', 1)]);
const TWO_OF_QOS_2 = messagesOf([flow('client', 2), flow('client', 2)]);
const ONE_EACH_WAY = messagesOf([flow('client', 2), flow('server', 2)]);

const base: Scenario = {
  version: 5,
  acknowledgements: 'automatic',
  host: 'atomic',
  messages: ONE_EACH_WAY,
  cuts: 1,
  crashes: 0,
};

function find(scenario: Scenario): Counterexample | undefined {
  try {
    explore(worldOf(scenario));
    return undefined;
  } catch (error) {
    if (error instanceof Counterexample) return error;
    throw error;
  }
}

/** What the search has to say about a mutant, and where it has to look. */
const CASES: readonly [mutant: keyof typeof MUTANTS, says: RegExp, scenario?: Partial<Scenario>][] = [
  ['resends without DUP', /sent with DUP 0/],
  ['sends DUP at once', /sent with DUP 1/, { cuts: 0 }],
  ['resends under another identifier', /packet|identifier/],
  ['sends PUBLISH again after PUBREL', /sent after its PUBREC/],
  ['forgets PUBRELs on resume', /outgoing, incoming, queued, unanswered: 1,/],
  ['resends the last first', /sent after m1/, { messages: TWO_OF_QOS_1 }],
  ['delivers what it has had already', /delivered twice/],
  ['forgets on resume what it has had already', /delivered twice|store differs/],
  ['acknowledges without delivering', /never delivered/, { messages: TWO_OF_QOS_1, cuts: 0 }],
  ['delivers twice', /delivered twice/, { cuts: 0 }],
  ['frees the identifier at PUBREC', /identifiers {2}are in use for exchanges 1/, { cuts: 0 }],
  ['never frees an identifier', /identifiers 1 are in use for exchanges/, { cuts: 0 }],
  [
    'gives the slot back at PUBREC',
    /wakes up|in flight of 1|slots/,
    { messages: TWO_OF_QOS_2, receiveMaximum: [1], cuts: 0 },
  ],
  ['never gives a slot back', /wakes up|slots/, { messages: TWO_OF_QOS_1, receiveMaximum: [1], cuts: 0 }],
  [
    'has no respect for Receive Maximum',
    /2 messages are in flight of 1/,
    { messages: TWO_OF_QOS_1, receiveMaximum: [1], cuts: 0 },
  ],
  [
    'acknowledges out of turn',
    /puback 2 is sent where 1 is due/,
    { messages: TWO_OF_QOS_1, acknowledgements: 'manual', cuts: 0 },
  ],
  ['answers no PUBREL', /outgoing, incoming, queued, unanswered: 1,0,0,0/, { cuts: 0 }],
  ['settles twice', /settled twice/, { cuts: 0 }],
  ['settles nothing', /exchanges go on|are in use for exchanges 1/, { cuts: 0 }],
  ['pings for ever', /goes round in circles/, { cuts: 0 }],
];

describe('The search finds a step that', () => {
  for (const [name, says, special] of CASES) {
    it(name, () => {
      const scenario = { ...base, ...special };
      expect(find(scenario)).toBeUndefined();
      const found = find({ ...scenario, step: MUTANTS[name] });
      expect(found?.reason).toMatch(says);
      expect(found?.trace.length).toBeGreaterThan(0);
    });
  }

  it('has a case for each fault', () => {
    expect(CASES.map(([name]) => name).sort()).toEqual(Object.keys(MUTANTS).sort());
  });
});

describe('The search finds a host that', () => {
  it.each([4, 5] as const)('writes to the socket before it stores (version %i)', (version) => {
    const careless: Scenario = { ...base, version, host: 'careless', judgedAs: 'atomic' };
    const found = find({ ...careless, messages: TWO_OF_QOS_1, cuts: 0, crashes: 1 });
    expect(found?.reason).toMatch(/was never delivered/);
    expect(`${found?.message}`).toMatch(/dies/);
  });

  it.each([4, 5] as const)('delivers before it stores, and so delivers twice (version %i)', (version) => {
    const scenario: Scenario = { ...base, version, host: 'deliver-first', cuts: 0, crashes: 1 };
    expect(find(scenario)).toBeUndefined();
    expect(find({ ...scenario, judgedAs: 'atomic' })?.reason).toMatch(/QoS 2 is delivered twice/);
  });

  it.each([4, 5] as const)('stores before it delivers, and so loses a message (version %i)', (version) => {
    const scenario: Scenario = { ...base, version, host: 'store-first', cuts: 0, crashes: 1 };
    expect(find(scenario)).toBeUndefined();
    expect(find({ ...scenario, judgedAs: 'atomic' })?.reason).toMatch(/acknowledged and was never delivered/);
  });

  it('loses nothing at QoS 1, whichever comes first', () => {
    for (const host of ['deliver-first', 'store-first'] as const) {
      const scenario: Scenario = { ...base, host, messages: TWO_OF_QOS_1, crashes: 1 };
      expect(find({ ...scenario, judgedAs: 'atomic' })).toBeUndefined();
    }
  });
});

describe('The search itself', () => {
  it.each([{ messages: ONE_EACH_WAY }, { messages: TWO_OF_QOS_2, receiveMaximum: [1] }])(
    'sees the same when it does not merge states by what they will do',
    (special) => {
      const merged = explore(worldOf({ ...base, ...special })).states;
      const exact = worldOf({ ...base, ...special }, JSON.stringify);
      const { parties } = exact.sides;
      const normal = new Set<string>();
      const expand: typeof exact.expand = (world, offer) => {
        const { client, server, toClient, toServer, link } = world;
        const sides = [client, server].map((party) => normalParty(parties.get(party)));
        normal.add([...sides, toClient, toServer, link].join('|'));
        exact.expand(world, offer);
      };
      const { states } = explore({ ...exact, expand });
      expect(states).toBeGreaterThan(merged);
      expect(normal.size).toBe(merged);
    },
  );

  it('stops at its limit and says so', () => {
    expect(explore(worldOf(base), 50)).toMatchObject({ truncated: true });
  });
});

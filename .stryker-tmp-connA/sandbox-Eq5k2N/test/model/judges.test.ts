// @ts-nocheck
import { describe, expect, it } from 'vitest';
import {
  type Action,
  type ConnectionState,
  type Input,
  serverConnection,
  step,
} from '../../src/connection/index.js';
import type { DecodedPublish } from '../../src/index.js';
import { checkStep } from './contract.js';
import { Guard } from './guard.js';
import { explore, type Graph } from './search.js';
import { Violation } from './violation.js';

describe('The judge of steps', () => {
  const connect = {
    type: 'connect',
    protocolVersion: 5,
    clientId: 'c',
    cleanStart: true,
    keepAlive: 0,
  } as const;
  const inputs: readonly Input[] = [
    { type: 'opened', now: 0 },
    { type: 'packetReceived', packet: { ...connect, properties: {} }, size: 20, now: 0 },
    { type: 'accept', now: 0 },
  ];
  const open = inputs.reduce<ConnectionState>((state, input) => step(state, input)[0], serverConnection());
  const ping: Input = { type: 'packetReceived', packet: { type: 'pingreq' }, size: 2, now: 1 };
  const bad: Input = { type: 'packetReceived', packet: { type: 'pingresp' }, size: 2, now: 1 };
  const packet: DecodedPublish = {
    type: 'publish',
    topic: 't',
    payload: new Uint8Array(),
    qos: 1,
    dup: false,
    retain: false,
    packetId: 1,
    properties: {},
  };
  const puback: Action = { type: 'transmit', packet: { type: 'puback', packetId: 1 } };
  const [closed, failing] = step(open, bad);

  const judge = (input: Input, after: ConnectionState, actions: readonly Action[]) => (): void =>
    checkStep(open, input, after, actions);

  it('lets what is right pass', () => {
    expect(judge(ping, ...step(open, ping))).not.toThrow();
    expect(judge(bad, closed, failing)).not.toThrow();
  });

  it.each<[string, Input, ConnectionState, readonly Action[]]>([
    ['a message after its acknowledgement', ping, open, [puback, { type: 'deliver', packet }]],
    [
      'a message after a failure',
      bad,
      closed,
      [...failing.slice(0, -1), { type: 'deliver', packet }, failing.at(-1)!],
    ],
    ['a packet after close', bad, closed, [...failing.slice(0, -1), puback, failing.at(-1)!]],
    ['an end that nobody hears of', bad, closed, failing.slice(0, -1)],
    ['two failures', bad, closed, [failing[0]!, ...failing]],
    ['a failure without an end', bad, open, failing.filter(({ type }) => type !== 'ended')],
    ['a packet of the other side', ping, open, [{ type: 'transmit', packet: { type: 'pingreq' } }]],
    ['a packet that cannot be', ping, open, [{ type: 'transmit', packet: { type: 'puback', packetId: 0 } }]],
    ['a negative quota', ping, { ...open, traffic: { ...open.traffic, sending: -1 } }, []],
    [
      'a quota that a stored state does not have',
      ping,
      { ...open, traffic: { ...open.traffic, receiving: 1 } },
      [],
    ],
  ])('does not let pass %s', (_name, input, after, actions) => {
    expect(judge(input, after, actions)).toThrow(Violation);
  });

  it('does not let a refusal change anything', () => {
    const [, refused] = step(open, { type: 'accept', now: 1 });
    expect(judge(inputs[2]!, { ...open }, refused)).toThrow(Violation);
    expect(judge(inputs[2]!, open, [...refused, puback])).toThrow(Violation);
  });
});

describe('The guard of states', () => {
  it('sees bytes that change, and does not let anything else change', () => {
    const guard = new Guard();
    const payload = Uint8Array.of(1);
    const send: Input = { type: 'send', packet: { type: 'publish', topic: 't', qos: 1, payload }, now: 0 };
    const [after] = guard.step(serverConnection(), { type: 'opened', now: 0 });
    guard.step(after, send);
    guard.check();
    expect(Object.isFrozen(after.session.queue)).toBe(true);
    payload[0] = 2;
    expect(() => guard.check()).toThrow('bytes of an old state have changed');
  });

  it('reports what is thrown', () => {
    const guard = new Guard(() => {
      throw new TypeError('oops');
    });
    expect(() => guard.step(serverConnection(), { type: 'opened', now: 0 })).toThrow(
      /makes step throw.*oops/,
    );
  });
});

describe('The search', () => {
  /** States are letters: `a>b` is progress, `a!b` a fault, of which there is one. */
  const graph = (edges: string, good: string): Graph<{ at: string; spare: number }> => ({
    start: { at: 'a', spare: 1 },
    keyOf: ({ at }) => at,
    sparesOf: ({ spare }) => [spare],
    expand: ({ at, spare }, offer) => {
      for (const edge of edges.split(' ')) {
        const to = edge[2]!;
        if (edge[0] !== at) continue;
        if (edge[1] === '>') offer(edge, true, { at: to, spare });
        else if (spare > 0) offer(edge, false, { at: to, spare: spare - 1 });
      }
    },
    checkEnd: ({ at }) => {
      if (!good.includes(at)) throw new Violation(`stuck at ${at}`);
    },
  });

  it('visits every state', () => {
    expect(explore(graph('a>b a>c b>d c>d', 'd'))).toEqual({ states: 4, edges: 4, truncated: false });
  });

  it('finds a bad end, by the fewest faults', () => {
    expect(() => explore(graph('a>b b>c c>d a!d', 'c'))).toThrow('stuck at d\n  1. a>b\n  2. b>c\n  3. c>d');
    expect(() => explore(graph('a>b b!c c>d', 'b'))).toThrow('stuck at d\n  1. a>b\n  2. b!c\n  3. c>d');
  });

  it('does not take a fault for a way out', () => {
    expect(() => explore(graph('a>b b!c', 'c'))).toThrow('stuck at b');
  });

  it('finds a circle of progress, and takes none for one that needs a fault', () => {
    expect(() => explore(graph('a>b b>c c>b c>d', 'd'))).toThrow(/goes round in circles\n {2}1. a>b/);
    expect(explore(graph('a>b b!a b>c', 'c')).states).toBe(3);
  });

  it('comes back with more faults to spare', () => {
    // By way of b the fault is spent at d; by way of the longer c it is not.
    expect(() => explore(graph('a!d a>c c>e e>d d!f', 'df'))).not.toThrow();
    expect(() => explore(graph('a!d a>c c>e e>d d!f f>g', 'dg'))).not.toThrow();
    expect(() => explore(graph('a!d a>c c>e e>d d!f f>g', 'd'))).toThrow('stuck at g');
  });
});

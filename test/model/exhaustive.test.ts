import { describe, it } from 'vitest';
import { prove, TIMEOUT } from './prove.js';
import {
  everyPair,
  firstConnection,
  lessAndLess,
  oneAtATime,
  oneAtATimeByChoice,
  pipelined,
  withOneIdentifier,
  withRefusals,
} from './scenarios.js';

// Every order in which things can happen: `npm run model` goes further, and in CI does so.

/** What a search would not let pass: the faults of `mutants.test.ts` break these. */
const STATEMENTS = {
  4: [
    '[3.1.1: MQTT-2.3.1-2] [3.1.1: MQTT-2.3.1-3] [3.1.1: MQTT-2.3.1-4] [3.1.1: MQTT-2.3.1-6]',
    '[3.1.1: MQTT-3.3.1-1] [3.1.1: MQTT-3.3.4-1] [3.1.1: MQTT-4.1.0-1] [3.1.1: MQTT-4.3.1-1]',
    '[3.1.1: MQTT-4.3.2-1] [3.1.1: MQTT-4.3.3-1]',
    '[3.1.1: MQTT-4.4.0-1] [3.1.1: MQTT-4.6.0-1] [3.1.1: MQTT-4.6.0-2] [3.1.1: MQTT-4.6.0-3]',
    '[3.1.1: MQTT-4.6.0-4] [U3-2.3.1-a]',
  ].join(' '),
  5: [
    '[5.0: MQTT-2.2.1-3] [5.0: MQTT-2.2.1-4] [5.0: MQTT-2.2.1-5] [5.0: MQTT-3.1.2-5] [5.0: MQTT-3.1.2-23]',
    '[5.0: MQTT-3.3.1-1] [5.0: MQTT-3.3.4-1] [5.0: MQTT-4.1.0-1] [5.0: MQTT-4.3.1-1] [5.0: MQTT-4.3.2-1]',
    '[5.0: MQTT-4.3.2-2] [5.0: MQTT-4.3.2-3] [5.0: MQTT-4.3.2-4] [5.0: MQTT-4.3.3-1]',
    '[5.0: MQTT-4.3.3-2] [5.0: MQTT-4.3.3-3] [5.0: MQTT-4.3.3-4] [5.0: MQTT-4.3.3-5] [5.0: MQTT-4.3.3-6]',
    '[5.0: MQTT-4.3.3-8] [5.0: MQTT-4.3.3-10] [5.0: MQTT-4.3.3-11]',
    '[5.0: MQTT-4.4.0-1] [5.0: MQTT-4.6.0-1] [5.0: MQTT-4.6.0-2] [5.0: MQTT-4.6.0-3] [5.0: MQTT-4.6.0-4]',
    '[U5-2.2.1-a] [U5-4.1-a] [U5-4.3.1-a]',
  ].join(' '),
} as const;

describe('Two flows at a time, cuts and a crash of each side at any point', () => {
  const bounds = { cuts: 1, crashes: 1 };

  for (const version of [4, 5] as const) {
    it(
      `QoS 2 exactly once, QoS 1 at least once, in order, with an atomic commit: ${STATEMENTS[version]}`,
      { timeout: TIMEOUT },
      () => prove(everyPair(bounds, 2, ['atomic']).filter((one) => one.version === version)),
    );
  }
});

describe('Two flows at a time, a cut at any point', () => {
  const bounds = { cuts: 1, crashes: 0 };

  it(
    'takes a message under a used identifier for a new one ' +
      '[3.1.1: MQTT-4.3.2-2] [3.1.1: MQTT-4.3.3-2] [5.0: MQTT-4.3.2-5] [5.0: MQTT-4.3.3-12]',
    { timeout: TIMEOUT },
    () => prove(withOneIdentifier(bounds)),
  );

  it(
    'keeps to a Receive Maximum of 1 ' +
      '[5.0: MQTT-3.3.4-7] [5.0: MQTT-3.3.4-9] [5.0: MQTT-3.3.4-8] [5.0: MQTT-3.3.4-10] ' +
      '[5.0: MQTT-4.9.0-1] [5.0: MQTT-4.9.0-2] [5.0: MQTT-4.9.0-3] [U5-4.9-a] [U5-4.9-b]',
    { timeout: TIMEOUT },
    () => prove(oneAtATime(bounds)),
  );

  it('keeps to its own limit of one message in flight', { timeout: TIMEOUT }, () =>
    prove(oneAtATimeByChoice(bounds)),
  );

  it(
    'resumes within a Receive Maximum that has become lower [5.0: MQTT-3.3.4-7] [5.0: MQTT-3.3.4-9] [U5-4.9-b]',
    { timeout: TIMEOUT },
    () => prove(lessAndLess(bounds)),
  );

  it(
    'ends with a refusal, whenever it is given: ' +
      '[5.0: MQTT-4.3.3-4] [5.0: MQTT-4.3.3-9] [5.0: MQTT-4.4.0-2] [U5-4.13.2-a]',
    { timeout: TIMEOUT },
    () => prove(withRefusals(bounds)),
  );
});

describe('Two flows at a time, a fault at any point', () => {
  const cut = { cuts: 1, crashes: 0 };
  const crash = { cuts: 0, crashes: 1 };

  it(
    'begins with a session that neither side has [5.0: MQTT-3.1.2-6] [5.0: MQTT-3.2.2-3] [3.1.1: MQTT-3.2.2-3]',
    { timeout: TIMEOUT },
    () => prove([cut, crash].flatMap((bounds) => firstConnection(bounds))),
  );

  it('lets the client send before CONNACK [U3-3.1.4-a] [U5-3.1.4-a]', { timeout: TIMEOUT }, () =>
    prove(pipelined(cut)),
  );
});

// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { isOf, loadDialogues, parseDialogues } from './dialogue.js';
import { difference, differenceOfLists } from './match.js';
import { play, throughEndpoint, throughJson, throughStep } from './players.js';

describe('what dialogues expect', () => {
  it('is met by a value that has more fields', () => {
    expect(difference({ type: 'a', b: { c: 1, d: 2 } }, { type: 'a', b: { c: 1 } }, 'x')).toBeUndefined();
    expect(difference({ b: Uint8Array.of(104, 105) }, { b: 'hi' }, 'x')).toBeUndefined();
    expect(difference({ b: Uint8Array.of(1) }, { b: Uint8Array.of(1) }, 'x')).toBeUndefined();
    expect(difference({ a: undefined }, { a: null, b: null }, 'x')).toBeUndefined();
  });

  it.each([
    [{ a: 1 }, { a: 2 }, 'x.a: expected 2, got 1'],
    [{}, { a: 2 }, 'x.a: expected 2, got undefined'],
    [{ a: 0 }, { a: null }, 'x.a: expected null, got 0'],
    [{ a: false }, { a: 0 }, 'x.a: expected 0, got false'],
    [{ a: {} }, { a: 'b' }, 'x.a: expected "b", got {}'],
    [{ a: 'b' }, { a: {} }, 'x.a: expected {}, got "b"'],
    [{ a: [1] }, { a: [1, 2] }, 'x.a[1]: expected 2, got undefined'],
    [{ a: [1, 2] }, { a: [1] }, 'x.a: nothing more expected, got [2]'],
    [{ a: 1 }, { a: [1] }, 'x.a: expected [1], got 1'],
    [{ a: Uint8Array.of(1) }, { a: Uint8Array.of(2) }, 'x.a: expected {"$bytes":"02"}, got {"$bytes":"01"}'],
    [{ a: Uint8Array.of(1) }, { a: { 0: 1 } }, 'x.a: expected {"0":1}, got {"$bytes":"01"}'],
  ])('is not met by %j, where %j is expected', (actual, expected, found) => {
    expect(difference(actual, expected, 'x')).toBe(found);
  });

  it('has an order', () => {
    expect(differenceOfLists([{ t: 'a' }, { t: 'b' }], [{ t: 'b' }, { t: 'a' }], 'x')).toBe(
      'x[0].t: expected "b", got "a"',
    );
  });
});

describe('the dialogues', () => {
  const all = [...loadDialogues().values()].flat();

  it('have names of their own, and name statements of their version alone', () => {
    const titles = all.map(({ file, title }) => `${file}: ${title}`);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
    expect(all.filter(({ title }) => !title.includes('['))).toEqual([]);
    const strays = all.filter(({ statements }) => statements.some((id) => !isOf(id, 4) && !isOf(id, 5)));
    expect(strays.map(({ title }) => title)).toEqual([]);
  });

  const text = (out: readonly object[], more: object = {}): string =>
    JSON.stringify([
      {
        name: 'x',
        statements: ['3.1.1: MQTT-3.12.4-1', '5.0: MQTT-3.12.4-1'],
        role: 'server',
        version: [4, 5],
        steps: [
          { at: 0, in: { input: { type: 'opened' } }, out: [] },
          {
            in: { packet: { type: 'connect', clientId: 'c', cleanStart: true, keepAlive: 10 } },
            out: [{ type: 'connectRequested' }],
          },
          {
            in: { input: { type: 'accept' } },
            out: [{ type: 'transmit', packet: { type: 'connack' } }, { type: 'connected' }],
          },
          { in: { packet: { type: 'pingreq' } }, out, ...more },
        ],
      },
    ]);
  const PONG = { type: 'transmit', packet: { type: 'pingresp' } };

  it('are read once for each version', () => {
    expect(parseDialogues(text([PONG]), 'f').map(({ version, title }) => [version, title])).toEqual([
      [4, '3.1.1 server: x [3.1.1: MQTT-3.12.4-1]'],
      [5, '5.0 server: x [5.0: MQTT-3.12.4-1]'],
    ]);
  });

  it.each([
    ['step', throughStep],
    ['an Endpoint', throughEndpoint],
    ['a stored Endpoint', throughJson],
  ])('fail through %s where something is missing, too much or late', (_name, way) => {
    const found = (json: string): (string | undefined)[] =>
      parseDialogues(json, 'f').map((dialogue) => play(dialogue, way));
    expect(found(text([PONG]))).toEqual([undefined, undefined]);
    expect(found(text([PONG], { deadline: 15_000 }))).toEqual([undefined, undefined]);
    expect(found(text([PONG], { deadline: { by: 15_000 } }))).toEqual([undefined, undefined]);
    for (const wrong of [
      text([]),
      text([PONG, PONG]),
      text([{ type: 'fail' }, PONG]),
      text([PONG, { type: 'close', reason: 'failed' }]),
      text([{ type: 'transmit', packet: { type: 'pingresp' }, size: 3 }]),
      text([PONG], { deadline: 15_001 }),
      text([PONG], { deadline: { by: 14_999 } }),
      text([PONG], { deadline: null }),
    ]) {
      for (const difference of found(wrong)) expect(difference).toMatch(/^step 3: /);
    }
  });
});

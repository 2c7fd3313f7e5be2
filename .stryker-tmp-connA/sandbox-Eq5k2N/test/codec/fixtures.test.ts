// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { PACKET_TYPES } from '../../src/index.js';
import { type InvalidFixture, invalidFixtures, type ValidFixture, validFixtures } from './fixtures.js';
import {
  checkBreaks,
  checkDecoded,
  checkEncoded,
  checkEnd,
  checkRefused,
  checkStreamed,
} from './vector-checks.js';

describe('the fixtures', () => {
  it('cover every packet of both versions, right and wrong', () => {
    for (const version of [4, 5] as const) {
      for (const type of PACKET_TYPES.slice(1)) {
        if (type === 'auth' && version === 4) continue;
        const here = (fixture: ValidFixture | InvalidFixture) =>
          fixture.version === version && fixture.file === type;
        expect(validFixtures.some(here), `${type} of version ${version}`).toBe(true);
        expect(invalidFixtures.some(here), `invalid ${type} of version ${version}`).toBe(true);
      }
    }
  });
});

describe('a valid packet', () => {
  for (const fixture of validFixtures) it(`is decoded: ${fixture.title}`, () => checkDecoded(fixture));
  for (const fixture of validFixtures) it(`is encoded: ${fixture.title}`, () => checkEncoded(fixture));
  for (const fixture of validFixtures) {
    it(`comes out of a stream however it is split: ${fixture.title}`, () => checkStreamed(fixture));
  }
  for (const fixture of validFixtures) it(`ends where it says: ${fixture.title}`, () => checkEnd(fixture));
});

describe('an invalid packet', () => {
  for (const fixture of invalidFixtures) it(`is refused: ${fixture.title}`, () => checkRefused(fixture));
  for (const fixture of invalidFixtures) {
    it(`breaks a stream however it is split: ${fixture.title}`, () => checkBreaks(fixture));
  }
});

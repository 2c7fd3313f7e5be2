import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/index.js';
import { concat, encodeAny, expectError, expectRefusal, toHex, variable } from './fixtures.js';
import {
  bytesOf,
  company,
  frameWithProperties,
  nameIn,
  pathOf,
  propertiesOf,
  propertySets,
  sampleValue,
  specProperties,
  withProperties,
} from './samples.js';

const hexOf = (id: number): string => `0x${id.toString(16)}`;

/** The statement that the standard gives for a value out of range, where it has one. */
const rangeStatements: Readonly<Record<string, string>> = {
  topicAlias: 'MQTT-3.3.2-8',
  maximumQoS: 'MQTT-3.2.2-9',
};

const malformed = { class: 'MalformedPacketError', reasonCode: 0x81 } as const;
const protocol = { class: 'ProtocolError', reasonCode: 0x82 } as const;

/** The bytes of an integer of that type. */
function integer(type: string, value: number): Uint8Array {
  if (type === 'Byte') return Uint8Array.of(value);
  if (type === 'Two Byte Integer') return Uint8Array.of(value >> 8, value);
  if (type === 'Variable Byte Integer') return Uint8Array.from(variable(value));
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** Where a value is cut short: within an integer or a length at the end, else at the length that overruns. */
function cutAt(type: string, value: Uint8Array, held: number): { overrunAt: number | undefined } {
  if (type.includes('Integer') || type === 'Byte') return { overrunAt: undefined };
  const first = 2 + value[1]!;
  const start = type === 'UTF-8 String Pair' && held >= first ? first : 0;
  return { overrunAt: held - start >= 2 ? start : undefined };
}

for (const set of propertySets) {
  const ofSet = set === 'will' ? ' [U5-3.1.3.2-a]' : '';
  describe(`each property in ${set}`, () => {
    for (const property of specProperties) {
      const name = nameIn(property, set);
      const path = pathOf(set, name);
      const { bytes: value, value: decoded } = sampleValue(property);
      const more = company(set, property);

      if (!property.sets.includes(set)) {
        it(`${property.words} is not allowed [U5-2.2.2-a]${ofSet}`, () => {
          const { frame, start: offset } = frameWithProperties(set, bytesOf(property));
          const code = 'property-not-allowed';
          expectError(() => decode(frame, 5), {
            ...malformed,
            code,
            offset,
            field: pathOf(set, hexOf(property.id)),
          });
          // In the singular or the plural: neither belongs here.
          for (const own of new Set([property.name, nameIn(property, 'publish')])) {
            const packet = withProperties(set, {
              [own]: property.type.includes('Pair') ? [decoded] : decoded,
            });
            expectRefusal(packet, 5, 'not-in-this-packet', pathOf(set, own));
          }
        });
        continue;
      }

      it(`${property.words} is read and written`, () => {
        const { frame } = frameWithProperties(set, concat(bytesOf(property), more));
        const packet = decode(frame, 5);
        expect(propertiesOf(set, packet)).toMatchObject({
          [name]: property.repeats(set) ? [decoded] : decoded,
        });
        expect(toHex(encode(packet, 5))).toBe(toHex(frame));
      });

      it(`${property.words} twice [U5-2.2.2-d]`, () => {
        const { frame, start } = frameWithProperties(set, concat(bytesOf(property), bytesOf(property), more));
        if (property.repeats(set)) {
          const packet = decode(frame, 5);
          expect(propertiesOf(set, packet)).toMatchObject({ [name]: [decoded, decoded] });
          expect(toHex(encode(packet, 5))).toBe(toHex(frame));
          return;
        }
        const offset = start + 1 + value.length;
        expectError(() => decode(frame, 5), { ...protocol, code: 'duplicate-property', offset, field: path });
      });

      it(`${property.words} cut off, or running over the Property Length [U5-2.2.2-b] [U5-1.5.4-a]`, () => {
        for (let held = 0; held < value.length; held++) {
          const part = bytesOf(property, value.subarray(0, held));
          const { overrunAt } = cutAt(property.type, value, held);
          for (const surplus of [new Uint8Array(0), value.subarray(held)]) {
            const { frame, start } = frameWithProperties(set, part, { surplus });
            expectError(() => decode(frame, 5), {
              ...malformed,
              code: overrunAt === undefined ? 'cut-short' : 'length-overrun',
              offset: start + (overrunAt === undefined ? part.length : 1 + overrunAt),
              field: path,
            });
          }
        }
      });

      if (property.range === undefined) continue;
      const [minimum, maximum] = property.range;

      it(`${property.words} at and beyond its limits`, () => {
        const { type } = property;
        const size = { Byte: 255, 'Two Byte Integer': 65_535, 'Variable Byte Integer': 268_435_455 }[type];
        const largest = size ?? 4_294_967_295;
        const few = [0, 1, 2, 3, minimum, maximum - 1, maximum, 127, 128, largest];
        const numbers = type === 'Byte' ? Array.from({ length: 256 }, (_, i) => i) : few;
        for (const number of numbers) {
          const { frame, start } = frameWithProperties(
            set,
            concat(bytesOf(property, integer(type, number)), more),
          );
          const properties = { ...(more.length > 0 && { authenticationMethod: 'xy' }), [name]: number };
          const packet = withProperties(
            set,
            property.repeats(set) ? { ...properties, [name]: [number] } : properties,
          );
          if (number >= minimum && number <= maximum) {
            const value = property.repeats(set) ? [number] : number;
            expect(propertiesOf(set, decode(frame, 5))).toMatchObject({ [name]: value });
            expect(propertiesOf(set, decode(encodeAny(packet, 5), 5))).toMatchObject({ [name]: value });
            continue;
          }
          const statement = rangeStatements[property.name];
          const code = 'value-out-of-range';
          expectError(() => decode(frame, 5), {
            class: 'ProtocolError',
            reasonCode: property.name === 'topicAlias' ? 0x94 : 0x82,
            code,
            offset: start + 1,
            field: path,
            ...(statement !== undefined && { statement }),
          });
          expect(expectRefusal(packet, 5, code, path).statement).toBe(statement);
        }
      });
    }
  });
}

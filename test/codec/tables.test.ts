import { describe, expect, it } from 'vitest';
import * as puremqtt from '../../src/index.js';
import { bitOf } from '../../src/spec/properties.js';
import { codesOf, nameIn, type PropertySetName, specProperties, specReasonCodes } from './samples.js';

/** The packets that both sides send, in which a property can have one sender all the same. */
const sentByBoth = ['publish', 'puback', 'pubrec', 'pubrel', 'pubcomp', 'disconnect', 'auth'];

/** The sender column of the standard's table, for one packet. */
function senderOf(column: string, set: PropertySetName): string | undefined {
  if (!sentByBoth.includes(set) || column === 'both') return undefined;
  if (column === 'client' || column === 'server') return column;
  for (const part of column.split('; ')) {
    const [packets = '', sender] = part.split(': ');
    if (packets.toLowerCase().split(', ').includes(set)) return sender;
  }
  throw new Error(`no sender for ${set} in ${column}`);
}

describe('the table of properties', () => {
  const sets = Object.keys(puremqtt.PROPERTIES) as PropertySetName[];

  it('has the sets of properties that the standard names', () => {
    expect([...sets].sort()).toEqual(
      [...new Set(specProperties.flatMap((property) => property.sets))].sort(),
    );
    expect(specProperties).toHaveLength(27);
  });

  it.each(sets)('says of %s what table 2-4 says [U5-3.1.3.2-a]', (set) => {
    const expected = specProperties
      .filter((property) => property.sets.includes(set))
      .map((property) => [
        nameIn(property, set),
        {
          id: property.id,
          type: property.type,
          minimum: property.range?.[0],
          maximum: property.range?.[1],
          sender: senderOf(property.sender, set),
        },
      ]);
    const actual = Object.entries(puremqtt.PROPERTIES[set]).map(([name, row]) => [
      name,
      {
        id: row[0],
        type: puremqtt.PROPERTY_TYPES[row[1]],
        minimum: row[2],
        maximum: row[3],
        sender: row[5],
      },
    ]);
    expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
  });

  it.each(sets)('has a bit of its own for each property of %s', (set) => {
    const bits = Object.values(puremqtt.PROPERTIES[set]).map(([id]) => bitOf(id));
    expect(bits).not.toContain(0);
    expect(new Set(bits).size).toBe(bits.length);
  });
});

describe('the tables of reason codes', () => {
  it('name every code of table 2-6', () => {
    const simple = (words: string) => words.toLowerCase().replaceAll(/[^a-z\d]/g, '');
    expect(
      Object.fromEntries(Object.entries(puremqtt.ReasonCode).map(([name, code]) => [simple(name), code])),
    ).toEqual(Object.fromEntries(specReasonCodes.map(({ words, code }) => [simple(words), code])));
  });

  it.each([
    ['connack', puremqtt.CONNACK_REASON_CODES],
    ['puback', puremqtt.PUBACK_REASON_CODES],
    ['pubrec', puremqtt.PUBACK_REASON_CODES],
    ['pubrel', puremqtt.PUBREL_REASON_CODES],
    ['pubcomp', puremqtt.PUBREL_REASON_CODES],
    ['suback', puremqtt.SUBACK_REASON_CODES],
    ['unsuback', puremqtt.UNSUBACK_REASON_CODES],
    ['disconnect', puremqtt.DISCONNECT_REASON_CODES],
    ['auth', puremqtt.AUTH_REASON_CODES],
  ])('give %s the codes of table 2-6', (packet, codes) => {
    expect(codes).toEqual(codesOf(packet));
  });

  it('give MQTT 3.1.1 its own', () => {
    expect(puremqtt.CONNACK_RETURN_CODES).toEqual([0, 1, 2, 3, 4, 5]);
    expect(puremqtt.SUBACK_RETURN_CODES).toEqual([0, 1, 2, 0x80]);
    expect(Object.values(puremqtt.ConnectReturnCode)).toEqual([...puremqtt.CONNACK_RETURN_CODES]);
  });
});

describe('the table of packet types', () => {
  it('has the numbers of table 2-1', () => {
    expect(puremqtt.PACKET_TYPES.join(' ')).toBe(
      ' connect connack publish puback pubrec pubrel pubcomp subscribe suback unsubscribe unsuback' +
        ' pingreq pingresp disconnect auth',
    );
  });
});

describe('the limits', () => {
  it('are those of sections 1.5.4 and 1.5.5', () => {
    expect(puremqtt.MAXIMUM_FIELD_LENGTH).toBe(2 ** 16 - 1);
    expect(puremqtt.MAXIMUM_VARIABLE_BYTE_INTEGER).toBe(2 ** 28 - 1);
    expect(puremqtt.MAXIMUM_PACKET_SIZE).toBe(1 + 4 + 2 ** 28 - 1);
  });
});

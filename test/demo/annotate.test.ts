import { describe, expect, it } from 'vitest';
import { annotate, type Field } from '../../docs/examples/demo/annotate.js';
import { encode, isMqttError, type PacketOf, type ProtocolVersion } from '../../src/index.js';
import { invalidFixtures, validFixtures } from '../codec/fixtures.js';
import { thrownIfAny } from '../thrown.js';

/** Says where fields and frame do not fit together. */
function gaps(fields: readonly Field[], length: number): string[] {
  const starts = [...fields.map(({ start }) => start), length];
  const ends = [0, ...fields.map(({ end }) => end)];
  return starts.flatMap((start, index) => (start === ends[index] ? [] : [`${ends[index]} to ${start}`]));
}

function fieldsOf<V extends ProtocolVersion>(packet: PacketOf<V>, version: V): string[] {
  const frame = encode(packet, version);
  return annotate(frame, version).fields.map(
    ({ name, start, end }) => `${name}: ${Buffer.from(frame.subarray(start, end)).toString('hex')}`,
  );
}

describe('annotate', () => {
  it('names the bytes of a PUBLISH, property by property', () => {
    const properties = { contentType: 'x', userProperties: [['a', 'b'] as const, ['c', ''] as const] };
    const packet = { type: 'publish', topic: 't', payload: 'p', qos: 1, packetId: 7, properties } as const;
    expect(fieldsOf(packet, 5)).toEqual([
      'type+flags: 32',
      'remainingLength: 18',
      'topic: 000174',
      'packetId: 0007',
      'propertyLength: 11',
      'properties.contentType: 03000178',
      'properties.userProperties[0]: 26000161000162',
      'properties.userProperties[1]: 260001630000',
      'payload: 70',
    ]);
  });

  it('names the bytes of a CONNECT with a will', () => {
    const will = { topic: 'w', payload: 'x', properties: { willDelayInterval: 5 } };
    const connect = {
      type: 'connect',
      clientId: 'c',
      cleanStart: true,
      keepAlive: 60,
      username: 'u',
    } as const;
    expect(fieldsOf({ ...connect, protocolVersion: 5, will, password: 'p' }, 5)).toEqual([
      'type+flags: 10',
      'remainingLength: 20',
      'protocolName: 00044d515454',
      'protocolVersion: 05',
      'flags: c6',
      'keepAlive: 003c',
      'propertyLength: 00',
      'clientId: 000163',
      'will.propertyLength: 05',
      'will.properties.willDelayInterval: 1800000005',
      'will.topic: 000177',
      'will.payload: 000178',
      'username: 000175',
      'password: 000170',
    ]);
    expect(fieldsOf({ ...connect, protocolVersion: 4 }, 4).at(-2)).toBe('clientId: 000163');
  });

  it('leaves out what a short form leaves out', () => {
    expect(fieldsOf({ type: 'puback', packetId: 1 }, 5)).toHaveLength(3);
    expect(fieldsOf({ type: 'disconnect', reasonCode: 4 }, 5)).toEqual([
      'type+flags: e0',
      'remainingLength: 01',
      'reasonCode: 04',
    ]);
  });

  it('covers every valid fixture from its first byte to its last, in each of its values', () => {
    expect(validFixtures.length).toBeGreaterThan(100);
    for (const { frame, version, title } of validFixtures) {
      // Bytes around the frame, so that a view's offset counts.
      const inside = Buffer.concat([Uint8Array.of(1, 2, 3), frame, Uint8Array.of(4)]).subarray(3, -1);
      const { fields } = annotate(inside, version);
      expect(gaps(fields, frame.length), title).toEqual([]);
      expect(
        fields.every(({ start, end }) => end > start),
        title,
      ).toBe(true);
    }
  });

  it('refuses every invalid fixture as decode does', () => {
    expect(invalidFixtures.length).toBeGreaterThan(100);
    for (const { frame, version, title, error } of invalidFixtures) {
      // Those of one sender alone are fine to someone who does not know the sender.
      const caught = thrownIfAny(() => annotate(frame, version));
      if (caught !== undefined) expect(isMqttError(caught) && caught.code, title).toBe(error.code);
      else expect(error.code, title).toBe('wrong-sender');
    }
  });

  it('never reads a changed fixture in another way than decode does', () => {
    let read = 0;
    for (const { frame, version, title } of validFixtures) {
      for (let index = 0; index < Math.min(frame.length, 200); index++) {
        for (const change of [0x01, 0x02, 0x80, 0xff]) {
          const changed = Uint8Array.from(frame);
          changed[index]! ^= change;
          const error = thrownIfAny(() => annotate(changed, version));
          if (error === undefined) read++;
          else expect(isMqttError(error) || error, `${title}, byte ${index}`).toBe(true);
        }
      }
    }
    expect(read).toBeGreaterThan(1000);
  });
});

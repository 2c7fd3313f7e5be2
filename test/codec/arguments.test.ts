import { describe, expect, it } from 'vitest';
import * as puremqtt from '../../src/index.js';
import {
  decode,
  encode,
  encodedLength,
  encodeInto,
  encodeParts,
  type ProtocolVersion,
} from '../../src/index.js';
import { ownFunctions } from '../packets/own-functions.js';
import { thrownBy } from '../thrown.js';
import { encodeAny, expectRefusal, invalidFixtures, toHex, validFixtures } from './fixtures.js';

describe('wrong arguments', () => {
  const frame = Uint8Array.of(0xc0, 0);
  const ping = { type: 'pingreq' } as const;

  it('a version that is none', () => {
    for (const wrong of [3, 6, 0, '4', '5.0', null, undefined, Number.NaN, {}] as unknown[]) {
      const version = wrong as ProtocolVersion;
      for (const run of [
        () => encode(ping, version),
        () => encodedLength(ping, version),
        () => encodeParts(ping, version),
        () => encodeInto(ping, version, new Uint8Array(9)),
        () => decode(frame, version),
        () => puremqtt.encodePingreq(ping, version),
        () => puremqtt.decodePingreq(frame, version),
      ]) {
        const error = thrownBy(run);
        expect(error).toBeInstanceOf(RangeError);
        expect(String(error)).toContain('version');
      }
    }
  });

  it('a packet that is none', () => {
    for (const wrong of [null, undefined, 'pingreq', 5, true, Symbol('packet'), () => ping] as unknown[]) {
      for (const run of [
        () => encodeAny(wrong, 4),
        () => encodedLength(wrong as typeof ping, 4),
        () => encodeParts(wrong as typeof ping, 4),
        () => encodeInto(wrong as typeof ping, 4, new Uint8Array(9)),
        () => puremqtt.encodePingreq(wrong as typeof ping, 4),
      ]) {
        const error = thrownBy(run);
        expect(error).toBeInstanceOf(TypeError);
        expect(String(error)).toContain('packet');
      }
    }
    for (const type of ['PINGREQ', 'will', '', undefined, null, 12, {}, ['pingreq']]) {
      expectRefusal({ ...ping, type }, 4, 'wrong-type', 'type');
    }
  });

  it('bytes that are none', () => {
    for (const wrong of [
      null,
      undefined,
      'c000',
      [0xc0, 0],
      new ArrayBuffer(2),
      new Uint16Array(2),
      new DataView(new ArrayBuffer(2)),
      {},
    ] as unknown[]) {
      for (const [run, name] of [
        [() => decode(wrong as Uint8Array, 4), 'frame'],
        [() => puremqtt.decodePingreq(wrong as Uint8Array, 4), 'frame'],
        [() => puremqtt.decodePublish(wrong as Uint8Array, 4), 'frame'],
        [() => encodeInto(ping, 4, wrong as Uint8Array), 'target'],
      ] as const) {
        const error = thrownBy(run);
        expect(error).toBeInstanceOf(TypeError);
        expect(String(error)).toContain(name);
      }
    }
  });

  it('a target without room for the packet', () => {
    const noRoom = (size: number, offset: number): string => {
      const target = new Uint8Array(size);
      const error = thrownBy(() => encodeInto(ping, 4, target, offset));
      expect(error).toBeInstanceOf(RangeError);
      expect(target).toEqual(new Uint8Array(size));
      return (error as RangeError).message;
    };
    expect(noRoom(1, 0)).toBe('target has room for 1 bytes, the packet needs 2');
    expect(noRoom(9, 8)).toBe('target has room for 1 bytes, the packet needs 2');
    expect(noRoom(9, 20)).toBe('target has room for 0 bytes, the packet needs 2');
  });

  it('an offset that is none', () => {
    for (const wrong of [-1, 0.5, Number.NaN, Infinity, '0', null, {}] as unknown[]) {
      const target = new Uint8Array(9).fill(0xee);
      const error = thrownBy(() => encodeInto(ping, 4, target, wrong as number));
      expect(error instanceof RangeError || error instanceof TypeError, String(wrong)).toBe(true);
      expect(String(error)).toContain('offset');
      expect(target.every((byte) => byte === 0xee)).toBe(true);
    }
  });

  it('a packet of another type for encodeX and decodeX', () => {
    expect(() => puremqtt.encodePuback(ping as never, 4)).toThrow(TypeError);
    for (const { frame: wrong, version, file } of invalidFixtures) {
      if (file === 'connect' || file === 'fixed-header') continue;
      // Bytes are never a wrong argument, whatever they hold.
      expect(thrownBy(() => puremqtt.decodeConnect(wrong, version))).toSatisfy(puremqtt.isMqttError);
    }
    const unexpected = { name: 'ProtocolError', code: 'unexpected-packet', field: 'type', reasonCode: 0x82 };
    expect(thrownBy(() => puremqtt.decodePuback(frame, 4))).toMatchObject(unexpected);
    expect(thrownBy(() => puremqtt.decodePublish(frame, 4))).toMatchObject(unexpected);
    for (const decodeOne of [puremqtt.decodePuback, puremqtt.decodePublish]) {
      expect(thrownBy(() => decodeOne(frame, 4))).toHaveProperty('statement', undefined);
      const nothing = thrownBy(() => decodeOne(new Uint8Array(0), 4));
      expect(nothing).toMatchObject({ code: 'cut-short', field: 'type', offset: 0 });
    }
  });
});

describe('encodeX and decodeX', () => {
  it('do what encode and decode do', () => {
    for (const { packet, frame, version, from, unsendable } of validFixtures) {
      const { encodeOne, decodeOne } = ownFunctions(packet.type);
      expect(decodeOne(frame, version, { from })).toStrictEqual(packet);
      if (unsendable !== undefined) continue;
      expect(toHex(encodeOne(packet, version, { from }))).toBe(toHex(encode(packet, version)));
    }
  });

  it('refuse what decode refuses', () => {
    for (const { frame, version, from, file } of invalidFixtures) {
      if (file === 'fixed-header') continue;
      const { decodeOne } = ownFunctions(file);
      const expected = thrownBy(() => decode(frame, version, { from }));
      expect(thrownBy(() => decodeOne(frame, version, { from }))).toEqual(expected);
    }
  });
});

// What both parsers owe to whoever takes late, or takes on after an error.
import { describe, expect, it } from 'vitest';
import { FrameParser, PacketParser } from '../../src/index.js';
import { mqttErrorBy } from '../thrown.js';
import { drain } from './streams.js';

const PARSERS = [PacketParser, FrameParser] as const;

/** PUBACK packets with these Packet Identifiers. */
const pubacks = (...ids: number[]): Uint8Array => Uint8Array.from(ids.flatMap((id) => [0x40, 2, 0, id]));

/** The Packet Identifiers that come out, until more is needed. */
const idsOf = (parser: PacketParser | FrameParser): number[] =>
  drain<object>(parser).flatMap((one) => {
    if ('packetId' in one) return [one.packetId as number];
    return 'remaining' in one ? [(one as unknown as { bytes: Uint8Array }).bytes[1]!] : [];
  });

describe.each(PARSERS.map((Parser) => [Parser.name, Parser] as const))('chunks of %s', (_, Parser) => {
  const take = (parser: PacketParser | FrameParser): void => {
    // A packet, or the head, the body and the end of a frame.
    for (let count = Parser === PacketParser ? 1 : 3; count > 0; count--) parser.next();
  };

  it('that wait come before those that are pushed later', () => {
    const parser = new Parser({ version: 4 });
    for (const id of [1, 2, 3]) parser.push(pubacks(id));
    take(parser);
    parser.push(pubacks(4));
    take(parser);
    for (const id of [5, 6]) parser.push(pubacks(id));
    expect(parser.buffered).toBe(16);
    expect(idsOf(parser)).toEqual([3, 4, 5, 6]);
  });

  it('that wait may be few or many, empty or not', () => {
    const parser = new Parser({ version: 4 });
    const empty = new Uint8Array(0);
    for (const part of [empty, pubacks(1, 2), empty, empty, pubacks(3).subarray(0, 1), empty])
      parser.push(part);
    take(parser);
    parser.push(pubacks(3).subarray(1));
    parser.push(empty);
    expect(idsOf(parser)).toEqual([2, 3]);
    parser.push(pubacks(4));
    expect(idsOf(parser)).toEqual([4]);
    expect(parser.buffered).toBe(0);
  });
});

describe.each(PARSERS.map((Parser) => [Parser.name, Parser] as const))('%s, once broken,', (_, Parser) => {
  it('says the same for ever and takes nothing more', () => {
    const parser = new Parser({ version: 4 });
    parser.push(pubacks(1));
    parser.push(Uint8Array.of(0xf0, 0, 0xc0, 0));
    parser.push(pubacks(2));
    const error = mqttErrorBy(() => drain<object>(parser));
    expect(error).toMatchObject({ code: 'reserved-packet-type', offset: 0 });
    expect(parser.buffered).toBe(0);
    parser.push(pubacks(3));
    expect(parser.buffered).toBe(0);
    expect(mqttErrorBy(() => parser.next())).toBe(error);
    expect(mqttErrorBy(() => parser.end())).toBe(error);
    expect(mqttErrorBy(() => parser.next())).toBe(error);
  });
});

describe('memory that was taken away behind the back of', () => {
  const thrown = (parser: PacketParser | FrameParser): unknown => {
    try {
      drain<object>(parser);
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const takeAway = ({ buffer }: Uint8Array): void => {
    if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
  };

  it.each(PARSERS.map((Parser) => [Parser.name, Parser] as const))(
    '%s breaks the stream for good',
    (_, Parser) => {
      const parser = new Parser({ version: 4 });
      const lost = pubacks(1, 2);
      for (const part of [lost, pubacks(3)]) parser.push(part);
      expect(parser.next()).toBeDefined();
      takeAway(lost);
      const error = thrown(parser);
      expect(error).toBeInstanceOf(Error);
      expect(thrown(parser)).toBe(error);
      expect(parser.buffered).toBe(0);
    },
  );
});

describe('unread() of PacketParser', () => {
  it('has all that waits, in order', () => {
    const parser = new PacketParser({ version: 4 });
    for (const id of [1, 2, 3, 4]) parser.push(pubacks(id));
    parser.next();
    parser.next();
    for (const id of [5, 6]) parser.push(pubacks(id));
    expect(parser.unread()).toEqual(pubacks(3, 4, 5, 6));
    expect(idsOf(parser)).toEqual([3, 4, 5, 6]);
  });
});

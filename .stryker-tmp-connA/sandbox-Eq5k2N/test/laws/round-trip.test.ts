// @ts-nocheck
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutatedBytes, packetBytes, rawProperty, rawString, text } from '../../src/arbitraries/index.js';
import { decode, encode, InvalidPacketError, normalize, type PacketOf } from '../../src/index.js';
import { anyPacket, from, outcomeOf, runs, SENDERS, same, VERSIONS } from './law.js';

describe.each(VERSIONS)('with version %d', (version) => {
  const v = version as 5;

  it.each(SENDERS)('decode(encode(p)) equals normalize(p), sent by %s', (sender) => {
    const law = fc.property(anyPacket(version, sender), (packet) => {
      const frame = encode(packet, v, { from: sender });
      same(decode(frame, v, { from: sender }), normalize(packet, v));
    });
    fc.assert(law, runs(3_000));
  });

  it('encode(decode(b)) equals b for canonical b', () => {
    const law = fc.property(packetBytes({ version }), (bytes) => {
      same(encode(decode(bytes, v), v), bytes);
    });
    fc.assert(law, runs(3_000));
  });

  it('normalize changes neither the bytes nor what is normal', () => {
    const law = fc.property(anyPacket(version), (packet) => {
      const normal = normalize(packet, v);
      same(encode(normal, v), encode(packet, v));
      same(normalize(normal, v), normal);
    });
    fc.assert(law, runs(1_000));
  });

  it('whatever is accepted comes back the same from its shortest form', () => {
    let accepted = 0;
    const law = fc.property(mutatedBytes(packetBytes({ version })), from, (bytes, sender) => {
      const outcome = outcomeOf(() => decode(bytes, v, { from: sender }));
      if ('error' in outcome || isUnsendable(outcome.value)) return;
      accepted++;
      const again = encode(outcome.value, v, { from: sender });
      expect(again.length).toBeLessThanOrEqual(bytes.length);
      same(decode(again, v, { from: sender }), outcome.value);
    });
    fc.assert(law, runs(5_000));
    expect(accepted).toBeGreaterThan(runs(250).numRuns);
  });

  // A server can read what a client must not send, and answers it with a refusal of its own.
  const isUnsendable = (packet: PacketOf<5>): boolean =>
    version === 4 && packet.type === 'connect' && packet.clientId === '' && !packet.cleanStart;

  it('fields that are undefined or absent, and empty lists and no lists, give the same bytes', () => {
    const law = fc.property(anyPacket(version), (packet) => {
      const properties = { userProperties: [], reasonString: undefined };
      const spelt = { ...NOTHING, ...(version === 5 && packet.type in BY_NAME && { properties }), ...packet };
      const given = { ...packet, ...('properties' in spelt && { properties: spelt.properties }) };
      same(encode(spelt as PacketOf<5>, v), encode(given as PacketOf<5>, v));
    });
    fc.assert(law, runs(500));
  });

  const NOTHING = {
    payload: undefined,
    retain: undefined,
    dup: undefined,
    qos: undefined,
    packetId: undefined,
    reasonCode: undefined,
    reasonCodes: undefined,
    will: undefined,
    username: undefined,
    password: undefined,
    properties: undefined,
  };
  const BY_NAME = {
    connack: 0,
    puback: 0,
    pubrec: 0,
    pubrel: 0,
    pubcomp: 0,
    suback: 0,
    unsuback: 0,
    disconnect: 0,
  };

  it('every size around the borders of the Remaining Length comes back', () => {
    for (const border of [128, 16_384, 2_097_152]) {
      for (let length = border - 3; length <= border + 3; length++) {
        const payload = new Uint8Array(length - (version === 5 ? 4 : 3)).fill(length);
        const frame = encode({ type: 'publish', topic: 'a', payload }, v);
        expect(frame.length).toBe(1 + length + (length < border ? 0 : 1) + BYTES_BELOW[border]!);
        same(decode(frame, v), normalize({ type: 'publish', topic: 'a', payload }, v));
      }
    }
  });

  const BYTES_BELOW: Readonly<Record<number, number>> = { 128: 1, 16384: 2, 2097152: 3 };

  it('text comes back character by character, U+FEFF at any place too [3.1.1: MQTT-1.5.3-3] [5.0: MQTT-1.5.4-3]', () => {
    const anywhere = fc.tuple(text(), fc.constantFrom('', '\u{feff}'), text()).map((parts) => parts.join(''));
    const law = fc.property(anywhere, (username) => {
      fc.pre(Buffer.byteLength(username) <= 65_535);
      const packet: PacketOf<5> = {
        ...{ type: 'connect', protocolVersion: v, clientId: username, cleanStart: true, keepAlive: 0 },
        username,
      };
      const frame = encode(packet, v);
      const ending = rawString(username);
      same(frame.slice(-ending.length), ending);
      same(decode(frame, v), normalize(packet, v));
    });
    fc.assert(law, runs(1_000));
  });
});

describe('User Properties', () => {
  const pairs = fc.array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', ''), text()), { maxLength: 12 });

  it('keep their order and repeats [U5-2.2.2-c] [5.0: MQTT-3.3.2-18] [5.0: MQTT-3.1.3-10]', () => {
    const law = fc.property(pairs, pairs, (userProperties, ofTheWill) => {
      fc.pre(userProperties.length > 0 && ofTheWill.length > 0);
      const publish = decode(
        encode({ type: 'publish', topic: 'a', payload: '', properties: { userProperties } }, 5),
        5,
      );
      same(publish.type === 'publish' && publish.properties.userProperties, userProperties);
      const will = { topic: 'a', properties: { userProperties: ofTheWill } };
      const connect = decode(
        encode(
          { type: 'connect', protocolVersion: 5, clientId: '', cleanStart: true, keepAlive: 0, will },
          5,
        ),
        5,
      );
      same(connect.type === 'connect' && connect.will?.properties.userProperties, ofTheWill);
    });
    fc.assert(law, runs(300));
  });

  it('stand on the wire in that order, as they were given', () => {
    const law = fc.property(pairs, (userProperties) => {
      const frame = encode({ type: 'disconnect', reasonCode: 0x04, properties: { userProperties } }, 5);
      const expected = userProperties.map(([name, value]) =>
        rawProperty(0x26, Buffer.concat([rawString(name), rawString(value)])),
      );
      expect(Buffer.from(frame).includes(Buffer.concat(expected))).toBe(true);
    });
    fc.assert(law, runs(300));
  });
});

describe('a CONNECT of MQTT 3.1.1 with an empty Client Identifier and Clean Session 0', () => {
  it('is read, for a server to refuse, and not written [3.1.1: MQTT-3.1.3-7]', () => {
    const frame = Uint8Array.of(0x10, 12, 0, 4, 77, 81, 84, 84, 4, 0, 0, 0, 0, 0);
    const packet = decode(frame, 4);
    same(packet, { type: 'connect', protocolVersion: 4, clientId: '', cleanStart: false, keepAlive: 0 });
    expect(() => encode(packet, 4)).toThrow(InvalidPacketError);
  });
});

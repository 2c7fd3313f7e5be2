// The functions of each packet do for it what `encode` and `decode` do for all.
import { describe, expect, it } from 'vitest';
import { decode, encode, type Packet } from '../../src/index.js';
import { mqttErrorBy } from '../thrown.js';
import { ownFunctions } from './own-functions.js';

const BOTH = [
  { type: 'connack', sessionPresent: true, reasonCode: 0 },
  { type: 'publish', topic: 'a', payload: '', qos: 1, packetId: 1 },
  { type: 'puback', packetId: 2 },
  { type: 'pubrec', packetId: 3 },
  { type: 'pubrel', packetId: 4 },
  { type: 'pubcomp', packetId: 5 },
  { type: 'subscribe', packetId: 6, subscriptions: [{ topicFilter: 'a', qos: 1 }] },
  { type: 'suback', packetId: 7, reasonCodes: [1] },
  { type: 'unsubscribe', packetId: 8, topicFilters: ['a'] },
  { type: 'pingreq' },
  { type: 'pingresp' },
  { type: 'disconnect' },
] as const;
const connect = { type: 'connect', clientId: 'c', cleanStart: true, keepAlive: 0 } as const;
const CASES: readonly (readonly [version: 4 | 5, packet: Packet])[] = [
  ...BOTH.flatMap((packet) => [[4, packet] as const, [5, packet] as const]),
  [4, { ...connect, protocolVersion: 4 }],
  [5, { ...connect, protocolVersion: 5 }],
  [4, { type: 'unsuback', packetId: 9 }],
  [5, { type: 'unsuback', packetId: 9, reasonCodes: [0] }],
  [5, { type: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'M' } }],
];

describe.each(CASES)('version %i, %o', (version, packet) => {
  const frame = encode<4 | 5>(packet, version);
  const { encodeOne, decodeOne } = ownFunctions(packet.type);

  it('is written and read by its own functions as by those for all', () => {
    expect(encodeOne<4 | 5>(packet, version)).toEqual(frame);
    expect(decodeOne(frame, version)).toEqual(decode(frame, version));
  });

  it('is refused by the functions of another', () => {
    const other = ownFunctions(packet.type === 'pingreq' ? 'pingresp' : 'pingreq');
    expect(() => other.encodeOne<4 | 5>(packet, version)).toThrow(TypeError);
    const error = mqttErrorBy(() => other.decodeOne(frame, version));
    expect(error).toMatchObject({ code: 'unexpected-packet', reasonCode: 0x82, packetType: packet.type });
  });

  it('is named by errors of its own functions', () => {
    const cut = frame.slice(0, -1);
    const short = mqttErrorBy(() => decodeOne(cut, version));
    expect(short).toEqual(mqttErrorBy(() => decode(cut, version)));
    expect(short.packetType).toBe(packet.type);
    if (frame.length === 2) return expect(cut).toHaveLength(1);
    cut[1]! -= 1;
    const ours = mqttErrorBy(() => decodeOne(cut, version));
    expect(ours.packetType).toBe(packet.type);
    return expect(ours).toEqual(mqttErrorBy(() => decode(cut, version)));
  });
});

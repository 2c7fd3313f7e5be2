import type { NetworkConnection, PeerRule } from '../../../src/arbitraries/index.js';
import { encode } from '../../../src/codec.js';
import type { DecodedPacket, Packet } from '../../../src/packets/index.js';
import { PacketParser } from '../../../src/stream/index.js';

/** What becomes of a packet of a broker on its way, by what it is and how many there were before on the connection. */
export type Tampering = (packet: DecodedPacket, memory: Map<string, number>) => readonly Packet[];

export const count = (memory: Map<string, number>, key: string): number => {
  const times = (memory.get(key) ?? 0) + 1;
  memory.set(key, times);
  return times;
};

const withoutType =
  (type: DecodedPacket['type']): Tampering =>
  (packet) =>
    packet.type === type ? [] : [packet];

/** Changes to PUBLISHes: most brokers get something wrong with them alone. */
const inPublish =
  (
    change: (
      packet: Extract<DecodedPacket, { type: 'publish' }>,
      memory: Map<string, number>,
    ) => readonly Packet[],
  ): Tampering =>
  (packet, memory) =>
    packet.type === 'publish' ? change(packet, memory) : [packet];

const held: Packet[] = [];

/** Brokers that are wrong in one way each, made of a right one; and the rules that this may break. */
export const FAULTS: Readonly<Record<string, readonly [Tampering, ...PeerRule[]]>> = {
  'does not answer PINGREQ': [withoutType('pingresp'), 'answers-ping'],
  'does not answer SUBSCRIBE': [withoutType('suback'), 'answers-subscribe'],
  'does not answer UNSUBSCRIBE': [withoutType('unsuback'), 'answers-unsubscribe'],
  'sends no PUBACK': [withoutType('puback'), 'acknowledges-qos-1'],
  'sends no PUBREC': [withoutType('pubrec'), 'acknowledges-qos-2'],
  'sends no PUBCOMP': [withoutType('pubcomp'), 'answers-pubrel'],
  'sends no PUBREL': [withoutType('pubrel'), 'sends-pubrel', 'resends-on-resume'],
  'acknowledges twice': [
    (packet) => (packet.type === 'puback' ? [packet, packet] : [packet]),
    'unsolicited-acknowledgement',
  ],
  'answers with other identifiers': [
    (packet) => (packet.type === 'suback' ? [{ ...packet, packetId: packet.packetId + 100 }] : [packet]),
    'unsolicited-acknowledgement',
  ],
  'sends a code too many': [
    (packet) =>
      packet.type === 'suback'
        ? [{ ...packet, reasonCodes: [...packet.reasonCodes, 0] } as Packet]
        : [packet],
    'suback-codes',
  ],
  'grants QoS 2 always': [
    (packet) =>
      packet.type === 'suback'
        ? [{ ...packet, reasonCodes: packet.reasonCodes.map(() => 2) } as Packet]
        : [packet],
    'grants-at-most',
  ],
  'knows every session': [
    (packet) =>
      packet.type === 'connack' && packet.reasonCode === 0 ? [{ ...packet, sessionPresent: true }] : [packet],
    'no-session-after-clean-start',
    'no-session-present',
  ],
  'forgets every session': [
    (packet) => (packet.type === 'connack' ? [{ ...packet, sessionPresent: false }] : [packet]),
    'session-present',
  ],
  'welcomes twice': [(packet) => (packet.type === 'connack' ? [packet, packet] : [packet]), 'one-connack'],
  'speaks ahead of CONNACK': [
    (packet) => (packet.type === 'connack' ? [{ type: 'pingresp' }, packet] : [packet]),
    'connack-first',
  ],
  'loses messages of QoS 1': [
    inPublish((packet) => (packet.qos === 1 && !packet.retain ? [] : [packet])),
    'message-delivered',
    'retained-on-subscribe',
  ],
  'loses retained messages': [
    inPublish((packet) => (packet.retain ? [] : [packet])),
    'retained-on-subscribe',
    'message-delivered',
  ],
  'marks nothing as retained': [
    inPublish((packet) => [{ ...packet, retain: false }]),
    'only-subscribed',
    'not-after-unsubscribe',
    'retained-on-subscribe',
    'retain-as-published',
    'exactly-once',
    'message-order',
    'delivery-qos',
  ],
  'marks everything as retained': [
    inPublish((packet) => [{ ...packet, retain: true }]),
    'retain-flag-of-a-live-message',
    'retained-replaced',
  ],
  'changes payloads': [
    inPublish((packet) => [{ ...packet, payload: packet.payload.map((byte) => byte ^ 1) }]),
    'message-unchanged',
  ],
  'marks everything as a duplicate': [
    inPublish((packet) => [packet.qos === 0 ? packet : { ...packet, dup: true }]),
    'no-dup-on-a-first-send',
  ],
  'marks nothing as a duplicate': [
    inPublish((packet) => [packet.qos === 0 ? packet : { ...packet, dup: false }]),
    'dup-on-a-resend',
  ],
  'sends messages twice': [
    inPublish((packet) => [packet, packet]),
    'no-resend-otherwise',
    'dup-on-a-resend',
    'exactly-once',
    'retain-flag-of-a-live-message',
    'retained-replaced',
  ],
  'sends messages twice, as new ones': [
    inPublish((packet) =>
      packet.qos === 0 ? [packet] : [packet, { ...packet, packetId: packet.packetId + 1_000 }],
    ),
    'exactly-once',
    'receive-maximum',
    'retain-flag-of-a-live-message',
    'retained-replaced',
  ],
  'uses one identifier for all': [
    inPublish((packet) => [packet.qos === 0 ? packet : { ...packet, packetId: 1 }]),
    'packet-id-in-use',
    'resends-the-same',
    'pubrel-without-pubrec',
    'unsolicited-acknowledgement',
    'stays-connected',
    'sends-pubrel',
    'message-delivered',
    'dup-on-a-resend',
    'no-resend-otherwise',
  ],
  'sends every second message first': [
    inPublish((packet, memory) => {
      if (packet.qos !== 0 || packet.retain) return [packet];
      if (count(memory, 'publish') % 2 === 1) {
        held.splice(0, held.length, packet);
        return [];
      }
      return [packet, ...held.splice(0)];
    }),
    'message-order',
    // One that is held for another connection comes to the wrong one.
    'exactly-once',
  ],
  'sends what nobody can read': [
    inPublish((packet) => [{ ...packet, topic: 'a'.repeat(70_000) }]),
    'well-formed',
  ],
};

/** A connection whose packets from the broker, or to it, are tampered with. */
export function tampered(
  network: NetworkConnection,
  version: 4 | 5,
  tampering: Tampering,
  told?: Tampering,
): NetworkConnection {
  const memory = new Map<string, number>();
  const changing = (from: 'client' | 'server', change: Tampering): ((chunk: Uint8Array) => Uint8Array) => {
    const parser = new PacketParser({ version, from, copy: true });
    return (chunk) => {
      const frames: Uint8Array[] = [];
      try {
        parser.push(chunk);
        for (let packet = parser.next(); packet !== undefined; packet = parser.next()) {
          for (const each of change(packet, memory)) frames.push(frameOf(each, version));
        }
      } catch {
        return chunk; // An offence is for the broker to judge.
      }
      return new Uint8Array(Buffer.concat(frames));
    };
  };
  const [said, heard] = [changing('server', tampering), told && changing('client', told)];
  return {
    ...network,
    send: (bytes) => network.send(heard === undefined ? bytes : heard(bytes)),
    receive: async () => {
      const chunk = await network.receive();
      return chunk && said(chunk);
    },
  };
}

function frameOf(packet: Packet, version: 4 | 5): Uint8Array {
  // Nothing that cannot be read can be encoded.
  if (packet.type === 'publish' && packet.topic.length > 65_535) return Uint8Array.of(0x36, 2, 0, 0);
  return encode<4 | 5>(packet, version);
}

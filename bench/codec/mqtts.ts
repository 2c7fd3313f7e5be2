// mqtts, a client for 3.1.1, as a contestant.
import type { Contestant, Loose } from './contestant.js';

const MQTTS_READS = /^(PUBLISH|PUBACK|SUBACK)/;
const MQTTS_WRITES = /^(PUBLISH|PUBACK|CONNECT|SUBSCRIBE)/;

export const mqtts: Contestant = {
  name: 'mqtts',
  cannot(direction, title) {
    if (direction === 'stream') return undefined;
    if (!title.endsWith('(3.1.1)')) return 'knows MQTT 3.1.1 only';
    return (direction === 'encode' ? MQTTS_WRITES : MQTTS_READS).test(title)
      ? undefined
      : 'has only the packets of a client';
  },
  async load() {
    const loaded = await import('mqtts');
    // Loaders differ in where they put a CommonJS module that says it is an ES one.
    const library = 'default' in loaded ? loaded.default : loaded;
    const { DefaultPacketReadMap, MqttTransformer, PacketStream, PacketType, PacketWriter } =
      library as unknown as Loose;
    const writer = new PacketWriter({ logPacketWrite() {} });
    const types: Loose = {
      connect: PacketType.Connect,
      publish: PacketType.Publish,
      puback: PacketType.PubAck,
      subscribe: PacketType.Subscribe,
    };
    return {
      prepare: ({ packet }) => toMqtts(packet as Loose, types),
      encode: (packet) => writer.write((packet as Loose)['type'], (packet as Loose)['options']),
      decode(frame) {
        // What its transform stream does for each packet, without the stream.
        const stream = PacketStream.fromBuffer(frame);
        const first = stream.readByte();
        const remaining = stream.readVariableByteInteger();
        return { type: first >> 4, data: DefaultPacketReadMap[first >> 4](stream, remaining, first & 15) };
      },
      stream(onPayload) {
        const transformer = new MqttTransformer();
        // Without the queue and the events of a Node stream, which are not what is measured.
        transformer.push = ({ data }: Loose): boolean => {
          onPayload(data.payload.length);
          return true;
        };
        const done = (error?: Error): void => {
          if (error) throw error;
        };
        return (chunk) => transformer._transform(chunk, 'buffer', done);
      },
      toOurs: (decoded) => fromMqtts(decoded as Loose),
    };
  },
};

function toMqtts(packet: Loose, types: Loose): object {
  const { type, packetId, dup, will, cleanStart, ...rest } = packet;
  const options: Loose = { ...rest, identifier: packetId };
  if (type === 'publish') options['duplicate'] = dup;
  if (type === 'connect') {
    Object.assign(options, { protocolName: 'MQTT', protocolLevel: 4, clean: cleanStart });
    options['will'] = { topic: will.topic, message: will.payload, qosLevel: will.qos, retained: will.retain };
  }
  if (type === 'subscribe') {
    options['subscriptions'] = rest['subscriptions'].map(({ topicFilter, qos }: Loose) => ({
      topic: topicFilter,
      qos,
    }));
  }
  return { type: types[type], options };
}

function fromMqtts({ type, data }: Loose): unknown {
  const packetId = data.identifier === -1 ? undefined : data.identifier;
  if (type === 4) return { type: 'puback', packetId };
  if (type === 9) return { type: 'suback', packetId, reasonCodes: data.returnCodes };
  const { topic, payload, qos, retain, duplicate } = data;
  return { type: 'publish', topic, payload, qos, retain, dup: duplicate, packetId };
}

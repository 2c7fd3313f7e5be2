// u8-mqtt-packet as a contestant.
import type { ProtocolVersion } from '../../src/index.js';
import type { Contestant, Loose } from './contestant.js';

export const u8: Contestant = {
  name: 'u8-mqtt-packet',
  cannot(direction, title) {
    // It waits for as many bytes as the last split packet had, even when a shorter one is whole.
    if (direction === 'stream') return 'holds back packets of a stream';
    if (direction === 'decode')
      return /^CONNECT|mixed/.test(title) ? 'reads no will and no credentials' : undefined;
    return /6 properties|mixed \((5.0|both)\)/.test(title) ? 'writes user properties wrong' : undefined;
  },
  async load() {
    const [{ mqtt_opts_v5, mqtt_pkt_ctx }, { mqtt_opts_v4 }] = await Promise.all([
      import('u8-mqtt-packet'),
      import('u8-mqtt-packet/esm/codec_v4_full.js'),
    ]);
    const contexts = { 4: mqtt_pkt_ctx(4, mqtt_opts_v4), 5: mqtt_pkt_ctx(5, mqtt_opts_v5) };
    const streams = { 4: contexts[4].mqtt_stream(), 5: contexts[5].mqtt_stream() };
    return {
      prepare: ({ packet }) => ({ type: packet.type, packet: toU8(packet as Loose) }),
      encode: (packet, version) =>
        contexts[version].encode_pkt((packet as Loose)['type'], (packet as Loose)['packet']),
      decode: (frame, version) => streams[version].decode(frame)[0],
      stream(onPayload) {
        const stream = contexts[4].mqtt_stream();
        return (chunk) => {
          for (const packet of stream.decode(chunk)) {
            onPayload((packet as { payload: Uint8Array }).payload.length);
          }
        };
      },
      toOurs: (decoded, version) => fromU8(decoded as Loose, version),
    };
  },
};

const snake = (word: string): string => word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (word: string): string =>
  word.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function toU8(packet: Loose): object {
  const { packetId, properties, cleanStart, keepAlive, clientId, subscriptions, reasonCodes, ...rest } =
    packet;
  const props =
    properties &&
    Object.fromEntries(
      Object.entries(properties as Loose).map(([name, value]) => [
        snake(name),
        name === 'userProperties' ? Object.fromEntries(value) : value,
      ]),
    );
  const topics = subscriptions?.map(({ topicFilter, qos }: Loose) => ({ topic: topicFilter, opts: { qos } }));
  return {
    ...rest,
    pkt_id: packetId,
    props,
    client_id: clientId,
    keep_alive: keepAlive,
    flags: { clean_start: cleanStart },
    topics,
    answers: reasonCodes,
  };
}

function fromU8(packet: Loose, version: ProtocolVersion): unknown {
  const type = packet['type'] as string;
  const properties: Loose = {};
  for (const [name, value] of Object.entries((packet['props'] ?? {}) as Loose)) {
    properties[camel(name)] = name === 'user_properties' ? Object.entries(value) : value;
  }
  const common = { type, packetId: packet['pkt_id'], ...(version === 5 ? { properties } : {}) };
  const { topic, payload, qos, retain, dup } = packet;
  switch (type) {
    case 'publish':
      return { ...common, topic, payload, qos, retain, dup };
    case 'puback':
      return version === 5 ? { ...common, reasonCode: Number(packet['reason'] ?? 0) } : common;
    case 'suback':
      return { ...common, reasonCodes: packet['answers'].map(Number) };
    default: {
      const subscriptions = packet['topics'].map(({ topic: topicFilter, opts }: Loose) => {
        const options = { noLocal: false, retainAsPublished: false, retainHandling: opts.retain_handling };
        return { topicFilter, qos: opts.qos, ...(version === 5 ? options : {}) };
      });
      return { ...common, subscriptions };
    }
  }
}

// mqtt-packet, the codec of MQTT.js and Aedes, as a contestant.
import type { ProtocolVersion } from '../../src/index.js';
import type { Contestant, Loose } from './contestant.js';

export const mqttPacket: Contestant = {
  name: 'mqtt-packet',
  cannot: () => undefined,
  async load() {
    const { default: library } = await import('mqtt-packet');
    const options = { 4: { protocolVersion: 4 }, 5: { protocolVersion: 5 } } as const;
    let last: unknown;
    const parserOf = (version: ProtocolVersion): ReturnType<typeof library.parser> => {
      const parser = library.parser(options[version]);
      parser.on('packet', (packet: unknown) => {
        last = packet;
      });
      parser.on('error', (error: Error) => {
        throw error;
      });
      return parser;
    };
    const parsers = { 4: parserOf(4), 5: parserOf(5) };
    return {
      prepare: ({ packet, version }) => toMqttPacket(packet as Loose, version),
      encode: (packet, version) =>
        library.generate(packet as Parameters<typeof library.generate>[0], options[version]),
      decode(frame, version) {
        parsers[version].parse(frame);
        return last;
      },
      stream(onPayload) {
        const parser = library.parser(options[4]);
        parser.on('packet', (packet: unknown) => onPayload((packet as { payload: Buffer }).payload.length));
        return (chunk) => {
          parser.parse(chunk);
        };
      },
      toOurs: (decoded, version) => fromMqttPacket(decoded as Loose, version),
    };
  },
};

function toMqttPacket(packet: Loose, version: ProtocolVersion): object {
  const { type, packetId, properties, ...rest } = packet;
  const common = { cmd: type, messageId: packetId, properties: toTheirProperties(properties) };
  switch (type) {
    case 'connect': {
      const { cleanStart, keepAlive, ...more } = rest;
      return { ...common, ...more, protocolId: 'MQTT', clean: cleanStart, keepalive: keepAlive };
    }
    case 'subscribe': {
      const subscriptions = rest['subscriptions'].map(({ topicFilter, qos }: Loose) => ({
        topic: topicFilter,
        qos,
      }));
      return { ...common, subscriptions };
    }
    case 'suback':
      return { ...common, granted: rest['reasonCodes'] };
    case 'puback':
      return version === 5 ? { ...common, reasonCode: 0 } : common;
    default:
      return { ...common, ...rest };
  }
}

function toTheirProperties(properties: Loose | undefined): object | undefined {
  if (properties?.['payloadFormatIndicator'] === undefined) return properties;
  return {
    ...properties,
    payloadFormatIndicator: properties['payloadFormatIndicator'] === 1,
    userProperties: Object.fromEntries(properties['userProperties']),
  };
}

function fromMqttPacket(decoded: Loose, version: ProtocolVersion): unknown {
  const { cmd, messageId, length, topic, payload, ...rest } = decoded;
  const properties = version === 5 ? { properties: fromTheirProperties(rest['properties'] ?? {}) } : {};
  const common = { type: cmd, packetId: messageId };
  switch (cmd) {
    case 'publish':
      return {
        ...common,
        topic,
        payload,
        qos: rest['qos'],
        retain: rest['retain'],
        dup: rest['dup'],
        ...properties,
      };
    case 'puback':
      return { ...common, ...(version === 5 ? { reasonCode: rest['reasonCode'] } : {}), ...properties };
    case 'suback':
      return { ...common, reasonCodes: [...rest['granted']], ...properties };
    case 'subscribe': {
      const subscriptions = rest['subscriptions'].map((each: Loose) =>
        version === 4
          ? { topicFilter: each['topic'], qos: each['qos'] }
          : {
              topicFilter: each['topic'],
              qos: each['qos'],
              noLocal: each['nl'],
              retainAsPublished: each['rap'],
              retainHandling: each['rh'],
            },
      );
      return { ...common, subscriptions, ...properties };
    }
    default: {
      const { clean, keepalive, protocolId, protocolVersion, clientId, username, password, will } = rest;
      const ourWill = { topic: will.topic, payload: will.payload, qos: will.qos, retain: will.retain };
      return {
        type: cmd,
        protocolVersion: protocolId === 'MQTT' ? protocolVersion : undefined,
        clientId,
        cleanStart: clean,
        keepAlive: keepalive,
        will: version === 5 ? { ...ourWill, properties: will.properties ?? {} } : ourWill,
        username,
        password,
        ...properties,
      };
    }
  }
}

function fromTheirProperties(properties: Loose): object {
  if (properties['payloadFormatIndicator'] === undefined) return { ...properties };
  return {
    ...properties,
    payloadFormatIndicator: properties['payloadFormatIndicator'] ? 1 : 0,
    userProperties: Object.entries(properties['userProperties']),
  };
}

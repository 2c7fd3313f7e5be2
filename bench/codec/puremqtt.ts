// puremqtt as a contestant, and two of its other ways.
import type * as Ours from '../../src/index.js';
import type { Packet } from '../../src/index.js';
import type { Codec, Contestant } from './contestant.js';

const puremqtt = async (url: string): Promise<typeof Ours> => (await import(url)) as typeof Ours;

function ourStream(library: typeof Ours): Codec['stream'] {
  return (onPayload) => {
    const parser = new library.PacketParser({ version: 4, maximumPacketSize: 268_435_460 });
    return (chunk) => {
      parser.push(chunk);
      for (let packet = parser.next(); packet !== undefined; packet = parser.next()) {
        if (packet.type === 'publish') onPayload(packet.payload.length);
      }
    };
  };
}

export const ours: Contestant = {
  name: 'puremqtt',
  cannot: () => undefined,
  async load(url) {
    const library = await puremqtt(url);
    const { decode, encode } = library;
    return {
      prepare: ({ packet }) => packet,
      encode: (packet, version) => encode(packet as Packet, version),
      decode,
      stream: ourStream(library),
      toOurs: (decoded) => decoded,
    };
  },
};

/** The same codec writing into memory that the caller keeps. */
export const oursInto: Contestant = {
  name: 'puremqtt encodeInto',
  cannot: (direction) => (direction === 'encode' ? undefined : 'encodes only'),
  async load(url) {
    const { encodeInto } = await puremqtt(url);
    const target = new Uint8Array(65_536);
    const codec = await ours.load(url);
    return {
      ...codec,
      encode(packet, version) {
        encodeInto(packet as Packet, version, target, 0);
        return target;
      },
    };
  },
};

/** The floor below: the payload handed out piece by piece. */
export const oursFrames: Contestant = {
  name: 'puremqtt FrameParser',
  cannot: (direction) => (direction === 'stream' ? undefined : 'reads streams only'),
  async load(url) {
    const { FrameParser } = await puremqtt(url);
    return {
      ...(await ours.load(url)),
      stream(onPayload) {
        const parser = new FrameParser({ version: 4, publishHeads: true, maximumPacketSize: 268_435_460 });
        return (chunk) => {
          parser.push(chunk);
          for (let event = parser.next(); event !== undefined; event = parser.next()) {
            if (event.type === 'publish') onPayload(event.payloadLength);
          }
        };
      },
    };
  },
};

import { setTimeout as delay } from 'node:timers/promises';
import { attach, type Link } from '../../../src/adapters/node.js';
import { Endpoint, type EndpointEvent, encode, serverConnection } from '../../../src/index.js';
import { OneByOne } from './one-by-one.js';
import type { Peer } from './peer.js';

/** What a scripted server does with a connection. */
export type Behaviour = (peer: Peer) => void;

const MEBIBYTE = 1_048_576;

/** Answers CONNECT, and reads on. */
export const welcome =
  (then: (peer: Peer) => void): Behaviour =>
  (peer) => {
    peer.onPacket = ({ type }) => {
      if (type !== 'connect') return;
      peer.connack();
      then(peer);
    };
    peer.read();
  };

/** Sends back every message, as it came. */
function echoEvents(events: readonly EndpointEvent[], link: Link): void {
  for (const event of events) {
    if (event.type === 'connectRequested') link.accept();
    else if (event.type === 'requestReceived') {
      const { packet } = event;
      link.answer(
        packet.packetId,
        packet.type === 'subscribe' ? packet.subscriptions.map(({ qos }) => qos) : [],
      );
    } else if (event.type === 'deliver') {
      const { topic, payload, qos } = event.packet;
      link.send({ type: 'publish', topic, payload, qos });
    }
  }
}

/** An MQTT server on the adapter for Node. It reads no more while it cannot write. */
export const echo: Behaviour = ({ duplex }) => {
  const endpoint = new Endpoint(serverConnection({ announced: { maximumPacketSize: 32 * MEBIBYTE } }));
  attach(endpoint, duplex, (events, link) => {
    if (!link.blocked) return echoEvents(events, link);
    return link.whenWritable().then(() => echoEvents(events, link));
  });
};

/** The same, and every byte it sends is a write of its own. */
const drip: Behaviour = (peer) =>
  echo(Object.assign(Object.create(peer), { duplex: new OneByOne(peer.duplex) }));

const closer: Behaviour = welcome(({ duplex }) => duplex.end());

/** Says half of a message and breaks. */
const resetter: Behaviour = welcome((peer) => {
  const message = encode({ type: 'publish', topic: 'half', payload: 'x'.repeat(1_000), qos: 0 }, 5);
  peer.push(message.subarray(0, 500));
  setTimeout(peer.reset, 50);
});

/** Closes its own half, and reads on until the other side has closed too. */
const halfOpen: Behaviour = welcome(({ duplex }) => duplex.end());

/** 512 messages of 64 KiB, as fast as they are taken. */
const flood: Behaviour = welcome((peer) => {
  const bytes = encode({ type: 'publish', topic: 'flood', payload: new Uint8Array(65_536), qos: 0 }, 5);
  let left = 512;
  const push = (): void => {
    while (left-- > 0) if (!peer.push(bytes)) break;
  };
  peer.duplex.on('drain', push);
  push();
});

/** One message of 16 MiB. */
const blob: Behaviour = welcome((peer) => {
  const payload = new Uint8Array(16 * MEBIBYTE);
  for (let i = 0; i < payload.length; i++) payload[i] = (i * 31 + (i >>> 8) * 7 + (i >>> 16)) & 0xff;
  peer.write({ type: 'publish', topic: 'blob', payload, qos: 0 });
});

const sinkPacket = (peer: Peer): void => {
  peer.onPacket = (packet) => {
    if (packet.type === 'connect') peer.connack();
    else if (packet.type === 'pingreq') peer.write({ type: 'pingresp' });
    else if (packet.type === 'publish' && packet.qos === 1) {
      peer.write({ type: 'puback', packetId: packet.packetId, reasonCode: 0 });
    }
  };
};

/** Reads all, acknowledges, and sends nothing by itself. */
const sink: Behaviour = (peer) => {
  sinkPacket(peer);
  peer.read();
};

/** The same, 128 KiB at a time with a pause between them. */
const slow: Behaviour = (peer) => {
  sinkPacket(peer);
  const read = async (): Promise<void> => {
    let size = 0;
    for await (const chunk of peer.duplex.iterator({ destroyOnReturn: false })) {
      peer.take(chunk as Uint8Array);
      size += (chunk as Uint8Array).length;
      if (size >= 131_072) await delay(2);
      if (size >= 131_072) size = 0;
    }
    peer.duplex.end();
  };
  read().catch(() => {}); // the record says how it ended
};

/** Answers CONNECT, and reads nothing any more. */
const deaf: Behaviour = (peer) => {
  peer.onPacket = ({ type }) => {
    if (type !== 'connect') return;
    peer.connack();
    peer.duplex.pause();
  };
  peer.read();
};

/** Says what was seen of the client that is named in the Client Identifier, after `report:`. */
const report: Behaviour = welcome((peer) => {
  const key = peer.clientId.slice('report:'.length);
  const record = peer.records.get(key) ?? { ...peer.record, packets: [], chunks: 0, bytes: 0, pushed: 0 };
  peer.write({ type: 'publish', topic: 'report', payload: JSON.stringify(record), qos: 0 });
});

/** Says all at once what has to be taken one by one. */
const asking: Behaviour = (peer) => {
  peer.onPacket = ({ type }) => {
    if (type !== 'connect') return;
    const properties = { authenticationMethod: 'suite' };
    const packets = [
      { type: 'auth', reasonCode: 0x18, properties },
      { type: 'connack', sessionPresent: false, reasonCode: 0, properties },
      { type: 'publish', topic: 'behind', payload: 'it', qos: 0 },
    ] as const;
    peer.push(Buffer.concat(packets.map((packet) => encode(packet, 5))));
  };
  peer.read();
};

export const BEHAVIOURS: Readonly<{ [name: string]: Behaviour }> = {
  echo,
  mute: welcome(() => {}),
  closer,
  resetter,
  'half-open': halfOpen,
  drip,
  flood,
  blob,
  slow,
  deaf,
  sink,
  report,
  asking,
};

/** Part 2: a client made of puremqtt's encoder and parser talks to a broker that is not ours (`aedes` from npm). */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Aedes } from 'aedes';
import type { DecodedPacket, Packet } from '../../../src/index.js';
import { CONVERSATION, checkReceived, MESSAGES, type Part } from './parts.js';
import type { Transcript } from './transcript.js';
import { Wire } from './wire.js';

const FILTER = 'demo/+/heat';
const TOPIC = 'demo/stove/heat';

export const thirdPartyBroker: Part = {
  title: 'MQTT 3.1.1: the client is made of puremqtt, the broker is aedes from npm',
  expected: [...CONVERSATION, 'client pingreq', 'server pingresp'],
  run,
};

async function run(transcript: Transcript): Promise<void> {
  const aedes = await Aedes.createBroker();
  const server = createServer(aedes.handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    await transcript.within('the connection', once(socket, 'connect'));
    let isLeaving = false;
    const received: (readonly [string, string, number])[] = [];
    const wire = new Wire(
      socket,
      'client',
      {
        packet(packet) {
          const answer = answerTo(packet);
          if (answer !== undefined) wire.send(answer);
          if (packet.type === 'publish') {
            received.push([packet.topic, new TextDecoder().decode(packet.payload), packet.qos]);
          }
        },
        broken: transcript.fail,
        closed: () => {
          if (!isLeaving) transcript.fail(new Error('the broker closed the connection'));
        },
      },
      transcript.add,
      4,
    );
    await converse(wire, transcript);
    isLeaving = true;
    const closed = once(socket, 'close');
    wire.send({ type: 'disconnect' });
    await transcript.within('the broker to close the connection', closed);
    checkReceived(received, TOPIC);
  } finally {
    socket.destroy();
    server.close();
    await new Promise<void>((resolve) => aedes.close(resolve));
  }
}

async function converse(wire: Wire, transcript: Transcript): Promise<void> {
  wire.send({
    type: 'connect',
    protocolVersion: 4,
    clientId: 'puremqtt',
    cleanStart: true,
    keepAlive: 30,
    will: { topic: 'demo/gone', payload: 'puremqtt', qos: 1 },
  });
  await transcript.seen('server connack');
  wire.send({ type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: FILTER, qos: 2 }] });
  await transcript.seen('server suback');
  for (const { qos, text, last } of MESSAGES) {
    const delivery = qos === 0 ? { qos } : { qos, packetId: 10 + qos };
    wire.send({ type: 'publish', topic: TOPIC, payload: text, ...delivery });
    await transcript.seen(last);
    if (qos > 0) await transcript.seen(qos === 1 ? 'server puback' : 'server pubcomp');
  }
  wire.send({ type: 'pingreq' });
  await transcript.seen('server pingresp');
  wire.send({ type: 'unsubscribe', packetId: 2, topicFilters: [FILTER] });
  await transcript.seen('server unsuback');
}

/**
 * What a packet of the broker is answered with. Whoever must survive a lost connection also has to remember packet
 * identifiers; this conversation is over before that.
 */
function answerTo(packet: DecodedPacket): Packet | undefined {
  switch (packet.type) {
    case 'publish':
      if (packet.qos === 0) return undefined;
      return { type: packet.qos === 1 ? 'puback' : 'pubrec', packetId: packet.packetId };
    case 'pubrec':
      return { type: 'pubrel', packetId: packet.packetId };
    case 'pubrel':
      return { type: 'pubcomp', packetId: packet.packetId };
    default:
      return undefined;
  }
}

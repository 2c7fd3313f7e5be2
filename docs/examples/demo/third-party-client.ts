/** Part 1: a client that is not ours (`mqtt` from npm, known as MQTT.js) talks to the example broker. */
import { connect } from 'mqtt';
import type { ProtocolVersion } from '../../../src/index.js';
import { Broker } from '../broker/broker.js';
import { listenTcp } from '../broker/listeners.js';
import { CONVERSATION, checkReceived, MESSAGES, type Part } from './parts.js';
import { tapInto } from './tap.js';
import type { Transcript } from './transcript.js';

const FILTER = 'demo/+/heat';
const TOPIC = 'demo/oven/heat';

/** What only MQTT 5.0 can say. */
const PROPERTIES = {
  connect: { properties: { receiveMaximum: 10, userProperties: { run: 'demo' } } },
  will: { properties: { willDelayInterval: 5, contentType: 'text/plain' } },
  subscribe: { properties: { subscriptionIdentifier: 7 } },
  publish: {
    properties: {
      payloadFormatIndicator: true,
      messageExpiryInterval: 60,
      contentType: 'text/plain',
      responseTopic: 'demo/answers',
      correlationData: Buffer.of(0xca, 0xfe),
      userProperties: { room: 'kitchen', floor: ['1', '2'] },
    },
  },
};

export const thirdPartyClient = (version: ProtocolVersion): Part => ({
  title: `MQTT ${version === 4 ? '3.1.1' : '5.0'}: the client is mqtt from npm, the broker is the example broker`,
  expected: CONVERSATION,
  run: (transcript) => run(version, transcript),
});

async function run(version: ProtocolVersion, transcript: Transcript): Promise<void> {
  const extras = version === 5 ? PROPERTIES : undefined;
  const broker = new Broker();
  const listening = await listenTcp(broker, { host: '127.0.0.1', port: 0 });
  const tap = await tapInto(listening.port, transcript);
  const client = connect({
    host: '127.0.0.1',
    port: tap.port,
    protocolVersion: version,
    clientId: 'mqtt-js',
    reconnectPeriod: 0,
    username: 'somebody',
    password: 'anything goes',
    will: { topic: 'demo/gone', payload: Buffer.from('mqtt-js'), qos: 1, retain: false, ...extras?.will },
    ...extras?.connect,
  });
  const received: (readonly [string, string, number])[] = [];
  const connected = new Promise<void>((resolve) => client.once('connect', () => resolve()));
  client.on('error', transcript.fail);
  client.on('message', (topic, payload, { qos }) => received.push([topic, payload.toString(), qos]));
  try {
    await transcript.within('the connection', connected);
    await transcript.within(
      'the subscription',
      client.subscribeAsync(FILTER, { qos: 2, ...extras?.subscribe }),
    );
    for (const { qos, text, last } of MESSAGES) {
      await transcript.within(
        `the acknowledgement of QoS ${qos}`,
        client.publishAsync(TOPIC, text, { qos, ...(qos === 1 ? extras?.publish : {}) }),
      );
      await transcript.seen(last);
    }
    await transcript.within('the unsubscription', client.unsubscribeAsync(FILTER));
    await transcript.within('the end', client.endAsync());
    await transcript.seen('client disconnect');
  } finally {
    client.end(true);
    tap.close();
    await broker.close();
    await listening.close();
  }
  checkReceived(received, TOPIC);
}

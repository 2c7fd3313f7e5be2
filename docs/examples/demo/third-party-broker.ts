/** Part 2: the example client talks to a broker that is not ours (`aedes` from npm). */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import { type Client, connect } from '../client/client.js';
import { CONVERSATION, checkReceived, MESSAGES, type Part } from './parts.js';
import { tapInto } from './tap.js';
import type { Transcript } from './transcript.js';

const FILTER = 'demo/+/heat';
const TOPIC = 'demo/stove/heat';

/** Seconds: short, so that a PINGREQ is due before long, and long enough that there is only one. */
const KEEP_ALIVE = 2;

export const thirdPartyBroker: Part = {
  title: 'MQTT 3.1.1: the client is the example client, the broker is aedes from npm',
  expected: [...CONVERSATION, 'client pingreq', 'server pingresp'],
  run,
};

async function run(transcript: Transcript): Promise<void> {
  const aedes = await Aedes.createBroker();
  const server = createServer(aedes.handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tap = await tapInto((server.address() as AddressInfo).port, transcript);
  const over = new AbortController();
  const client = connect(`mqtt://127.0.0.1:${tap.port}`, {
    version: 4,
    clientId: 'puremqtt',
    keepAlive: KEEP_ALIVE,
    will: { topic: 'demo/gone', payload: 'puremqtt', qos: 1 },
    retry: false,
    signal: over.signal,
  });
  void client.closed.then((error) => error && transcript.fail(error));
  try {
    checkReceived(await converse(client, transcript), TOPIC);
  } finally {
    over.abort();
    tap.close();
    server.close();
    await new Promise<void>((resolve) => aedes.close(resolve));
  }
}

/** Gives what came back. */
async function converse(
  client: Client,
  transcript: Transcript,
): Promise<(readonly [string, string, number])[]> {
  const subscription = client.subscribe(FILTER, { qos: 2 });
  await transcript.within('the subscription', subscription.granted);
  const received: (readonly [string, string, number])[] = [];
  const reading = (async () => {
    for await (const { topic, payload, qos } of subscription) {
      received.push([topic, new TextDecoder().decode(payload), qos]);
    }
  })();
  reading.catch(transcript.fail);
  for (const { qos, text, last } of MESSAGES) {
    await transcript.within(`the acknowledgement of QoS ${qos}`, client.publish(TOPIC, text, { qos }));
    await transcript.seen(last);
  }
  await transcript.seen('server pingresp');
  await transcript.within('the unsubscription', subscription.return());
  await transcript.within('the last message', reading);
  await transcript.within('the end', client.end());
  await transcript.seen('client disconnect');
  return received;
}

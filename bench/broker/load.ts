// The clients of one row in a process of their own: publishes as fast as the window lets it, and counts what comes.
import { mqttJsClient, puremqttClient } from './clients.js';
import { type BenchClient, type Row, topicOf, WINDOW } from './work.js';

const [, , name, port, text = ''] = process.argv;
const row = JSON.parse(text) as Row;
const make = name === 'aedes' ? mqttJsClient : puremqttClient;

/** Sends a share of the messages, so many under way at a time, and waits for so many more to have been delivered. */
async function run(publishers: readonly BenchClient[], payload: Uint8Array, messages: number): Promise<void> {
  received = 0;
  const share = Math.floor(messages / publishers.length);
  const total = share * publishers.length;
  const all = new Promise<void>((done) => {
    onReceived = () => {
      if (received === total) done();
    };
  });
  for (const [pair, publisher] of publishers.entries()) pump(publisher, topicOf(pair), payload, share);
  await all;
}

function pump(publisher: BenchClient, topic: string, payload: Uint8Array, share: number): void {
  let sent = 0;
  let underWay = 0;
  let isPumping = false;
  const more = (): void => {
    if (isPumping) return;
    isPumping = true;
    while (sent < share && underWay < WINDOW && sent - received < 20_000) {
      sent++;
      underWay++;
      publisher.publish(topic, payload, row.qos, () => {
        underWay--;
        more();
      });
    }
    isPumping = false;
    // Nobody may lose QoS 0 messages by being faster than the subscriber.
    if (sent < share && underWay < WINDOW) setImmediate(more);
  };
  more();
}

let received = 0;
let onReceived = (): void => {};
const clients: BenchClient[] = [];
const publishers: BenchClient[] = [];
for (let pair = 0; pair < row.pairs; pair++) {
  const subscriber = await make(Number(port), () => {
    received++;
    onReceived();
  });
  await subscriber.subscribe(topicOf(pair), row.qos);
  const publisher = await make(Number(port), () => {});
  publishers.push(publisher);
  clients.push(subscriber, publisher);
}
const payload = new Uint8Array(row.size).fill(0x61);
await run(publishers, payload, Math.max(row.messages / 5, row.pairs));
process.send?.('ready');
process.once('message', async () => {
  const started = performance.now();
  const before = process.cpuUsage();
  await run(publishers, payload, row.messages);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ elapsed: performance.now() - started, cpu: user + system });
  for (const client of clients) client.close();
  process.disconnect();
});

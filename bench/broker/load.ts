// The clients of one row in a process of their own: publishes as fast as the window lets it, and counts what comes.
import { mqttJsClient, puremqttClient } from './clients.js';
import { type BenchClient, type Row, topicOf, UNDELIVERED, WINDOW } from './work.js';

const [, , name, port, text = ''] = process.argv;
const row = JSON.parse(text) as Row;
const make = name === 'aedes' ? mqttJsClient : puremqttClient;

/** One publisher, and the subscribers of its topic. */
class Topic {
  readonly #publisher: BenchClient;
  readonly #name: string;
  #share = 0;
  #sent = 0;
  #unanswered = 0;
  #received = 0;
  #isPumping = false;
  #done = (): void => {};

  constructor(publisher: BenchClient, name: string) {
    this.#publisher = publisher;
    this.#name = name;
  }

  /** Sends so many messages, and settles when all have been delivered. */
  run(share: number): Promise<void> {
    this.#share = share;
    this.#sent = 0;
    this.#received = 0;
    return new Promise((done) => {
      this.#done = done;
      this.#pump();
    });
  }

  onMessage(): void {
    this.#received++;
    if (this.#received === this.#share * row.subscribers) this.#done();
    else this.#pump();
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (
      this.#sent < this.#share &&
      this.#unanswered < WINDOW &&
      // Nobody is to lose QoS 0 messages by being faster than the subscriber.
      this.#sent - this.#received / row.subscribers < UNDELIVERED
    ) {
      this.#sent++;
      this.#unanswered++;
      this.#publisher.publish(this.#name, payload, row.qos, this.#onAnswer);
    }
    this.#isPumping = false;
  }

  readonly #onAnswer = (): void => {
    this.#unanswered--;
    this.#pump();
  };
}

const payload = new Uint8Array(row.size).fill(0x61);
const clients: BenchClient[] = [];
const topics: Topic[] = [];
for (let i = 0; i < row.publishers; i++) {
  const publisher = await make(Number(port), () => {});
  const topic = new Topic(publisher, topicOf(i));
  topics.push(topic);
  clients.push(publisher);
  for (let j = 0; j < row.subscribers; j++) {
    const subscriber = await make(Number(port), () => topic.onMessage());
    await subscriber.subscribe(topicOf(i), row.qos);
    clients.push(subscriber);
  }
}

const runAll = (messages: number): Promise<unknown> =>
  Promise.all(topics.map((topic) => topic.run(Math.ceil(messages / row.publishers / row.subscribers))));

// The compiler has seen it all before the clock starts, and what it compiles is not counted.
await runAll(row.messages);
process.send?.('ready');
process.once('message', async () => {
  const started = performance.now();
  const before = process.cpuUsage();
  await runAll(row.messages);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ elapsed: performance.now() - started, cpu: user + system });
  for (const client of clients) client.close();
  process.disconnect();
});

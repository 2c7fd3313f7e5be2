/** `pub`: publishes what is given, and ends when it has arrived. */
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, connect } from '../client.js';
import {
  checkTopic,
  clientOptions,
  contents,
  destination,
  number,
  type Parsed,
  PUB_OPTIONS,
  qosOf,
  read,
  UsageError,
} from './arguments.js';
import { type Surface, withEvents } from './surface.js';

type Arguments = Parsed<typeof PUB_OPTIONS>;

/** How many lines of -l may be under way at a time. */
const WINDOW = 100;

export async function pub(args: readonly string[], surface: Surface): Promise<number> {
  const parsed = read(args, PUB_OPTIONS);
  const { values, properties } = parsed;
  const maximumInFlight = number(values['max-inflight'], '-M', [1, 65_535]);
  const options = { ...clientOptions(parsed, 'pub'), maximumInFlight };
  const { url, topic: urlTopic } = destination(values);
  const topics = values.topic ?? (urlTopic === undefined ? [] : [urlTopic]);
  const [topic] = topics;
  if (topic === undefined || topics.length > 1) throw new UsageError('pub takes one topic, by -t or -L');
  checkTopic(topic, options.version, 'name', '-t');
  const payloads = payloadsOf(parsed, surface);
  const message = {
    qos: qosOf(values.qos, '-q'),
    retain: values.retain === true,
    properties: options.version === 5 ? properties.publish : undefined,
  };
  const isLong = values['stdin-line'] === true;
  const client = connect(url, withEvents({ ...options, retry: isLong && { first: false } }, values, surface));
  const stop = (): void => void client.end();
  surface.onInterrupt(stop);
  try {
    await client.ready();
    await publishAll(client, topic, payloads, message);
    await client.end({ properties: options.version === 5 ? properties.disconnect : undefined });
  } catch (error) {
    // What ended the client says more than what became of the message.
    throw (await client.end().then(() => client.closed)) ?? error;
  }
  return 0;
}

async function publishAll(
  client: Client,
  topic: string,
  payloads: AsyncIterable<string | Uint8Array>,
  options: Parameters<Client['publish']>[2],
): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  for await (const payload of payloads) {
    const published = client.publish(topic, payload, options);
    underWay.add(published);
    published.then(
      () => underWay.delete(published),
      () => {}, // stays, so that it is found below
    );
    if (underWay.size >= WINDOW) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}

/** What is to be published: exactly one of the options says so. */
function payloadsOf({ values }: Arguments, surface: Surface): AsyncIterable<string | Uint8Array> {
  const { message, file } = values;
  const repeat = number(values.repeat, '--repeat', [1, Number.MAX_SAFE_INTEGER]) ?? 1;
  const delay = Number(values['repeat-delay'] ?? 0) * 1_000;
  if (!(delay >= 0)) throw new UsageError('--repeat-delay takes seconds');
  const sources = {
    '-m': message,
    '-f': file,
    '-s': values['stdin-file'],
    '-l': values['stdin-line'],
    '-n': values['null-message'],
  };
  const given = Object.entries(sources).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length !== 1) {
    const names = given.length === 0 ? 'none is given' : `${given.join(' and ')} are given`;
    throw new UsageError(`pub takes one of -m, -f, -s, -l and -n; ${names}`);
  }
  const read = file === undefined ? (message ?? '') : contents(file, '-f');
  return (async function* () {
    if (values['stdin-line'] === true) {
      yield* createInterface({ input: surface.stdin, crlfDelay: Number.POSITIVE_INFINITY });
      return;
    }
    const payload = values['stdin-file'] === true ? await buffer(surface.stdin) : read;
    for (let count = 1; count <= repeat; count++) {
      yield payload;
      if (count < repeat && delay > 0) await pause(delay);
    }
  })();
}

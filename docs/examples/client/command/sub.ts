/** `sub`: prints what comes, until told to stop. */
import { type DecodedPublish, topicMatches } from '../../../../src/index.js';
import { type Client, connect } from '../client.js';
import type { Subscription } from '../subscription.js';
import {
  checkTopic,
  clientOptions,
  destination,
  number,
  type Parsed,
  qosOf,
  read,
  SUB_OPTIONS,
  UsageError,
} from './arguments.js';
import { printer } from './format.js';
import { type Surface, withEvents } from './surface.js';

type Arguments = Parsed<typeof SUB_OPTIONS>;

/** What mosquitto_sub exits with when -W is over. */
const TIMED_OUT = 27;

export async function sub(args: readonly string[], surface: Surface): Promise<number> {
  const parsed = read(args, SUB_OPTIONS);
  const { values, properties } = parsed;
  const options = clientOptions(parsed, 'sub');
  const { url, topic } = destination(values);
  const topics = [...(topic === undefined ? [] : [topic]), ...(values.topic ?? [])];
  if (topics.length === 0) throw new UsageError('sub takes one topic or more, by -t or -L');
  for (const filter of topics) checkTopic(filter, options.version, 'filter', '-t');
  for (const filter of values.unsubscribe ?? []) checkTopic(filter, options.version, 'filter', '-U');
  for (const filter of values['filter-out'] ?? []) checkTopic(filter, options.version, 'filter', '-T');
  const print = printer(values);
  const qos = qosOf(values.qos, '-q');
  const count = number(values.count, '-C', [1, Number.MAX_SAFE_INTEGER]) ?? Number.POSITIVE_INFINITY;
  const seconds = number(values.timeout, '-W', [1, 1_000_000]);

  const client = connect(url, withEvents({ ...options, retry: { first: false } }, values, surface));
  let exitCode = 0;
  const end = (): Promise<void> =>
    client.end({ properties: options.version === 5 ? properties.disconnect : undefined });
  surface.onInterrupt(() => void end());
  const timer =
    seconds === undefined
      ? undefined
      : setTimeout(() => {
          exitCode = TIMED_OUT;
          void end();
        }, seconds * 1_000);
  const subscription = client.subscribe([...new Set(topics)], {
    qos,
    takesUnmatched: true,
    properties: options.version === 5 ? properties.subscribe : undefined,
  });
  try {
    await Promise.all([begin(client, subscription, parsed, surface, end), show()]);
    await end();
  } finally {
    clearTimeout(timer);
    await client.end();
  }
  const error = await client.closed;
  if (error !== undefined) throw error;
  return exitCode;

  async function show(): Promise<void> {
    let shown = 0;
    for await (const message of subscription) {
      if (values['retained-only'] === true && !message.retain) break;
      if (!isWanted(message, parsed)) continue;
      await surface.print(print(message, new Date()));
      if (values['remove-retained'] === true && message.retain) {
        await client.publish(message.topic, '', { qos: 1, retain: true });
      }
      if (++shown >= count) break;
    }
  }
}

/** Says what the server thinks of the subscription; unsubscribes from what is to be forgotten. */
async function begin(
  client: Client,
  subscription: Subscription,
  { values }: Arguments,
  surface: Surface,
  end: () => Promise<void>,
): Promise<void> {
  const codes = await subscription.granted;
  for (const [index, code] of codes.entries()) {
    if (code >= 0x80) surface.complain(`Warning: ${subscription.filters[index]} was refused`);
  }
  const { unsubscribe = [] } = values;
  if (unsubscribe.length > 0 && codes.length > 0) await client.unsubscribe(unsubscribe);
  if (values['exit-subscribed'] === true) await end();
}

function isWanted({ topic, retain }: DecodedPublish, { values }: Arguments): boolean {
  if (retain && values['no-retained'] === true) return false;
  return !(values['filter-out'] ?? []).some((filter) => topicMatches(filter, topic, 5));
}

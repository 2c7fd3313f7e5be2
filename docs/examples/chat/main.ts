/** The chat as a command: `npx tsx docs/examples/chat/main.ts`, and `--help` tells what there is. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startChat, usersOf } from './chat.js';

const HELP = `A chat in the browser, over MQTT.

  --broker example|mosquitto  which broker to start (example)
  --broker-port N             where it takes WebSockets (9001)
  --port N                    where the page is (8080)
  --host ADDRESS              where both listen (127.0.0.1); another one needs --users
  --users FILE                lines of name:password (anna, ben and carla, each with the name as the password)
  --words FILE                words that may not be said, one a line (words.txt)`;

const DEMO_USERS = 'anna:anna\nben:ben\ncarla:carla';

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      broker: text,
      'broker-port': text,
      port: text,
      host: text,
      users: text,
      words: text,
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const { broker = 'example', host = '127.0.0.1' } = values;
  if (broker !== 'example' && broker !== 'mosquitto')
    throw new Error('--broker has to be example or mosquitto');
  if (!/^(127\.\d+\.\d+\.\d+|localhost)$/.test(host) && values.users === undefined) {
    throw new Error('--host needs --users: everybody knows the passwords of anna, ben and carla');
  }
  const chat = await startChat({
    host,
    broker,
    port: portOf('port', values.port ?? '8080'),
    brokerPort: portOf('broker-port', values['broker-port'] ?? '9001'),
    users: usersOf(values.users === undefined ? DEMO_USERS : readFileSync(values.users, 'utf8')),
    words: values.words === undefined ? undefined : resolve(values.words),
    log: (line) => console.log(line),
  });
  const { scripts, mqtt } = chat.weight;
  console.log(`broker: ${broker} at ${chat.broker.url}`);
  console.log(`page:   ${kilobytes(scripts)} of script (min+gzip), ${kilobytes(mqtt)} of it for MQTT`);
  if (values.users === undefined)
    console.log('users:  anna, ben and carla, each with the name as the password');
  console.log(`chat:   ${chat.url}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void chat.stop().then(() => process.exit(0)));
  }
}

function portOf(name: string, value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535)
    throw new Error(`--${name} has to be from 0 to 65535, not ${value}`);
  return port;
}

const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

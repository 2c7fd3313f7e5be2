/** The chat as a command: `npx tsx docs/examples/chat/main.ts`, and `--help` tells what there is. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startChat, usersOf } from './chat.js';
import { weigh } from './site.js';

const HELP = `A chat in the browser, over MQTT.

  --broker example|mosquitto  which broker to start (example)
  --broker-port N             where it takes WebSockets (9001)
  --port N                    where the page is (8080)
  --host ADDRESS              where both listen (127.0.0.1); another one needs --users
  --users FILE                lines of name:password (anna, ben and carla, each with the name as the password)
  --words FILE                words that may not be said, one a line (words.txt)`;

const OPTIONS = {
  broker: { type: 'string', default: 'example' },
  'broker-port': { type: 'string', default: '9001' },
  port: { type: 'string', default: '8080' },
  host: { type: 'string', default: '127.0.0.1' },
  users: { type: 'string' },
  words: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const { broker, host, users, words } = values;
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (broker !== 'example' && broker !== 'mosquitto') {
    throw new Error('--broker has to be example or mosquitto');
  }
  if (users === undefined && !/^(127\.\d+\.\d+\.\d+|localhost)$/.test(host)) {
    throw new Error('--host needs --users: everybody knows the passwords of anna, ben and carla');
  }
  const { script, mqtt } = await weigh();
  const chat = await startChat({
    host,
    broker,
    port: portOf('port', values.port),
    brokerPort: portOf('broker-port', values['broker-port']),
    users: usersOf(users === undefined ? 'anna:anna\nben:ben\ncarla:carla' : readFileSync(users, 'utf8')),
    words: words && resolve(words),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void chat.stop().then(() => process.exit(0)));
  }
  console.log(`broker: ${broker} at ${chat.broker}`);
  console.log(`page:   ${script} of script (minified and gzipped), ${mqtt} of it for MQTT`);
  if (users === undefined) console.log('users:  anna, ben and carla, each with the name as the password');
  console.log(`chat:   ${chat.url}`);
}

function portOf(name: string, value: string): number {
  const port = /^\d+$/.test(value) ? Number(value) : 65_536;
  if (port > 65_535) throw new Error(`--${name} has to be from 0 to 65535, not ${value}`);
  return port;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

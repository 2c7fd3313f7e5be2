/** The chat as a command: `npx tsx docs/examples/chat/main.ts`, and `--help` tells what there is. */
import { resolve } from 'node:path';
import { argumentsOf, fail, fileOf, onSignal } from '../fields/arguments.js';
import { FieldError } from '../fields/fields.js';
import { startChat, usersOf } from './chat.js';
import { weigh } from './site.js';

const HELP = `A chat in the browser, over MQTT.

  --broker example|mosquitto  which broker to start (example)
  --broker-port N             where it takes WebSockets (9001)
  --port N                    where the page is (8080)
  --host ADDRESS              where both listen (127.0.0.1); another one needs --users
  --users FILE                lines of name:password (anna, ben and carla, each with the name as the password)
  --words FILE                words that may not be said, one a line (words.txt)`;

const PLAYERS = { example: 'example', mosquitto: 'mosquitto' } as const;

async function main(): Promise<void> {
  const fields = argumentsOf(HELP)?.fields;
  if (fields === undefined) return;
  const broker = fields.choice('--broker', PLAYERS) ?? 'example';
  const port = fields.integer('--port', 0, 65_535) ?? 8080;
  const brokerPort = fields.integer('--broker-port', 0, 65_535) ?? 9001;
  const host = fields.text('--host') ?? '127.0.0.1';
  const users = fileOf(fields, '--users')?.toString();
  const words = fields.text('--words');
  if (users === undefined && !/^(127\.\d+\.\d+\.\d+|localhost)$/.test(host)) {
    throw new FieldError('--host', 'it needs --users: everybody knows the passwords of anna, ben and carla');
  }
  const { script, mqtt } = await weigh();
  const chat = await startChat({
    host,
    broker,
    port,
    brokerPort,
    users: usersOf(users ?? 'anna:anna\nben:ben\ncarla:carla'),
    words: words && resolve(words),
  });
  onSignal(chat.stop);
  void chat.worker.refused.then((error) => chat.stop().finally(() => fail(error)));
  console.log(`broker: ${broker} at ${chat.broker}`);
  console.log(`page:   ${script} of script (minified and gzipped), ${mqtt} of it for MQTT`);
  if (users === undefined) console.log('users:  anna, ben and carla, each with the name as the password');
  console.log(`chat:   ${chat.url}`);
}

main().catch(fail);

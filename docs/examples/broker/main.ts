/**
 * The broker as a command: `npm run broker -- --help`.
 *
 * A project of your own imports from 'puremqtt', 'puremqtt/node' and 'puremqtt/websocket' what these files import from
 * the sources.
 */
import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import { parseArgs } from 'node:util';
import { hooks } from './access.js';
import { Broker } from './broker.js';
import { type Listening, listenTcp, listenWebSocket } from './listeners.js';
import type { BrokerOptions, Limits } from './options.js';
import { publishSys } from './sys.js';

const HELP = `A broker for MQTT 3.1.1 and 5.0, in memory.

  --host ADDRESS             where to listen (127.0.0.1)
  --port N                   TCP (1883 unless another port is given; 0: a free one, also below)
  --tls-port N               TLS
  --ws-port N                WebSocket
  --wss-port N               WebSocket over TLS
  --cert FILE --key FILE     certificate and key, for TLS
  --ca FILE                  the authority that clients have to have a certificate from

  --user NAME:PASSWORD       lets in those who are named, and nobody else; may be repeated
  --refuse-filter FILTER     a Topic Filter that nobody may subscribe to; may be repeated
  --refusal-code 128|135     what clients of MQTT 5.0 hear of a refused filter (135: not authorized)
  --refuse-topic FILTER      topics that nobody may publish to; may be repeated
  --no-wildcards             refuse Topic Filters with wildcards
  --no-retained              keep no retained messages
  --no-control-characters    refuse names with control characters
  --no-subscribers puback|both
                             which acknowledgements of MQTT 5.0 tell that nobody has subscribed
  --client-id-prefix TEXT    what the Client Identifiers begin with that the broker gives

  --server-keep-alive S      the longest Keep Alive, in seconds
  --response-prefix TEXT     what the Response Information begins with (response/)
  --sys-interval S           how often to publish below $SYS/, in seconds; 0: never (10)

  --max-connections N        --max-sessions N            --max-subscriptions N (of one client)
  --max-queued-messages N    --max-queued-bytes N        (of one client)
  --max-retained-messages N  --max-retained-bytes N
  --max-packet-size N        --receive-maximum N         --topic-alias-maximum N
  --max-in-flight N          (to one client)
  --max-qos 0|1|2            --max-session-expiry S`;

/** Options that set a limit, and the range of each. */
const LIMITS: Readonly<Record<string, readonly [limit: keyof Limits, lowest: number, highest: number]>> = {
  'max-connections': ['connections', 1, Number.MAX_SAFE_INTEGER],
  'max-sessions': ['sessions', 1, Number.MAX_SAFE_INTEGER],
  'max-subscriptions': ['subscriptions', 0, Number.MAX_SAFE_INTEGER],
  'max-queued-messages': ['queuedMessages', 1, 65_535],
  'max-queued-bytes': ['queuedBytes', 1, Number.MAX_SAFE_INTEGER],
  'max-retained-messages': ['retainedMessages', 0, Number.MAX_SAFE_INTEGER],
  'max-retained-bytes': ['retainedBytes', 0, Number.MAX_SAFE_INTEGER],
  'max-packet-size': ['packetSize', 1, 268_435_460],
  'receive-maximum': ['receiveMaximum', 1, 65_535],
  'max-in-flight': ['inFlight', 1, 65_535],
  'topic-alias-maximum': ['topicAliases', 0, 65_535],
  'max-qos': ['qos', 0, 2],
  'max-session-expiry': ['sessionExpiry', 0, 0xffffffff],
};

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  'no-wildcards': { type: 'boolean' },
  'no-retained': { type: 'boolean' },
  'no-control-characters': { type: 'boolean' },
  user: { type: 'string', multiple: true },
  'refuse-filter': { type: 'string', multiple: true },
  'refuse-topic': { type: 'string', multiple: true },
} as const;

const NAMES =
  'host port tls-port ws-port wss-port cert key ca server-keep-alive response-prefix sys-interval refusal-code ' +
  'no-subscribers client-id-prefix';

/** The command line; what it does not name is undefined. */
class Arguments {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(args: readonly string[]) {
    const names = [...NAMES.split(' '), ...Object.keys(LIMITS)];
    const others = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
    this.#values = parseArgs({ args: [...args], options: { ...others, ...OPTIONS } }).values;
  }

  isSet(name: keyof typeof OPTIONS): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  texts(name: keyof typeof OPTIONS): string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  number(name: string, lowest = 0, highest = 65_535): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d+$/.test(text)) throw new Error(`--${name} has to be a number, not ${text}`);
    const value = Number(text);
    if (value < lowest || value > highest) {
      throw new Error(`--${name} has to be from ${lowest} to ${highest}, not ${text}`);
    }
    return value;
  }

  oneOf<const T extends string>(name: string, words: readonly T[]): T | undefined {
    const text = this.text(name);
    const word = words.find((other) => other === text);
    if (text !== word) throw new Error(`--${name} has to be ${words.join(' or ')}, not ${text}`);
    return word;
  }

  file(name: string): Buffer | undefined {
    const path = this.text(name);
    return path === undefined ? undefined : readFileSync(path);
  }
}

function optionsOf(args: Arguments): BrokerOptions {
  const limits: Record<string, number> = {};
  for (const [name, [limit, lowest, highest]] of Object.entries(LIMITS)) {
    const value = args.number(name, lowest, highest);
    if (value !== undefined) limits[limit] = value;
  }
  return {
    ...hooks({
      users: args.texts('user'),
      refusedFilters: args.texts('refuse-filter'),
      refusedTopics: args.texts('refuse-topic'),
      refusalCode: args.number('refusal-code') === 0x80 ? 0x80 : 0x87,
    }),
    limits,
    wildcards: !args.isSet('no-wildcards'),
    retained: !args.isSet('no-retained'),
    controlCharacters: args.isSet('no-control-characters') ? 'refused' : 'allowed',
    tellsNoSubscribers: args.oneOf('no-subscribers', ['puback', 'both']),
    clientIdPrefix: args.text('client-id-prefix'),
    serverKeepAlive: args.number('server-keep-alive'),
    responsePrefix: args.text('response-prefix') ?? 'response/',
  };
}

function tlsOf(args: Arguments): TlsOptions {
  const [cert, key, ca] = [args.file('cert'), args.file('key'), args.file('ca')];
  if (cert === undefined || key === undefined) throw new Error('TLS needs --cert and --key');
  return { cert, key, ...(ca && { ca, requestCert: true, rejectUnauthorized: true }) };
}

async function main(): Promise<void> {
  const args = new Arguments(process.argv.slice(2));
  if (args.isSet('help')) {
    console.log(HELP);
    return;
  }
  const broker = new Broker(optionsOf(args));
  const host = args.text('host') ?? '127.0.0.1';
  const listening: Listening[] = [];
  const open = async (kind: 'tcp' | 'tls' | 'ws' | 'wss', port: number | undefined): Promise<void> => {
    if (port === undefined) return;
    const tls = kind === 'tls' || kind === 'wss' ? tlsOf(args) : undefined;
    const listenOn = kind === 'ws' || kind === 'wss' ? listenWebSocket : listenTcp;
    const listener = await listenOn(broker, { host, port, tls });
    listening.push(listener);
    console.log(`listening: ${kind} ${host} ${listener.port}`);
  };
  const named = ['port', 'tls-port', 'ws-port', 'wss-port'].filter((name) => args.text(name) !== undefined);
  await open('tcp', args.number('port') ?? (named.length === 0 ? 1883 : undefined));
  await open('tls', args.number('tls-port'));
  await open('ws', args.number('ws-port'));
  await open('wss', args.number('wss-port'));
  const sysInterval = args.number('sys-interval') ?? 10;
  const stopSys = sysInterval > 0 ? publishSys(broker, sysInterval) : undefined;
  const stop = async (): Promise<void> => {
    stopSys?.();
    const closed = listening.map((listener) => listener.close());
    await broker.close();
    await Promise.all(closed);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

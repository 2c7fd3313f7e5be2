/** The hosted broker as a command: `npx tsx docs/examples/hosted/main.ts --help`. */
import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import { parseArgs } from 'node:util';
import { Hosted } from './hosted.js';
import { type HostedLimits, limitsOf, RANGES } from './limits.js';

const HELP = `A broker for MQTT 3.1.1 and 5.0 that enforces limits, and forgets nothing when it is killed.

  --data FOLDER          where sessions and retained messages are kept (hosted-data)
  --instance NAME        the user name of its clients (public)
  --token SECRET         a password of its clients; may be repeated (public)

  --host ADDRESS         where to listen (127.0.0.1)
  --port N               TCP (1883, or a free one; 0: a free one, also below)
  --ws-port N            WebSocket (1884, or a free one)
  --tls-port N           TLS
  --wss-port N           WebSocket over TLS
  --cert FILE --key FILE certificate and key, for TLS

  --max-client-id N      characters (64)
  --max-topic N          characters (128)
  --special-characters S of topics, besides letters and digits (.,:;-_$/+#)
  --max-payload N        bytes (65536)
  --max-subscriptions N  of one connection (100)
  --min-keep-alive S     seconds (1)
  --max-keep-alive S     seconds (300)`;

/** How the limits are called here. */
const LIMITS = {
  clientId: 'max-client-id',
  topic: 'max-topic',
  specialCharacters: 'special-characters',
  payload: 'max-payload',
  subscriptions: 'max-subscriptions',
  shortestKeepAlive: 'min-keep-alive',
  longestKeepAlive: 'max-keep-alive',
} as const;

const TEXT = { type: 'string' } as const;
const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  token: { type: 'string', multiple: true },
  data: TEXT,
  instance: TEXT,
  host: TEXT,
  port: TEXT,
  'ws-port': TEXT,
  'tls-port': TEXT,
  'wss-port': TEXT,
  cert: TEXT,
  key: TEXT,
  'max-client-id': TEXT,
  'max-topic': TEXT,
  'special-characters': TEXT,
  'max-payload': TEXT,
  'max-subscriptions': TEXT,
  'min-keep-alive': TEXT,
  'max-keep-alive': TEXT,
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
type Port = 'port' | 'ws-port' | 'tls-port' | 'wss-port';

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function limitsIn(values: Values): HostedLimits {
  const given: Record<string, unknown> = {};
  for (const [field, name] of Object.entries(LIMITS)) {
    const text = values[name];
    if (text !== undefined) given[field] = field in RANGES ? numberOf(text) : text;
  }
  return limitsOf(given, (field) => `--${LIMITS[field as keyof HostedLimits]}`);
}

function portOf(values: Values, name: Port): number | undefined {
  const port = numberOf(values[name]);
  if (port === undefined || (port >= 0 && port <= 65_535)) return port;
  throw new Error(`--${name} has to be a number from 0 to 65535, not ${values[name]}`);
}

function fileOf(values: Values, name: 'cert' | 'key'): Buffer {
  const path = values[name];
  if (path === undefined) throw new Error(`TLS needs --${name}`);
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`--${name}: ${error instanceof Error ? error.message : error}`);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(HELP);
    return;
  }
  // Everything that can be wrong is found before anything is opened.
  const limits = limitsIn(values);
  const ports = { tcp: portOf(values, 'port'), ws: portOf(values, 'ws-port') };
  const safe = { tcp: portOf(values, 'tls-port'), ws: portOf(values, 'wss-port') };
  const wantsTls = safe.tcp !== undefined || safe.ws !== undefined;
  const tls: TlsOptions | undefined = wantsTls
    ? { cert: fileOf(values, 'cert'), key: fileOf(values, 'key') }
    : undefined;
  const { data = 'hosted-data', instance, token: tokens, host = '127.0.0.1' } = values;
  const hosted = await Hosted.open({ data, instance, tokens, limits, onFailure: fail });
  const open = async (kind: 'tcp' | 'ws', port: number, isSafe: boolean): Promise<void> => {
    const bound = await hosted.listen(kind, host, port, isSafe ? tls : undefined);
    console.log(`listening: ${isSafe ? { tcp: 'tls', ws: 'wss' }[kind] : kind} ${host} ${bound}`);
  };
  for (const [kind, usual] of [['tcp', 1883] as const, ['ws', 1884] as const]) {
    const asked = ports[kind];
    if (asked !== undefined) await open(kind, asked, false);
    // Somebody else may have the usual port.
    else await open(kind, usual, false).catch(() => open(kind, 0, false));
  }
  for (const kind of ['tcp', 'ws'] as const) {
    const port = safe[kind];
    if (port !== undefined) await open(kind, port, true);
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void hosted.close().then(() => process.exit(0), fail));
  }
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

main().catch(fail);

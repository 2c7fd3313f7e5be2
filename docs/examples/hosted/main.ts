/** The hosted broker as a command: `npx tsx docs/examples/hosted/main.ts --help`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Hosted } from './hosted.js';
import { limitsOf, USUAL_LIMITS } from './limits.js';

const HELP = `A broker for MQTT 3.1.1 and 5.0 that enforces limits, and forgets nothing when it is killed.

  --data FOLDER            where sessions and retained messages are kept (hosted-data)
  --instance NAME          the user name of its clients (public)
  --token SECRET           a password of its clients; may be repeated (public)
  --host ADDRESS           where to listen (127.0.0.1)
  --port N                 TCP (1883, or a free one; 0: a free one, also below)
  --ws-port N              WebSocket (1884, or a free one)
  --tls-port N             TLS
  --wss-port N             WebSocket over TLS
  --cert FILE --key FILE   certificate and key, for TLS
  --limit NAME=VALUE       may be repeated; these are the usual ones:
${Object.entries(USUAL_LIMITS)
  .map((limit) => `                             ${limit.join('=')}`)
  .join('\n')}`;

/** What the command line says: it takes what the help says. */
class Arguments {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor() {
    const names = ['help', ...[...HELP.matchAll(/--([a-z-]+) [A-Z]/g)].map(([, name]) => name!)];
    const typeOf = (name: string) => (name === 'help' ? 'boolean' : 'string');
    const options = names.map((name) => [name, { type: typeOf(name), multiple: true }] as const);
    this.#values = parseArgs({ options: Object.fromEntries(options) }).values;
  }

  all(name: string): string[] | undefined {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : undefined;
  }

  /** The last one counts. */
  text(name: string): string | undefined {
    return this.all(name)?.at(-1);
  }

  port(name: string): number | undefined {
    const text = this.text(name);
    const port = text === undefined ? undefined : numberOf(text);
    if (port === undefined || port <= 65_535) return port;
    throw new Error(`--${name} has to be a number from 0 to 65535, not ${text}`);
  }

  file(name: string): Buffer {
    const path = this.text(name);
    if (path === undefined) throw new Error(`TLS needs --${name}`);
    try {
      return readFileSync(path);
    } catch (error) {
      throw new Error(`--${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** Infinity for what is no number, which is beyond every limit. */
function numberOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
}

async function main(): Promise<void> {
  const args = new Arguments();
  if (args.all('help') !== undefined) {
    console.log(HELP);
    return;
  }
  // Everything that can be wrong is found before anything is opened.
  const given = args.all('limit')?.map((text) => {
    const [name = '', ...value] = text.split('=');
    return [name, name === 'specialCharacters' ? value.join('=') : numberOf(value.join('='))] as const;
  });
  const limits = limitsOf(Object.fromEntries(given ?? []));
  const [port, wsPort, tlsPort, wssPort] = ['port', 'ws-port', 'tls-port', 'wss-port'].map((n) =>
    args.port(n),
  );
  const wantsTls = tlsPort !== undefined || wssPort !== undefined;
  const tls = wantsTls ? { cert: args.file('cert'), key: args.file('key') } : undefined;
  const [data = 'hosted-data', host = '127.0.0.1'] = [args.text('data'), args.text('host')];
  const who = { instance: args.text('instance'), tokens: args.all('token') };
  const hosted = await Hosted.open({ data, ...who, limits, onFailure: fail });
  const open = async (name: 'tcp' | 'ws' | 'tls' | 'wss', asked: number | undefined): Promise<void> => {
    if (asked === undefined) return;
    const kind = name === 'ws' || name === 'wss' ? 'ws' : 'tcp';
    const bound = await hosted.listen(kind, host, asked, kind === name ? undefined : tls);
    console.log(`listening: ${name} ${host} ${bound}`);
  };
  // Somebody else may have the usual ports.
  await (port === undefined ? open('tcp', 1883).catch(() => open('tcp', 0)) : open('tcp', port));
  await (wsPort === undefined ? open('ws', 1884).catch(() => open('ws', 0)) : open('ws', wsPort));
  await open('tls', tlsPort);
  await open('wss', wssPort);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void hosted.close().then(() => process.exit(0), fail));
  }
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

main().catch(fail);

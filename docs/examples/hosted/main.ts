/** The hosted broker as a command: `npx tsx docs/examples/hosted/main.ts --help`. */
import type { TlsOptions } from 'node:tls';
import { argumentsOf, fail, fileOf, onSignal } from '../fields/arguments.js';
import { FieldError } from '../fields/fields.js';
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

async function main(): Promise<void> {
  const args = argumentsOf(HELP);
  if (args === undefined) return;
  const { fields, all } = args;
  // Everything that can be wrong is found before anything is opened.
  const limits = limitsOf(Object.fromEntries(all('limit')?.map((text) => text.split(/=(.*)/s)) ?? []));
  const ports = new Map(
    (['port', 'ws-port', 'tls-port', 'wss-port'] as const).map((name) => [
      name,
      fields.integer(`--${name}`, 0, 65_535),
    ]),
  );
  const [cert, key] = [fileOf(fields, '--cert'), fileOf(fields, '--key')];
  const isSecure = ports.get('tls-port') !== undefined || ports.get('wss-port') !== undefined;
  for (const [name, file] of Object.entries({ '--cert': cert, '--key': key }))
    if (isSecure && file === undefined) throw new FieldError(name, 'TLS needs it');
  const host = fields.text('--host') ?? '127.0.0.1';
  const hosted = await Hosted.open({
    data: fields.text('--data') ?? 'hosted-data',
    instance: fields.text('--instance'),
    tokens: all('token'),
    limits,
    onFailure: fail,
  });
  const open = async (kind: 'tcp' | 'ws', port: number | undefined, tls?: TlsOptions): Promise<void> => {
    if (port === undefined) return;
    const name = tls === undefined ? kind : { tcp: 'tls', ws: 'wss' }[kind];
    console.log(`listening: ${name} ${host} ${await hosted.listen(kind, host, port, tls)}`);
  };
  for (const [kind, name, usual] of [
    ['tcp', 'port', 1883],
    ['ws', 'ws-port', 1884],
  ] as const) {
    const port = ports.get(name);
    // Somebody else may have the usual ones.
    await (port === undefined ? open(kind, usual).catch(() => open(kind, 0)) : open(kind, port));
  }
  await open('tcp', ports.get('tls-port'), { cert, key });
  await open('ws', ports.get('wss-port'), { cert, key });
  onSignal(() => hosted.close());
}

main().catch(fail);

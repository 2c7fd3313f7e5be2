/** Workers in workerd, on this machine: bundled, configured and started, for the examples and for tests. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PATH = '../../../runtimes/node_modules/@cloudflare/workerd-linux-64/bin/workerd';
const WORKERD = fileURLToPath(new URL(PATH, import.meta.url));

/** Why it cannot run here; undefined: it can. */
export const noWorkerd: string | undefined = existsSync(WORKERD)
  ? undefined
  : 'workerd is not installed (npm ci in runtimes/)';

/** One file with all that a Worker needs. */
export async function bundleWorker(entry: string, outfile: string): Promise<string> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    // The example client asks for other runtimes' sockets only where it runs in them.
    external: ['cloudflare:sockets', '*/adapters/node.js', '*/adapters/deno.js'],
  });
  return outfile;
}

export interface Settings {
  /** The port of loopback where HTTP comes in; 0: a free one. Default: none. */
  readonly port?: number | undefined;
  /** The authority that servers of TLS have their certificates from; PEM. */
  readonly ca?: string | undefined;
  /** Whether the Worker reaches the Internet, where it trusts whom browsers trust, or this machine alone. */
  readonly isOnline?: boolean | undefined;
  /** Named values: text, and anything else as JSON. */
  readonly bindings?: Readonly<Record<string, unknown>> | undefined;
  /** More fields of the Worker, and more services, in the language of the configuration. */
  readonly worker?: string | undefined;
  readonly services?: string | undefined;
}

/** Writes a configuration for one bundled Worker beside it, and gives its path. */
export function workerdConfig(script: string, settings: Settings = {}): string {
  const { port, ca, isOnline = false, bindings = {}, worker = '', services = '' } = settings;
  const name = basename(script);
  if (ca !== undefined) writeFileSync(join(dirname(script), 'ca.crt'), ca);
  const trust = [
    ...(isOnline ? ['trustBrowserCas = true'] : []),
    ...(ca === undefined ? [] : ['trustedCertificates = [embed "ca.crt"]']),
  ];
  const reach = isOnline ? '["public", "private", "local"]' : '["private", "local"]';
  const http = `(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")`;
  const values = Object.entries(bindings).map(([key, value]) => {
    const quoted = JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value));
    return `(name = "${key}", ${typeof value === 'string' ? 'text' : 'json'} = ${quoted})`;
  });
  const path = `${script}.capnp`;
  writeFileSync(
    path,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "reach", network = (allow = ${reach}, deny = [], tlsOptions = (${trust.join(', ')})))${services && ','}
    ${services}
  ],
  sockets = [${port === undefined ? '' : http}]
);
const main :Workerd.Worker = (
  modules = [(name = "${name}", esModule = embed "${name}")],
  compatibilityDate = "2026-01-01",
  globalOutbound = "reach",
  ${[...(values.length > 0 ? [`bindings = [${values.join(', ')}]`] : []), ...(worker ? [worker] : [])].join(',\n  ')}
);
`,
  );
  return path;
}

/** Bundles a Worker, and serves it. */
export async function serveWorker(entry: URL, settings: Settings): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-workerd-'));
  try {
    const script = await bundleWorker(fileURLToPath(entry), join(folder, 'worker.js'));
    return await serveWorkerd(workerdConfig(script, settings));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long connections have for their end when workerd is stopped, in milliseconds. */
const GRACE = 1_000;

export interface Running {
  readonly port: number;
  /** What the process takes of this machine, in bytes (on Linux). */
  memory(): number;
  stop(): Promise<void>;
}

/** Serves what a configuration with a port says, until it is stopped or this process ends. */
export async function serveWorkerd(config: string): Promise<Running> {
  if (noWorkerd !== undefined) throw new Error(noWorkerd);
  const child = spawn(WORKERD, ['serve', config, '--control-fd=3'], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const port = await new Promise<number>((resolve, reject) => {
    child.stdio[3]?.on('data', (data: Buffer) =>
      resolve(JSON.parse(data.toString().split('\n')[0] ?? '').port),
    );
    ended.then(() => reject(new Error('workerd did not start')));
  });
  return {
    port,
    memory: () => {
      const pages = readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ')[1];
      return Number(pages) * 4_096;
    },
    stop: async () => {
      process.off('exit', kill);
      child.kill('SIGTERM');
      // It would wait for as long as somebody is connected.
      const timer = setTimeout(kill, GRACE);
      await ended;
      clearTimeout(timer);
    },
  };
}

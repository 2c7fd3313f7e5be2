/** Bundles the Worker and runs it in workerd, on this machine. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Limits } from './limits.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const WORKERD = at('../../../runtimes/node_modules/@cloudflare/workerd-linux-64/bin/workerd');

/** Why it cannot run here; undefined: it can. */
export const noWorkerd: string | undefined = existsSync(WORKERD)
  ? undefined
  : 'workerd is not installed (npm ci in runtimes/)';

export interface Running {
  readonly port: number;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** 0: a free one. */
  readonly port?: number | undefined;
  /** The authority whose certificates brokers may have, besides those that everybody trusts; PEM. */
  readonly ca?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

export async function startWorker({ port = 0, ca, limits = {} }: StartOptions = {}): Promise<Running> {
  if (noWorkerd !== undefined) throw new Error(noWorkerd);
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-workers-'));
  await build({
    entryPoints: [at('worker.ts')],
    outfile: join(folder, 'worker.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    // The example client asks for other runtimes' sockets only where it runs in them.
    external: ['cloudflare:sockets', '*/adapters/node.js', '*/adapters/deno.js'],
  });
  if (ca !== undefined) writeFileSync(join(folder, 'ca.crt'), ca);
  const authority = ca === undefined ? '' : ', trustedCertificates = [embed "ca.crt"]';
  const file = join(folder, 'worker.capnp');
  writeFileSync(
    file,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "bridge", worker = .bridge),
    (name = "brokers", network = (
      allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true${authority})
    ))
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "bridge")]
);
const bridge :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-01-01",
  globalOutbound = "brokers",
  bindings = [(name = "LIMITS", json = ${JSON.stringify(JSON.stringify(limits))})]
);
`,
  );
  const child = spawn(WORKERD, ['serve', file, '--control-fd=3'], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve())).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const listening = new Promise<number>((resolve, reject) => {
    child.stdio[3]?.on('data', (data: Buffer) =>
      resolve(JSON.parse(data.toString().split('\n')[0] ?? '').port),
    );
    ended.then(() => reject(new Error('workerd did not start')));
  });
  return {
    port: await listening,
    stop: async () => {
      process.off('exit', kill);
      child.kill('SIGTERM');
      await ended;
    },
  };
}

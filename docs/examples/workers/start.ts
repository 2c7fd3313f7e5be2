/** Bundles the Worker and runs it in workerd, on this machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorker, type Running, serveWorkerd, workerdConfig } from '../workerd/workerd.js';
import type { Limits } from './limits.js';

export interface StartOptions {
  /** 0: a free one. */
  readonly port?: number | undefined;
  /** The authority whose certificates brokers may have, besides those that everybody trusts; PEM. */
  readonly ca?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

export async function startWorker({ port = 0, ca, limits = {} }: StartOptions = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-workers-'));
  const entry = fileURLToPath(new URL('worker.ts', import.meta.url));
  try {
    const script = await bundleWorker(entry, join(folder, 'worker.js'));
    const bindings = { LIMITS: limits };
    return await serveWorkerd(workerdConfig(script, { port, ca, isOnline: true, bindings }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

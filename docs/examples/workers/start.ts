/** Bundles the Worker and runs it in workerd, on this machine. */
import { type Running, type Settings, serveWorker } from '../workerd/workerd.js';
import type { Limits } from './limits.js';

export interface StartOptions extends Pick<Settings, 'port' | 'ca'> {
  readonly limits?: Partial<Limits> | undefined;
}

export function startWorker({ port = 0, ca, limits = {} }: StartOptions = {}): Promise<Running> {
  const settings = { port, ca, isOnline: true, bindings: { LIMITS: limits } };
  return serveWorker(new URL('worker.ts', import.meta.url), settings);
}

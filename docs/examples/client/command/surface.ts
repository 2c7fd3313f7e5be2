/** What the commands have to do with the outside. */

import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { ServerRefusalError } from '../errors.js';
import type { ClientEvent, ClientOptions } from '../options.js';

export interface Surface {
  readonly stdin: Readable;
  /** Settles when there is room for more. */
  print(bytes: Uint8Array): Promise<void>;
  complain(line: string): void;
  /** SIGINT or SIGTERM. */
  onInterrupt(stop: () => void): void;
}

export function processSurface(): Surface {
  let stopAll = (): void => {};
  // Whoever pipes this into `head` has seen enough: that is no failure.
  process.stdout.on('error', () => stopAll());
  return {
    stdin: process.stdin,
    print: (bytes) => written(process.stdout, bytes),
    complain: (line) => console.error(line),
    onInterrupt: (stop) => {
      stopAll = stop;
      process.on('SIGINT', stop);
      process.on('SIGTERM', stop);
    },
  };
}

async function written(stream: Writable, bytes: Uint8Array): Promise<void> {
  if (stream.destroyed || stream.write(bytes)) return;
  await once(stream, 'drain').catch(() => {});
}

/** -d tells what happens; without it, only what went wrong, and nothing at all with --quiet. */
export function withEvents(
  options: ClientOptions,
  {
    debug = false,
    quiet = false,
  }: { readonly debug?: boolean | undefined; readonly quiet?: boolean | undefined },
  { complain }: Surface,
): ClientOptions {
  const onEvent = (event: ClientEvent): void => {
    if (event.type === 'lost' && event.retryIn !== undefined) {
      if (!quiet) complain(`${event.error.message}; again in ${Math.round(event.retryIn)} ms`);
    } else if (!debug) return;
    else if (event.type === 'connected') {
      const session = event.sessionPresent ? ', its session is still there' : '';
      complain(`connected as ${event.clientId}, keep alive ${event.keepAlive} s${session}`);
    } else if (event.type === 'redirected') complain(`redirected to ${event.serverReference ?? 'nowhere'}`);
    else if (event.type === 'unclaimed') complain(`a message on ${event.packet.topic} that nobody asked for`);
  };
  return { ...options, onEvent };
}

/** As with mosquitto_pub: what the server refused with, or 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof ServerRefusalError && error.reasonCode > 0 ? error.reasonCode : 1;
}

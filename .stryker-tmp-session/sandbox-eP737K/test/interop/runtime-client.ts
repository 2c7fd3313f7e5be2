/** The example client in whatever runtime this is; its last argument is a URL. Prints `ok`, or why not. */
// @ts-nocheck

import { connect } from '../../docs/examples/client/client.js';

declare const Deno: { readonly args: readonly string[] } | undefined;
declare const process: { readonly argv: readonly string[] };

const args = typeof Deno === 'undefined' ? process.argv : Deno.args;

async function roundTrip(version: 4 | 5): Promise<void> {
  const client = connect(args.at(-1) ?? '', { version, retry: false });
  const subscription = client.subscribe('runtime/#', { qos: 2 });
  await subscription.granted;
  const payload = Uint8Array.from({ length: 256 }, (_, index) => index);
  await client.publish('runtime/a', payload, { qos: 2 });
  for await (const message of subscription) {
    if (message.payload.join() !== payload.join() || message.qos !== 2)
      throw new Error('it came back otherwise');
    break;
  }
  await client.end();
  const error = await client.closed;
  if (error !== undefined) throw error;
}

roundTrip(4)
  .then(() => roundTrip(5))
  .then(
    () => console.log('ok'),
    (error: unknown) => console.log(error),
  );

/** The Worker and a broker to try it on: `npx tsx docs/examples/workers/main.ts [port [port of the broker]]`. */
import { serveLoopback } from '../broker/listeners.js';
import { fail, onSignal } from '../fields/arguments.js';
import { Fields } from '../fields/fields.js';
import { startWorker } from './start.js';

async function main(): Promise<void> {
  const [, , first, second] = process.argv;
  const fields = new Fields({ port: first, 'port of the broker': second });
  const port = fields.integer('port', 0, 65_535) ?? 8787;
  const broker = await serveLoopback(fields.integer('port of the broker', 0, 65_535));
  const worker = await startWorker({ port });
  console.log(`The Worker: http://127.0.0.1:${worker.port}   a broker: ${broker.url}

curl -s -X POST http://127.0.0.1:${worker.port}/api/mqtt/publish \\
  -d '{"host":"127.0.0.1","port":${new URL(broker.url).port},"topic":"hello","payload":"world","qos":2,"retain":true}'`);
  onSignal(() => Promise.all([worker.stop(), broker.stop()]));
}

main().catch(fail);

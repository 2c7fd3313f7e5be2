/** The Worker and a broker to try it on: `npx tsx docs/examples/workers/main.ts [port [port of the broker]]`. */
import { Broker } from '../broker/broker.js';
import { listenTcp } from '../broker/listeners.js';
import { fail } from '../fields/arguments.js';
import { Fields } from '../fields/fields.js';
import { startWorker } from './start.js';

async function main(): Promise<void> {
  const [, , first, second] = process.argv;
  const fields = new Fields({ port: first, 'port of the broker': second });
  const port = fields.integer('port', 0, 65_535) ?? 8787;
  const brokerPort = fields.integer('port of the broker', 0, 65_535) ?? 0;
  const broker = new Broker();
  const listening = await listenTcp(broker, { host: '127.0.0.1', port: brokerPort });
  const worker = await startWorker({ port });
  console.log(`The Worker: http://127.0.0.1:${worker.port}   a broker: mqtt://127.0.0.1:${listening.port}

curl -s -X POST http://127.0.0.1:${worker.port}/api/mqtt/publish \\
  -d '{"host":"127.0.0.1","port":${listening.port},"topic":"hello","payload":"world","qos":2,"retain":true}'`);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await worker.stop();
      const closed = listening.close();
      await broker.close();
      await closed;
      process.exit(0);
    });
  }
}

main().catch(fail);

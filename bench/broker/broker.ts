// A broker in a process of its own: prints its port, and its processor time whenever it is asked.
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import { Broker } from '../../docs/examples/broker/broker.js';
import { listenTcp } from '../../docs/examples/broker/listeners.js';

async function puremqtt(): Promise<number> {
  const broker = new Broker({ limits: { queuedMessages: 60_000 } });
  return (await listenTcp(broker, { host: '127.0.0.1', port: 0 })).port;
}

async function aedes(): Promise<number> {
  const broker = await Aedes.createBroker();
  const server = createServer({ noDelay: true }, broker.handle);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

const port = await (process.argv[2] === 'aedes' ? aedes() : puremqtt());
process.send?.({ port });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system });
});
process.on('disconnect', () => process.exit());

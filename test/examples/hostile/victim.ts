/** One of the examples that serve MQTT, in a process of its own, to be attacked. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Backend } from '../../../docs/examples/backend/backend.js';
import { configOf } from '../../../docs/examples/backend/config.js';
import { startExampleBroker } from '../../../docs/examples/chat/brokers.js';
import { Hosted } from '../../../docs/examples/hosted/hosted.js';
import { root } from '../../../scripts/lib/root.js';
import { answerMeasures } from '../../adapters/hostile/measuring.js';

const host = '127.0.0.1';

/** Its port, and how many connections it has. */
const STARTS: Readonly<Record<string, () => Promise<readonly [port: number, connections: () => number]>>> = {
  async hosted() {
    const hosted = await Hosted.open({ data: mkdtempSync(join(tmpdir(), 'puremqtt-hostile-')) });
    return [await hosted.listen('tcp', host, 0), () => hosted.connections.size];
  },
  async backend() {
    const backend = new Backend(configOf({ server: { port: 0 } }), false);
    return [await backend.start(), () => backend.broker.connections.size];
  },
  async chat() {
    const users = Array.from({ length: 3_000 }, (_, number) => `mallory-${number}:secret`);
    const rules = readFileSync(join(root, 'docs/examples/chat/chat.acl'), 'utf8');
    const settings = { host, port: 0, users: ['good:good', ...users], rules, folder: '' };
    const { url } = await startExampleBroker(settings);
    return [Number(new URL(url).port), () => Number.NaN];
  },
};

const [port, connections] = (await STARTS[process.argv[2] ?? '']?.()) ?? [0, () => 0];
answerMeasures(port, () => ({ connections: connections(), delivered: 0, refused: 0 }));

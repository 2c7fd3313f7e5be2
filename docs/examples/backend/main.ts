/**
 * The backend as a program: `npx tsx docs/examples/backend/main.ts [configuration.json]`; the environment goes before
 * the file. SIGINT and SIGTERM end it.
 */
import { readFileSync } from 'node:fs';
import { fail, onSignal } from '../fields/arguments.js';
import { Backend } from './backend.js';
import { configOf } from './config.js';

try {
  const [, , path] = process.argv;
  const given: unknown = path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'));
  const config = configOf(given, process.env);
  if (!config.enabled) throw new Error('enabled: the configuration says false');
  const isDevelopment = process.env['NODE_ENV'] === 'development';
  const backend = new Backend(config, isDevelopment);
  const port = await backend.start();
  console.log(`listening: ${config.server.host} ${port}, requests on ${config.requestTopic}`);
  if (config.developmentMode && isDevelopment) console.log('development mode: all responses are public');
  else if (config.developmentMode) console.log('no development mode, since NODE_ENV is not development');
  onSignal(() => backend.close());
} catch (error) {
  fail(`configuration: ${error instanceof Error ? error.message : error}`);
}

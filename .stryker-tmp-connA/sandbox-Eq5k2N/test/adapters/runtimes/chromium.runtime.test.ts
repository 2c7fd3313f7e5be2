// @ts-nocheck
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeRuntime } from './describe.js';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const LAUNCH = fileURLToPath(new URL('./chromium-launch.ts', import.meta.url));

const program = PATHS.find((path) => existsSync(path));
if (program === undefined) console.log(`Chromium is skipped: it is not at ${PATHS.join(' or ')}`);

describeRuntime('chromium', program, async (path, job, consumer) => ({
  command: process.execPath,
  args: [
    '--import',
    'tsx',
    LAUNCH,
    path,
    await consumer.bundle('test/adapters/runtimes/chromium-main.ts', true),
    JSON.stringify(job),
  ],
}));

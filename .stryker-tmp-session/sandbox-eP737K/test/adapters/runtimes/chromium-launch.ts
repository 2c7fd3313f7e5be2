/** Serves a page with the program, opens it in Chromium and prints what its console says, until it says `done`. */
// @ts-nocheck

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';

const [executablePath = '', script = '', job = ''] = process.argv.slice(2);
const page = `<!doctype html><script>globalThis.job = ${job.replaceAll('<', '\\u003c')}</script>
<script type="module" src="/main.js"></script>`;
const server = createServer(({ url }, response) => {
  const isScript = url === '/main.js';
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
  response.end(isScript ? readFileSync(script) : page);
});
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const tab = await browser.newPage();
  const over = new Promise<void>((done) => {
    tab.on('console', (message) => {
      if (message.text() === 'done') done();
      else (message.type() === 'log' ? process.stdout : process.stderr).write(`${message.text()}\n`);
    });
    tab.on('pageerror', (error) => {
      console.error(error);
      process.exitCode = 1;
      done();
    });
  });
  await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await over;
} finally {
  await browser.close();
  server.close();
}

/** The page: bundled by esbuild, and served over HTTP. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

async function bundle(path: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    // The client loads it where there is no WebSocket, and in a browser never.
    external: ['*/adapters/node.js'],
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

const PAGE = 'page/page.ts';
const CLIENT = '../client/client.ts';

/** The script of the page, and the example client with all of puremqtt that it needs, minified and gzipped. */
export async function weigh(): Promise<{ readonly script: string; readonly mqtt: string }> {
  const [script = '', mqtt = ''] = (await Promise.all([bundle(PAGE), bundle(CLIENT)])).map(
    (bytes) => `${(gzipSync(bytes, { level: 9 }).length / 1_000).toFixed(1)} kB`,
  );
  return { script, mqtt };
}

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the page, which is told where its broker is. */
export async function serveSite(host: string, port: number, broker: string): Promise<Site> {
  const read = (name: string): Uint8Array => readFileSync(new URL(`page/${name}`, import.meta.url));
  const files = new Map<string, readonly [type: string, contents: Uint8Array | string]>([
    ['/', ['text/html', read('index.html')]],
    ['/style.css', ['text/css', read('style.css')]],
    ['/page.js', ['text/javascript', await bundle(PAGE)]],
    ['/settings.json', ['application/json', JSON.stringify({ broker })]],
  ]);
  const policy = `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; connect-src 'self' ${new URL(broker).origin}`;
  const server = createServer(({ method, url = '' }, response) => {
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    const answer = (status: number, type: string, contents: Uint8Array | string): void => {
      response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8` }).end(contents);
    };
    const [type, contents = ''] = files.get(url.replace(/\?.*$/s, '')) ?? [];
    if (method !== 'GET' && method !== 'HEAD') answer(405, 'text/plain', 'method: only GET and HEAD\n');
    else if (type === undefined) answer(404, 'text/plain', 'path: there is no such file\n');
    else answer(200, type, method === 'HEAD' ? '' : contents);
  });
  await once(server.listen({ host, port }), 'listening');
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { url: `http://${host}:${(server.address() as AddressInfo).port}/`, close };
}

/** The page: bundled by esbuild, and served over HTTP. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';

const HERE = new URL('./', import.meta.url);
const PAGE = new URL('page/', HERE);

/** Scripts by name, the first one being where to begin. */
type Scripts = ReadonlyMap<string, Uint8Array>;

/** Bundles for browsers, and leaves out what a browser never loads: the adapter for Node. */
async function bundle(options: BuildOptions): Promise<Scripts> {
  const { outputFiles, metafile } = await build({
    ...options,
    absWorkingDir: fileURLToPath(HERE),
    outdir: 'out',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['node:*'],
    logLevel: 'error',
    metafile: true,
    write: false,
  });
  const outputs = Object.entries(metafile.outputs);
  const needed = new Set(
    outputs.filter(([, { entryPoint }]) => entryPoint === entryOf(options)).map(([path]) => path),
  );
  for (const path of needed) {
    for (const { kind, path: next } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement') needed.add(next);
    }
  }
  const contents = new Map(outputFiles.map((file) => [basename(file.path), file.contents]));
  return new Map(
    [...needed].map((path) => [basename(path), contents.get(basename(path)) ?? new Uint8Array()]),
  );
}

const entryOf = ({ entryPoints }: BuildOptions): string | undefined =>
  Array.isArray(entryPoints) && typeof entryPoints[0] === 'string' ? entryPoints[0] : '<stdin>';

/** In bytes, after minifying and gzip. */
export interface Weight {
  readonly scripts: number;
  /** The example client with all of puremqtt that it needs. */
  readonly mqtt: number;
}

const gzipped = (scripts: Scripts): number =>
  [...scripts.values()].reduce((sum, script) => sum + gzipSync(script, { level: 9 }).length, 0);

export async function weigh(scripts?: Scripts): Promise<Weight> {
  const contents = `export { connect } from '../client/client.js';`;
  const client = await bundle({ stdin: { contents, resolveDir: fileURLToPath(HERE), loader: 'ts' } });
  return { scripts: gzipped(scripts ?? (await bundlePage())), mqtt: gzipped(client) };
}

export const bundlePage = (): Promise<Scripts> => bundle({ entryPoints: ['page/page.ts'] });

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the page, which is told where its broker is. */
export async function serveSite(
  { host, port, broker }: { readonly host: string; readonly port: number; readonly broker: string },
  scripts: Scripts,
): Promise<Site> {
  const files = new Map<string, readonly [type: string, contents: Uint8Array | string]>([
    ['/', ['text/html', readFileSync(new URL('index.html', PAGE))]],
    ['/style.css', ['text/css', readFileSync(new URL('style.css', PAGE))]],
    ['/settings.json', ['application/json', JSON.stringify({ broker })]],
    ...[...scripts].map(([name, script]) => [`/${name}`, ['text/javascript', script]] as const),
  ]);
  const headers = {
    'Content-Security-Policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self' ${new URL(broker).origin}; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
  const answer: RequestListener = ({ method, url = '' }, response) => {
    const file = files.get(url.replace(/\?.*$/s, ''));
    const refuse = (status: number, why: string, more: Record<string, string> = {}): void => {
      response.writeHead(status, { ...headers, ...more, 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(`${why}\n`);
    };
    if (method !== 'GET' && method !== 'HEAD')
      refuse(405, 'method: only GET and HEAD', { Allow: 'GET, HEAD' });
    else if (file === undefined) refuse(404, 'path: there is no such file');
    else {
      response.writeHead(200, { ...headers, 'Content-Type': `${file[0]}; charset=utf-8` });
      response.end(method === 'HEAD' ? undefined : file[1]);
    }
  };
  const server = createServer(answer);
  server.listen({ host, port });
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { url: `http://${host}:${(server.address() as AddressInfo).port}/`, close };
}

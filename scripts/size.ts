/**
 * What an application pays for what it imports: bundles from `src/` with esbuild (minified ES module), compresses
 * with gzip and compares with the limits and targets below. Exits with 1 when a limit is passed; a target that is
 * missed is said, and stays in the table until it is met. `--write` puts the table into
 * README.md between the `size` marks, `--explain` tells what each source file adds. 1 kB is 1,000 bytes.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { markdownTable, writeMarkedBlock } from './lib/marked-block.js';
import { isMain, root } from './lib/root.js';

interface Scenario {
  readonly name: string;
  /** The module an application would write; `puremqtt` stands for the sources. */
  readonly code: string;
  /** Modules that are not counted. */
  readonly external?: readonly string[];
  /** What it should come to: bytes after minify and gzip. */
  readonly target: number;
  /** What it must not grow beyond; to be lowered with every gain. */
  readonly limit: number;
}

/** What holds writes for a store, reads floods in turns, waits for answers, takes back and hibernates (in `workers`) is in these. */
const ADAPTER_LIMITS = {
  node: 5_160,
  deno: 5_410,
  workers: 7_040,
  websocket: 5_170,
  streams: 4_710,
} as const;

export const scenarios: readonly Scenario[] = [
  {
    name: 'full codec and stream parser, both versions',
    code: `export { encode, decode, PacketParser } from './src/index.js'`,
    target: 9_000,
    limit: 9_000,
  },
  {
    name: 'PUBLISH alone, both versions',
    code: `export { encodePublish, decodePublish } from './src/index.js'`,
    target: 2_500,
    limit: 4_600,
  },
  ...(['node', 'deno', 'workers', 'websocket', 'streams'] as const).map((name) => ({
    name: `puremqtt/${name}, the Endpoint not counted`,
    code: `export * from './src/adapters/${name}.js'`,
    // Whoever imports an adapter has the Endpoint already.
    external: ['*/connection/index.js'],
    target: 5_000,
    limit: ADAPTER_LIMITS[name],
  })),
];

const comparison = `export { generate, parser } from 'mqtt-packet'`;

/** Packages that stand in for parts of Node in a browser. */
const polyfills = ['buffer', 'events', 'process', 'readable-stream', 'string_decoder'];

export interface Size {
  readonly minified: number;
  readonly gzipped: number;
  /** Minified bytes of each file, largest first. */
  readonly files: readonly (readonly [path: string, bytes: number])[];
}

/** The size of a module bundled with all it imports. */
export async function measure(code: string, options: BuildOptions = {}): Promise<Size> {
  const result = await build({
    stdin: { contents: code, resolveDir: root, loader: 'js' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    treeShaking: true,
    external: ['node:*'],
    logLevel: 'error',
    ...options,
    metafile: true,
    write: false,
  });
  const contents = result.outputFiles[0]?.contents;
  const output = Object.values(result.metafile.outputs)[0];
  if (contents === undefined || output === undefined) throw new Error(`nothing was bundled for: ${code}`);
  const files = Object.entries(output.inputs).map(
    ([path, { bytesInOutput }]) => [path, bytesInOutput] as const,
  );
  return {
    minified: contents.length,
    gzipped: gzipSync(contents, { level: 9 }).length,
    files: files.filter(([, bytes]) => bytes > 0).sort((a, b) => b[1] - a[1]),
  };
}

/** mqtt-packet as a browser gets it, and without the parts of Node that some applications carry anyway. */
async function measureMqttPacket(): Promise<{ whole: Size; bare: Size }> {
  const browser: BuildOptions = { platform: 'browser', define: { global: 'globalThis' } };
  const npmNames = { buffer: 'buffer/', events: 'events/', string_decoder: 'string_decoder/' };
  const globals = `export { Buffer } from 'buffer/'; export { default as process } from 'process/browser';`;
  const whole = await measure(comparison, {
    ...browser,
    alias: npmNames,
    // esbuild injects files; this plugin lets the text above be one.
    inject: ['node-globals'],
    plugins: [
      {
        name: 'node-globals',
        setup(plugin) {
          plugin.onResolve({ filter: /^node-globals$/ }, (args) => ({
            path: args.path,
            namespace: 'inline',
          }));
          plugin.onLoad({ filter: /./, namespace: 'inline' }, () => ({
            contents: globals,
            resolveDir: root,
          }));
        },
      },
    ],
  });
  const bare = await measure(comparison, {
    ...browser,
    external: polyfills.flatMap((name) => [name, `${name}/*`]),
  });
  return { whole, bare };
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(2)} kB`;

async function main(): Promise<void> {
  const rows: string[][] = [];
  const row = (name: string, size: Size, limit: string): void => {
    rows.push([name, kilobytes(size.minified), kilobytes(size.gzipped), limit]);
  };
  for (const { name, code, external = [], limit, target } of scenarios) {
    const size = await measure(code, { external: ['node:*', ...external] });
    row(name, size, kilobytes(target));
    if (size.gzipped > target) console.log(`target missed: ${name}: ${size.gzipped} > ${target} bytes`);
    if (process.argv.includes('--explain')) {
      console.log(`\n${name}, minified bytes by file:`);
      for (const [path, bytes] of size.files) console.log(`${String(bytes).padStart(8)}  ${path}`);
    }
    if (size.gzipped > limit) {
      console.error(`over the limit: ${name}: ${size.gzipped} > ${limit} bytes`);
      process.exitCode = 1;
    }
  }
  const { whole, bare } = await measureMqttPacket();
  const manifest = readFileSync(`${root}/node_modules/mqtt-packet/package.json`, 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  row(`mqtt-packet ${version}, in a browser`, whole, '');
  row(`mqtt-packet ${version}, Node polyfills not counted`, bare, '');

  console.log();
  const table = markdownTable(['imported', 'minified', 'and gzipped', 'target'], rows);
  console.log(table);
  if (process.argv.includes('--write')) writeMarkedBlock(`${root}/README.md`, 'size', table);
}

if (isMain(import.meta.url)) await main();

// @ts-nocheck
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { entries } from '../../../scripts/entries.js';
import { root } from '../../../scripts/lib/root.js';
import { distFile } from '../../dist/dist.js';

/** An empty project with the packed package installed, where programs of the tests can be put. */
export class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), 'puremqtt-runtime-'));

  constructor() {
    distFile('index.js');
    const npm = (args: readonly string[], cwd: string): void => {
      execFileSync('npm', args, { cwd, stdio: 'pipe', shell: process.platform === 'win32' });
    };
    npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', this.folder], root);
    const tarball = readdirSync(this.folder).find((name) => name.endsWith('.tgz')) ?? '';
    const manifest = { name: 'consumer', private: true, type: 'module' };
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify(manifest));
    const quiet = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    npm(['install', ...quiet, join(this.folder, tarball)], this.folder);
  }

  /**
   * Bundles a program of the tests, given by its path under the root. What it imports of `src/` becomes an import of
   * the installed package, or, with `whole`, a part of the bundle, for runtimes that have no packages.
   */
  async bundle(program: string, whole = false): Promise<string> {
    const outfile = join(this.folder, 'programs', `${program.replace(/^.*\/|\.ts$/g, '')}.mjs`);
    mkdirSync(dirname(outfile), { recursive: true });
    await build({
      entryPoints: [join(root, program)],
      outfile,
      bundle: true,
      format: 'esm',
      platform: whole ? 'browser' : 'node',
      target: 'es2022',
      external: whole ? ['cloudflare:*'] : [],
      logLevel: 'silent',
      plugins: [this.#library(whole)],
    });
    return outfile;
  }

  #library(whole: boolean): Plugin {
    return {
      name: 'library',
      setup: (plugin) => {
        plugin.onResolve({ filter: /^\..*\.js$/ }, ({ path, resolveDir }) => {
          const source = relative(root, resolve(resolveDir, path)).replace(/\.js$/, '.ts');
          if (!source.startsWith('src/')) return undefined;
          const name = Object.keys(entries).find((entry) => entries[entry] === source);
          if (name === undefined) return { errors: [{ text: `${source} is no entry of the package` }] };
          if (whole) return { path: join(this.folder, 'node_modules/puremqtt/dist', `${name}.js`) };
          return { path: name === 'index' ? 'puremqtt' : `puremqtt/${name}`, external: true };
        });
      },
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// @ts-nocheck
import { rmSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { entries } from './scripts/entries.js';

// The three builds below run side by side; cleaning belongs to none of them.
rmSync('dist', { recursive: true, force: true });

const shared: Options = {
  entry: { ...entries },
  target: 'es2022',
  platform: 'neutral',
  splitting: true,
  sourcemap: true,
  minify: false,
  external: ['fast-check', /^node:/],
};

export default defineConfig([
  { ...shared, format: 'esm' },
  // Splitting for CommonJS: left alone, tsup turns the ES chunks into CommonJS with sucrase, which also rewrites
  // `?.` and `??` into helper calls. With `treeshake` rollup converts each chunk instead and keeps ES2022.
  { ...shared, format: 'cjs', treeshake: true },
  { ...shared, format: ['esm', 'cjs'], dts: { only: true, compilerOptions: { types: ['node'] } } },
]);

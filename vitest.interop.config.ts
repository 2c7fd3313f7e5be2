import { defineConfig } from 'vitest/config';
import { INTEROP } from './vitest.config.js';

const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '';

/** Real clients and brokers, each with each, a browser, the five systems, hostile peers: too long for `npm test`; `npm run test:interop` runs it. */
export default defineConfig({
  test: {
    include: [...INTEROP],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: inCi ? ['default', ['json', { outputFile: 'reports/interop.json' }]] : ['default'],
  },
});

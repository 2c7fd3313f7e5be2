import { defineConfig } from 'vitest/config';
import { INTEROP } from './vitest.config.js';

const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '';

/** Real clients and brokers, each with each, a browser, the five systems, hostile peers: too long for `npm test`; `npm run test:interop` runs it. */
export default defineConfig({
  test: {
    include: [...INTEROP],
    // Other people's processes, too: what fails is tried once more, and the report says so.
    retry: inCi ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: inCi ? ['default', ['json', { outputFile: 'reports/interop.json' }]] : ['default'],
  },
});

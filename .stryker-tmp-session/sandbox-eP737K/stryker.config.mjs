// @ts-nocheck
import { existsSync, readFileSync } from 'node:fs';

/**
 * `npm run mutation` tries all mutants against the quicker tests; `MUTATION=thorough npm run mutation` tries those that
 * survived against all tests, with more runs of each property.
 */
const isThorough = process.env.MUTATION === 'thorough';
const REPORT = 'reports/mutation/mutation.json';

const sources = [
  'src/bytes/**/*.ts',
  'src/errors.ts',
  'src/spec/**/*.ts',
  'src/topics/**/*.ts',
  'src/packets/**/*.ts',
  'src/codec.ts',
  'src/stream/**/*.ts',
  'src/session/**/*.ts',
  'src/connection/**/*.ts',
];

function survivors() {
  if (!existsSync(REPORT)) throw new Error('there is no report: run "npm run mutation" first');
  const { files } = JSON.parse(readFileSync(REPORT, 'utf8'));
  return Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants
      .filter(({ status }) => status === 'Survived')
      .map(({ location: { start, end } }) => {
        // Columns count from 1 in reports, and from 0 here.
        return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
      }),
  );
}

const folders = ['topics', 'packets', 'codec', 'stream', 'session', 'connection', 'dialogues', 'laws'];

export default {
  testRunner: 'in-process',
  plugins: ['./scripts/mutation/plugin.mjs'],
  inProcess: {
    folders: folders.map((folder) => `test/${folder}`),
    // Tests of memory and of time have no place among others.
    without: ['costs.slow', 'topics/hostile'],
    runs: isThorough ? 0.2 : 0.02,
    slowest: isThorough ? 1e9 : 60,
  },
  mutate: isThorough ? survivors() : sources,
  thresholds: { high: 95, low: 90, break: isThorough ? null : 90 },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  reporters: ['clear-text', 'progress', 'html', 'json'],
  htmlReporter: { fileName: `reports/mutation/${isThorough ? 'thorough' : 'index'}.html` },
  jsonReporter: { fileName: isThorough ? 'reports/mutation/thorough.json' : REPORT },
  clearTextReporter: { logTests: false, reportTests: false },
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['/dist', '/docs', '/coverage', '/reports', '/bench'],
  timeoutMS: 60_000,
};

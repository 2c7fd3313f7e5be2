/**
 * Prints the counts of vitest's JSON reports, the last line of a CI run: `N passed, N failed`. A report that is not
 * there is of tests that were not reached.
 * Plain JavaScript, so that it runs when nothing is installed. Usage: node scripts/test-counts.mjs <report>...
 */
// @ts-nocheck

import { existsSync, readFileSync } from 'node:fs';

const reports = process.argv
  .slice(2)
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')));
// A file that does not load has no failed test, and is a failure all the same.
const broken = reports.flatMap(({ testResults }) =>
  testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0),
);
const sum = (name) => reports.reduce((count, report) => count + report[name], 0);
console.log(`${sum('numPassedTests')} passed, ${sum('numFailedTests') + broken.length} failed`);

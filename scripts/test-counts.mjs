/**
 * Prints the counts of vitest's JSON report, the last line of a CI run: `N passed, N failed`.
 * Plain JavaScript, so that it runs when nothing is installed. Usage: node scripts/test-counts.mjs <report>
 */
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
// A file that does not load has no failed test, and is a failure all the same.
const broken = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + broken.length} failed`);

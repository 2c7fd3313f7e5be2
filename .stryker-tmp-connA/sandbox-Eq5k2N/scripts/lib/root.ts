// @ts-nocheck
import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const root: string = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Whether the module was started as a script, and not imported by a test. */
export function isMain(url: string): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === realpathSync(fileURLToPath(url));
}

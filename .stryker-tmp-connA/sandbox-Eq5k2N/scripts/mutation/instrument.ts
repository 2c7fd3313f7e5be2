// @ts-nocheck
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from '@stryker-mutator/api/core';
import type { Logger } from '@stryker-mutator/api/logging';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import type { Replaced } from './bundle.js';

export interface Instrumented {
  readonly files: Replaced;
  readonly mutants: readonly Mutant[];
}

const nothing = (): void => {};
const no = (): boolean => false;
const silent: Logger = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
};

/** Puts Stryker's mutants into sources, all but those of some mutators. */
export async function instrument(
  root: string,
  paths: readonly string[],
  excludedMutations: string[],
): Promise<Instrumented> {
  const sources = paths.map((path) => ({
    name: join(root, path),
    mutate: true,
    content: readFileSync(join(root, path), 'utf8'),
  }));
  const { files, mutants } = await new Instrumenter(silent).instrument(sources, {
    plugins: null,
    excludedMutations,
    ignorers: [],
  });
  return { files: new Map(files.map(({ name, content }) => [name, content])), mutants };
}

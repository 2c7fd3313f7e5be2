/** A session that outlives the process, in a file. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { fromText, type SessionStore } from './store.js';

/** Only its owner may read the file. What goes wrong is an Error that begins with `name`. */
export function fileStore(path: string, name = 'session'): SessionStore {
  const told = (error: Error): never => {
    throw new Error(`${name}: ${error.message}`);
  };
  return {
    async load() {
      const stored = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' ? undefined : told(error),
      );
      try {
        if (stored !== undefined) fromText(stored);
      } catch (error) {
        told(error as Error);
      }
      return stored;
    },
    async save(stored) {
      await writeFile(`${path}.new`, stored, { mode: 0o600 })
        .then(() => rename(`${path}.new`, path))
        .catch(told);
    },
  };
}

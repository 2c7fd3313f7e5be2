/**
 * Every public entry of the package: its name in `dist/` and in the exports map, and its source file.
 *
 * This is the only list. `tsup.config.ts` reads it, and `npm run exports -- --write` writes what follows from it
 * into package.json (`exports`, `typesVersions`) and typedoc.json (`entryPoints`); `npm run exports` and a test
 * fail when the three disagree. To add an entry, add its line here and run `npm run exports -- --write`.
 */
// @ts-nocheck

export const entries: Readonly<Record<string, string>> = {
  index: 'src/index.ts',
  codec: 'src/codec.ts',
  stream: 'src/stream/index.ts',
  topics: 'src/topics/index.ts',
  session: 'src/session/index.ts',
  connection: 'src/connection/index.ts',
  node: 'src/adapters/node.ts',
  deno: 'src/adapters/deno.ts',
  workers: 'src/adapters/workers.ts',
  websocket: 'src/adapters/websocket.ts',
  streams: 'src/adapters/streams.ts',
  arbitraries: 'src/arbitraries/index.ts',
};

/** Source files that are an entry as soon as they exist, so that none is forgotten in the list above. */
export const isEntrySource = (path: string): boolean =>
  /^src\/(index|codec)\.ts$/.test(path) ||
  /^src\/(stream|topics|session|connection|arbitraries)\/index\.ts$/.test(path) ||
  /^src\/adapters\/(node|deno|workers|websocket|streams)\.ts$/.test(path);

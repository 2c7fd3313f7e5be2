// @ts-nocheck
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';

/** The five systems that show what the library is for, in the order of `docs/systems.md`. */
export interface System {
  /** Its folder in `docs/examples/`, and its name for `npm run examples`. */
  readonly name: string;
  readonly title: string;
  /** What it needs of MQTT that is hard to get elsewhere. */
  readonly needs: string;
}

export const SYSTEMS: readonly System[] = [
  {
    name: 'console',
    title: 'API client console',
    needs:
      'both versions, mutual TLS, will, session expiry, user properties, reconnecting with resume, a guard on broker URLs',
  },
  {
    name: 'hosted',
    title: 'Hosted broker with limits',
    needs: 'enforced limits with the right Reason Codes, retained messages and sessions that survive SIGKILL',
  },
  {
    name: 'chat',
    title: 'Browser chat',
    needs: 'WebSocket from a page, QoS 1 with offline delivery, presence, will, rules for each user',
  },
  {
    name: 'workers',
    title: 'Workers bridge',
    needs:
      'TCP and TLS from a Worker, QoS 2 both ways, binary payloads, acknowledgements that mean something',
  },
  {
    name: 'backend',
    title: 'Request and response backend',
    needs: 'private response topics, channels made on demand, authorisation of publishing and subscribing',
  },
];

/** What an example consists of. */
export interface Measure {
  /** Lines of TypeScript without blank ones and comments, those of a page apart. */
  readonly lines: number;
  readonly pageLines: number;
  /** The entries of puremqtt that it imports from, by itself or through the example client and broker. */
  readonly entries: readonly string[];
  /** The other examples that it stands on. */
  readonly examples: readonly string[];
}

const SOURCES: Readonly<Record<string, string>> = { index: 'puremqtt', codec: 'puremqtt/codec' };

/** The entry that a path under `src/` is, as the example imports it. */
function entryOf(path: string): string {
  const [, name = ''] = /^(?:adapters\/)?(\w+)(?:\/index)?\.js$/.exec(path) ?? [];
  return SOURCES[name] ?? `puremqtt/${name}`;
}

/** Counts and reads the sources of an example. */
export function measure(name: string): Measure {
  const folder = join(root, 'docs/examples', name);
  const entries = new Set<string>();
  const examples = new Set<string>();
  let lines = 0;
  let pageLines = 0;
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(ts|html|css)$/.test(path)) continue;
    const text = readFileSync(join(folder, path), 'utf8');
    const count = codeLines(text);
    if (isPage(path)) pageLines += count;
    else lines += count;
    for (const [, source = ''] of text.matchAll(/from '(?:\.\.\/)+src\/([^']+)'/g))
      entries.add(entryOf(source));
    for (const [, other = ''] of text.matchAll(/from '(?:\.\.\/)+(\w+)\/[^']+'/g)) {
      if (other !== 'src' && other !== name) examples.add(other);
    }
  }
  return { lines, pageLines, entries: [...entries].sort(), examples: [...examples].sort() };
}

const isPage = (path: string): boolean => /\.(html|css)$/.test(path) || /(^|[\\/])page[\\/.]/.test(path);

/** Lines that are neither blank nor comments. */
export function codeLines(text: string): number {
  const bare = text.replace(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '').replace(/^\s*<!--[\s\S]*?-->\s*$/gm, '');
  return bare.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

// @ts-nocheck
import { readdirSync, readFileSync } from 'node:fs';
import type { Input } from '../../src/connection/index.js';
import type { ConnectPacket } from '../../src/index.js';
import { fromHex } from '../codec/fixtures.js';

/** What happens in one step: the peer's packets or bytes, an input of the host, or a new connection. */
export type Event =
  | { readonly packet: unknown }
  | { readonly packets: readonly unknown[] }
  | { readonly bytes: string }
  | { readonly input: { readonly type: Input['type'] } & Readonly<Record<string, unknown>> };

export type Expected = Readonly<Record<string, unknown>>;

export interface Step {
  readonly at?: number;
  readonly in?: Event;
  readonly reconnect?: Options;
  readonly out?: readonly Expected[];
  readonly deadline?: number | null | { readonly by: number };
}

export interface Options extends Readonly<Record<string, unknown>> {
  readonly connect?: ConnectPacket;
  readonly session?: unknown;
}

interface Written {
  readonly name: string;
  readonly statements: readonly string[];
  readonly role: 'client' | 'server';
  readonly version: 4 | 5 | readonly (4 | 5)[];
  readonly options?: Options;
  readonly steps: readonly Step[];
}

export interface Dialogue extends Omit<Written, 'version'> {
  readonly version: 4 | 5;
  /** The file's name. */
  readonly file: string;
  /** The version, the role, the name and the statements, in brackets. */
  readonly title: string;
}

const STANDARDS = { 4: '3.1.1', 5: '5.0' } as const;

/** Whether a statement belongs to the standard of that version. */
export const isOf = (statement: string, version: 4 | 5): boolean =>
  statement.startsWith(`${STANDARDS[version]}: MQTT-`) || statement.startsWith(version === 4 ? 'U3-' : 'U5-');

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$bytes' in value)) return value;
  return fromHex(String(value.$bytes));
}

/** Reads dialogues from JSON, one for each version that a dialogue is meant for. */
export function parseDialogues(text: string, file: string): Dialogue[] {
  const written: readonly Written[] = JSON.parse(text, revive);
  return written.flatMap((dialogue) =>
    [dialogue.version].flat().map((version) => {
      const tags = dialogue.statements.filter((id) => isOf(id, version)).map((id) => `[${id}]`);
      const title = `${STANDARDS[version]} ${dialogue.role}: ${dialogue.name} ${tags.join(' ')}`;
      return { ...dialogue, version, file, title };
    }),
  );
}

/** All dialogues, by file. */
export function loadDialogues(): ReadonlyMap<string, readonly Dialogue[]> {
  const folder = new URL('../../fixtures/dialogues/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(
    files.sort().map((name) => {
      const file = name.slice(0, -'.json'.length);
      return [file, parseDialogues(readFileSync(new URL(name, folder), 'utf8'), file)];
    }),
  );
}

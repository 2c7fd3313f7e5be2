/** What was said, kept in the browser for one user: the newest of it, every message once. */

export type State =
  /** Not with the broker yet. */
  | 'sending'
  /** With the broker; the worker has not decided. */
  | 'sent'
  | 'accepted'
  | 'rejected'
  /** The broker has refused it. */
  | 'failed';

export interface Entry {
  readonly id: string;
  /** With whom. */
  readonly other: string;
  readonly isOwn: boolean;
  readonly text: string;
  readonly at: number;
  readonly state: State;
  /** Why it was not passed on. */
  readonly reason?: string | undefined;
  readonly isUnread?: boolean | undefined;
}

const KEPT = 500;
const STATES: readonly unknown[] = ['sending', 'sent', 'accepted', 'rejected', 'failed'];

/** Names are the sender's choice: two senders may have chosen the same. */
export const keyOf = ({ id, other, isOwn }: Pick<Entry, 'id' | 'other' | 'isOwn'>): string =>
  isOwn ? `to ${other} ${id}` : `from ${other} ${id}`;

export class History {
  readonly #entries = new Map<string, Entry>();
  readonly #storage: Storage;
  readonly #key: string;

  constructor(storage: Storage, user: string) {
    this.#storage = storage;
    this.#key = `chat:${user}:history`;
    for (const entry of stored(storage.getItem(this.#key))) this.#entries.set(keyOf(entry), entry);
  }

  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  with(other: string): readonly Entry[] {
    return this.entries.filter((entry) => entry.other === other);
  }

  own(id: string): Entry | undefined {
    return this.entries.find((entry) => entry.isOwn && entry.id === id);
  }

  has(entry: Pick<Entry, 'id' | 'other' | 'isOwn'>): boolean {
    return this.#entries.has(keyOf(entry));
  }

  /** Adds it, or replaces what is known of it, and is safe when it comes back. */
  put(...entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) this.#entries.set(keyOf(entry), entry);
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= KEPT) break;
      this.#entries.delete(key);
    }
    this.#storage.setItem(this.#key, JSON.stringify(this.entries));
  }
}

function stored(text: string | null): Entry[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is Entry {
  const { id, other, isOwn, text, at, state, reason } = Object(value) as Record<string, unknown>;
  const areStrings = [id, other, text, reason ?? ''].every((field) => typeof field === 'string');
  return areStrings && typeof isOwn === 'boolean' && typeof at === 'number' && STATES.includes(state);
}

// pure: the lists that SUBSCRIBE, UNSUBSCRIBE and their acknowledgements end with.
import { failure } from '../bytes/place.js';
import type { Reader } from '../bytes/reader.js';
import type { Writer } from '../bytes/writer.js';

/**
 * Reads items, at least one, up to the packet's end. An empty list breaks the statement `empty`; where there is none,
 * the packet ends within its first item.
 */
export function readList<T>(r: Reader, readItem: (r: Reader) => T, field: string, empty?: string): T[] {
  if (empty && r.at === r.end) throw failure(r, 'empty-list', field, empty, 0x82, r.at);
  const items: T[] = [];
  r.index = 0;
  do {
    items.push(readItem(r));
    r.index++;
  } while (r.at < r.end);
  return items;
}

/** Writes the items of an array that must not be empty. */
export function writeList(
  w: Writer,
  items: unknown,
  writeItem: (w: Writer, item: unknown) => void,
  field: string,
  empty: string,
): void {
  if (!Array.isArray(items)) throw failure(w, 'wrong-type', field);
  if (items.length === 0) throw failure(w, 'empty-list', field, empty);
  for (w.index = 0; w.index < items.length; w.index++) writeItem(w, items[w.index]);
}

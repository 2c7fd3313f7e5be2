/** The chat on the screen. What came from elsewhere is only ever set as text. */
import type { Connection, Conversation } from './conversation.js';
import { type Entry, keyOf } from './history.js';

/** The element with that id, of that kind. */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} named ${id}`);
  return found;
}

const byId = (id: string): HTMLElement => element(id, HTMLElement);

/** Shows a text, or hides its place where there is none; an alert is read out when its text changes. */
export function say(id: string, text: string | undefined): void {
  const place = byId(id);
  place.hidden = text === undefined;
  setText(place, text ?? '');
}

function setText(place: Element, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}

function make(tag: string, className: string, ...children: readonly Element[]): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

/** Makes the children of a list those of the keys, and leaves alone what is there already: focus, and what was read out. */
function fill<T>(
  list: HTMLElement,
  items: readonly T[],
  keyOfItem: (item: T) => string,
  create: (item: T) => HTMLElement,
  update: (child: HTMLElement, item: T) => void,
): void {
  const known = new Map([...list.children].map((child) => [(child as HTMLElement).dataset['key'], child]));
  const children = items.map((item) => {
    const key = keyOfItem(item);
    const found = known.get(key);
    const child = found instanceof HTMLElement ? found : create(item);
    child.dataset['key'] = key;
    known.delete(key);
    update(child, item);
    return child;
  });
  for (const child of known.values()) child.remove();
  for (const [at, child] of children.entries()) {
    if (list.children[at] !== child) list.insertBefore(child, list.children[at] ?? null);
  }
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const calendar = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function timeOf(at: number): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return (isToday ? clock : calendar).format(at);
}

function connectionOf(connection: Connection): string {
  if (connection.state !== 'lost') return connection.state === 'connected' ? 'connected' : 'connecting …';
  return 'connection lost, trying again';
}

function stateOf({ isOwn, state, reason }: Entry): string {
  if (!isOwn) return '';
  if (state === 'rejected') return `rejected: ${reason ?? ''}`;
  if (state === 'failed') return `not sent: ${reason ?? ''}`;
  return { sending: 'waiting to be sent', sent: 'being checked', accepted: 'accepted' }[state];
}

export class View {
  /** Whom the conversation is with that is shown. */
  #open: string | undefined;
  readonly #conversation: Conversation;
  readonly #shown = new AbortController();
  readonly #opened: (other: string) => void;

  /** `opened` is called when the user chooses somebody to write to. */
  constructor(conversation: Conversation, opened: (other: string) => void) {
    this.#conversation = conversation;
    this.#opened = opened;
    byId('people').replaceChildren();
    setText(byId('me'), conversation.name);
    document.addEventListener('visibilitychange', () => this.draw(), { signal: this.#shown.signal });
    this.open(undefined);
  }

  get other(): string | undefined {
    return this.#open;
  }

  open(other: string | undefined): void {
    this.#open = other;
    byId('messages').replaceChildren();
    this.draw();
  }

  close(): void {
    this.#shown.abort();
  }

  draw(): void {
    const { connection, trouble, history } = this.#conversation;
    const other = this.#open;
    if (other !== undefined && !document.hidden) this.#conversation.markRead(other);
    byId('connection').dataset['state'] = connection.state;
    setText(byId('connection'), connectionOf(connection));
    say('trouble', trouble);
    const unread = history.entries.filter(({ isUnread }) => isUnread);
    document.title = unread.length === 0 ? 'Chat over MQTT' : `(${unread.length}) Chat over MQTT`;
    const others = new Set(this.#conversation.others);
    if (other !== undefined) others.add(other);
    byId('nobody').hidden = others.size > 0;
    fill(
      byId('people'),
      [...others],
      (name) => name,
      (name) => this.#person(name),
      (item, name) => this.#updatePerson(item, name, unread.filter((entry) => entry.other === name).length),
    );
    byId('choose').hidden = other !== undefined;
    byId('conversation').hidden = other === undefined;
    if (other === undefined) return;
    setText(byId('other'), other);
    setText(byId('other-presence'), this.#presenceOf(other));
    drawLog(history.with(other));
  }

  /** What we knew of others when the connection was lost is nothing to go by. */
  #presenceOf(name: string): string {
    const { connection, presence } = this.#conversation;
    const known = presence.get(name);
    if (connection.state !== 'connected' || known === undefined) return 'not known';
    if (known.isOnline) return 'online';
    return known.seen === undefined ? 'offline' : `offline since ${timeOf(known.seen)}`;
  }

  #person(name: string): HTMLElement {
    const button = make(
      'button',
      'person',
      make('span', 'dot'),
      make('span', 'name'),
      make('span', 'presence'),
      make('span', 'unread'),
    );
    button.setAttribute('type', 'button');
    button.addEventListener('click', () => this.#opened(name));
    return make('li', '', button);
  }

  #updatePerson(item: HTMLElement, name: string, unread: number): void {
    const [button, , label, status, badge] = item.querySelectorAll('*');
    if (button === undefined || label === undefined || status === undefined || badge === undefined) return;
    item.dataset['online'] = String(this.#presenceOf(name) === 'online');
    button.setAttribute('aria-pressed', String(this.#open === name));
    setText(label, name);
    setText(status, this.#presenceOf(name));
    setText(badge, unread === 0 ? '' : `${unread} new`);
  }
}

function drawLog(entries: readonly Entry[]): void {
  const log = byId('log');
  const wasAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 40;
  const messages = byId('messages');
  const before = messages.childElementCount;
  fill(messages, entries, keyOf, createMessage, updateMessage);
  if (wasAtEnd && messages.childElementCount !== before) log.scrollTop = log.scrollHeight;
}

function createMessage({ isOwn, other, text, at }: Entry): HTMLElement {
  const [who, body, time, state] = ['who hidden', 'text', 'time', 'state'].map((name) =>
    make(name === 'time' ? 'time' : 'span', name),
  ) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
  who.textContent = isOwn ? 'You: ' : `${other}: `;
  body.textContent = text;
  body.dir = 'auto';
  time.textContent = timeOf(at);
  time.setAttribute('datetime', new Date(at).toISOString());
  return make('li', isOwn ? 'own' : 'theirs', who, body, make('span', 'about', time, state));
}

function updateMessage(item: HTMLElement, entry: Entry): void {
  item.dataset['state'] = entry.state;
  const state = item.querySelector('.state');
  if (state !== null) setText(state, stateOf(entry));
}

// owned: the WebSockets of a Durable Object that may sleep while they stay open.
import type { ConnectionState, EndpointEvent, EndpointOptions } from '../connection/index.js';
import { Endpoint } from '../connection/index.js';
import { type FrameSocket, Frames } from './frames.js';
import type { Link, LinkOptions } from './surface.js';

/** What the adapter needs of a WebSocket that may sleep. */
export interface HibernatingSocket extends FrameSocket {
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

/** What the adapter needs of a Durable Object's `ctx`. */
export interface DurableContext<S> {
  acceptWebSocket(socket: S, tags?: string[]): void;
  getWebSockets(): S[];
  readonly storage: {
    getAlarm(): Promise<number | null>;
    setAlarm(at: number): Promise<void>;
    deleteAlarm(): Promise<void>;
  };
}

/** Options of {@link HibernatingLinks}. */
export interface HibernationOptions extends Pick<LinkOptions, 'closeTimeout' | 'maximumInbox'> {
  /** Options of every Endpoint, the same before and after sleep. */
  readonly endpoint?: EndpointOptions | undefined;
}

/** A LinkHandler that is told of which socket; `link.state.terms.clientId` says whose it is. */
export type HibernationHandler<S> = (
  events: readonly EndpointEvent[],
  link: Link,
  socket: S,
) => void | PromiseLike<void>;

/** How often a Durable Object looks whether it may sleep again, in milliseconds. */
const AWAKE = 5_000;

/** When something is due of a connection, and who waits for its handler. */
interface Standing {
  due: number | undefined;
  work: { readonly done: Promise<void>; readonly finish: () => void } | undefined;
}

interface Entry extends Standing {
  readonly frames: Frames;
}

/**
 * Joins an Endpoint to each WebSocket of a Durable Object, which may hibernate meanwhile: what an Endpoint knows goes
 * with its WebSocket, as its attachment, and timers are alarms. Attachments and alarm are taken by it.
 *
 * Make one in the constructor, and call its methods from those of the same name. What has to outlive a crash, in which
 * the WebSockets end too, is the host's to store, as everywhere: in the handler, before anything is written.
 *
 * An attachment holds 16 KiB. While an Endpoint does not fit, because much is under way, the Durable Object is kept
 * from sleeping.
 */
export class HibernatingLinks<S extends HibernatingSocket> {
  readonly #ctx: DurableContext<S>;
  readonly #handler: HibernationHandler<S>;
  readonly #options: HibernationOptions;
  readonly #entries = new Map<S, Entry>();
  readonly #unsaved = new Set<S>();
  /** Those whose Endpoint does not fit into an attachment. */
  readonly #large = new Set<S>();
  /** When the alarm rings; undefined: not known, since this object has only just woken. */
  #alarm: number | undefined;
  #awake: ReturnType<typeof setTimeout> | undefined;

  constructor(ctx: DurableContext<S>, handler: HibernationHandler<S>, options: HibernationOptions = {}) {
    this.#ctx = ctx;
    this.#handler = handler;
    this.#options = options;
  }

  /** Takes a WebSocket of `upgrade` and joins a connection, made by `serverConnection`, to it. */
  accept(connection: ConnectionState, socket: S, tags?: string[]): Link {
    this.#ctx.acceptWebSocket(socket, tags);
    const { driver } = this.#join(new Endpoint(connection, this.#options.endpoint), socket).frames;
    driver.opened();
    return driver;
  }

  /** The Link of a WebSocket, woken if it slept; undefined once MQTT has ended on it. */
  linkOf(socket: S): Link | undefined {
    return this.#wake(socket)?.frames.driver;
  }

  /** The Links of all WebSockets, woken if they slept. */
  links(): Link[] {
    return this.#ctx.getWebSockets().flatMap((socket) => this.linkOf(socket) ?? []);
  }

  /** A frame came; settles when the handler is done with it, and has answered what it has to answer. */
  async webSocketMessage(socket: S, data: unknown): Promise<void> {
    const entry = this.#wake(socket);
    entry?.frames.message(data);
    await settled(entry);
  }

  async webSocketClose(socket: S, code: number): Promise<void> {
    const entry = this.#wake(socket);
    if (entry === undefined) socket.close();
    entry?.frames.closed(code, undefined);
    await settled(entry);
  }

  async webSocketError(socket: S, error: unknown): Promise<void> {
    const entry = this.#wake(socket);
    entry?.frames.failed(error);
    entry?.frames.closed(undefined, error);
    await settled(entry);
  }

  /** The alarm rings: what is due of any connection is done, and the next alarm set. */
  async alarm(): Promise<void> {
    this.#alarm = Number.POSITIVE_INFINITY;
    for (const socket of this.#ctx.getWebSockets()) this.#wake(socket);
    const now = Date.now();
    for (const { due, frames } of this.#entries.values()) {
      if (due !== undefined && due <= now) frames.driver.tick();
    }
    await this.#arrange();
  }

  #wake(socket: S): Entry | undefined {
    const known = this.#entries.get(socket);
    if (known !== undefined) return known;
    const stored = socket.deserializeAttachment();
    if (stored === null || stored === undefined) return undefined;
    const endpoint = Endpoint.resume(stored, this.#options.endpoint);
    if (endpoint.state.phase === 'closed') return undefined;
    const entry = this.#join(endpoint, socket);
    entry.frames.driver.resumed();
    return entry;
  }

  #join(endpoint: Endpoint, socket: S): Entry {
    const { closeTimeout, maximumInbox } = this.#options;
    const standing: Standing = { due: undefined, work: undefined };
    const arm = (at: number | undefined): void => {
      standing.due = at;
    };
    const handler = (events: readonly EndpointEvent[], link: Link): void | PromiseLike<void> =>
      this.#handler(events, link, socket);
    const onIdle = (): void => {
      standing.work?.finish();
      standing.work = undefined;
      this.#note(socket);
    };
    const frames = new Frames(endpoint, socket, handler, { closeTimeout, maximumInbox, arm }, onIdle);
    const entry = Object.assign(standing, { frames });
    this.#entries.set(socket, entry);
    void frames.driver.closed.then(() => {
      this.#entries.delete(socket);
      this.#large.delete(socket);
      // What still comes is nobody's.
      socket.serializeAttachment(null);
    });
    return entry;
  }

  /** Something may have changed: it is saved once, at the end of the turn. */
  #note(socket: S): void {
    if (this.#unsaved.size === 0) queueMicrotask(() => this.#save());
    this.#unsaved.add(socket);
  }

  #save(): void {
    for (const socket of this.#unsaved) {
      if (this.#attach(socket)) this.#large.delete(socket);
      else this.#large.add(socket);
    }
    this.#unsaved.clear();
    this.#stayAwake();
    void this.#arrange();
  }

  /** Tells whether it fits. */
  #attach(socket: S): boolean {
    const driver = this.#entries.get(socket)?.frames.driver;
    // Where the handler is at work again, it is heard of again.
    if (driver === undefined || driver.isBusy) return true;
    try {
      socket.serializeAttachment(driver.export());
      return true;
    } catch {
      return false;
    }
  }

  /** A Durable Object with a timer does not sleep. */
  #stayAwake(): void {
    if (this.#large.size === 0) {
      clearTimeout(this.#awake);
      this.#awake = undefined;
    } else {
      this.#awake ??= setTimeout(() => {
        this.#awake = undefined;
        this.#stayAwake();
      }, AWAKE);
    }
  }

  /**
   * Sets the alarm for the first of what is due. One that rings too early does no harm, and what is due moves with
   * nearly every packet, to later: so the alarm is left as it is, unless it would ring in less than half the time.
   */
  async #arrange(): Promise<void> {
    const { storage } = this.#ctx;
    if (this.#alarm === undefined) {
      const at = await storage.getAlarm();
      this.#alarm ??= at ?? Number.POSITIVE_INFINITY;
    }
    let first = Number.POSITIVE_INFINITY;
    for (const { due } of this.#entries.values()) first = Math.min(first, due ?? first);
    const now = Date.now();
    const isSoonEnough = first >= this.#alarm && first - now <= 2 * (this.#alarm - now);
    // Those that sleep on are not asked: the alarm may be theirs.
    if (first === this.#alarm || isSoonEnough || (first > this.#alarm && this.#sleepers > 0)) return;
    this.#alarm = first;
    if (first === Number.POSITIVE_INFINITY) await storage.deleteAlarm();
    else await storage.setAlarm(first);
  }

  get #sleepers(): number {
    return this.#ctx.getWebSockets().filter((socket) => !this.#entries.has(socket)).length;
  }
}

/** Settles when nothing is left to be done: until then the Durable Object must not sleep. */
async function settled(entry: Entry | undefined): Promise<void> {
  if (entry?.frames.driver.isBusy) entry.work ??= work();
  await entry?.work?.done;
}

function work(): { done: Promise<void>; finish: () => void } {
  let finish = (): void => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { done, finish };
}

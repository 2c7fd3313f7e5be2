/** Where a session lives while no process does: a text to save and to load. */
import {
  type DecodedPublish,
  exportSession,
  importSession,
  type SessionState,
  storedFromJson,
  storedToJson,
} from '../../../src/index.js';

/** One text, of any size. `save` settles when it is safe, and replaces what was there in one go. */
export interface SessionStore {
  load(): Promise<string | undefined>;
  save(text: string): Promise<void>;
}

export interface Stored {
  readonly clientId: string;
  readonly session: SessionState;
  /** QoS 2 messages that came and that the application has not done with: nobody will send them again. */
  readonly inbox: readonly DecodedPublish[];
}

export function toText({ clientId, session, inbox }: Stored): string {
  return storedToJson({ clientId, session: exportSession(session), inbox });
}

/** Throws MqttError for what is not the text of a session. */
export function fromText(text: string): Stored {
  const { clientId, session, inbox } = storedFromJson(text) as Record<string, unknown>;
  const messages = Array.isArray(inbox) ? inbox : [];
  return {
    clientId: typeof clientId === 'string' ? clientId : '',
    session: importSession(session),
    inbox: messages.filter(isMessage),
  };
}

function isMessage(value: unknown): value is DecodedPublish {
  const { topic, payload, qos, packetId } = Object(value) as Record<string, unknown>;
  return (
    typeof topic === 'string' && payload instanceof Uint8Array && qos === 2 && Number.isInteger(packetId)
  );
}

/** Saves one state after the other, and of those that come while it is at it only the last. */
export class Keeper {
  readonly #store: SessionStore;
  readonly #state: () => Stored;
  #current: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(store: SessionStore, state: () => Stored) {
    this.#store = store;
    this.#state = state;
  }

  /** Settles when the state of this moment, or a later one, is safe. */
  save(): Promise<void> {
    if (this.#current === undefined) {
      this.#current = this.#store.save(toText(this.#state())).finally(() => {
        this.#current = undefined;
      });
      return this.#current;
    }
    this.#next ??= this.#current
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.save();
      });
    return this.#next;
  }
}

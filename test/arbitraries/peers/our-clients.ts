import * as example from '../../../docs/examples/client/client.js';
import type {
  ClientMessage,
  ClientSettings,
  TestedClient,
  TestedWill,
} from '../../../src/arbitraries/index.js';
import type { Will } from '../../../src/index.js';
import { Device } from '../../peers/device.js';
import type { Door } from './sockets.js';

/** The will as a CONNECT of that version has it. */
const willOf = (version: 4 | 5, { delay, ...rest }: TestedWill): Will<5> =>
  version === 4 || delay === undefined ? rest : { ...rest, properties: { willDelayInterval: delay } };

const propertiesOf = ({ messageExpiryInterval }: ClientMessage) =>
  messageExpiryInterval === undefined ? {} : { properties: { messageExpiryInterval } };

/** The client of docs/examples/host, which has its session handed to it for each connection. */
export class HostClient implements TestedClient {
  #device: Device | undefined;
  #keeps = false;

  constructor(readonly door: Door) {}

  get received() {
    return this.#device?.messages ?? [];
  }

  async connect(settings: ClientSettings) {
    const { version, clientId, cleanStart, keepAlive, sessionExpiryInterval, will } = settings;
    const before = this.#device;
    await before?.gone();
    const identity = {
      keepAlive,
      cleanStart,
      will: will && willOf(version, will),
      ...(version === 5 && { properties: { sessionExpiryInterval, topicAliasMaximum: 4 } }),
    };
    const device = new Device(version, clientId, this.door.port, identity);
    if (before !== undefined) {
      if (this.#keeps && !cleanStart) device.session = before.session;
      device.messages.push(...before.messages);
    }
    this.#keeps = version === 4 ? !cleanStart : sessionExpiryInterval > 0;
    this.#device = device;
    device.connect(cleanStart).catch(() => {});
    return this.door.next();
  }

  publish = async (message: ClientMessage) => {
    const { topic, payload, qos, retain, topicAlias } = message;
    const packet = { type: 'publish', topic, payload, qos, retain, ...propertiesOf(message) } as const;
    return this.#device?.send(packet, topicAlias === undefined ? {} : { topicAlias: 'automatic' });
  };
  subscribe = async (topicFilter: string, qos: 0 | 1 | 2) => this.#device?.subscribe(topicFilter, qos);
  unsubscribe = async (topicFilter: string) =>
    this.#device?.send({ type: 'unsubscribe', topicFilters: [topicFilter] });
  disconnect = async () => this.#device?.disconnect();
}

/** The example client, one for each connection, with a store that holds the session. */
export class ExampleClient implements TestedClient {
  readonly received: { topic: string; payload: Uint8Array }[] = [];
  #client: example.Client | undefined;
  #stored: string | undefined;
  readonly #seen = new WeakSet<object>();
  #keeps = false;

  constructor(readonly door: Door) {}

  async connect(settings: ClientSettings) {
    const { version, clientId, cleanStart, keepAlive, sessionExpiryInterval, will } = settings;
    const before = this.#client;
    await before?.closed;
    if (cleanStart || !this.#keeps) this.#stored = undefined;
    this.#keeps = version === 4 ? !cleanStart : sessionExpiryInterval > 0;
    const store = {
      load: async () => this.#stored,
      save: async (text: string) => {
        this.#stored = text;
      },
    };
    this.#client = example.connect(`mqtt://127.0.0.1:${this.door.port}`, {
      version,
      clientId,
      cleanStart,
      keepAlive,
      will: will && willOf(version, will),
      retry: false,
      store,
      ...(version === 5 && { sessionExpiryInterval }),
      onEvent: (event) => {
        if (event.type !== 'unclaimed') return;
        const { topic, payload } = event.packet;
        this.received.push({ topic, payload: payload.slice() });
      },
    });
    return this.door.next();
  }

  publish = async (message: ClientMessage) => {
    const { topic, payload, qos, retain, topicAlias } = message;
    const alias = topicAlias === undefined ? {} : ({ topicAlias: 'automatic' } as const);
    return this.#client?.publish(topic, payload, { qos, retain, ...alias, ...propertiesOf(message) });
  };

  async subscribe(topicFilter: string, qos: 0 | 1 | 2): Promise<void> {
    const subscription = this.#client?.subscribe(topicFilter, { qos });
    for await (const message of subscription ?? []) {
      // Subscriptions that overlap have one message all of them.
      if (this.#seen.has(message)) continue;
      this.#seen.add(message);
      this.received.push({ topic: message.topic, payload: message.payload.slice() });
    }
  }

  unsubscribe = async () => {};
  disconnect = async () => this.#client?.end();
  end = async () => this.#client?.end();
}

/** A Worker that serves MQTT over WebSocket, by itself and in Durable Objects that hibernate. */
import { DurableObject } from 'cloudflare:workers';
import {
  attachWebSocket,
  type DurableContext,
  HibernatingLinks,
  type HibernatingSocket,
  type Link,
  upgrade,
} from '../../../src/adapters/workers.js';
import { Endpoint, type EndpointEvent, serverConnection } from '../../../src/index.js';

type Request = Parameters<typeof upgrade>[0] & { readonly url: string };
type Socket = HibernatingSocket;

/** How often each Durable Object was made; it outlives their sleep. */
const born = new Map<string, number>();

/**
 * Accepts everybody, and sends what comes to `others`; `born` is a question of its own, `slow` takes a while, and so do
 * subscriptions, for which the handler does not wait.
 */
async function serve(
  events: readonly EndpointEvent[],
  link: Link,
  others: () => Link[],
  age: number,
): Promise<void> {
  for (const event of events) {
    if (event.type === 'connectRequested') link.accept();
    if (event.type === 'requestReceived') {
      const { packetId } = event.packet;
      setTimeout(() => link.answer(packetId, [0]), 100);
    }
    if (event.type !== 'deliver') continue;
    const { topic, payload, qos } = event.packet;
    if (topic === 'slow') await new Promise((done) => setTimeout(done, 300));
    if (topic === 'born') link.send({ type: 'publish', topic, payload: String(age), qos: 0 });
    else for (const other of others()) other.send({ type: 'publish', topic, payload, qos });
  }
}

type Context = DurableContext<Socket> & { readonly id: { readonly name: string } };

export class Hub extends DurableObject<Context> {
  readonly #age: number;
  readonly #links: HibernatingLinks<Socket>;

  constructor(ctx: Context, env: unknown) {
    super(ctx, env);
    const { name } = this.ctx.id;
    this.#age = (born.get(name) ?? 0) + 1;
    born.set(name, this.#age);
    this.#links = new HibernatingLinks(this.ctx, (events, link) =>
      serve(events, link, () => this.#links.links(), this.#age),
    );
  }

  fetch(request: Request): unknown {
    const { response, socket } = upgrade(request);
    if (socket !== undefined)
      this.#links.accept(serverConnection({ connectTimeout: 3_000 }), socket as unknown as Socket);
    return response;
  }

  webSocketMessage(socket: Socket, data: unknown): Promise<void> {
    return this.#links.webSocketMessage(socket, data);
  }

  webSocketClose(socket: Socket, code: number): Promise<void> {
    return this.#links.webSocketClose(socket, code);
  }

  webSocketError(socket: Socket, error: unknown): Promise<void> {
    return this.#links.webSocketError(socket, error);
  }

  alarm(): Promise<void> {
    return this.#links.alarm();
  }
}

interface Bindings {
  readonly HUB: { getByName(name: string): { fetch(request: Request): unknown } };
}

export default {
  fetch(request: Request, { HUB }: Bindings): unknown {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/hub') return HUB.getByName(searchParams.get('name') ?? '').fetch(request);
    const { response, socket } = upgrade(request);
    if (socket !== undefined) {
      attachWebSocket(new Endpoint(serverConnection()), socket, (events, link) =>
        serve(events, link, () => [link], 0),
      );
    }
    return response;
  },
};

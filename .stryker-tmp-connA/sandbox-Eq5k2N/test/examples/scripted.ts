// @ts-nocheck
import type { Link } from '../../src/adapters/common.js';
import { type Listener, listen } from '../../src/adapters/node.js';
import {
  Endpoint,
  type EndpointEvent,
  type SendablePublish,
  type ServerOptions,
  serverConnection,
} from '../../src/index.js';

type Script = (event: EndpointEvent, link: Link, connection: number) => void;

/** Accepts every CONNECT and every subscription. */
export const obliging: Script = (event, link) => {
  if (event.type === 'connectRequested') link.accept();
  else if (event.type === 'requestReceived') {
    const { packet } = event;
    const codes =
      packet.type === 'subscribe'
        ? packet.subscriptions.map(({ qos }) => qos)
        : packet.topicFilters.map(() => 0 as const);
    link.answer(packet.packetId, codes);
  }
};

/** A server that does what a test tells it to. */
export class Scripted {
  readonly events: EndpointEvent[] = [];
  readonly links: Link[] = [];

  private constructor(readonly listener: Listener) {}

  static async start(script: Script = obliging, options: ServerOptions = {}, port = 0): Promise<Scripted> {
    const accept = (): Parameters<typeof listen>[1] extends (socket: never) => infer A ? A : never => ({
      endpoint: new Endpoint(serverConnection(options), { copy: true }),
      handler: (events, link) => {
        if (!scripted.links.includes(link)) scripted.links.push(link);
        for (const event of events) {
          scripted.events.push(event);
          script(event, link, scripted.links.indexOf(link) + 1);
        }
      },
    });
    const scripted: Scripted = new Scripted(await listen({ listen: { port, host: '127.0.0.1' } }, accept));
    return scripted;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.listener.port}`;
  }

  /** To the last connection. */
  publish(message: Omit<SendablePublish, 'type'>): void {
    this.links.at(-1)?.send({ type: 'publish', ...message });
  }

  /** The events of one kind, over all connections. */
  all<T extends EndpointEvent['type']>(type: T): Extract<EndpointEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<EndpointEvent, { type: T }> => event.type === type);
  }

  cut(): void {
    for (const link of this.listener.links) link.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await this.listener.close();
  }
}

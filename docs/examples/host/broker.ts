/** A broker's side of one connection over node:net, with sessions that outlive it: all that a host has to write. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  type DecodedSubscribe,
  type DecodedUnsubscribe,
  Endpoint,
  type EndpointEvent,
  type EndpointOptions,
  type EndpointResult,
  queueMessage,
  type SendablePublish,
  type ServerOptions,
  type SessionState,
  serverConnection,
  TopicFilterIndex,
} from '../../../src/index.js';

/** What lives on between connections, by Client Identifier. A real broker would keep it in a database. */
export class Sessions {
  readonly states = new Map<string, SessionState>();
  readonly subscriptions = new TopicFilterIndex<string>();
  readonly online = new Map<string, Endpoint>();
  readonly run = new Map<Endpoint, (result: EndpointResult) => void>();

  /** To whoever subscribes now, and into the sessions of those who are away. */
  publish({ topic, payload, qos }: Pick<SendablePublish, 'topic' | 'payload' | 'qos'>): void {
    const message: SendablePublish = { type: 'publish', topic, payload, qos };
    for (const clientId of new Set(this.subscriptions.match(topic))) {
      const endpoint = this.online.get(clientId);
      const session = this.states.get(clientId);
      const options = { topicAlias: 'automatic' } as const;
      if (endpoint !== undefined) this.run.get(endpoint)?.(endpoint.send(message, Date.now(), options));
      else if (session !== undefined && qos !== 0) {
        this.states.set(clientId, queueMessage(session, message, { now: Date.now(), version: 5 }).session);
      }
    }
  }
}

export function serve(
  socket: Socket,
  sessions: Sessions,
  options: ServerOptions & EndpointOptions = {},
): void {
  // Copies, since a message may wait in a session for long.
  const endpoint = new Endpoint(serverConnection(options), { ...options, copy: true });
  let clientId = '';
  let timer: NodeJS.Timeout | undefined;

  // Every call of the endpoint comes through here: store, wait, write, tell, close.
  function run({ events, bytes, deadline, close }: EndpointResult): void {
    if (sessions.online.get(clientId) === endpoint) sessions.states.set(clientId, endpoint.state.session);
    clearTimeout(timer);
    if (deadline !== undefined) {
      timer = setTimeout(() => run(endpoint.tick(Date.now())), Math.max(deadline - Date.now(), 0));
    }
    if (bytes !== undefined && !socket.write(bytes)) run(endpoint.blocked(Date.now()));
    for (const event of events) handle(event);
    if (close === undefined) return;
    socket.end();
    setTimeout(() => socket.destroy(), 5_000).unref(); // for a peer that reads nothing any more
  }

  function handle(event: EndpointEvent): void {
    if (event.type === 'connectRequested') accept(event.packet.clientId);
    else if (event.type === 'requestReceived') {
      run(endpoint.answer(event.packet.packetId, answers(event.packet), Date.now()));
    } else if (event.type === 'deliver') sessions.publish(event.packet);
    else if (event.type === 'willDue') {
      const publish = () => sessions.online.has(clientId) || sessions.publish(event.will);
      setTimeout(publish, event.at - Date.now());
    } else if (event.type === 'ended' && sessions.online.get(clientId) === endpoint) {
      sessions.online.delete(clientId);
      if (event.sessionExpiryInterval === 0) sessions.states.delete(clientId);
    }
  }

  function accept(asked: string): void {
    clientId = asked || randomUUID();
    const older = sessions.online.get(clientId);
    if (older !== undefined) sessions.run.get(older)?.(older.disconnect(Date.now(), { reasonCode: 0x8e }));
    sessions.online.set(clientId, endpoint);
    run(endpoint.accept(Date.now(), { clientId, session: sessions.states.get(clientId) }));
  }

  function answers(packet: DecodedSubscribe | DecodedUnsubscribe): (0x00 | 0x01 | 0x02 | 0x11)[] {
    if (packet.type === 'unsubscribe') {
      return packet.topicFilters.map((filter) =>
        sessions.subscriptions.delete(filter, clientId) ? 0x00 : 0x11,
      );
    }
    for (const { topicFilter } of packet.subscriptions) sessions.subscriptions.add(topicFilter, clientId);
    return packet.subscriptions.map(({ qos }) => qos);
  }

  sessions.run.set(endpoint, run);
  socket.on('data', (chunk) => run(endpoint.receive(chunk, Date.now())));
  socket.on('drain', () => run(endpoint.writable(Date.now())));
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => {
    run(endpoint.closed(Date.now()));
    sessions.run.delete(endpoint);
  });
  run(endpoint.open(Date.now()));
}

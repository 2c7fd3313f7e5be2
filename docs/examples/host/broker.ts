/** A broker's side of one connection over node:net: all that a host has to write, and no more. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import * as mqtt from '../../../src/index.js';
import { type Message, type Sessions, wait } from './sessions.js';

/** What a client of MQTT 5.0 hears of what is not done here. */
const NOT_DONE = {
  retainAvailable: 0,
  sharedSubscriptionAvailable: 0,
  subscriptionIdentifierAvailable: 0,
} as const;

export function serve(
  socket: Socket,
  sessions: Sessions,
  options: mqtt.ServerOptions & mqtt.EndpointOptions = {},
): void {
  const announced = { ...NOT_DONE, ...options.announced };
  const endpoint = new mqtt.Endpoint(mqtt.serverConnection({ ...options, announced }), {
    ...options,
    copy: true, // since a message may wait in a session for long
    waitForAnswers: true, // so that a SUBACK stands before the answers to what came behind its SUBSCRIBE
  });
  let clientId = '';
  let timer: NodeJS.Timeout | undefined;
  const connection = {
    isUp: () => endpoint.state.phase === 'connected',
    end: () => run(endpoint.disconnect(Date.now(), { reasonCode: 0x8e })),
    send({ properties, ...message }: Message) {
      const rest = endpoint.state.terms.version === 5 ? { properties } : {};
      run(endpoint.send({ type: 'publish', ...message, ...rest }, Date.now(), { topicAlias: 'automatic' }));
    },
  };

  // Every call of the endpoint comes through here: store, write, wait, tell, close.
  function run({ events, bytes, deadline, close }: mqtt.EndpointResult): void {
    if (sessions.online.get(clientId) === connection) sessions.states.set(clientId, endpoint.state.session);
    clearTimeout(timer);
    if (deadline !== undefined) timer = wait(() => run(endpoint.tick(Date.now())), deadline - Date.now());
    if (bytes !== undefined && !socket.write(bytes)) run(endpoint.blocked(Date.now()));
    for (const event of events) handle(event);
    if (close === undefined) return;
    socket.end();
    wait(() => socket.destroy(), 5_000); // for a peer that reads nothing any more
  }

  function handle(event: mqtt.EndpointEvent): void {
    if (event.type === 'connectRequested') accept(event.packet);
    else if (event.type === 'requestReceived') {
      run(endpoint.answer(event.packet.packetId, answers(event.packet), Date.now()));
    } else if (event.type === 'deliver') sessions.publish(event.packet, clientId);
    else if (event.type === 'sessionDiscarded') sessions.forget(clientId);
    else if (event.type === 'willDue') sessions.willDue(clientId, event.will, event.at);
    else if (event.type === 'ended' && sessions.online.get(clientId) === connection) {
      sessions.left(clientId, event.sessionExpiryInterval ?? 0);
    }
  }

  function accept(packet: mqtt.DecodedConnect): void {
    clientId = packet.clientId || randomUUID();
    sessions.back(clientId, packet.cleanStart);
    sessions.online.set(clientId, connection);
    run(endpoint.accept(Date.now(), { clientId, session: sessions.states.get(clientId) }));
    // The CONNACK may have been too large for the client.
    if (endpoint.state.phase === 'handshake') run(endpoint.disconnect(Date.now(), { reasonCode: 0x95 }));
  }

  const answers = (packet: mqtt.DecodedSubscribe | mqtt.DecodedUnsubscribe) =>
    packet.type === 'subscribe'
      ? packet.subscriptions.map((subscription) => sessions.subscribe(clientId, subscription))
      : packet.topicFilters.map((filter) => (sessions.unsubscribe(clientId, filter) ? 0x00 : 0x11));

  socket.on('data', (chunk) => {
    run(endpoint.receive(chunk, Date.now()));
    while (endpoint.hasMore) run(endpoint.proceed(Date.now()));
  });
  socket.on('drain', () => run(endpoint.writable(Date.now())));
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => run(endpoint.closed(Date.now())));
  run(endpoint.open(Date.now()));
}

/** An MQTT client over node:net: all that a host has to write, and no more. */
import { connect as dial } from 'node:net';
import {
  type ClientOptions,
  clientConnection,
  type DecodedPublish,
  Endpoint,
  type EndpointEvent,
  type EndpointResult,
  type Outcome,
  type SendablePacket,
  type SessionState,
} from '../../../src/index.js';

export interface Client {
  /** Settles when the peer has acknowledged it, or it is known that it never will. */
  send(packet: SendablePacket): Promise<Outcome>;
  disconnect(): void;
  /** What to hand to the next `connect`, so that nothing is lost in between. */
  session(): SessionState;
}

export function connect(
  port: number,
  options: ClientOptions,
  onMessage: (message: DecodedPublish) => void,
  onEvent: (event: EndpointEvent) => void = () => {},
): Client {
  const endpoint = new Endpoint(clientConnection(options));
  const socket = dial(port, '127.0.0.1');
  const waiting = new Map<string, { done(outcome: Outcome): void; failed(error: Error): void }>();
  let timer: NodeJS.Timeout | undefined;
  let tokens = 0;

  // Every call of the endpoint comes through here: tell, write, wait, close.
  function run({ events, bytes, deadline, close }: EndpointResult): void {
    for (const event of events) {
      if (event.type === 'deliver') onMessage(event.packet);
      else if (event.type === 'settled') waiting.get(String(event.token))?.done(event.outcome);
      else if (event.type === 'refused') waiting.get(String(event.token))?.failed(event.error);
      onEvent(event);
    }
    clearTimeout(timer);
    if (deadline !== undefined) {
      timer = setTimeout(() => run(endpoint.tick(Date.now())), Math.max(deadline - Date.now(), 0));
    }
    if (bytes !== undefined && !socket.write(bytes)) run(endpoint.blocked(Date.now()));
    if (close !== undefined) socket.end();
  }

  socket.on('connect', () => run(endpoint.open(Date.now())));
  socket.on('data', (chunk) => run(endpoint.receive(chunk, Date.now())));
  socket.on('drain', () => run(endpoint.writable(Date.now())));
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => run(endpoint.closed(Date.now())));
  return {
    send: (packet) =>
      new Promise((done, failed) => {
        const token = String(++tokens);
        waiting.set(token, { done, failed });
        run(endpoint.send(packet, Date.now(), { token }));
      }),
    disconnect: () => run(endpoint.disconnect(Date.now())),
    session: () => endpoint.state.session,
  };
}

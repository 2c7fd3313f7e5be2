/** An MQTT client over node:net: all that a host has to write, and no more. */
import { randomUUID } from 'node:crypto';
import { connect as dial } from 'node:net';
import {
  type ClientOptions,
  clientConnection,
  type DecodedPublish,
  type DisconnectInput,
  Endpoint,
  type EndpointEvent,
  type EndpointResult,
  type Outcome,
  type SendablePacket,
  type SendOptions,
  type SessionState,
} from '../../../src/index.js';

export interface Client {
  /** Settles when the peer has acknowledged it, or it is known that it never will. */
  send(packet: SendablePacket, options?: SendOptions): Promise<Outcome>;
  disconnect(options?: Pick<DisconnectInput, 'reasonCode' | 'properties'>): void;
  /** What to hand to the next `connect`, so that nothing is lost in between. */
  session(): SessionState;
}

// Beyond any connection, as its messages are: a later one may settle what an earlier one has sent.
const waiting = new Map<string, { done(outcome: Outcome): void; failed(error: Error): void }>();

export function connect(
  port: number,
  options: ClientOptions,
  onMessage: (message: DecodedPublish) => void,
  onEvent: (event: EndpointEvent) => void = () => {},
): Client {
  const endpoint = new Endpoint(clientConnection(options));
  const socket = dial(port, '127.0.0.1');
  const results: EndpointResult[] = [];
  let timer: NodeJS.Timeout | undefined;

  // Every call of the endpoint comes through here. One made by what is told below waits for its turn, so that bytes
  // are written in the order in which they were made.
  function run(result: EndpointResult): void {
    if (results.push(result) > 1) return;
    for (const next of results) carryOut(next);
    results.length = 0;
  }

  // Tell, wait, write, close.
  function carryOut({ events, bytes, deadline, close }: EndpointResult): void {
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
    if (close === undefined) return;
    socket.end();
    setTimeout(() => socket.destroy(), 5_000).unref(); // for a peer that reads nothing any more
  }

  socket.on('connect', () => run(endpoint.open(Date.now())));
  socket.on('data', (chunk) => run(endpoint.receive(chunk, Date.now())));
  socket.on('drain', () => run(endpoint.writable(Date.now())));
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => run(endpoint.closed(Date.now())));
  return {
    send: (packet, options) => {
      const token = randomUUID();
      return new Promise<Outcome>((done, failed) => {
        waiting.set(token, { done, failed });
        run(endpoint.send(packet, Date.now(), { ...options, token }));
      }).finally(() => waiting.delete(token));
    },
    disconnect: (options) => run(endpoint.disconnect(Date.now(), options)),
    session: () => endpoint.state.session,
  };
}

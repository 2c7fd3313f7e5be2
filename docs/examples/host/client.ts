/** An MQTT client over node:net: all that a host has to write, and no more. */
import { randomUUID } from 'node:crypto';
import { connect as dial } from 'node:net';
import * as mqtt from '../../../src/index.js';

export interface Client {
  /** Settles when the peer has acknowledged it, or it is known that it never will. */
  send(packet: mqtt.SendablePacket, options?: mqtt.SendOptions): Promise<mqtt.Outcome>;
  disconnect(options?: Pick<mqtt.DisconnectInput, 'reasonCode' | 'properties'>): void;
  /** What to hand to the next `connect`, so that nothing is lost in between. */
  session(): mqtt.SessionState;
}

// Beyond any connection, as its messages are: a later one may settle what an earlier one has sent.
const waiting = new Map<unknown, { done(outcome: mqtt.Outcome): void; failed(error: Error): void }>();

/** Connects; neither callback may throw. */
export function connect(
  port: number,
  options: mqtt.ClientOptions,
  onMessage: (message: mqtt.DecodedPublish) => void,
  onEvent: (event: mqtt.EndpointEvent) => void = () => {},
): Client {
  const endpoint = new mqtt.Endpoint(mqtt.clientConnection(options));
  const socket = dial(port, '127.0.0.1');
  const results: mqtt.EndpointResult[] = [];
  let timer: NodeJS.Timeout | undefined;

  // Every call of the endpoint comes through here. One made by what is told below waits for its turn, so that bytes
  // are written in the order in which they were made.
  function run(result: mqtt.EndpointResult): void {
    if (results.push(result) > 1) return;
    for (const next of results) carryOut(next);
    results.length = 0;
  }

  // Tell, wait, write, close.
  function carryOut({
    events,
    bytes,
    deadline = Number.POSITIVE_INFINITY,
    close,
  }: mqtt.EndpointResult): void {
    for (const event of events) {
      if (event.type === 'deliver') onMessage(event.packet);
      else if (event.type === 'settled') waiting.get(event.token)?.done(event.outcome);
      else if (event.type === 'refused') waiting.get(event.token)?.failed(event.error);
      onEvent(event);
    }
    clearTimeout(timer);
    // No timer of Node waits longer than 24 days, and an early tick does no harm.
    const delay = Math.min(deadline - Date.now(), 2 ** 31 - 1);
    if (deadline < Number.POSITIVE_INFINITY) timer = setTimeout(() => run(endpoint.tick(Date.now())), delay);
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
    send(packet, options) {
      const token = randomUUID();
      const settled = new Promise<mqtt.Outcome>((done, failed) => waiting.set(token, { done, failed }));
      run(endpoint.send(packet, Date.now(), { ...options, token }));
      return settled.finally(() => waiting.delete(token));
    },
    disconnect: (options) => run(endpoint.disconnect(Date.now(), options)),
    session: () => endpoint.state.session,
  };
}

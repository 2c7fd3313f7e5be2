// What is measured: a client and a server that hand packets to each other, with the codec and without.
import type { Action, ConnectionState, Input } from '../../src/connection/index.js';
import { clientConnection, Endpoint, serverConnection, step } from '../../src/connection/index.js';
import type { DecodedPacket } from '../../src/packets/index.js';

export const payload: Uint8Array = new Uint8Array(16).fill(0x61);
export const topics: readonly string[] = Array.from(
  { length: 16 },
  (_, i) => `sensors/building-${i}/temperature`,
);

/** A client and a server that stand, for packets to be handed over without bytes. */
export class Pair {
  client: ConnectionState;
  server: ConnectionState;
  now = 1_700_000_000_000;

  constructor(version: 4 | 5, acknowledgements: 'automatic' | 'manual') {
    const common = { clientId: 'bench', cleanStart: true, keepAlive: 60 };
    const connect =
      version === 4
        ? ({ type: 'connect', protocolVersion: 4, ...common } as const)
        : ({ type: 'connect', protocolVersion: 5, ...common } as const);
    this.client = clientConnection({ connect });
    this.server = serverConnection({ acknowledgements });
    this.toServer({ type: 'opened', now: this.now });
    const [opened] = this.toClient({ type: 'opened', now: this.now });
    this.receiveAll(opened);
    const [connack] = this.toServer({ type: 'accept', now: this.now });
    if (connack?.type !== 'transmit') throw new Error('no CONNACK');
    this.toClient({ type: 'packetReceived', packet: decoded(connack.packet), size: 4, now: this.now });
    if (this.client.phase !== 'connected' || this.server.phase !== 'connected')
      throw new Error('no connection');
  }

  toClient(input: Input): readonly Action[] {
    const [state, actions] = step(this.client, input);
    this.client = state;
    return actions;
  }

  toServer(input: Input): readonly Action[] {
    const [state, actions] = step(this.server, input);
    this.server = state;
    return actions;
  }

  receiveAll(action: Action | undefined): void {
    if (action?.type !== 'transmit') throw new Error('nothing was sent');
    this.toServer({ type: 'packetReceived', packet: decoded(action.packet), size: 20, now: this.now });
  }
}

/** What was sent as what comes: the bench leaves the codec out. */
function decoded(packet: unknown): DecodedPacket {
  return packet as DecodedPacket;
}

function transmitted(actions: readonly Action[], at: number): DecodedPacket {
  const action = actions[at];
  if (action?.type !== 'transmit') throw new Error(`no packet at ${at}: ${JSON.stringify(actions)}`);
  return decoded(action.packet);
}

/** A PUBLISH as a decoder gives it. */
function arriving(qos: 1 | 2, packetId: number, n: number): DecodedPacket<5> {
  const topic = topics[n & 15]!;
  return { type: 'publish', topic, payload, qos, retain: false, dup: false, packetId, properties: {} };
}

/** Exchanges with so many messages in flight: the newest is sent, and the oldest is carried through. */
export function exchange(
  qos: 1 | 2,
  inFlight: number,
  version: 4 | 5,
  acknowledgements: 'automatic' | 'manual',
): () => void {
  const pair = new Pair(version, acknowledgements);
  let n = 0;
  let oldest = 0;
  const begin = (): void => {
    const packet = { type: 'publish', topic: topics[n & 15]!, payload, qos } as const;
    const [sent] = pair.toClient({ type: 'send', packet, token: n++, now: pair.now });
    if (sent?.type !== 'transmit') throw new Error('not sent');
  };
  for (let i = 0; i < inFlight - 1; i++) begin();
  return () => {
    if ((n & 15) === 0) pair.now++;
    const { now } = pair;
    begin();
    oldest = oldest === 65_535 ? 1 : oldest + 1;
    const packetId = oldest;
    const packet = arriving(qos, packetId, n);
    let back = pair.toServer({ type: 'packetReceived', packet, size: 50, now });
    if (acknowledgements === 'manual') back = pair.toServer({ type: 'acknowledge', packetId, now });
    const answer = transmitted(back, back.length - 1);
    const next = pair.toClient({ type: 'packetReceived', packet: answer, size: 4, now });
    if (qos === 1) {
      if (next[0]?.type !== 'settled') throw new Error('not settled');
      return;
    }
    const pubcomp = pair.toServer({ type: 'packetReceived', packet: transmitted(next, 0), size: 4, now });
    const last = pair.toClient({ type: 'packetReceived', packet: transmitted(pubcomp, 0), size: 4, now });
    if (last[0]?.type !== 'settled') throw new Error('not settled');
  };
}

/** Messages from bytes to bytes: each call sends a batch, and both sides read what the other wrote. */
export function endToEnd(version: 4 | 5, batch: number): () => void {
  const common = { clientId: 'bench', cleanStart: true, keepAlive: 60 };
  const connect =
    version === 4
      ? ({ type: 'connect', protocolVersion: 4, ...common } as const)
      : ({ type: 'connect', protocolVersion: 5, ...common } as const);
  const client = new Endpoint(clientConnection({ connect }));
  const server = new Endpoint(serverConnection());
  let now = 1_700_000_000_000;
  server.open(now);
  server.receive(client.open(now).bytes!, now);
  client.receive(server.accept(now).bytes!, now);
  let n = 0;
  const chunks: Uint8Array[] = [];
  return () => {
    now++;
    chunks.length = 0;
    for (let i = 0; i < batch; i++) {
      const packet = { type: 'publish', topic: topics[n & 15]!, payload, qos: 1 } as const;
      chunks.push(client.send(packet, now, { token: n++ }).bytes!);
    }
    // What a socket does: one chunk of what was written meanwhile.
    const joined = Buffer.concat(chunks);
    const back = server.receive(joined, now);
    if (back.events.length !== batch) throw new Error('not delivered');
    if (client.receive(back.bytes!, now).events.length !== batch) throw new Error('not settled');
  };
}

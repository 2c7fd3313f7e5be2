/**
 * A tap in a TCP connection: whoever connects to it is connected to another port, every byte passes as it came, and
 * each packet is shown before it is passed on.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { pipeline, Transform } from 'node:stream';
import { decode, FrameParser, type Sender } from '../../../src/index.js';
import type { Transcript } from './transcript.js';

export interface Tap {
  readonly port: number;
  /** Takes no more connections, and breaks those that stand. */
  close(): void;
}

const HOST = '127.0.0.1';

/** Listens on a free port of the loopback interface for what is meant for another port of it. */
export async function tapInto(port: number, transcript: Transcript): Promise<Tap> {
  const sockets = new Set<Socket>();
  // One side may have said all and still listen: its FIN is passed on like its bytes.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const broker = connect({ port, host: HOST, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, broker]) sockets.add(socket.on('close', () => sockets.delete(socket)));
    const fromClient = new FrameParser({ from: 'client' });
    // The client's CONNECT says which version both of them speak.
    const fromBroker = (): FrameParser => new FrameParser({ from: 'server', version: fromClient.version });
    const clientShower = shower('client', transcript, () => fromClient);
    const brokerShower = shower('server', transcript, fromBroker);
    // When one side breaks, so does the other, and nothing else is to be done.
    pipeline(client, clientShower, broker, () => {});
    pipeline(broker, brokerShower, client, () => {});
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Passes bytes on as they are. What is no packet passes too, and fails the transcript. */
function shower(from: Sender, { add, fail }: Transcript, makeParser: () => FrameParser): Transform {
  let parser: FrameParser | undefined;
  let pieces: Uint8Array[] = [];
  const show = (last: boolean, chunk: Uint8Array = new Uint8Array(0)): void => {
    parser ??= makeParser();
    if (last) parser.end();
    else parser.push(chunk);
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      const { version } = parser;
      if (event.type === 'aborted') throw event.error;
      if (event.type !== 'end') pieces.push(event.bytes);
      else if (version !== undefined) {
        const frame = Buffer.concat(pieces);
        pieces = [];
        add({ from, version, frame, packet: decode(frame, version, { from }) });
      }
    }
  };
  const orFail = (last: boolean, chunk?: Uint8Array): void => {
    try {
      show(last, chunk);
    } catch (error) {
      fail(error);
    }
  };
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      orFail(false, chunk);
      done(null, chunk);
    },
    flush(done) {
      orFail(true);
      done();
    },
  });
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Tap, tapInto } from '../../docs/examples/demo/tap.js';
import { nameOf, Transcript } from '../../docs/examples/demo/transcript.js';
import { encode } from '../../src/index.js';

const HOST = '127.0.0.1';
const CONNECT = encode(
  { type: 'connect', protocolVersion: 5, clientId: 'a', cleanStart: true, keepAlive: 0 },
  5,
);
const CONNACK = encode({ type: 'connack', sessionPresent: false, reasonCode: 0 }, 5);
const PUBLISH = encode({ type: 'publish', topic: 't', payload: 'x', qos: 2, packetId: 9 }, 5);
const PINGREQ = encode({ type: 'pingreq' }, 5);
const PINGRESP = encode({ type: 'pingresp' }, 5);

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Line {
  readonly tap: Tap;
  readonly client: Socket;
  /** The other end. */
  readonly far: () => Promise<Socket>;
}

async function lineOver(transcript: Transcript): Promise<Line> {
  const sockets: Socket[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket.on('error', () => {}));
  });
  const accepted = once(server, 'connection');
  server.listen(0, HOST);
  await once(server, 'listening');
  const tap = await tapInto((server.address() as AddressInfo).port, transcript);
  const client = connect({ port: tap.port, host: HOST, allowHalfOpen: true, noDelay: true });
  client.on('error', () => {});
  closing.push(() => {
    tap.close();
    server.close();
    for (const socket of [client, ...sockets]) socket.destroy();
  });
  return { tap, client, far: async () => (await accepted)[0] as Socket };
}

/** All that arrives until the other side has said all. */
async function allOf(socket: Socket): Promise<number[]> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'end');
  return [...Buffer.concat(chunks)];
}

const quiet = (): Transcript => new Transcript(() => {}, AbortSignal.timeout(5000));

describe('the tap of the demo', () => {
  it('passes every byte and the end of each direction, and shows packets however their bytes come', async () => {
    const transcript = quiet();
    const { client, far } = await lineOver(transcript);
    const sent = Buffer.concat([CONNECT, PUBLISH, PINGREQ]);
    for (const byte of sent.subarray(0, -3)) {
      client.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const server = await far();
    const arriving = allOf(server);
    client.end(sent.subarray(-3));
    expect(await arriving).toEqual([...sent]);
    // The client has said all, and still hears the answers.
    const answering = allOf(client);
    server.end(Buffer.concat([CONNACK, PINGRESP]));
    expect(await answering).toEqual([...CONNACK, ...PINGRESP]);
    expect(transcript.exchanges.map(nameOf)).toEqual([
      'client connect',
      'client publish 2',
      'client pingreq',
      'server connack',
      'server pingresp',
    ]);
    expect(transcript.exchanges.map(({ frame }) => [...frame])).toEqual(
      [CONNECT, PUBLISH, PINGREQ, CONNACK, PINGRESP].map((frame) => [...frame]),
    );
    expect(new Set(transcript.exchanges.map(({ version }) => version))).toEqual(new Set([5]));
  });

  it('shows a packet before it is passed on', async () => {
    const transcript = quiet();
    const { client, far } = await lineOver(transcript);
    const arrival = far().then(async (server) => {
      await once(server, 'data');
      return transcript.exchanges.map(nameOf);
    });
    client.write(CONNECT);
    expect(await arrival).toEqual(['client connect']);
  });

  it.each([
    ['no packet', [CONNECT, Uint8Array.of(0x00, 0)]],
    ['a packet of the other side', [CONNECT, PINGRESP]],
    ['a packet that is cut off', [CONNECT, PUBLISH.subarray(0, 5)]],
    ['anything before a CONNECT', [PINGREQ]],
  ])('passes %s on, and fails', async (_, sent) => {
    const transcript = quiet();
    const { client, far } = await lineOver(transcript);
    client.end(Buffer.concat(sent));
    expect(await allOf(await far())).toEqual([...Buffer.concat(sent)]);
    await expect(transcript.seen('server pingresp')).rejects.toMatchObject({
      cause: { name: expect.stringMatching(/^(MalformedPacket|Protocol)Error$/) },
    });
  });

  it('closes one side when the other breaks off or is not there', async () => {
    const { client, far } = await lineOver(quiet());
    (await far()).resetAndDestroy();
    await once(client.resume(), 'end');
    const nobody = createServer().listen(0, HOST);
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    const tap = await tapInto(port, quiet());
    closing.push(() => tap.close());
    await once(connect(tap.port, HOST).resume(), 'end');
  });

  it('breaks what stands when it closes, and takes no more', async () => {
    const { tap, client, far } = await lineOver(quiet());
    const server = await far();
    const ends = [client, server].map((socket) => once(socket.resume(), 'end'));
    tap.close();
    await Promise.all(ends);
    await expect(once(connect(tap.port, HOST), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

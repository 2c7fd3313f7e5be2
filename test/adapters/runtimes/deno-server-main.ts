/** A server and a client on Deno's sockets, with TLS and without: each line says how a case went. */
import { connect, type Link, type LinkClosed, listen } from '../../../src/adapters/deno.js';
import { clientConnection, Endpoint, type EndpointEvent, serverConnection } from '../../../src/index.js';
import type { Identity } from '../suite/kit.js';

declare const Deno: { readonly args: readonly string[] };

const { ca, server } = JSON.parse(Deno.args[0] ?? '') as { readonly ca: string; readonly server: Identity };
const CONNECT = {
  type: 'connect',
  protocolVersion: 4,
  clientId: 'a',
  cleanStart: true,
  keepAlive: 60,
} as const;
const client = (): Endpoint => new Endpoint(clientConnection({ connect: CONNECT }));

function serve(events: readonly EndpointEvent[], link: Link): void {
  for (const event of events) {
    if (event.type === 'connectRequested') link.accept();
    if (event.type !== 'deliver') continue;
    const { topic, payload, qos } = event.packet;
    link.send({ type: 'publish', topic, payload, qos });
  }
}

async function conversation(tls: Identity | undefined): Promise<Record<string, unknown>> {
  const ends: Promise<LinkClosed>[] = [];
  let peer = '';
  const listener = await listen({ listen: { port: 0, hostname: '127.0.0.1' }, tls }, (conn) => {
    peer = conn.remoteAddr.hostname ?? '';
    const handler = (events: readonly EndpointEvent[], link: Link): void => {
      if (events.some(({ type }) => type === 'connectRequested')) ends.push(link.closed);
      serve(events, link);
    };
    return { endpoint: new Endpoint(serverConnection()), handler };
  });
  let size = 0;
  const link = connect(
    client(),
    `${tls === undefined ? 'mqtt' : 'mqtts'}://127.0.0.1:${listener.port}`,
    (events, link) => {
      for (const event of events) {
        if (event.type === 'connected') {
          link.send({ type: 'publish', topic: 't', payload: new Uint8Array(200_000), qos: 2 });
        }
        if (event.type !== 'deliver') continue;
        size = event.packet.payload.length;
        link.disconnect();
      }
    },
    { tls: { caCerts: [ca] } },
  );
  const causes = [(await link.closed).cause, (await ends[0])?.cause];
  await listener.close();
  const late = connect(client(), `mqtt://127.0.0.1:${listener.port}`, () => {});
  return { peer, size, causes, links: listener.links.size, late: (await late.closed).cause };
}

const controller = new AbortController();
const turnedAway = await listen(
  { listen: { port: 0, hostname: '127.0.0.1' }, signal: controller.signal },
  () => undefined,
);
const away = await connect(client(), `mqtt://127.0.0.1:${turnedAway.port}`, () => {}).closed;
const taken = await listen(
  { listen: { port: turnedAway.port, hostname: '127.0.0.1' } },
  () => undefined,
).then(
  () => 'listens',
  (error: Error) => error.name,
);
controller.abort();
const results = {
  tcp: await conversation(undefined),
  tls: await conversation(server),
  away: away.cause,
  taken,
};
console.log(JSON.stringify(results));

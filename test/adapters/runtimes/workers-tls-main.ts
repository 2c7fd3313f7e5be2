/** TLS that starts later, or for another name, over the sockets of workerd. */
import { connect as connectSocket } from 'cloudflare:sockets';
import { connect, type WorkersConnectOptions } from '../../../src/adapters/workers.js';
import { clientConnection, Endpoint } from '../../../src/index.js';
import type { Peers } from '../suite/kit.js';

const CONNECT = {
  type: 'connect',
  protocolVersion: 5,
  clientId: 'tls',
  cleanStart: true,
  keepAlive: 60,
} as const;

/** How a connection ends that says DISCONNECT as soon as it stands. */
async function end(port: number, options: Omit<WorkersConnectOptions, 'connect'>): Promise<string> {
  const link = connect(
    new Endpoint(clientConnection({ connect: CONNECT })),
    { transport: 'tls', hostname: '127.0.0.1', port },
    (events, link) => {
      if (events.some(({ type }) => type === 'connected')) link.disconnect();
    },
    { ...options, connect: connectSocket },
  );
  return (await link.closed).cause;
}

export default {
  async test(_controller: unknown, { PEERS: { ports } }: { readonly PEERS: Peers }): Promise<void> {
    const [echo = 0, untrusted = 0, refused = 0, stall = 0] = ['echo', 'untrusted', 'refused', 'stall'].map(
      (name) => ports[`tls/${name}`],
    );
    let said = 0;
    const beforeTls = async (): Promise<void> => void said++;
    const results = {
      'another name': await end(echo, { expectedServerHostname: 'localhost' }),
      'a wrong name': await end(echo, { expectedServerHostname: 'other.example' }),
      'starts later': await end(echo, { beforeTls }),
      'starts later, untrusted': await end(untrusted, { beforeTls }),
      'starts later, refused': await end(refused, { beforeTls }),
      'starts later, never': await end(stall, { beforeTls, connectTimeout: 200 }),
      'fails before': await end(echo, { beforeTls: () => Promise.reject(new Error('no proxy')) }),
      said,
    };
    console.log(JSON.stringify(results));
  },
};

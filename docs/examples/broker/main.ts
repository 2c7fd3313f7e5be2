/**
 * The broker as a command: `npm run broker -- --help`.
 *
 * A project of your own imports from 'puremqtt', 'puremqtt/node' and 'puremqtt/websocket' what these files import from
 * the sources.
 */
import type { TlsOptions } from 'node:tls';
import { type Arguments, argumentsOf, fail, fileOf, onSignal } from '../fields/arguments.js';
import { FieldError } from '../fields/fields.js';
import { hooks } from './access.js';
import { Broker } from './broker.js';
import { type Listening, listenTcp, listenWebSocket } from './listeners.js';
import type { BrokerOptions, Limits } from './options.js';
import { publishSys } from './sys.js';

const HELP = `A broker for MQTT 3.1.1 and 5.0, in memory.

  --host ADDRESS             where to listen (127.0.0.1)
  --port N                   TCP (1883 unless another port is given; 0: a free one, also below)
  --tls-port N               TLS
  --ws-port N                WebSocket
  --wss-port N               WebSocket over TLS
  --cert FILE --key FILE     certificate and key, for TLS
  --ca FILE                  the authority that clients have to have a certificate from

  --user NAME:PASSWORD       lets in those who are named, and nobody else; may be repeated
  --refuse-filter FILTER     a Topic Filter that nobody may subscribe to; may be repeated
  --refusal-code 128|135     what clients of MQTT 5.0 hear of a refused filter (135: not authorized)
  --refuse-topic FILTER      topics that nobody may publish to; may be repeated
  --no-wildcards             refuse Topic Filters with wildcards
  --no-retained              keep no retained messages
  --no-control-characters    refuse names with control characters
  --no-subscribers puback|both
                             which acknowledgements of MQTT 5.0 tell that nobody has subscribed
  --client-id-prefix TEXT    what the Client Identifiers begin with that the broker gives

  --server-keep-alive S      the longest Keep Alive, in seconds
  --response-prefix TEXT     what the Response Information begins with (response/)
  --sys-interval S           how often to publish below $SYS/, in seconds; 0: never (10)

  --max-connections N        --max-sessions N            --max-subscriptions N (of one client)
  --max-queued-messages N    --max-queued-bytes N        (of one client)
  --max-retained-messages N  --max-retained-bytes N
  --max-packet-size N        --receive-maximum N         --topic-alias-maximum N
  --max-in-flight N          (to one client)
  --max-qos 0|1|2            --max-session-expiry S`;

/** Options that set a limit, and the range of each. */
const LIMITS: Readonly<Record<string, readonly [limit: keyof Limits, lowest: number, highest: number]>> = {
  'max-connections': ['connections', 1, Number.MAX_SAFE_INTEGER],
  'max-sessions': ['sessions', 1, Number.MAX_SAFE_INTEGER],
  'max-subscriptions': ['subscriptions', 0, Number.MAX_SAFE_INTEGER],
  'max-queued-messages': ['queuedMessages', 1, 65_535],
  'max-queued-bytes': ['queuedBytes', 1, Number.MAX_SAFE_INTEGER],
  'max-retained-messages': ['retainedMessages', 0, Number.MAX_SAFE_INTEGER],
  'max-retained-bytes': ['retainedBytes', 0, Number.MAX_SAFE_INTEGER],
  'max-packet-size': ['packetSize', 1, 268_435_460],
  'receive-maximum': ['receiveMaximum', 1, 65_535],
  'max-in-flight': ['inFlight', 1, 65_535],
  'topic-alias-maximum': ['topicAliases', 0, 65_535],
  'max-qos': ['qos', 0, 2],
  'max-session-expiry': ['sessionExpiry', 0, 0xffffffff],
};

const REFUSAL_CODES = { '128': 0x80, '135': 0x87 } as const;
const ACKNOWLEDGEMENTS = { puback: 'puback', both: 'both' } as const;

function optionsOf({ fields, all, has }: Arguments): BrokerOptions {
  const limits: Record<string, number> = {};
  for (const [name, [limit, lowest, highest]] of Object.entries(LIMITS)) {
    const value = fields.integer(`--${name}`, lowest, highest);
    if (value !== undefined) limits[limit] = value;
  }
  return {
    ...hooks({
      users: all('user') ?? [],
      refusedFilters: all('refuse-filter') ?? [],
      refusedTopics: all('refuse-topic') ?? [],
      refusalCode: fields.choice('--refusal-code', REFUSAL_CODES),
    }),
    limits,
    wildcards: !has('no-wildcards'),
    retained: !has('no-retained'),
    controlCharacters: has('no-control-characters') ? 'refused' : 'allowed',
    tellsNoSubscribers: fields.choice('--no-subscribers', ACKNOWLEDGEMENTS),
    clientIdPrefix: fields.text('--client-id-prefix'),
    serverKeepAlive: fields.integer('--server-keep-alive', 0, 65_535),
    responsePrefix: fields.text('--response-prefix') ?? 'response/',
  };
}

function tlsOf({ fields }: Arguments): TlsOptions {
  const [cert, key, ca] = ['--cert', '--key', '--ca'].map((name) => fileOf(fields, name));
  if (cert === undefined) throw new FieldError('--cert', 'TLS needs it');
  if (key === undefined) throw new FieldError('--key', 'TLS needs it');
  return { cert, key, ...(ca && { ca, requestCert: true, rejectUnauthorized: true }) };
}

async function main(): Promise<void> {
  const args = argumentsOf(HELP);
  if (args === undefined) return;
  const { fields } = args;
  const broker = new Broker(optionsOf(args));
  const host = fields.text('--host') ?? '127.0.0.1';
  const [tcp, tls, ws, wss] = ['--port', '--tls-port', '--ws-port', '--wss-port'].map((name) =>
    fields.integer(name, 0, 65_535),
  );
  const sysInterval = fields.integer('--sys-interval', 0, 65_535) ?? 10;
  const listening: Listening[] = [];
  const open = async (kind: 'tcp' | 'tls' | 'ws' | 'wss', port: number | undefined): Promise<void> => {
    if (port === undefined) return;
    const place = { host, port, tls: kind === 'tls' || kind === 'wss' ? tlsOf(args) : undefined };
    const listener = await (kind === 'ws' || kind === 'wss' ? listenWebSocket : listenTcp)(broker, place);
    listening.push(listener);
    console.log(`listening: ${kind} ${host} ${listener.port}`);
  };
  const isAnywhere = [tcp, tls, ws, wss].some((port) => port !== undefined);
  await open('tcp', isAnywhere ? tcp : 1883);
  await open('tls', tls);
  await open('ws', ws);
  await open('wss', wss);
  const stopSys = sysInterval > 0 ? publishSys(broker, sysInterval) : undefined;
  onSignal(async () => {
    stopSys?.();
    const closed = listening.map((listener) => listener.close());
    await broker.close();
    await Promise.all(closed);
  });
}

main().catch(fail);

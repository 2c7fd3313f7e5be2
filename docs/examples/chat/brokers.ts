/** The two brokers that the chat runs on, with the same users and the same rules. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Acl, type Permissions } from '../acl/acl.js';
import { hooks } from '../broker/access.js';
import { Broker } from '../broker/broker.js';
import { listenWebSocket } from '../broker/listeners.js';
import type { BrokerOptions, Who } from '../broker/options.js';

export interface Settings {
  readonly host: string;
  /** For the example broker 0 takes a free one. */
  readonly port: number;
  /** `name:password` */
  readonly users: readonly string[];
  /** Rules in the form of mosquitto's ACL files. */
  readonly rules: string;
  /** Where mosquitto has its files; sessions that were kept there go on. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

export interface RunningBroker {
  /** Where it speaks MQTT over WebSocket. */
  readonly url: string;
  stop(): Promise<void>;
}

const NOT_AUTHORIZED = 0x87;
const CLIENT_IDENTIFIER_NOT_VALID = 0x85;

/** What mosquitto does with a password file, an ACL file and `use_username_as_clientid`, as hooks. */
export function chatHooks({ users, rules }: Pick<Settings, 'users' | 'rules'>): BrokerOptions {
  const acl = new Acl(rules);
  const { authenticate } = hooks({ users, refusedFilters: [], refusedTopics: [] });
  const known = new WeakMap<Who, Permissions>();
  const permissionsOf = (who: Who): Permissions => {
    const permissions = known.get(who) ?? acl.permissionsOf(who);
    known.set(who, permissions);
    return permissions;
  };
  return {
    // A session is its user's: nobody else gets at it by naming its Client Identifier.
    authenticate: (connect, address) =>
      authenticate?.(connect, address) ||
      (connect.clientId === connect.username ? 0x00 : CLIENT_IDENTIFIER_NOT_VALID),
    authorizePublish: (who, topic) => (permissionsOf(who).mayWrite(topic) ? 0x00 : NOT_AUTHORIZED),
    authorizeSubscribe: (who, filter) => (permissionsOf(who).maySubscribe(filter) ? 0x00 : NOT_AUTHORIZED),
    authorizeReceive: (who, topic) => permissionsOf(who).mayRead(topic),
  };
}

export async function startExampleBroker(settings: Settings): Promise<RunningBroker> {
  const { host, port } = settings;
  const broker = new Broker({ ...chatHooks(settings), limits: { packetSize: 65_536 } });
  const listening = await listenWebSocket(broker, { host, port });
  const stop = async (): Promise<void> => {
    const closed = listening.close();
    await broker.close();
    await closed;
  };
  return { url: `ws://${host}:${listening.port}/mqtt`, stop };
}

// Debian puts daemons where the PATH of a user does not lead.
const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];

export function findProgram(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Starts a mosquitto. Throws where it is not installed, or says why it does not start. */
export async function startMosquitto(settings: Settings): Promise<RunningBroker> {
  const { host, port } = settings;
  const [program, passwords] = [findProgram('mosquitto'), findProgram('mosquitto_passwd')];
  if (program === undefined || passwords === undefined) {
    throw new Error('--broker: mosquitto and mosquitto_passwd are not installed');
  }
  const configuration = configure(settings, passwords);
  const child = spawn(program, ['-c', configuration], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
  }
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let isStopping = false;
  const ended = once(child, 'close').then(() => {
    process.off('exit', kill);
    if (!isStopping) settings.log(`mosquitto has ended: ${said.trim()}`);
  });
  const stop = async (): Promise<void> => {
    isStopping = true;
    child.kill('SIGTERM');
    await ended;
  };
  for (let attempt = 0; !(await isListening(host, port)); attempt++) {
    if (isOver(child) || attempt > 500) throw new Error(`mosquitto does not start: ${said.trim()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // Whoever else listens there is not it.
  if (isOver(child)) throw new Error(`mosquitto does not start: ${said.trim()}`);
  return { url: `ws://${host}:${port}/mqtt`, stop };
}

function configure({ host, port, users, rules, folder }: Settings, passwords: string): string {
  const [accounts, list, configuration] = ['users', 'chat.acl', 'mosquitto.conf'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  writeFileSync(accounts, `${users.join('\n')}\n`, { mode: 0o600 });
  // It puts hashes in the place of the passwords.
  const { status, stderr } = spawnSync(passwords, ['-U', accounts], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mosquitto_passwd: ${stderr}`);
  writeFileSync(list, rules);
  const lines = [
    `user ${userInfo().username}`,
    // Some builds of mosquitto do not start with listeners for WebSocket alone.
    `listener 0 ${join(folder, 'mosquitto.sock')}`,
    `listener ${port} ${host}`,
    'protocol websockets',
    'socket_domain ipv4',
    'allow_anonymous false',
    `password_file ${accounts}`,
    `acl_file ${list}`,
    // A session is its user's: nobody else gets at it by naming its Client Identifier.
    'use_username_as_clientid true',
    'max_packet_size 65536',
    'persistence true',
    `persistence_location ${folder}/`,
    'log_dest stdout',
  ];
  writeFileSync(configuration, `${lines.join('\n')}\n`);
  return configuration;
}

const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

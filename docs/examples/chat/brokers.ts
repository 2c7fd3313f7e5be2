/** The two brokers that the chat runs on, with the same users and the same rules. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Acl, type Permissions } from '../acl/acl.js';
import { hooks } from '../broker/access.js';
import { Broker } from '../broker/broker.js';
import { listenWebSocket } from '../broker/listeners.js';
import type { Who } from '../broker/options.js';

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
}

export interface RunningBroker {
  /** Where it speaks MQTT over WebSocket. */
  readonly url: string;
  stop(): Promise<void>;
}

const PACKET_SIZE = 65_536;

export async function startExampleBroker({ host, port, users, rules }: Settings): Promise<RunningBroker> {
  const acl = new Acl(rules);
  const known = new WeakMap<Who, Permissions>();
  const permissionsOf = (who: Who): Permissions => {
    const permissions = known.get(who) ?? acl.permissionsOf(who);
    known.set(who, permissions);
    return permissions;
  };
  const { authenticate } = hooks({ users, refusedFilters: [], refusedTopics: [] });
  const broker = new Broker({
    limits: { packetSize: PACKET_SIZE },
    // A session is its user's: nobody else gets at it by naming its Client Identifier.
    authenticate: (connect, address) =>
      authenticate?.(connect, address) || (connect.clientId === connect.username ? 0x00 : 0x85),
    authorizePublish: (who, topic) => (permissionsOf(who).mayWrite(topic) ? 0x00 : 0x87),
    authorizeSubscribe: (who, filter) => (permissionsOf(who).maySubscribe(filter) ? 0x00 : 0x87),
    authorizeReceive: (who, topic) => permissionsOf(who).mayRead(topic),
  });
  const listening = await listenWebSocket(broker, { host, port });
  const stop = async (): Promise<void> => {
    await Promise.all([listening.close(), broker.close()]);
  };
  return { url: `ws://${host}:${listening.port}/mqtt`, stop };
}

/** Throws where mosquitto is not installed or does not start; it says why on stderr. */
export async function startMosquitto(settings: Settings): Promise<RunningBroker> {
  const { host, port, users, rules, folder } = settings;
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const passwords = file('passwords', `${users.join('\n')}\n`);
  // It puts hashes in the place of the passwords.
  execFileSync('mosquitto_passwd', ['-U', passwords]);
  const lines = [
    `user ${userInfo().username}`,
    // Some builds of mosquitto do not start with listeners for WebSocket alone.
    `listener 0 ${join(folder, 'mosquitto.sock')}`,
    `listener ${port} ${host}`,
    'protocol websockets',
    'socket_domain ipv4',
    'allow_anonymous false',
    `password_file ${passwords}`,
    `acl_file ${file('chat.acl', rules)}`,
    // A session is its user's: nobody else gets at it by naming its Client Identifier.
    'use_username_as_clientid true',
    `max_packet_size ${PACKET_SIZE}`,
    'persistence true',
    `persistence_location ${folder}/`,
    'log_dest stderr',
    'log_type error',
    'connection_messages false',
  ];
  const configuration = file('mosquitto.conf', `${lines.join('\n')}\n`);
  // Debian puts daemons where the PATH of a user does not lead.
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin` };
  const child = spawn('mosquitto', ['-c', configuration], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'close');
  process.once('exit', () => child.kill('SIGKILL'));
  while (!(await isListening(host, port)) || child.exitCode !== null) {
    if (child.exitCode !== null) throw new Error(`mosquitto does not start: it ended with ${child.exitCode}`);
    await pause(20);
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url: `ws://${host}:${port}/mqtt`, stop };
}

async function isListening(host: string, port: number): Promise<boolean> {
  const socket = createConnection({ host, port });
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}

/**
 * A process of its own: a client that keeps the host contract to the letter. In one atomic commit it stores its session
 * and what it was given, and only then does it write to the socket. It can be told to die at any of these points.
 */
// @ts-nocheck

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import {
  clientConnection,
  Endpoint,
  type EndpointEvent,
  type EndpointResult,
  exportSession,
  importSession,
  sessionSize,
  storedFromJson,
  storedToJson,
} from '../../src/index.js';

/** What the process is told, as JSON in its first argument. */
export interface Task {
  readonly port: number;
  readonly version: 4 | 5;
  readonly clientId: string;
  /** Where it stores; the file need not be there. */
  readonly file: string;
  /** Messages of QoS 2 to publish to that topic in all, however often the process has to start. */
  readonly publish: number;
  readonly topic: string;
  /** It is done once it was given this, and nothing is under way. */
  readonly last: string;
  /** When to die: at that call of the Endpoint, before the commit, after it, or after writing. */
  readonly death?: { readonly call: number; readonly point: 'before' | 'between' | 'after' } | undefined;
}

/** What it stores. */
export interface Store {
  /** JSON, as `storedToJson` gives it. */
  session?: string;
  /** Payloads that were delivered. */
  delivered: string[];
  /** Tokens that were settled, and how. */
  settled: [string, string][];
  published: number;
}

function main(task: Task): void {
  const store: Store = existsSync(task.file)
    ? JSON.parse(readFileSync(task.file, 'utf8'))
    : { delivered: [], settled: [], published: 0 };
  const { version, clientId } = task;
  const session = store.session === undefined ? undefined : importSession(storedFromJson(store.session));
  const base = { type: 'connect', clientId, cleanStart: false, keepAlive: 60 } as const;
  const properties = { sessionExpiryInterval: 3_600 };
  const packet =
    version === 4
      ? ({ ...base, protocolVersion: 4 } as const)
      : { ...base, protocolVersion: 5 as const, properties };
  const endpoint = new Endpoint(clientConnection({ connect: packet, session }));
  const socket = connect(task.port, '127.0.0.1');
  let calls = 0;
  let connected = false;

  const die = (point: string): void => {
    if (task.death?.call === calls && task.death.point === point) process.kill(process.pid, 'SIGKILL');
  };

  function note(event: EndpointEvent): void {
    if (event.type === 'deliver') store.delivered.push(new TextDecoder().decode(event.packet.payload));
    else if (event.type === 'settled') store.settled.push([String(event.token), event.outcome.kind]);
    else if (event.type === 'connected') connected = true;
    else if (event.type === 'fail' || event.type === 'refused') throw event.error;
  }

  function run({ events, bytes, close }: EndpointResult): void {
    calls++;
    for (const event of events) note(event);
    die('before');
    store.session = storedToJson(exportSession(endpoint.state.session));
    writeFileSync(`${task.file}.new`, JSON.stringify(store));
    renameSync(`${task.file}.new`, task.file);
    die('between');
    if (bytes !== undefined) socket.write(bytes);
    die('after');
    if (close !== undefined) socket.end();
  }

  function goOn(): void {
    // One at a time, so that there are many moments to die at.
    if (connected && store.published < task.publish) {
      const payload = String(store.published++);
      const { topic } = task;
      run(endpoint.send({ type: 'publish', topic, payload, qos: 2 }, Date.now(), { token: payload }));
    }
    const { outgoing, incoming, queued } = sessionSize(endpoint.state.session);
    const done = connected && outgoing + incoming + queued === 0 && store.delivered.includes(task.last);
    if (done && endpoint.state.phase === 'connected') run(endpoint.disconnect(Date.now()));
  }

  socket.on('connect', () => run(endpoint.open(Date.now())));
  socket.on('data', (chunk) => {
    run(endpoint.receive(chunk, Date.now()));
    goOn();
  });
  socket.on('error', () => {});
  socket.on('close', () => run(endpoint.closed(Date.now())));
}

main(JSON.parse(process.argv[2] ?? '{}'));

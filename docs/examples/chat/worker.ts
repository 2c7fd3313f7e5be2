/**
 * The checking worker, a process of its own: reads what users ask to be passed on, and accepts or rejects it.
 *
 *     CHAT_BACKEND_PASSWORD=... npx tsx docs/examples/chat/worker.ts ws://127.0.0.1:9001/mqtt [words.txt]
 *
 * Its session outlives it: what is asked for meanwhile waits for it, and a request is done with only when its verdict
 * is with the broker.
 */
import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import type { DecodedPublish } from '../../../src/index.js';
import { type Client, connect } from '../client/client.js';
import { ClientEndedError, isRefusal, PublishError } from '../client/errors.js';
import { onSignal } from '../fields/arguments.js';
import {
  addressOf,
  idFrom,
  messageFrom,
  nameAfter,
  SEEN,
  STATUS,
  statusFrom,
  toPayload,
  topicOf,
} from './page/messages.js';
import { forbiddenWord, wordsOf } from './words.js';

const WEEK = 7 * 24 * 3600;

/** Passes a request on as accepted, with the time of day of the server, or tells its sender why not. */
async function judge(client: Client, words: ReadonlySet<string>, request: DecodedPublish): Promise<void> {
  const address = addressOf(request.topic);
  const id = idFrom(request.payload);
  // Without a name for the message, there is nothing to tell its sender about.
  if (address === undefined || id === undefined) return;
  const message = messageFrom(request.payload);
  const word = message && forbiddenWord(message.text, words);
  if (message !== undefined && word === undefined) {
    const accepted = { id, text: message.text, at: Date.now() };
    await client.publish(topicOf({ ...address, kind: 'accepted' }), toPayload(accepted), { qos: 1 });
    return;
  }
  const reason = word === undefined ? 'the message is not well formed' : `“${word}” is on the list of words`;
  await client.publish(topicOf({ ...address, kind: 'rejected' }), toPayload({ id, reason }), { qos: 1 });
}

/** A last will is written when a client connects, and knows no time; whoever sees it come does. */
async function noteDepartures(client: Client): Promise<void> {
  for await (const { topic, payload, retain } of client.subscribe(`${STATUS}+`)) {
    const name = nameAfter(STATUS, topic);
    if (name === undefined || retain || statusFrom(payload)?.status !== 'offline') continue;
    void client.publish(SEEN + name, toPayload({ at: Date.now() }), { retain: true }).catch(() => {});
  }
}

async function main(): Promise<void> {
  const [url, file] = process.argv.slice(2);
  const password = process.env['CHAT_BACKEND_PASSWORD'];
  if (url === undefined || password === undefined) {
    throw new Error('give the URL of the broker, and CHAT_BACKEND_PASSWORD in the environment');
  }
  const words = wordsOf(readFileSync(file ?? new URL('words.txt', import.meta.url), 'utf8'));
  const client = connect(url, {
    clientId: 'backend',
    username: 'backend',
    password,
    cleanStart: false,
    sessionExpiryInterval: WEEK,
    keepAlive: 30,
    retry: { initial: 200, maximum: 2_000 },
    // Node 20 has no WebSocket of its own.
    createWebSocket: (target, protocol) => new WebSocket(target, protocol),
  });
  onSignal(() => client.end());
  // Whoever has started it is gone: so is it.
  process.once('disconnect', () => void client.end());
  process.channel?.unref();
  void noteDepartures(client).catch(() => {});
  const requests = client.subscribe('chat/messages/+/+/request', { qos: 1 });
  void requests.granted.then(([code = 0x80]) => code < 0x80 && process.send?.('ready'));
  for await (const request of requests) {
    await judge(client, words, request).catch((error: unknown) => {
      // Where the broker has forgotten everything, the sender asks again.
      if (!(error instanceof PublishError || error instanceof ClientEndedError)) throw error;
    });
  }
  const reason = await client.closed;
  if (reason !== undefined) throw reason;
}

main().catch((error: unknown) => {
  const message = `worker: ${error instanceof Error ? error.message : error}`;
  console.error(message);
  process.exitCode = 1;
  // Whoever starts it again has to know where that is of no use.
  if (isRefusal(error)) process.send?.(message);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.js';
import { encode } from '../../src/codec.js';
import { clientConnection, Endpoint, serverConnection } from '../../src/connection/index.js';
import {
  DEFAULT_MAXIMUM_CONNECT_SIZE,
  DEFAULT_MAXIMUM_PACKET_SIZE,
  MAXIMUM_FIELD_LENGTH,
  MAXIMUM_PACKET_SIZE,
} from '../../src/spec/limits.js';
import { DEFAULT_MAXIMUM_PUBLISH_HEAD_SIZE, FrameParser, PacketParser } from '../../src/stream/index.js';

const page = readFileSync(join(root, 'docs/security.md'), 'utf8');

/** The default that the page gives for an option. */
const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, , option = '', , value = '']) => /^`[\w.]+`$/.test(option) && /^[\d,]+$/.test(value))
  .map(([, , option = '', of = '', value = '']) => ({
    option: option.slice(1, -1),
    of,
    value: Number(value.replaceAll(',', '')),
  }));

const connect = {
  type: 'connect',
  protocolVersion: 5,
  clientId: 'a',
  cleanStart: true,
  keepAlive: 0,
} as const;
const client = clientConnection({ connect });
const server = serverConnection();

/** How many bytes of a PUBLISH an Endpoint writes into a blocked socket before it gives up, answers of 4 bytes each. */
function unreadLimit(): number {
  const endpoint = new Endpoint(serverConnection());
  endpoint.open(0);
  endpoint.receive(encode(connect, 5), 0);
  endpoint.accept(0);
  endpoint.blocked(0);
  const pings = new Uint8Array(2 * 4_096).map((_, index) => (index % 2 === 0 ? 0xc0 : 0));
  let written = 0;
  for (;;) {
    const { bytes, close } = endpoint.receive(pings, 0);
    if (close !== undefined) return written;
    written += bytes?.length ?? 0;
  }
}

/** How much an Endpoint keeps that waits for an answer, in chunks of 4,096 bytes with what each counts. */
function waitingLimit(): number {
  const endpoint = new Endpoint(serverConnection(), { waitForAnswers: true });
  endpoint.open(0);
  endpoint.receive(encode(connect, 5), 0);
  for (let kept = 0; ; kept += 4_096) {
    if (endpoint.receive(new Uint8Array(3_840), 0).close !== undefined) return kept;
  }
}

/** Whether a parser takes the fixed header of a packet of that size. */
function takes(parser: PacketParser | FrameParser, first: number, size: number): boolean {
  const length = size - 4;
  parser.push(Uint8Array.of(first, (length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14));
  try {
    parser.next();
    return true;
  } catch {
    return false;
  }
}

describe('the limits in docs/security.md', () => {
  it('are those of the sources', () => {
    const { settings, terms } = server;
    const ends = [client, server].map((state) => state.settings);
    const actual: Record<string, readonly number[]> = {
      maximumPacketSize: [DEFAULT_MAXIMUM_PACKET_SIZE, client.terms.ours.maximumPacketSize],
      'announced.maximumPacketSize': [terms.ours.maximumPacketSize],
      maximumConnectSize: [DEFAULT_MAXIMUM_CONNECT_SIZE],
      maximumPublishHeadSize: [DEFAULT_MAXIMUM_PUBLISH_HEAD_SIZE],
      connectTimeout: [settings.handshakeTimeout],
      connackTimeout: [client.settings.handshakeTimeout],
      pingTimeout: [client.settings.pingTimeout],
      'held.messages': [settings.held.messages],
      'held.bytes': [settings.held.bytes],
      maximumUnread: [unreadLimit()],
      maximumWaiting: [waitingLimit()],
      'queue.messages': ends.map(({ queue }) => queue.messages),
      'queue.bytes': ends.map(({ queue }) => queue.bytes),
      'announced.receiveMaximum': [terms.ours.receiveMaximum],
      'announced.topicAliasMaximum': [terms.ours.topicAliasMaximum],
      automaticAliases: ends.map(({ automaticAliases }) => automaticAliases),
    };
    expect(rows.map(({ option }) => option)).toEqual(Object.keys(actual));
    for (const { option, value } of rows) {
      for (const each of actual[option] ?? []) expect(each, option).toBe(value);
    }
  });

  it('hold where nothing is asked for', () => {
    const limit = (name: string): number => rows.find(({ option }) => option === name)?.value ?? 0;
    for (const make of [() => new PacketParser({ version: 5 }), () => new FrameParser({ version: 5 })]) {
      for (const [first, size] of [
        [0x30, limit('maximumPacketSize')],
        [0x10, limit('maximumConnectSize')],
      ] as const) {
        expect([takes(make(), first, size), takes(make(), first, size + 1)]).toEqual([true, false]);
      }
    }
  });

  it('are within those of the standard, which the page names', () => {
    for (const value of [MAXIMUM_FIELD_LENGTH, MAXIMUM_PACKET_SIZE]) {
      expect(page).toContain(value.toLocaleString('en'));
    }
  });

  it('are all there are: every option of the interfaces that says a default in numbers', () => {
    const text = ['connection/create', 'connection/endpoint', 'stream/packet-parser', 'stream/frame-parser']
      .map((name) => readFileSync(join(root, `src/${name}.ts`), 'utf8'))
      .join('\n');
    const documented = [...text.matchAll(/Default:\s(?:\*\s)*\d[^/]*\*\/\s*readonly (\w+)\?/g)].map(
      ([, name]) => name,
    );
    const named = new Set(rows.map(({ option }) => option.replace(/^.*\.|\.\w+$/g, '')));
    const listed = (name: string): boolean =>
      named.has(name) || rows.some(({ option }) => option.startsWith(`${name}.`));
    expect(documented.length).toBeGreaterThan(8);
    expect(documented.filter((name) => name !== undefined && !listed(name))).toEqual(['maximumQoS']);
  });
});

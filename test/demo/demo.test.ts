import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { demo, PARTS } from '../../docs/examples/demo/demo.js';
import { type Exchange, nameOf, Transcript } from '../../docs/examples/demo/transcript.js';
import { root } from '../../scripts/lib/root.js';
import type { DecodedPacket } from '../../src/index.js';

async function runPart(index: number): Promise<readonly Exchange[]> {
  const part = PARTS[index]!;
  const transcript = new Transcript(() => {}, AbortSignal.timeout(25_000));
  await part.run(transcript);
  transcript.check(part.expected);
  return transcript.exchanges;
}

/** Whether the named packets stand in this order, whatever is between them. */
function expectOrder(exchanges: readonly Exchange[], names: readonly string[]): void {
  const places = names.map((name) => exchanges.findIndex((exchange) => nameOf(exchange) === name));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
}

function packetNamed(exchanges: readonly Exchange[], name: string): DecodedPacket {
  const found = exchanges.find((exchange) => nameOf(exchange) === name);
  if (found === undefined) throw new Error(`${name} is missing`);
  return found.packet;
}

const FLOWS = [
  ['client connect', 'server connack', 'client subscribe', 'server suback', 'client publish 0'],
  ['client publish 0', 'server publish 0', 'client publish 1'],
  ['client publish 1', 'server puback', 'client publish 2'],
  ['client publish 1', 'server publish 1', 'client puback'],
  ['client publish 2', 'server pubrec', 'client pubrel', 'server pubcomp', 'client unsubscribe'],
  ['client publish 2', 'server publish 2', 'client pubrec', 'server pubrel', 'client pubcomp'],
  ['client unsubscribe', 'server unsuback', 'client disconnect'],
];

describe('the demo', () => {
  it.each([
    ['mqtt 3.1.1 with the example broker', 0, 4, 21],
    ['mqtt 5.0 with the example broker', 1, 5, 21],
    ['the example client with aedes', 2, 4, 23],
  ] as const)('%s: every packet in its place', async (_, index, version, count) => {
    const exchanges = await runPart(index);
    expect(exchanges).toHaveLength(count);
    for (const flow of FLOWS) expectOrder(exchanges, flow);
    expect(new Set(exchanges.map((exchange) => exchange.version))).toEqual(new Set([version]));
    expect(packetNamed(exchanges, 'client connect')).toMatchObject({ protocolVersion: version });
    expect(packetNamed(exchanges, 'server suback')).toMatchObject({ reasonCodes: [2] });
  });

  it('carries the properties of MQTT 5.0 from publisher to subscriber', async () => {
    const exchanges = await runPart(1);
    const published = packetNamed(exchanges, 'client publish 1');
    const delivered = packetNamed(exchanges, 'server publish 1');
    const properties = {
      payloadFormatIndicator: 1,
      messageExpiryInterval: 60,
      contentType: 'text/plain',
      responseTopic: 'demo/answers',
      correlationData: Uint8Array.of(0xca, 0xfe),
      userProperties: [
        ['room', 'kitchen'],
        ['floor', '1'],
        ['floor', '2'],
      ],
    };
    expect(published).toMatchObject({ properties });
    expect(delivered).toMatchObject({ properties: { ...properties, subscriptionIdentifiers: [7] } });
  });

  it('prints each packet, and reports success', async () => {
    const lines: string[] = [];
    const options = { write: (line: string) => lines.push(line), writeError: expect.unreachable };
    expect(await demo(PARTS, { ...options, colour: false, timeLimit: 25_000 })).toBe(true);
    expect(lines.filter((line) => /^client [→←] broker {2}[A-Z]+/.test(line))).toHaveLength(65);
    expect(lines.filter((line) => line.startsWith('    type+flags  remainingLength'))).toHaveLength(65);
    expect(lines.join('\n')).not.toContain('\u001b');
  });

  it('fails with a message when a packet does not come, and in time', async () => {
    const errors: string[] = [];
    const options = { write: () => {}, writeError: (line: string) => errors.push(line), colour: false };
    const waiting = {
      title: 'nobody talks',
      expected: [],
      run: (transcript: Transcript) => transcript.seen('server pingresp'),
    };
    expect(await demo([waiting], { ...options, timeLimit: 50 })).toBe(false);
    expect(errors).toEqual(['\nFAILED: not done after 0.05 s (while waiting for server pingresp)']);
  });

  it('fails with a message when packets are missing or too many', async () => {
    const errors: string[] = [];
    const options = { write: () => {}, writeError: (line: string) => errors.push(line), colour: false };
    const ping: Exchange = {
      from: 'client',
      version: 4,
      packet: { type: 'pingreq' },
      frame: Uint8Array.of(0xc0, 0),
    };
    const part = {
      title: 'too little and too much',
      expected: ['client connect', 'client pingreq'],
      run: async (transcript: Transcript) => {
        transcript.add(ping);
        transcript.add(ping);
      },
    };
    expect(await demo([part], { ...options, timeLimit: 1000 })).toBe(false);
    expect(errors).toEqual(['\nFAILED: client connect is missing; client pingreq was not expected']);
  });

  it('fails when what is shown cannot be explained', async () => {
    const transcript = new Transcript(() => {
      throw new Error('no words for it');
    }, AbortSignal.timeout(1000));
    transcript.add({
      from: 'client',
      version: 4,
      packet: { type: 'pingreq' },
      frame: Uint8Array.of(0xc0, 0),
    });
    await expect(transcript.seen('server pingresp')).rejects.toThrow('no words for it');
  });

  it('runs as a command, without colours where there is no terminal, and ends by itself', async () => {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'docs/examples/demo/main.ts'],
      { cwd: root, timeout: 50_000, env: { ...process.env, NO_COLOR: undefined } },
    );
    expect(stderr).toBe('');
    expect(stdout.match(/all 2[13] packets seen/g)).toHaveLength(3);
    expect(stdout).not.toContain('\u001b');
  });
});

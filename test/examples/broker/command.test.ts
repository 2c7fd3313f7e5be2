import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/lib/root.js';
import { until } from '../../peers/wait.js';
import { closing, Peer } from './support.js';

class Command {
  output = '';
  exitCode: number | null | undefined;
  readonly child: ChildProcess;

  constructor(...args: string[]) {
    const main = join(root, 'docs/examples/broker/main.ts');
    this.child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { cwd: root });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.output += text.toString();
      });
    }
    this.child.on('exit', (code) => {
      this.exitCode = code;
    });
    closing(() => {
      this.child.kill('SIGKILL');
    });
  }

  /** The port that it has printed for a transport. */
  async port(kind: string): Promise<number> {
    const pattern = new RegExp(`^listening: ${kind} 127\\.0\\.0\\.1 (\\d+)$`, 'm');
    return until(
      `a port for ${kind} in ${this.output}`,
      () => Number(pattern.exec(this.output)?.[1]) || false,
    );
  }

  async exit(): Promise<number | null> {
    await until('its end', () => this.exitCode !== undefined);
    return this.exitCode ?? null;
  }
}

describe('the command', () => {
  it('does what it is told, and exits with 0 on SIGTERM', async () => {
    const command = new Command(
      ...['--port', '0', '--ws-port', '0', '--server-keep-alive', '60', '--user', 'anna:a:b'],
      ...['--refuse-filter', 'test/nosubscribe', '--refuse-topic', 'test/+/no', '--max-queued-messages', '7'],
    );
    const port = await command.port('tcp');
    expect(await command.port('ws')).not.toBe(port);
    const stranger = new Peer(port, 5);
    expect(await stranger.until('connectRefused')).toMatchObject({ packet: { reasonCode: 0x86 } });
    const who = { username: 'anna', password: 'a:b', keepAlive: 120 };
    const peer = await Peer.connected(port, 5, who);
    expect(await peer.until('connected')).toMatchObject({ keepAlive: 60 });
    expect(await peer.subscribe(['test/nosubscribe', '$share/g/test/nosubscribe', 'test/#'])).toEqual([
      0x87, 0x87, 2,
    ]);
    expect(await peer.publish('test/it/no', 'x', { qos: 1 })).toMatchObject({ reasonCode: 0x87 });
    const old = await Peer.connected(port, 4, who);
    expect(await old.subscribe(['test/nosubscribe', '$SYS/#'])).toEqual([0x80, 2]);
    await old.received(7);
    command.child.kill('SIGTERM');
    expect(await command.exit()).toBe(0);
    expect(await peer.until('disconnectReceived')).toMatchObject({ packet: { reasonCode: 0x8b } });
  });

  it('keeps to what it is told to leave out', async () => {
    const command = new Command(
      ...['--port', '0', '--no-retained', '--no-control-characters', '--no-subscribers', 'both'],
      ...[
        '--client-id-prefix',
        'c-',
        '--refusal-code',
        '128',
        '--refuse-filter',
        'a',
        '--max-in-flight',
        '1',
      ],
    );
    const port = await command.port('tcp');
    const peer = await Peer.connected(port, 5, { acknowledgements: 'manual' });
    expect((await peer.until('connected')).clientId).toMatch(/^c-/);
    expect(peer.link.state.terms.peers.retainAvailable).toBe(false);
    expect(await peer.subscribe(['a', 'b'])).toEqual([0x80, 2]);
    expect(await peer.publish('a', '', { qos: 2 })).toMatchObject({ reasonCode: 0x10 });
    for (const text of ['1', '2']) await peer.publish('b', text, { qos: 1 });
    expect(await peer.payloads()).toEqual(['1']);
    const odd = new Peer(port, 5, { clientId: '\u0007' });
    expect(await odd.until('connectRefused')).toMatchObject({ packet: { reasonCode: 0x85 } });
  });

  it.each([
    [['--port', 'x'], '--port: it has to be a whole number from 0 to 65535'],
    [['--tls-port', '0'], '--cert: TLS needs it'],
    [['--tls-port', '0', '--cert', '/nowhere'], '--cert: ENOENT'],
    [['--unknown'], '--unknown'],
    [['--no-retained', 'yes'], "Unexpected argument 'yes'"],
    [['--port', '0', '--max-queued-messages', '70000'], '--max-queued-messages: it has to be a whole number'],
    [['--port', '0', '--max-qos', '3'], '--max-qos: it has to be a whole number from 0 to 2'],
    [['--port', '0', '--refusal-code', '1'], '--refusal-code: it has to be 128 or 135'],
    [['--port', '0', '--no-subscribers', 'pubrec'], '--no-subscribers: it has to be puback or both'],
  ])('refuses %j', async (args, why) => {
    const command = new Command(...args);
    expect(await command.exit()).toBe(1);
    expect(command.output).toContain(why);
  });

  it('explains itself', async () => {
    const command = new Command('--help');
    expect(await command.exit()).toBe(0);
    expect(command.output).toContain('--refuse-filter');
  });
});

import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { Broker } from '../../docs/examples/broker/broker.js';
import type { BrokerOptions } from '../../docs/examples/broker/options.js';
import { Console, type ConsoleOptions } from '../../docs/examples/console/console.js';
import { lineOf, MessageLog } from '../../docs/examples/console/log.js';
import { Terminal } from '../../docs/examples/console/terminal.js';
import type { Resolver } from '../../docs/examples/guard/guard.js';
import { root } from '../../scripts/lib/root.js';
import { listen } from '../../src/adapters/node.js';
import { pause, until } from '../peers/wait.js';
import { closing, Peer } from './broker/support.js';

interface Served {
  readonly broker: Broker;
  readonly url: string;
  readonly port: number;
  /** Cuts all connections without a word. */
  cut(): void;
}

/** The example broker. */
async function serve(options: BrokerOptions = {}, tls?: TlsOptions): Promise<Served> {
  const broker = new Broker(options);
  const sockets = new Set<Socket>();
  const listener = await listen({ listen: { host: '127.0.0.1', port: 0 }, tls }, (socket) => {
    sockets.add(socket);
    return broker.accept('');
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  closing(async () => {
    const closed = listener.close();
    cut();
    await broker.close();
    await closed;
  });
  const { port } = listener;
  return { broker, port, url: `${tls === undefined ? 'mqtt' : 'mqtts'}://127.0.0.1:${port}`, cut };
}

/** A server that is none. */
async function impostor(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    closing(() => {
      socket.destroy();
    });
    onSocket(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing(() => new Promise((done) => server.close(() => done())));
  return `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** A console whose commands are given one by one. */
class Driven {
  readonly lines: string[] = [];
  readonly questions: string[] = [];
  readonly console: Console;

  constructor(options: ConsoleOptions & { readonly answer?: string } = {}) {
    const surface = {
      print: (line: string) => this.lines.push(line),
      paint: (_colour: number, text: string) => text,
      ask: (question: string) => {
        this.questions.push(question);
        return Promise.resolve(options.answer ?? '');
      },
    };
    this.console = new Console(surface, options);
    closing(() => this.console.end());
  }

  static async connected({ url }: { readonly url: string }, fields = '', options = {}): Promise<Driven> {
    const driven = new Driven(options);
    await driven.run(`connect ${url} ${fields}`);
    expect(driven.text()).toContain('connected to');
    return driven;
  }

  /** Carries out lines; gives what has been printed from then on. */
  async run(...lines: readonly string[]): Promise<string> {
    const from = this.lines.length;
    for (const line of lines) await this.console.run(line);
    return this.lines.slice(from).join('\n');
  }

  text(): string {
    return this.lines.join('\n');
  }

  says(text: string): Promise<unknown> {
    return until(`${text} in ${this.text()}`, () => this.text().includes(text));
  }
}

const folderOf = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-console-'));
  closing(() => rmSync(folder, { recursive: true }));
  return folder;
};

interface Identity {
  readonly cert: string;
  readonly key: string;
}
let certificates: { readonly ca: string; readonly server: Identity; readonly client: Identity };
beforeAll(() => {
  const path = join(import.meta.dirname, 'broker/certificates.json');
  certificates = JSON.parse(readFileSync(path, 'utf8'));
});

describe('Messages', () => {
  it('5.0: several subscriptions, every format, and all that a message says', async () => {
    const driven = await Driven.connected(await serve(), 'client-id=me keep-alive=7');
    expect(driven.text()).toContain('MQTT 5.0 as me, keep alive 7 s');
    expect(await driven.run('sub a/#', 'sub a/b qos=2', 'sub "x y" qos=1')).toContain(
      'subscribed to x y, QoS 1',
    );
    const file = join(folderOf(), 'a file');
    writeFileSync(file, Uint8Array.of(0, 1, 254));
    await driven.run(
      'pub a/b qos=2 expiry=60 content-type="text/x y" response-topic=r correlation=7 user:k=v user:k="w w" text hello  "you" ',
      'pub "x y" qos=1 retain=yes json {"a": [1, 2]}',
      'pub a hex 00 ff',
      'pub a base64 AAH+',
      `pub a file "${file}"`,
      'pub a nothing',
      'wait 6',
    );
    const shown = driven.lines.filter((line) => /^#\d+ /.test(line)).map((line) => line.split(' < ')[1]);
    expect(shown).toEqual([
      'a/b qos=2 expiry=60s content-type=text/x y response-topic=r correlation=7 user:k=v user:k=w w hello  "you" ',
      'x y qos=1 {"a": [1, 2]}',
      'a qos=0 hex:00ff',
      'a qos=0 hex:0001fe',
      'a qos=0 hex:0001fe',
      'a qos=0 ',
    ]);
    expect(driven.lines.find((line) => line.includes('hello'))).toMatch(/^#\d+ \d{4}-\d\d-\d\dT[\d:.]+Z </);
    const status = await driven.run('status');
    expect(status).toContain('a/#: 5 received');
    expect(status).toContain('log: 12 messages');
    expect(await driven.run('unsub a/#', 'unsub a/#')).toMatch(
      /^unsubscribed from a\/#\nerror: filter: there is no subscription "a\/#"$/,
    );
    expect(await driven.run('unsub "x y"', 'sub "x y"', 'wait')).toContain('x y qos=0 retain {"a"');
  });

  it('3.1.1: the same without what it does not have', async () => {
    const served = await serve();
    const driven = await Driven.connected(served, 'version=3.1.1');
    expect(driven.text()).toContain('MQTT 3.1.1 as');
    const printed = await driven.run(
      'sub a qos=1',
      'pub a qos=1 text hello',
      'pub a expiry=1 text x',
      'wait',
    );
    expect(printed).toMatch(/#1 \S+ < a qos=1 hello/);
    expect(printed).toContain('published #2: success (0x00)');
    expect(printed).toContain('error: messageExpiryInterval: it needs MQTT 5.0');
  });

  it('what it is given to show commands no terminal', async () => {
    const served = await serve();
    const driven = await Driven.connected(served);
    await driven.run('sub #');
    const peer = await Peer.connected(served.port, 5);
    const userProperties = [['\u001b[2J', '\u202e']] as const;
    await peer.publish('a\u0007', '\u001b]0;title\u0007\n', { qos: 1, properties: { userProperties } });
    await driven.run('wait', 'show 1');
    expect(driven.text()).toContain('a\\u0007');
    expect(driven.text()).toContain('\\u001b]0;title\\u0007\\u000a');
    for (const line of driven.lines) expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it('the log is bounded in messages and in bytes', async () => {
    const driven = await Driven.connected(await serve(), '', { log: { messages: 3, bytes: 1_000 } });
    for (let i = 1; i <= 4; i++) await driven.run(`pub t text message ${i}`);
    const log = await driven.run('log');
    expect(log).not.toContain('message 1');
    expect(log).toContain('message 2');
    expect(log).toMatch(/3 of 3 messages, \d+ bytes; 1 rolled off$/);
    expect(await driven.run('log 1')).toContain('1 of 3 messages');
    expect(await driven.run('show 4')).toBe('message 4');
    expect(await driven.run('show 1')).toBe('error: number: 1 is not in the log');
    await driven.run(`pub t text ${'x'.repeat(600)}`, `pub t text ${'y'.repeat(600)}`);
    expect(await driven.run('log')).toMatch(/^#6 [^\n]*\n1 of 1 messages, \d+ bytes; 5 rolled off$/);
    await driven.run(`pub t text ${'z'.repeat(2_000)}`);
    expect(await driven.run('log')).toBe('0 of 0 messages, 0 bytes; 7 rolled off');
  });

  it('a line is cut where the payload is long, also within a character', () => {
    const log = new MessageLog({ messages: 10, bytes: 1_000_000 });
    const payload = new TextEncoder().encode(`x${'é'.repeat(4_000)}`);
    const common = { at: new Date(0), isOurs: false, topic: 't', qos: 0, retain: false, dup: true } as const;
    const entry = log.add({ ...common, properties: {}, payload });
    const line = lineOf(entry, (_colour, text) => text);
    expect(line).toBe(`#1 1970-01-01T00:00:00.000Z < t qos=0 dup x${'é'.repeat(999)}... (8001 bytes)`);
    const half = log.add({ ...common, properties: {}, payload: Uint8Array.of(0xc3) });
    expect(lineOf(half, (_colour, text) => text)).toMatch(/hex:c3$/);
  });
});

describe('Wrong input is told by the name of the field, and the console goes on', () => {
  it.each([
    ['frobnicate', 'there is no command "frobnicate"; try help'],
    ['constructor', 'there is no command "constructor"'],
    ['connect http://a', 'MQTT URL: it has to begin with'],
    ['connect ws://a', 'broker URL: tcp or tls is allowed, not ws'],
    ['connect mqtt://169.254.169.254', "broker URL: 169.254.169.254 serves a cloud's metadata"],
    ['connect mqtt://Metadata.Google.Internal.', "metadata.google.internal serves a cloud's metadata"],
    ['connect mqtt://a version=6', 'version: it has to be 5 or 5.0 or 3.1.1'],
    ['connect mqtt://a colour=red', 'colour: there is no such field; the fields are connect-timeout,'],
    ['connect mqtt://a red', 'field=value is expected'],
    ['connect mqtt://a keep-alive=x', 'keep-alive: it has to be a whole number from 0 to 65535'],
    ['connect mqtt://a session-expiry=-1', 'session-expiry: it has to be a whole number from 0'],
    ['connect mqtt://a connect-timeout=0', 'connect-timeout: it has to be a whole number from 1 to 600'],
    ['connect mqtt://a clean-start=maybe', 'clean-start: it has to be yes or no'],
    ['connect mqtt://a will-qos=3', 'will-qos: it has to be a whole number from 0 to 2'],
    ['connect mqtt://a will-payload=x', 'will-topic: a will needs it'],
    ['connect mqtt://a will-topic=#', 'will-topic: "#" is no Topic Name'],
    ['connect mqtt://a password=secret', 'password: it has to be ask, env:NAME or file:PATH'],
    ['connect mqtt://a password=env:NO_SUCH_NAME', 'password: the environment has no NO_SUCH_NAME'],
    ['connect mqtt://a password=file:/nowhere', 'password: ENOENT'],
    ['connect mqtt://a ca=x', 'ca: it is for mqtts: alone'],
    ['connect mqtts://a ca=/nowhere', 'ca: ENOENT'],
    ['connect mqtts://a cert=x', 'cert and key need each other'],
    ['connect mqtt://a version=5 version=5', 'version: it is given twice'],
    ['connect "mqtt://a', 'a quote is not closed'],
    ['sub a/#/b', 'filter "a/#/b" is no Topic Filter'],
    ['sub a qos=7', 'qos: it has to be a whole number from 0 to 2'],
    ['pub a/+ text x', 'topic "a/+" is no Topic Name'],
    ['pub a hello', 'payload: say one of text, json, hex, base64, file, nothing before it'],
    ['pub a json {"a":', 'payload: no JSON'],
    ['pub a hex 0', 'payload: this is no hex'],
    ['pub a base64 A', 'payload: this is no base64'],
    ['pub a file /nowhere', 'payload: ENOENT'],
    ['pub a expiry=soon text x', 'expiry: it has to be a whole number'],
    ['pub a user:=x text x', 'user: it has to be user:NAME=VALUE'],
    ['log many', 'count: it has to be a whole number from 1 to 1000000'],
    ['show x', 'number: it has to be a whole number'],
    ['wait 1 timeout=1', 'timeout'],
  ])('%s', async (line, message) => {
    const driven = await Driven.connected(await serve());
    const printed = await driven.run(line);
    expect(printed).toContain('error: ');
    expect(printed).toContain(message);
    expect(printed).not.toContain('secret');
    expect(await driven.run('pub a qos=1 text still here')).toContain('published');
  });

  it('what needs a connection says so', async () => {
    const driven = new Driven();
    for (const line of ['pub a text x', 'sub a']) {
      expect(await driven.run(line)).toBe('error: not connected: connect first');
    }
    expect(await driven.run('connect')).toBe('error: broker URL: connect takes one');
    expect(driven.console.hasFailed).toBe(true);
  });

  it('a filter that the server refuses', async () => {
    const served = await serve({ authorizeSubscribe: () => 0x87 });
    const driven = await Driven.connected(served);
    expect(await driven.run('sub a')).toBe('error: filter: the server refused it: not authorized (0x87)');
  });
});

describe('The connection', () => {
  const login: BrokerOptions = {
    authenticate: ({ username, password }) =>
      username === 'anna' && Buffer.from(password ?? []).toString() === 's3cret' ? 0 : 0x86,
  };

  it('a password from the environment, a file, a question or the URL, and never shown', async () => {
    const { url, port } = await serve(login);
    const file = join(folderOf(), 'password');
    writeFileSync(file, 's3cret\n');
    process.env['PUREMQTT_CONSOLE_TEST'] = 's3cret';
    closing(() => {
      delete process.env['PUREMQTT_CONSOLE_TEST'];
    });
    const driven = new Driven({ answer: 's3cret' });
    for (const source of ['env:PUREMQTT_CONSOLE_TEST', `file:${file}`, 'ask']) {
      expect(await driven.run(`connect ${url} username=anna password=${source}`)).toContain('connected to');
    }
    expect(driven.questions).toEqual(['password: ']);
    expect(await driven.run(`connect mqtt://anna:s3cret@127.0.0.1:${port}`)).toContain('connected to');
    expect(await driven.run('connect')).toContain('connected to');
    expect(await driven.run(`connect mqtt://anna:wr0ng@127.0.0.1:${port}`)).toContain(
      'error: the server refused the connection: bad user name or password (0x86)',
    );
    await driven.run('status', 'log', 'help');
    expect(driven.text()).not.toMatch(/s3cret|wr0ng/);
  });

  it('TLS: authority, client certificate, key with a passphrase, and trust', async () => {
    const { ca, server, client } = certificates;
    const tls = { ...server, ca, requestCert: true, rejectUnauthorized: true };
    const { url } = await serve({}, tls);
    const open = await serve({}, server);
    const folder = folderOf();
    const path = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const cipher = 'aes-256-cbc';
    const locked = createPrivateKey(client.key).export({
      ...{ type: 'pkcs8', format: 'pem', cipher, passphrase: 'open sesame' },
    } as const);
    const trust = `ca=${path('ca', ca)}`;
    const mutual = `cert=${path('cert', client.cert)} key=${path('key', `${locked}`)} passphrase=ask`;
    const driven = new Driven({ answer: 'open sesame' });
    expect(await driven.run(`connect ${url} ${trust} ${mutual}`)).toContain('connected to');
    expect(driven.questions).toEqual(['passphrase: ']);
    expect(await driven.run('sub a', 'pub a text over TLS', 'wait')).toContain('over TLS');
    expect(await driven.run(`connect ${open.url}`)).toMatch(/error: connection lost \(tls\)/);
    expect(await driven.run(`connect ${open.url} reject-unauthorized=no`)).toContain('connected to');
    const wrong = new Driven({ answer: 'wrong' });
    expect(await wrong.run(`connect ${url} ${trust} ${mutual}`)).toContain('error: ');
    expect(wrong.text()).not.toContain('sesame');
  });

  it('a will, published when the connection drops', async () => {
    const served = await serve();
    const will = 'will-topic=gone will-payload="see you" will-qos=1 will-retain=yes';
    const driven = await Driven.connected(served, `${will} reconnect=no session-expiry=0`);
    served.cut();
    await driven.says('connection lost');
    const peer = await Peer.connected(served.port, 5);
    await peer.subscribe('gone');
    expect((await peer.received(1))[0]).toMatchObject({ topic: 'gone', retain: true, qos: 1 });
    expect(peer.texts()).toEqual(['see you']);
  });

  it.each(['version=5.0', 'version=3.1.1 clean-start=no'])(
    '%s: connects again, and gets what came in between',
    async (fields) => {
      const served = await serve();
      const driven = await Driven.connected(served, `${fields} client-id=me`);
      await driven.run('sub a qos=1');
      const { broker, port } = served;
      served.cut();
      await until('it to be away', () => broker.sessions.online === 0);
      const peer = await Peer.connected(port, 5, { clientId: 'peer' });
      await peer.publish('a', 'meanwhile', { qos: 1 });
      expect(await driven.run('wait')).not.toContain('error');
      expect(driven.text()).toContain('meanwhile');
      expect(driven.text()).toMatch(/connection lost \(\w+\).*; again in \d+ ms/);
      expect(driven.text()).toContain('the session is still there');
      expect(await driven.run('pub a qos=1 text again', 'wait')).toContain('again');
    },
  );

  it('a session kept in a file lives on in the next run', async () => {
    const served = await serve();
    const file = join(folderOf(), 'session');
    const fields = `session-file=${file} session-expiry=60`;
    const first = await Driven.connected(served, fields);
    await first.run('sub a qos=2', 'disconnect');
    expect(statSync(file).mode & 0o077).toBe(0);
    const peer = await Peer.connected(served.port, 5);
    await peer.publish('a', 'kept', { qos: 2 });
    const second = await Driven.connected(served, fields);
    expect(second.text()).toContain('the session is still there');
    expect(await second.run('wait')).not.toContain('error');
    expect(second.text()).toContain('kept');
    await second.run('disconnect');
    writeFileSync(file, '{"broken');
    expect(await second.run(`connect ${served.url} ${fields}`)).toContain('error: session-file: ');
  });

  it.each([
    ['says nothing', () => {}, /error: .*(?:CONNACK|timeout|time)/i],
    ['says nonsense', (socket: Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), /error: /],
    ['hangs up', (socket: Socket) => socket.end(), /error: connection lost \(peer\)/],
  ])('a server that %s', async (_what, onSocket: (socket: Socket) => void, message) => {
    const driven = new Driven();
    expect(await driven.run(`connect ${await impostor(onSocket)} connect-timeout=1`)).toMatch(message);
    expect(await driven.run('status')).toContain('not connected');
  });

  it('a command can be interrupted', async () => {
    const driven = new Driven();
    expect(driven.console.interrupt()).toBe(false);
    const connecting = driven.run(`connect ${await impostor(() => {})}`);
    expect(driven.console.interrupt()).toBe(true);
    expect(await connecting).toContain('error: interrupted');
    expect(await driven.run('status')).toContain('not connected');
  });
});

describe('The guard at the moment of connecting', () => {
  const METADATA = [{ address: '169.254.169.254', family: 4 }];
  const LOOPBACK = [{ address: '127.0.0.1', family: 4 }];

  it.each(['mqtt', 'mqtts'])('%s: a name that resolves to metadata', async (scheme) => {
    const asked: string[] = [];
    const resolve: Resolver = (hostname, _options, callback) => {
      asked.push(hostname);
      callback(null, METADATA);
    };
    const driven = new Driven({ resolve });
    const printed = await driven.run(`connect ${scheme}://harmless.example`);
    expect(printed).toContain("error: broker URL: 169.254.169.254 serves a cloud's metadata");
    expect(asked).toEqual(['harmless.example']);
  });

  it('a name that changes its mind is not followed, and not asked again', async () => {
    const { port, cut } = await serve();
    let asked = 0;
    const resolve: Resolver = (_hostname, _options, callback) => {
      callback(null, asked++ === 0 ? LOOPBACK : METADATA);
    };
    const driven = await Driven.connected({ url: `mqtt://rebinding.example:${port}` }, '', { resolve });
    cut();
    await driven.says("serves a cloud's metadata");
    const again = driven.lines.filter((line) => line.includes('again in'));
    expect(again).toHaveLength(1);
    expect(await driven.run('pub a text x')).toBe('error: not connected: connect first');
    await pause(300);
    expect(asked).toBe(2);
  });
});

describe('The terminal', () => {
  const open = (isInteractive: boolean, isColoured = false) => {
    const input = new PassThrough();
    const output = new PassThrough();
    let text = '';
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    let interruptions = 0;
    const onInterrupt = (): void => {
      interruptions++;
    };
    const terminal = new Terminal({ input, output, isInteractive, isColoured, onInterrupt });
    closing(() => terminal.close());
    return { terminal, input, text: () => text, interruptions: () => interruptions };
  };

  it('asks without an echo, and remembers no secret', async () => {
    const { terminal, input, text } = open(true);
    const line = terminal.next('mqtt> ');
    input.write('status\r');
    expect(await line).toBe('status');
    const answer = terminal.ask('password: ');
    terminal.print('meanwhile');
    input.write('s3cret\r');
    expect(await answer).toBe('s3cret');
    const next = terminal.next('mqtt> ');
    input.write('\u001b[A\r'); // the key up: the line before
    expect(await next).toBe('status');
    expect(text()).toContain('password: meanwhile');
    expect(text()).not.toContain('s3');
  });

  it('prints above what is being typed, and Ctrl-C interrupts', async () => {
    const { terminal, input, text, interruptions } = open(true);
    const line = terminal.next('mqtt> ');
    input.write('pub a te');
    await until('an echo', () => text().includes('te'));
    terminal.print('a message');
    expect(text().split('a message\n')[1]).toContain('mqtt> pub a te');
    input.write('xt b\r');
    expect(await line).toBe('pub a text b');
    input.write('\u0003');
    await until('the interruption', () => interruptions() === 1);
    const answer = terminal.ask('password: ');
    input.write('abc\u0003');
    await expect(answer).rejects.toThrow('password: no answer');
  });

  it('takes lines from a pipe, the answers too, and has colours where it is told to', async () => {
    const { terminal, input, text } = open(false);
    input.end('first\ns3cret\nlast');
    expect(await terminal.next('mqtt> ')).toBe('first');
    expect(await terminal.ask('password: ')).toBe('s3cret');
    expect(await terminal.next('mqtt> ')).toBe('last');
    expect(await terminal.next('mqtt> ')).toBeUndefined();
    expect(text()).toBe('');
    expect(terminal.paint(31, 'x')).toBe('x');
    expect(open(false, true).terminal.paint(31, 'x')).toBe('\u001b[31mx\u001b[0m');
  });
});

describe('The program', () => {
  const run = async (input: string, ...args: string[]): Promise<{ code: number; output: string }> => {
    const main = ['--import', 'tsx', 'docs/examples/console/main.ts', ...args];
    const child = spawn(process.execPath, main, { cwd: root });
    closing(() => {
      child.kill('SIGKILL');
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    let code: number | undefined;
    child.on('close', (exitCode) => {
      code = exitCode ?? -1;
    });
    await until(`its end: ${output}`, () => code !== undefined);
    return { code: code ?? -1, output };
  };

  it('has a broker of its own, and carries out what is piped in', async () => {
    const { code, output } = await run('# a script\nhelp\nsub a\npub a text hello\nwait\nquit\nnever\n');
    expect(output).toMatch(/^a broker of our own: mqtt:\/\/127\.0\.0\.1:\d+\nconnected to /);
    expect(output).toContain('session-expiry=SECONDS');
    expect(output).toContain('< a qos=0 hello');
    expect(output).toMatch(/disconnected\n$/);
    expect(output).not.toContain('\u001b');
    expect(output).not.toContain('never');
    expect(code).toBe(0);
  });

  it('connects where it is told to, and exits with 1 where a command failed', async () => {
    const { url } = await serve();
    const { code, output } = await run('oops\npub a qos=1 text x\n', url, 'version=3.1.1');
    expect(output).toContain('MQTT 3.1.1');
    expect(output).toContain('published #1');
    expect(code).toBe(1);
  });
});

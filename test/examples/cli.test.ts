import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../docs/examples/client/command/arguments.js';
import { printer } from '../../docs/examples/client/command/format.js';
import { pub } from '../../docs/examples/client/command/pub.js';
import { sub } from '../../docs/examples/client/command/sub.js';
import type { Surface } from '../../docs/examples/client/command/surface.js';
import type { DecodedPublish } from '../../src/index.js';
import { Mosquitto, noMosquitto, sayWhy } from '../peers/mosquitto.js';
import { freePort, unique } from '../peers/wait.js';
import { Command, type Run } from './command.js';

const nowhere: Surface = {
  stdin: Readable.from([]),
  print: async () => {},
  complain: () => {},
  onInterrupt: () => {},
};

describe('the command line, wrong use', () => {
  it.each([
    ['pub', '-m a', 'pub takes one topic, by -t or -L'],
    ['pub', '-t a -t b -m a', 'pub takes one topic, by -t or -L'],
    ['pub', '-t a', 'one of -m, -f, -s, -l and -n; none is given'],
    ['pub', '-t a -m a -n', '-m and -n are given'],
    ['pub', '-t a/# -m a', '-t "a/#" is no Topic Name'],
    ['pub', '-t a -m a -q 3', '-q takes a number from 0 to 2, not "3"'],
    ['pub', '-t a -m a -p http', '-p takes a number from 1 to 65535, not "http"'],
    ['pub', '-t a -m a -k -1', '-k takes a number from 0 to 65535, not "-1"'],
    ['pub', '-t a -m a -V mqttv31', '-V takes mqttv311 or mqttv5, not "mqttv31"'],
    ['pub', '-t a -m', '-m takes a value'],
    ['pub', '-t a -m a --colour', "Unknown option '--colour'"],
    ['pub', '-t a -m a b', "Unexpected argument 'b'"],
    ['pub', '-t a -f /nowhere', '-f: ENOENT'],
    ['pub', '-t a -m a --cafile /nowhere', '--cafile: ENOENT'],
    ['pub', '-t a -m a --cert x', '--cert and --key need each other'],
    ['pub', '-t a -m a -c', '-c needs -i'],
    ['pub', '-t a -m a -i a -I b', '-i and -I exclude each other'],
    ['pub', '-t a -m a --will-qos 1', 'a will needs --will-topic'],
    ['pub', '-t a -m a --will-topic a --will-qos 4', '--will-qos takes a number from 0 to 2, not "4"'],
    ['pub', '-t a -m a -L mqtt://b -h c', '-L says host and port itself'],
    ['pub', '-t a -m a -L http://b', '-L: MQTT URL: it has to begin with'],
    ['pub', '-t a -m a -x never', '-x takes a number'],
    ['pub', '-t a -m a -D publish content-type x', '-D needs -V mqttv5'],
    ['pub', '-t a -m a -V 5 -D send content-type x', '-D takes one of connect, publish'],
    ['pub', '-t a -m a -V 5 -D publish colour red', '-D publish has no property "colour"'],
    ['pub', '-t a -m a -V 5 -D publish user-property x', '-D publish user-property takes a name and a value'],
    ['pub', '-t a -m a -V 5 -D publish topic-alias x', '-D publish topic-alias takes a number, not "x"'],
    ['pub', '-t a -m a --tls-version ssl3', '--tls-version takes tlsv1.3'],
    ['pub', '-t a -m a --repeat 0', '--repeat takes a number from 1'],
    ['pub', '-t a -m a --repeat-delay x', '--repeat-delay takes seconds'],
    ['sub', '', 'sub takes one topic or more'],
    ['sub', '-t a/#/b', '-t "a/#/b" is no Topic Filter'],
    ['sub', '-t a -T #/b', '-T "#/b" is no Topic Filter'],
    ['sub', '-t a -C 0', '-C takes a number from 1'],
    ['sub', '-t a -W x', '-W takes a number from 1 to 1000000, not "x"'],
    ['sub', '-t a -F %y', '-F: %y stands for nothing'],
  ])('%s %s', async (name, line, message) => {
    const args = line.split(' ').filter((arg) => arg !== '');
    const run = (name === 'pub' ? pub : sub)(args, nowhere);
    const error = await run.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain(message);
  });
});

describe('the command line, formats', () => {
  const message = {
    type: 'publish',
    topic: 'a/b',
    payload: new TextEncoder().encode('{"x":1}'),
    qos: 1,
    dup: false,
    retain: true,
    packetId: 7,
    properties: {
      contentType: 'json',
      correlationData: Uint8Array.of(1, 255),
      userProperties: [
        ['k', '1'],
        ['k', '2'],
      ],
    },
  } as const satisfies Record<string, unknown>;
  const at = new Date(Date.UTC(2024, 1, 29, 12, 0, 0, 250));

  it.each([
    ['%t %p', 'a/b {"x":1}'],
    ['%q %r %l %m %%', '1 1 7 7 %'],
    ['%x|%X', '7b2278223a317d|7B2278223A317D'],
    ['%C %P', 'json k:1 k:2'],
    ['[%R%E%A]', '[]'],
    ['%I %U', '2024-02-29T12:00:00+0000 1709208000.250000000'],
    ['a\\tb\\\\', 'a\tb\\'],
    [
      '%J',
      '{"tst":"2024-02-29T12:00:00.250Z","topic":"a/b","qos":1,"retain":1,"payloadlen":7,"mid":7,"properties":{"contentType":"json","userProperties":[["k","1"],["k","2"]],"correlationData":"01ff"},"payload":{"x":1}}',
    ],
  ])('%s', (format, expected) => {
    const print = printer({ format, 'no-newline': true });
    expect(print(message as unknown as DecodedPublish, at).toString()).toBe(expected);
  });

  it('bytes as they are', () => {
    const payload = Uint8Array.of(0, 255, 10);
    const print = printer({ verbose: true });
    const printed = print({ ...message, payload } as unknown as DecodedPublish, at);
    expect([...printed]).toEqual([...Buffer.from('a/b '), 0, 255, 10, 10]);
  });
});

sayWhy('test/examples/cli.test.ts (the command line and mosquitto)');

describe.skipIf(noMosquitto)('the command line and mosquitto', () => {
  let command: Command;
  let broker: Mosquitto;

  beforeAll(async () => {
    command = await Command.build();
    const rules = ['topic readwrite #', 'topic deny secret/#'];
    broker = await Mosquitto.start(['allow_anonymous true'], rules);
  });
  afterAll(async () => {
    await command.stop();
    await broker.stop();
  });

  const pubTo = (args: readonly string[], input?: string | Uint8Array): Run =>
    command.run(['pub', '-p', `${broker.port}`, ...args], input);
  const subTo = (args: readonly string[]): Run => command.run(['sub', '-p', `${broker.port}`, '-d', ...args]);
  const theirPub = (args: readonly string[]): number | null =>
    spawnSync('mosquitto_pub', ['-h', '127.0.0.1', '-p', `${broker.port}`, ...args], { timeout: 30_000 })
      .status;

  it.each(['mqttv311', 'mqttv5'])(
    '%s: messages of every QoS from pub and from mosquitto_pub to sub',
    async (version) => {
      const topic = unique('all');
      const subscriber = subTo([
        '-t',
        `${topic}/+`,
        '-q',
        '2',
        '-C',
        '6',
        '-v',
        '-V',
        version,
        '-F',
        '%t %q %p',
      ]);
      await subscriber.says('connected');
      for (const qos of ['0', '1', '2']) {
        const args = ['-t', `${topic}/${qos}`, '-q', qos, '-V', version];
        expect(await pubTo([...args, '-m', `ours ${qos}`]).over()).toBe(0);
        expect(theirPub([...args, '-m', `theirs ${qos}`])).toBe(0);
      }
      expect(await subscriber.over()).toBe(0);
      expect(subscriber.stdout().trim().split('\n').sort()).toEqual(
        ['0', '1', '2'].flatMap((qos) => [
          `${topic}/${qos} ${qos} ours ${qos}`,
          `${topic}/${qos} ${qos} theirs ${qos}`,
        ]),
      );
    },
  );

  it('every source of a payload', async () => {
    const topic = unique('sources');
    const file = join(command.folder, 'payload');
    writeFileSync(file, Uint8Array.of(0, 1, 254, 255));
    const watcher = await broker.watch(5, topic, 2);
    const sources: [string[], string?][] = [
      [['-m', '-dashed']],
      [['-n']],
      [['-s'], 'all of\nit'],
      [['-l', '-q', '1'], 'one\ntwo\n\nfour'],
      [['-m', 'again', '--repeat', '2', '--repeat-delay', '0.01']],
    ];
    for (const [args, input] of sources) expect(await pubTo(['-t', topic, ...args], input).over()).toBe(0);
    const due = ['0 -dashed', '0 ', '0 all of', 'it', '1 one', '1 two', '1 ', '1 four', '0 again', '0 again'];
    const expected = due.filter((line) => line !== 'it');
    while (watcher.lines().length < expected.length) await new Promise((done) => setTimeout(done, 5));
    expect(watcher.lines()).toEqual(expected);
    await watcher.stop();
    const subscriber = subTo(['-t', topic, '-C', '1', '-N']);
    await subscriber.says('connected');
    expect(await pubTo(['-t', topic, '-f', file]).over()).toBe(0);
    expect(await subscriber.over()).toBe(0);
    expect(subscriber.stdout()).toBe('\u0000\u0001\u00fe\u00ff');
  });

  it('retained messages: -R, --retained-only, --remove-retained, -T', async () => {
    const topic = unique('kept');
    for (const name of ['a', 'b']) {
      expect(await pubTo(['-t', `${topic}/${name}`, '-m', name, '-r', '-q', '1']).over()).toBe(0);
    }
    const wanted = subTo(['-t', `${topic}/#`, '-T', `${topic}/a`, '-C', '1']);
    expect(await wanted.over()).toBe(0);
    expect(wanted.stdout()).toBe('b\n');
    const fresh = subTo(['-t', `${topic}/#`, '-R', '-C', '1']);
    await fresh.says('connected');
    const removing = subTo(['-t', `${topic}/#`, '--remove-retained', '-C', '2']);
    expect(await removing.over()).toBe(0);
    // Removing is publishing, and what is published is no retained message to those who listen already.
    expect(await fresh.over()).toBe(0);
    expect(fresh.stdout()).toBe('\n');
    const none = subTo(['-t', `${topic}/#`, '-W', '1']);
    expect(await none.over()).toBe(27);
    expect(none.stdout()).toBe('');
  });

  it('a session that waits with -c, and properties both ways', async () => {
    const topic = unique('session');
    const id = unique('sleeper');
    const args = ['-t', topic, '-q', '1', '-c', '-i', id, '-V', 'mqttv5', '-x', '60'];
    expect(await subTo([...args, '-E']).over()).toBe(0);
    const properties = [
      '-D',
      'publish',
      'content-type',
      'text/x',
      '-D',
      'publish',
      'user-property',
      'a',
      'b',
    ];
    expect(await pubTo(['-t', topic, '-q', '1', '-m', 'kept', '-V', '5', ...properties]).over()).toBe(0);
    const again = subTo([...args, '-C', '1', '-F', '%p %C %P']);
    expect(await again.over()).toBe(0);
    expect(again.stderr()).toContain('its session is still there');
    expect(again.stdout()).toBe('kept text/x a:b\n');
  });

  it('a will, the end by a signal, and -L', async () => {
    const topic = unique('will');
    const url = `mqtt://127.0.0.1:${broker.port}/${topic}`;
    const watching = subTo(['-t', topic, '-C', '1']);
    await watching.says('connected');
    const will = ['--will-topic', topic, '--will-payload', 'gone', '--will-qos', '1'];
    const calm = command.run(['sub', '-L', url, '-d', ...will]);
    const dying = command.run(['sub', '-L', url, '-d', ...will]);
    for (const run of [calm, dying]) await run.says('connected');
    calm.child.kill('SIGTERM');
    expect(await calm.over()).toBe(0);
    expect(watching.stdout()).toBe('');
    dying.child.kill('SIGKILL');
    expect(await watching.over()).toBe(0);
    expect(watching.stdout()).toBe('gone\n');
  });

  it('what goes wrong has a message and a code', async () => {
    const closed = command.run(['pub', '-p', `${await freePort()}`, '-t', 'a', '-m', 'b']);
    expect(await closed.over()).toBe(1);
    expect(closed.stderr()).toContain('Error: connection lost (refused)');
    const quiet = command.run(['pub', '-p', `${await freePort()}`, '-t', 'a', '-m', 'b', '--quiet']);
    expect([await quiet.over(), quiet.stderr()]).toEqual([1, '']);
    const none = command.run(['publish']);
    expect(await none.over()).toBe(1);
    expect(none.stderr()).toContain('pub or sub, not "publish"');
    const denied = pubTo(['-t', 'secret/a', '-m', 'x', '-q', '1', '-V', 'mqttv5']);
    expect(await denied.over()).toBe(1);
    expect(denied.stderr()).toContain('not authorized (0x87)');
    expect(await command.run(['--help']).over()).toBe(0);
  });
});

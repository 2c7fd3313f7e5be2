import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startExampleBroker } from '../../docs/examples/chat/brokers.js';
import { type Chat, startChat, startWorker, usersOf } from '../../docs/examples/chat/chat.js';
import {
  addressOf,
  messageFrom,
  nameAfter,
  nameProblem,
  rejectionFrom,
  statusFrom,
  textProblem,
  timeFrom,
} from '../../docs/examples/chat/page/messages.js';
import { weigh } from '../../docs/examples/chat/site.js';
import { forbiddenWord, wordsOf } from '../../docs/examples/chat/words.js';
import { type Client, connect } from '../../docs/examples/client/client.js';
import { PublishError } from '../../docs/examples/client/errors.js';
import type { ClientOptions } from '../../docs/examples/client/options.js';
import { root } from '../../scripts/lib/root.js';
import { noMosquitto } from '../peers/mosquitto.js';
import { freePort, pause } from '../peers/wait.js';

const CHROMIUM = '/usr/bin/chromium';
const SHOTS = process.env['CHAT_SHOTS'];
const USERS = ['anna', 'ben', 'carla', 'dora', 'emil', 'fay', 'gus', 'hal', 'ida', 'jo'];
const noBrowser = existsSync(CHROMIUM)
  ? undefined
  : `${CHROMIUM} is not there (Debian: apt-get install chromium)`;
const WAIT = { timeout: 25_000 };

let browser: Browser | undefined;
const troubles: string[] = [];

beforeAll(async () => {
  if (noBrowser === undefined) {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }
});

afterAll(async () => {
  await browser?.close();
});

async function newContext(): Promise<BrowserContext> {
  if (browser === undefined) throw new Error('there is no browser');
  return browser.newContext({ viewport: { width: 900, height: 600 }, locale: 'en-GB' });
}

interface SignIn {
  readonly password?: string;
  readonly version?: '4' | '5';
  readonly context?: BrowserContext;
}

/** One user in front of a page. */
class User {
  private constructor(
    readonly page: Page,
    readonly name: string,
    readonly context: BrowserContext,
  ) {}

  /** In a browser of his own, unless it is given. */
  static async at(chat: Chat, name: string, options: SignIn = {}): Promise<User> {
    const context = options.context ?? (await newContext());
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT.timeout);
    page.on('pageerror', (error) => troubles.push(`${name}: ${error.message}`));
    page.on('console', (message) => {
      // A broker that is away is the subject of a test.
      const isExpected = /WebSocket connection to .* failed/.test(message.text());
      if (message.type() === 'error' && !isExpected) troubles.push(`${name}: ${message.text()}`);
    });
    await page.goto(chat.url);
    return new User(page, name, context);
  }

  static async signedIn(chat: Chat, name: string, options: SignIn = {}): Promise<User> {
    const user = await User.at(chat, name, options);
    await user.signIn(options);
    await user.connected();
    return user;
  }

  async signIn({ password = this.name, version = '5' }: SignIn = {}): Promise<void> {
    await this.page.getByLabel('User name').fill(this.name);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByLabel('Protocol').selectOption(version);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  async open(other: string): Promise<void> {
    await this.page.getByLabel('Write to somebody else').fill(other);
    await this.page.getByRole('button', { name: 'Open' }).click();
    await this.page.getByRole('heading', { name: other, exact: true }).waitFor();
  }

  async send(text: string): Promise<void> {
    await this.page.getByLabel('Message', { exact: true }).fill(text);
    await this.page.getByRole('button', { name: 'Send' }).click();
  }

  /** What the open conversation shows: `you` or `they`, the text, and what became of it. */
  async shown(): Promise<string[]> {
    const items = await this.page.locator('#messages > li').all();
    return Promise.all(
      items.map(async (item) => {
        const isOwn = (await item.getAttribute('class')) === 'own';
        const state = isOwn ? ` (${await item.locator('.state').textContent()})` : '';
        return `${isOwn ? 'you' : 'they'}: ${await item.locator('.text').textContent()}${state}`;
      }),
    );
  }

  async sees(...lines: string[]): Promise<void> {
    await expect.poll(() => this.shown(), WAIT).toEqual(lines);
  }

  async seesPresence(other: string, presence: RegExp): Promise<void> {
    const person = this.page.locator('.person', { has: this.page.getByText(other, { exact: true }) });
    await expect.poll(() => person.locator('.presence').textContent(), WAIT).toMatch(presence);
  }

  async connected(): Promise<void> {
    await this.page.locator('#connection[data-state="connected"]').waitFor();
  }

  /** Signing in, or staying, has come to nothing, for that reason. */
  async sorry(why: string): Promise<void> {
    const problem = this.page.locator('#sign-in-problem');
    await expect.poll(() => problem.textContent(), WAIT).toBe(why);
  }

  async shot(name: string): Promise<void> {
    if (SHOTS !== undefined) await this.page.screenshot({ path: `${SHOTS}/${name}.png` });
  }
}

describe.each(['example', 'mosquitto'] as const)('the chat on the %s broker', (broker) => {
  const why = noBrowser ?? (broker === 'mosquitto' ? noMosquitto : undefined);
  if (why !== undefined) {
    console.warn(`the chat on the ${broker} broker is not tested: ${why}`);
    it.skip(why, () => {});
    return;
  }
  let chat: Chat;
  const clients: Client[] = [];

  beforeAll(async () => {
    chat = await startChat({
      host: '127.0.0.1',
      port: 0,
      broker,
      brokerPort: broker === 'mosquitto' ? await freePort() : 0,
      users: usersOf(USERS.map((name) => `${name}:${name}`).join('\n')),
    });
  });

  afterAll(async () => {
    for (const client of clients) await client.end();
    for (const context of browser?.contexts() ?? []) await context.close();
    await chat?.stop();
    expect(troubles).toEqual([]);
  });

  /** A client that is no page, and does what no page would. */
  const stranger = (name: string, options: ClientOptions = {}): Client => {
    const client = connect(chat.broker, {
      clientId: name,
      username: name,
      password: name,
      createWebSocket: (url, protocol) => new WebSocket(url, protocol),
      ...options,
    });
    clients.push(client);
    return client;
  };

  it('two users write to each other, and see what the worker rejects and who is there', async () => {
    const [anna, ben] = await Promise.all([User.signedIn(chat, 'anna'), User.signedIn(chat, 'ben')]);
    await anna.seesPresence('ben', /^online$/);
    await anna.open('ben');
    await anna.send('Hello Ben!');
    await anna.sees('you: Hello Ben! (accepted)');
    await ben.page.locator('.unread', { hasText: '1 new' }).waitFor();
    await ben.shot(`${broker}-unread`);
    await ben.page.locator('.person', { hasText: 'anna' }).click();
    await ben.sees('they: Hello Ben!');
    const script = '<img src=x onerror="document.title=\'broken\'">';
    await ben.send(script);
    await anna.sees('you: Hello Ben! (accepted)', `they: ${script}`);
    await anna.send('You Blöckhead!');
    const rejected = 'you: You Blöckhead! (rejected: “blockhead” is on the list of words)';
    await anna.sees('you: Hello Ben! (accepted)', `they: ${script}`, rejected);
    await anna.send('Two\nlines.');
    await ben.sees('they: Hello Ben!', `you: ${script} (accepted)`, 'they: Two\nlines.');
    await anna.shot(`${broker}-conversation`);
    // Signing out says so, without the will.
    await ben.page.getByRole('button', { name: 'Sign out' }).click();
    await anna.seesPresence('ben', /^offline since \d\d:\d\d$/);
  });

  it.each(['5', '4'] as const)(
    'what comes while a page is closed arrives on return, once (protocol level %s)',
    async (version) => {
      const [away, there] = version === '5' ? ['carla', 'dora'] : ['emil', 'fay'];
      const first = await User.signedIn(chat, away, { version });
      const writer = await User.signedIn(chat, there, { version });
      await writer.open(away);
      await writer.send('before');
      await first.page.locator('.unread', { hasText: '1 new' }).waitFor();
      // No goodbye: the broker publishes the will.
      await first.page.close();
      await writer.seesPresence(away, /^offline since/);
      const texts = ['one', 'two', 'three'];
      for (const text of texts) await writer.send(text);
      await writer.sees(...['before', ...texts].map((text) => `you: ${text} (accepted)`));
      const back = await User.signedIn(chat, away, { version, context: first.context });
      await back.open(there);
      const all = ['before', ...texts].map((text) => `they: ${text}`);
      await back.sees(...all);
      await writer.seesPresence(away, /^online$/);
      // Loaded again, with nothing new: nothing comes twice.
      await back.page.reload();
      await back.signIn({ version });
      await back.open(there);
      await back.sees(...all);
      await back.send('thanks');
      await back.sees(...all, 'you: thanks (accepted)');
    },
  );

  it('a request that comes twice is shown once, and one that is not well formed is rejected', async () => {
    const gus = await User.signedIn(chat, 'gus');
    const hal = stranger('hal');
    const rejections = hal.subscribe('chat/messages/+/hal/rejected', { qos: 1 });
    await rejections.granted;
    const topic = 'chat/messages/gus/hal/request';
    for (const id of ['the-same-id', 'the-same-id', 'another-id']) {
      await hal.publish(topic, JSON.stringify({ id, text: id }), { qos: 1 });
    }
    await hal.publish(topic, JSON.stringify({ id: 'without-text' }), { qos: 1 });
    await gus.open('hal');
    await gus.sees('they: the-same-id', 'they: another-id');
    const { value } = await rejections.next();
    expect(rejectionFrom(value.payload)).toEqual({
      id: 'without-text',
      reason: 'the message is not well formed',
    });
  });

  it('nobody speaks for somebody else, decides for the worker, or reads what is not theirs', async () => {
    const ida = await User.signedIn(chat, 'ida');
    await ida.open('jo');
    const jo = stranger('jo');
    const heard: string[] = [];
    // Mosquitto lets everybody subscribe to everything, and passes on what may be read.
    const all = jo.subscribe(['#', 'chat/messages/+/+/request', 'chat/messages/ida/+/accepted'], { qos: 1 });
    void (async () => {
      for await (const { topic } of all) heard.push(topic);
    })().catch(() => {});
    await all.granted;
    const payload = JSON.stringify({ id: 'forged-message', text: 'I am somebody else' });
    for (const topic of [
      'chat/messages/ida/anna/request',
      'chat/messages/ida/jo/accepted',
      'chat/messages/ida/anna/accepted',
      'chat/messages/anna/ida/rejected',
      'chat/status/ida',
      'chat/seen/ida',
    ]) {
      const refused = jo.publish(topic, payload, { qos: 1 }).catch((error: unknown) => error);
      const error = await refused;
      expect(error, topic).toBeInstanceOf(PublishError);
      expect((error as PublishError).outcome).toMatchObject({ kind: 'refused', reasonCode: 0x87 });
    }
    await jo.publish('chat/messages/ida/jo/request', JSON.stringify({ id: 'an-honest-one', text: 'Hello' }), {
      qos: 1,
    });
    await ida.sees('they: Hello');
    await ida.send('Hello Jo');
    await ida.sees('they: Hello', 'you: Hello Jo (accepted)');
    await expect.poll(() => heard, WAIT).toContain('chat/messages/jo/ida/accepted');
    expect(heard).toContain('chat/messages/ida/jo/accepted');
    const strange = heard.filter(
      (topic) => !/^chat\/(messages\/(ida\/jo|jo\/ida)\/accepted|status\/|seen\/)/.test(topic),
    );
    expect(strange).toEqual([]);
    // The Client Identifier is no way to somebody else's session, either.
    const thief = stranger('jo', { clientId: 'anna', cleanStart: false, retry: false });
    const session = await thief.ready().then(
      ({ sessionPresent, clientId }) => ({ sessionPresent, clientId }),
      () => 'refused',
    );
    if (broker === 'example') expect(session).toBe('refused');
    await ida.connected();
  });

  it('a wrong password gets a clear answer, and so does a page that another one takes over from', async () => {
    const ben = await User.at(chat, 'ben');
    for (const version of ['4', '5'] as const) {
      await ben.signIn({ password: 'wrong', version });
      await ben.sorry('Signing in failed: the user name or the password is wrong.');
      if (version === '4') await ben.page.reload();
    }
    await ben.shot(`${broker}-wrong-password`);
    for (const version of broker === 'example' ? (['4', '5'] as const) : (['5'] as const)) {
      await ben.signIn({ version });
      await ben.connected();
      const elsewhere = await User.signedIn(chat, 'ben', { version });
      await ben.sorry('You are signed out: you have signed in somewhere else.');
      await pause(1_000);
      await elsewhere.connected();
      await elsewhere.page.getByRole('button', { name: 'Sign out' }).click();
    }
  });

  if (broker === 'example')
    it('wrong input is answered with the name of the field', async () => {
      const ben = await User.at(chat, 'ben');
      const press = (name: string) => ben.page.getByRole('button', { name }).click();
      await ben.page.getByLabel('User name').fill('b/n');
      await press('Sign in');
      await ben.sorry('User name: only letters, digits and . _ - are allowed.');
      await ben.page.getByLabel('User name').fill('ben');
      await press('Sign in');
      await ben.sorry('Password: it is missing.');
      await ben.signIn();
      await ben.open('anna');
      await ben.send('   ');
      await ben.page.getByText('Message: it is empty.').waitFor();
      await ben.send('x'.repeat(2_001));
      await ben.page.getByText('Message: it has more than 2000 characters.').waitFor();
      await ben.page.getByLabel('Write to somebody else').fill('ben');
      await press('Open');
      await ben.page.getByText('User name: that is you.').waitFor();
      const second = await User.at(chat, 'ben', { context: ben.context });
      await second.signIn();
      await second.sorry('User name: ben is signed in on another page of this browser.');
      await second.page.setViewportSize({ width: 360, height: 640 });
      await second.shot(`${broker}-narrow-sign-in`);
      await ben.page.setViewportSize({ width: 360, height: 640 });
      await ben.shot(`${broker}-narrow`);
    });

  it('a worker that is killed is started again, and decides what has waited', async () => {
    const jo = await User.signedIn(chat, 'jo');
    await jo.open('ida');
    const { pid = 0 } = chat.worker;
    process.kill(pid, 'SIGKILL');
    await jo.send('Anybody there?');
    await expect.poll(() => jo.shown(), WAIT).toEqual(['you: Anybody there? (accepted)']);
    expect(chat.worker.pid).not.toBe(pid);
    await jo.context.close();
  });

  it('a page goes on when the broker was away', async () => {
    const [anna, ben] = await Promise.all([User.signedIn(chat, 'anna'), User.signedIn(chat, 'ben')]);
    await anna.open('ben');
    await ben.open('anna');
    await anna.send('first');
    await ben.sees('they: first');
    await anna.sees('you: first (accepted)');
    await chat.restartBroker(async () => {
      await anna.page.locator('#connection[data-state="lost"]').waitFor();
      await ben.page.locator('#connection[data-state="lost"]').waitFor();
      await anna.send('meanwhile');
      await anna.sees('you: first (accepted)', 'you: meanwhile (waiting to be sent)');
      await anna.shot(`${broker}-lost`);
    });
    await anna.sees('you: first (accepted)', 'you: meanwhile (accepted)');
    await ben.connected();
    await anna.seesPresence('ben', /^online$/);
    await anna.send('again');
    // What was under way lives in sessions: mosquitto writes them down, the example broker forgets them.
    const hasMeanwhile = broker === 'mosquitto' || (await ben.shown()).includes('they: meanwhile');
    await ben.sees('they: first', ...(hasMeanwhile ? ['they: meanwhile'] : []), 'they: again');
  });

  it('the web server answers what it cannot give with what is wrong', async () => {
    const wrong = await fetch(new URL('../chat.acl', chat.url));
    expect([wrong.status, await wrong.text()]).toEqual([404, 'path: there is no such file\n']);
    const post = await fetch(chat.url, { method: 'POST', body: 'x' });
    expect([post.status, await post.text()]).toEqual([405, 'method: only GET and HEAD\n']);
    const page = await fetch(chat.url);
    expect(page.headers.get('content-security-policy')).toContain(
      `connect-src 'self' ${new URL(chat.broker).origin}`,
    );
  });
});

describe('what goes over the topics of the chat', () => {
  const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

  it('is taken where it is well formed', () => {
    expect(addressOf('chat/messages/anna/ben/request')).toEqual({ to: 'anna', from: 'ben', kind: 'request' });
    const message = { id: '12345678', text: 'Grüße\n\tund so', at: 1 };
    expect(messageFrom(bytes(message))).toEqual(message);
    expect(rejectionFrom(bytes({ id: '12345678', reason: 'no' }))).toEqual({ id: '12345678', reason: 'no' });
    expect(statusFrom(bytes({ status: 'online', page: 7 }))).toEqual({ status: 'online', page: undefined });
    expect(timeFrom(bytes({ at: 8.64e15 }))).toBe(8.64e15);
    expect(nameAfter('chat/status/', 'chat/status/Jürgen.2')).toBe('Jürgen.2');
  });

  it.each([
    undefined,
    null,
    1,
    'text',
    [],
    { id: '12345678' },
    { id: '1234567', text: 'x' },
    { id: '12345678\n', text: 'x' },
    { id: '12345678', text: ' ' },
    { id: '12345678', text: 'x'.repeat(2_001) },
    { id: '12345678', text: 'bell\u0007' },
    { id: '12345678', text: 'x', at: -1 },
    { id: '12345678', text: 'x', at: 1e16 },
    { id: '12345678', text: 'x', at: 'now' },
  ])('is refused where it is not: %#', (value) => {
    const payload = value === undefined ? Uint8Array.of(0xff) : bytes(value);
    expect([messageFrom(payload), rejectionFrom(payload), statusFrom(payload)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    'chat/messages/anna/ben',
    'chat/messages/anna/ben/other',
    'chat/messages//ben/request',
    'chat/messages/a b/ben/request',
    'x/chat/messages/anna/ben/request',
    `chat/messages/${'a'.repeat(41)}/ben/request`,
  ])('comes on no other topic: %s', (topic) => {
    expect(addressOf(topic)).toBeUndefined();
    expect(nameAfter('chat/status/', topic)).toBeUndefined();
  });

  it('has names and texts with a clear answer where they are wrong', () => {
    expect(['', 'a/b', '+', 'x'.repeat(41), 'anna'].map(nameProblem)).toEqual([
      'it is missing',
      'only letters, digits and . _ - are allowed',
      'only letters, digits and . _ - are allowed',
      'it has more than 40 characters',
      undefined,
    ]);
    expect(textProblem('\u0000')).toBe('it has control characters');
  });

  it('has no forbidden word, however it is written', () => {
    const words = wordsOf('# a list\nnitwit # and a comment\n\nÉclair\n');
    expect(forbiddenWord('nitwits are not on it', words)).toBeUndefined();
    for (const text of ['NitWit', 'a (nitwit)!', 'ni\u200btwit', 'ｎｉｔｗｉｔ', 'nítwit']) {
      expect(forbiddenWord(text, words)).toBe('nitwit');
    }
    expect(forbiddenWord('éclair', words)).toBe('eclair');
  });
});

describe('the page', () => {
  it('carries no more of MQTT than it should', async () => {
    const { script, mqtt } = await weigh();
    expect(Number.parseFloat(mqtt)).toBeLessThan(50);
    expect(Number.parseFloat(script) - Number.parseFloat(mqtt)).toBeLessThan(8);
  });
});

describe('a broker that turns the worker away for good', () => {
  const refusal = 'worker: the server refused the connection: bad user name or password (0x86)';
  const rules = readFileSync(join(root, 'docs/examples/chat/chat.acl'), 'utf8');
  const settings = { host: '127.0.0.1', rules, folder: '' };
  const serve = (password: string, port = 0): ReturnType<typeof startExampleBroker> =>
    startExampleBroker({ ...settings, port, users: [`backend:${password}`] });

  it('at first: nothing is started', async () => {
    const broker = await serve('other');
    await expect(startWorker(broker.url, 'secret')).rejects.toThrow(refusal);
    await broker.stop();
    const users = ['backend:secret'];
    const strict = await startExampleBroker({ ...settings, port: 0, users, rules: '' });
    const message = 'worker: the subscription was refused: not authorized (0x87)';
    await expect(startWorker(strict.url, 'secret')).rejects.toThrow(message);
    await strict.stop();
  });

  it('later: the worker is not started again, and it is said why', async () => {
    const first = await serve('secret');
    const worker = await startWorker(first.url, 'secret');
    await first.stop();
    const next = await serve('other', Number(new URL(first.url).port));
    expect((await worker.refused).message).toBe(refusal);
    const { pid } = worker;
    // Longer than one that has only died would stay away.
    await pause(1_500);
    expect(worker.pid).toBe(pid);
    await worker.stop();
    await next.stop();
  });
});

describe('the users of the chat', () => {
  it.each([
    ['', 'users: there are none'],
    ['anna', 'users: name 1: it is missing'],
    ['anna:x\na b:y', 'users: name 2: only letters, digits and . _ - are allowed'],
    ['backend:x', 'users: name 1: it belongs to the checking worker'],
    ['anna:', 'users: the password of anna is missing'],
  ])('are refused where the file is wrong: %j', (text, message) => {
    expect(() => usersOf(text)).toThrow(message);
  });

  it('have passwords with whatever is in them', () => {
    expect(usersOf('# comment\nanna:a:b \r\nben:c\n')).toEqual(['anna:a:b ', 'ben:c']);
  });
});

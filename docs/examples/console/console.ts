/** The commands of the console. What is wrong is told, and the console goes on. */
import type { MqttUrl } from '../../../src/adapters/node.js';
import { type DecodedPublish, parseSharedFilter, topicMatches } from '../../../src/index.js';
import { orAborted } from '../client/backoff.js';
import { type Client, connect } from '../client/client.js';
import { checkTopic, UsageError } from '../client/command/arguments.js';
import { nameOf } from '../client/errors.js';
import type { ClientEvent } from '../client/options.js';
import { FieldError, Fields, own } from '../fields/fields.js';
import { checkBrokerUrl, GuardError, guardedLookup, type Resolver } from '../guard/guard.js';
import { HELP } from './help.js';
import { fieldsOf, words } from './input.js';
import { type LogLimits, lineOf, MessageLog, safe, shown } from './log.js';
import { publicationOf } from './payload.js';
import { type Ask, clientOptions } from './settings.js';

export interface Surface {
  readonly print: (line: string) => void;
  readonly ask: Ask;
  readonly paint: (colour: number, text: string) => string;
}

export interface ConsoleOptions {
  readonly log?: LogLimits | undefined;
  /** Resolves names, whose addresses the guard checks. Default: `dns.lookup`. */
  readonly resolve?: Resolver | undefined;
}

const LOG_LIMITS: LogLimits = { messages: 1_000, bytes: 4_194_304 };

export class Console {
  /** Whether a command could not be carried out. */
  hasFailed = false;
  readonly #surface: Surface;
  readonly #print: Surface['print'];
  readonly #resolve: Resolver | undefined;
  readonly #log: MessageLog;
  /** The words of the last `connect`, which one without words repeats. */
  #last: readonly string[] = [];
  #version: 4 | 5 = 5;
  #client: Client | undefined;
  /** How many messages have come, by Topic Filter. */
  readonly #received = new Map<string, number>();
  /** Messages that nobody has waited for yet, and who does. */
  #unwaited = 0;
  #onMessage = (): void => {};
  #interruption: AbortController | undefined;
  readonly #commands: Readonly<Record<string, (rest: string) => Promise<void> | void>> = {
    help: () => this.#print(HELP),
    connect: (rest) => this.#connect(words(rest)),
    disconnect: () => this.end(),
    status: () => this.#status(),
    pub: (rest) => this.#publish(rest),
    sub: (rest) => this.#subscribe(words(rest)),
    unsub: (rest) => this.#unsubscribe(words(rest)),
    log: (rest) => this.#showLog(words(rest)),
    show: (rest) => this.#showOne(words(rest)),
    wait: (rest) => this.#wait(words(rest)),
  };

  constructor(surface: Surface, options: ConsoleOptions = {}) {
    this.#surface = surface;
    this.#print = surface.print;
    this.#resolve = options.resolve;
    this.#log = new MessageLog(options.log ?? LOG_LIMITS);
  }

  /** Carries out what the command line says: connects to a URL with these settings. */
  async begin(args: readonly string[]): Promise<void> {
    await this.#try(() => this.#connect(args));
  }

  /** Carries out one line. False: that was `quit`. */
  async run(line: string): Promise<boolean> {
    const name = /^\s*(\S*)/.exec(line)?.[1] ?? '';
    if (name === 'quit' || name === 'exit') return false;
    if (name === '' || name.startsWith('#')) return true;
    await this.#try(() => {
      const command = own(this.#commands, name);
      if (command === undefined)
        throw new UsageError(`there is no command ${JSON.stringify(name)}; try help`);
      return command(line.trimStart().slice(name.length));
    });
    return true;
  }

  /** Stops the command that is at work. False: there is none. */
  interrupt(): boolean {
    this.#interruption?.abort(new Error('interrupted'));
    return this.#interruption !== undefined;
  }

  /** Says goodbye to the broker. */
  async end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#received.clear();
    if (client === undefined) return;
    await client.end();
    this.#print('disconnected');
  }

  async #try(action: () => Promise<void> | void): Promise<void> {
    this.#interruption = new AbortController();
    try {
      await action();
    } catch (error) {
      this.hasFailed = true;
      this.#print(this.#surface.paint(31, `error: ${reasonOf(error)}`));
    } finally {
      this.#interruption = undefined;
    }
  }

  async #connect(given: readonly string[]): Promise<void> {
    const [target, ...pairs] = given.length === 0 ? this.#last : given;
    if (target === undefined) throw new UsageError('broker URL: connect takes one');
    const url = checkBrokerUrl(target);
    const options = await clientOptions(fieldsOf(pairs), url, this.#surface.ask);
    await this.end();
    const client = connect(target, {
      ...options,
      // TLS takes its lookup from here as well.
      net: { lookup: guardedLookup(this.#resolve) },
      onEvent: (event) => this.#told(event, client, url),
      onMessage: (packet) => this.#show(packet),
    });
    this.#last = [target, ...pairs];
    try {
      await client.ready(this.#signal());
    } catch (error) {
      await client.end();
      throw (await client.closed) ?? error;
    }
    [this.#client, this.#version] = [client, options.version ?? 5];
  }

  #told(event: ClientEvent, client: Client, url: MqttUrl): void {
    if (event.type === 'connected') {
      const { clientId, version, keepAlive, sessionPresent } = event;
      const name = `MQTT ${version === 5 ? '5.0' : '3.1.1'} as ${safe(clientId)}`;
      const session = sessionPresent ? ', the session is still there' : '';
      this.#print(`connected to ${url.hostname}:${url.port}, ${name}, keep alive ${keepAlive} s${session}`);
    } else if (event.type === 'lost') {
      // A name that has turned into what the guard refuses is not asked again.
      const isOver = event.retryIn === undefined || event.error.cause instanceof GuardError;
      if (isOver) void client.end();
      if (this.#client !== client) return;
      if (isOver) this.#client = undefined;
      this.#print(
        `${safe(event.error.message)}${isOver ? '' : `; again in ${Math.round(event.retryIn ?? 0)} ms`}`,
      );
    } else if (event.type === 'followed') {
      for (const filter of this.#received.keys()) {
        if (client.following.filters.includes(filter)) continue;
        this.#received.delete(filter);
        this.#print(`${safe(filter)}: the server refuses it`);
      }
    } else if (event.type === 'settled')
      this.#print(`from an earlier session: a message is ${event.outcome.kind}`);
    else if (event.type === 'redirected')
      this.#print(`the server sends us to ${safe(event.serverReference ?? 'another one')}`);
  }

  #status(): void {
    this.#print(this.#client?.connected === undefined ? 'not connected' : 'connected');
    for (const [filter, received] of this.#received) {
      const state = this.#client?.following.isGranted(filter) ? '' : ', not granted yet';
      this.#print(`${safe(filter)}: ${received} received${state}`);
    }
    this.#print(`log: ${this.#log.summary}`);
  }

  async #publish(line: string): Promise<void> {
    const client = this.#standing();
    const { topic, payload, properties, qos, retain } = publicationOf(line);
    checkTopic(topic, this.#version, 'name', 'topic');
    const [given] = Object.entries(properties).find(([, value]) => value !== undefined) ?? [];
    if (this.#version === 4 && given !== undefined) throw new FieldError(given, 'it needs MQTT 5.0');
    const outcome = await client.publish(topic, payload, {
      qos,
      retain,
      properties: this.#version === 5 ? properties : undefined,
      signal: this.#signal(60),
    });
    const answer = outcome.kind === 'acknowledged' ? `: ${nameOf(outcome.reasonCode, 5)}` : '';
    const entry = { topic, payload, qos, retain, properties, dup: false, isOurs: true, at: new Date() };
    this.#print(`published #${this.#log.add(entry).number}${answer}`);
  }

  async #subscribe([filter = '', ...pairs]: readonly string[]): Promise<void> {
    const client = this.#standing();
    checkTopic(filter, this.#version, 'filter', 'filter');
    const fields = fieldsOf(pairs);
    const qos = fields.qos('qos');
    fields.allRead();
    this.#received.set(filter, 0);
    const answer = await client.follow([{ topicFilter: filter, qos }], this.#signal(60));
    const [code] = answer?.reasonCodes ?? [];
    const what = code === undefined ? ' as soon as there is a connection' : `, QoS ${code}`;
    if (code === undefined || code < 0x80) return this.#print(`subscribed to ${safe(filter)}${what}`);
    this.#received.delete(filter);
    throw new FieldError('filter', `the server refused it: ${nameOf(code, 5)}`);
  }

  async #unsubscribe([filter = '']: readonly string[]): Promise<void> {
    if (!this.#received.delete(filter))
      throw new FieldError('filter', `there is no subscription ${JSON.stringify(filter)}`);
    await this.#standing().unsubscribe([filter], this.#signal(60));
    this.#print(`unsubscribed from ${safe(filter)}`);
  }

  #show(packet: DecodedPublish): void {
    for (const [filter, received] of this.#received) {
      const plain = parseSharedFilter(filter)?.topicFilter ?? filter;
      if (topicMatches(plain, packet.topic)) this.#received.set(filter, received + 1);
    }
    const { topic, payload, qos, retain, dup, properties = {} } = packet;
    const entry = { topic, payload, qos, retain, dup, properties, isOurs: false, at: new Date() };
    this.#print(lineOf(this.#log.add(entry), this.#surface.paint));
    this.#unwaited++;
    this.#onMessage();
  }

  #showLog([count = '20']: readonly string[]): void {
    const latest = this.#log.latest(whole('count', count, 1_000_000));
    for (const entry of latest) this.#print(lineOf(entry, this.#surface.paint));
    this.#print(`${latest.length} of ${this.#log.summary}`);
  }

  #showOne([text = '']: readonly string[]): void {
    const number = whole('number', text.replace(/^#/, ''), Number.MAX_SAFE_INTEGER);
    const entry = this.#log.get(number);
    if (entry === undefined) throw new FieldError('number', `${number} is not in the log`);
    this.#print(shown(entry.payload));
  }

  async #wait([text = '1', ...pairs]: readonly string[]): Promise<void> {
    const count = whole('count', text, 1_000_000);
    const fields = fieldsOf(pairs);
    const timeout = fields.integer('timeout', 1, 3_600) ?? 10;
    fields.allRead();
    const enough = new Promise<void>((resolve) => {
      this.#onMessage = () => this.#unwaited >= count && resolve();
      this.#onMessage();
    });
    await orAborted(enough, this.#signal(timeout)).finally(() => {
      this.#onMessage = () => {};
    });
    this.#unwaited -= count;
  }

  #standing(): Client {
    if (this.#client === undefined) throw new UsageError('not connected: connect first');
    return this.#client;
  }

  /** Aborted by an interruption, or after so many seconds. */
  #signal(seconds?: number): AbortSignal {
    const interruption = this.#interruption?.signal ?? new AbortController().signal;
    if (seconds === undefined) return interruption;
    return AbortSignal.any([interruption, AbortSignal.timeout(seconds * 1_000)]);
  }
}

function whole(name: string, text: string, most: number): number {
  return new Fields({ [name]: text }).integer(name, 1, most) ?? 0;
}

/** What was the matter, in one line; a client that has ended says why. */
function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  if (cause instanceof Error && cause instanceof GuardError) return cause.message;
  if (error instanceof Error && error.name === 'ClientEndedError' && cause !== undefined)
    return reasonOf(cause);
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout: it took too long';
  return safe(error instanceof Error ? error.message : String(error));
}

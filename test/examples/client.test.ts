import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { type Client, connect } from '../../docs/examples/client/client.js';
import {
  ClientEndedError,
  PublishError,
  ServerRefusalError,
  SubscribeError,
  TooMuchWaitingError,
} from '../../docs/examples/client/errors.js';
import type { ClientEvent, ClientOptions } from '../../docs/examples/client/options.js';
import type { Subscription } from '../../docs/examples/client/subscription.js';
import { attach } from '../../src/adapters/websocket.js';
import {
  type DecodedPublish,
  Endpoint,
  emptySession,
  type SessionState,
  serverConnection,
  unacknowledged,
} from '../../src/index.js';
import { OurBroker } from '../peers/our-broker.js';
import { freePort, pause, until } from '../peers/wait.js';
import { obliging, Scripted } from './scripted.js';

const versions = [4, 5] as const;
const open: { end(): Promise<unknown> }[] = [];
const servers: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const client of open.splice(0)) await client.end();
  for (const server of servers.splice(0)) await server.stop();
});

interface Watched {
  readonly client: Client;
  readonly events: ClientEvent[];
  all<T extends ClientEvent['type']>(type: T): Extract<ClientEvent, { type: T }>[];
}

/** A client that waits a few milliseconds where others wait seconds. */
function dial(url: string, options: ClientOptions = {}): Watched {
  const events: ClientEvent[] = [];
  const client = connect(url, {
    random: () => 0.5,
    retry: { initial: 10, maximum: 20 },
    clientId: `client-${open.length}`,
    onEvent: (event) => events.push(event),
    ...options,
  });
  open.push(client);
  const all = <T extends ClientEvent['type']>(type: T) =>
    events.filter((event): event is Extract<ClientEvent, { type: T }> => event.type === type);
  return { client, events, all };
}

async function scripted(...args: Parameters<typeof Scripted.start>): Promise<Scripted> {
  const server = await Scripted.start(...args);
  servers.push(server);
  return server;
}

async function ourBroker(): Promise<string> {
  const broker = await OurBroker.start();
  servers.push(broker);
  return `mqtt://127.0.0.1:${broker.port}`;
}

const text = ({ payload }: DecodedPublish): string => new TextDecoder().decode(payload);

async function take(subscription: Subscription, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) {
    const { done, value } = await subscription.next();
    if (done) break;
    texts.push(text(value));
  }
  return texts;
}

describe.each(versions)('the example client, version %i', (version) => {
  it('publishes and iterates at every QoS, and unsubscribes when it leaves the loop', async () => {
    const server = await scripted((event, link, connection) => {
      obliging(event, link, connection);
      if (event.type !== 'deliver') return;
      const { topic, payload, qos } = event.packet;
      link.send({ type: 'publish', topic, payload, qos });
    });
    const { client } = dial(server.url, { version });
    const subscription = client.subscribe(['a/#', 'b'], { qos: 2 });
    expect(await subscription.granted).toEqual([2, 2]);
    for (const qos of [0, 1, 2] as const) {
      expect((await client.publish('a/b', `${qos}`, { qos })).kind).toBe(qos === 0 ? 'sent' : 'acknowledged');
    }
    const seen: string[] = [];
    for await (const message of subscription) {
      seen.push(text(message));
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(['0', '1', '2']);
    const requests = server.all('requestReceived').map(({ packet }) => packet.type);
    expect(requests).toEqual(['subscribe', 'unsubscribe']);
    await client.end();
    expect(await client.closed).toBeUndefined();
    await expect(client.publish('a')).rejects.toBeInstanceOf(ClientEndedError);
  });

  it('reads no more than it can hold, and loses nothing for it', async () => {
    const server = await scripted();
    const { client } = dial(server.url, { version });
    const subscription = client.subscribe('a', { waiting: 10 });
    await subscription.granted;
    const payload = new Uint8Array(10_000);
    let sent = 0;
    for (; sent < 20_000 && server.links[0]?.blocked === false; sent++) {
      server.publish({ topic: 'a', payload });
      if (sent % 50 === 0) await pause(0);
    }
    expect(sent).toBeLessThan(20_000);
    expect((await take(subscription, sent)).length).toBe(sent);
    expect(subscription.dropped).toBe(0);
  });

  it('goes on while a consumer waits for answers itself', async () => {
    const server = await scripted();
    const { client } = dial(server.url, { version });
    const subscription = client.subscribe('in', { qos: 1, waiting: 2 });
    await subscription.granted;
    for (let count = 0; count < 50; count++) server.publish({ topic: 'in', payload: `${count}`, qos: 1 });
    const seen: string[] = [];
    for await (const message of subscription) {
      await client.publish('out', message.payload, { qos: 2 });
      seen.push(text(message));
      if (seen.length === 50) break;
    }
    expect(seen).toEqual(Array.from({ length: 50 }, (_, index) => `${index}`));
  });

  it('settles a message on the connection after the one that was lost', async () => {
    let session: SessionState | undefined;
    const resuming: typeof obliging = (event, link, connection) => {
      if (event.type === 'connectRequested') link.accept({ session });
      else obliging(event, link, connection);
      session = link.state.session;
    };
    const server = await scripted(resuming, { acknowledgements: 'manual' });
    const { client } = dial(server.url, { version, cleanStart: false });
    await client.ready();
    const published = client.publish('a', 'surely', { qos: 1 });
    await until('the message', () => server.all('deliver').length === 1);
    server.cut();
    const again = await until('it again', () => server.all('deliver')[1]?.packet);
    expect(again.dup).toBe(true);
    server.links[1]?.acknowledge(again.packetId ?? 0);
    expect((await published).kind).toBe('acknowledged');
  });

  it('subscribes again where the server has forgotten, and only there', async () => {
    let session: SessionState | undefined;
    const server = await scripted((event, link, connection) => {
      if (event.type === 'connectRequested') link.accept({ session: connection === 2 ? session : undefined });
      else obliging(event, link, connection);
    });
    const { client, all } = dial(server.url, { version, cleanStart: false });
    const subscription = client.subscribe('a', { qos: 1 });
    await subscription.granted;
    session = server.links[0]?.state.session;
    const subscribed: number[] = [];
    for (const connection of [2, 3]) {
      server.cut();
      await until('the next connection', () => all('connected').length === connection);
      await client.publish('sync', '', { qos: 1 });
      subscribed.push(server.all('requestReceived').length);
    }
    expect(all('connected').map(({ sessionPresent }) => sessionPresent)).toEqual([false, true, false]);
    expect(subscribed).toEqual([1, 2]);
    server.publish({ topic: 'a', payload: 'still there', qos: 1 });
    expect(await take(subscription, 1)).toEqual(['still there']);
  });

  it('gets a message again that it was not done with, and each one once', async () => {
    let session = emptySession();
    const server = await scripted((event, link, connection) => {
      if (event.type === 'connectRequested') link.accept({ session: connection === 1 ? undefined : session });
      else obliging(event, link, connection);
      session = link.state.session;
    });
    const { client, all } = dial(server.url, { version, cleanStart: false });
    const subscription = client.subscribe('a', { qos: 2 });
    await subscription.granted;
    for (const payload of ['1', '2', '3', '4']) server.publish({ topic: 'a', payload, qos: 1 });
    for (const payload of ['5', '6']) server.publish({ topic: 'a', payload, qos: 2 });
    expect(await take(subscription, 2)).toEqual(['1', '2']);
    await until('the first acknowledgement', () => server.all('settled').length === 1);
    await client.publish('sync', '', { qos: 1 });
    server.cut();
    await until('the next connection', () => all('connected').length === 2);
    // QoS 2 was kept; QoS 1 comes from the server, the message in hand once more.
    expect((await take(subscription, 5)).sort()).toEqual(['2', '3', '4', '5', '6']);
    subscription.return();
    await until('all to be settled', () => server.all('settled').length === 6);
  });

  it('says which refusals are final', async () => {
    const codes = version === 4 ? [1, 2, 3, 4, 5] : [0x80, 0x84, 0x86, 0x87, 0x88, 0x89, 0x97, 0x9f];
    const worth: boolean[] = [];
    for (const code of codes) {
      const server = await scripted((event, link) => {
        if (event.type === 'connectRequested') link.refuse(code);
      });
      const { client } = dial(server.url, { version, retry: false });
      const error = await client.closed;
      if (!(error instanceof ServerRefusalError)) throw error;
      expect(error.reasonCode).toBe(code);
      worth.push(error.isWorthRetrying);
      await expect(client.ready()).rejects.toMatchObject({ cause: error });
    }
    expect(worth).toEqual(
      version === 4
        ? [false, false, true, false, false]
        : [true, false, false, false, true, true, true, true],
    );
  });

  it('throws from the iteration what the server refuses', async () => {
    const server = await scripted((event, link, connection) => {
      if (event.type !== 'requestReceived') obliging(event, link, connection);
      else if (event.packet.type === 'subscribe') link.answer(event.packet.packetId, [0x87]);
    });
    const { client } = dial(server.url, { version });
    const subscription = client.subscribe('secret');
    await expect(subscription.next()).rejects.toBeInstanceOf(SubscribeError);
    expect(await subscription.granted).toEqual([version === 4 ? 0x80 : 0x87]);
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
  });

  it('takes the session, its messages and their tokens from a store', async () => {
    let stored: string | undefined;
    const store = {
      load: async () => stored,
      save: async (value: string) => {
        stored = value;
      },
    };
    let session: SessionState | undefined;
    const server = await scripted(
      (event, link, connection) => {
        if (event.type === 'connectRequested') {
          link.accept({ session });
          for (const packetId of unacknowledged(session ?? emptySession())) link.acknowledge(packetId);
        } else obliging(event, link, connection);
        session = link.state.session;
      },
      { acknowledgements: 'manual' },
    );
    const first = dial(server.url, { version, store, clientId: 'kept' });
    const before = first.client.subscribe('a', { qos: 2 });
    await before.granted;
    server.publish({ topic: 'a', payload: 'half done', qos: 2 });
    expect(await take(before, 1)).toEqual(['half done']);
    const unsettled = first.client.publish('b', 'unheard', { qos: 2, token: 'order 17' });
    await until('it', () => server.all('deliver').length === 1);
    const atThatMoment = stored;
    first.client.end();
    await expect(unsettled).rejects.toBeInstanceOf(ClientEndedError);
    stored = atThatMoment; // as if the process had died then
    const second = dial(server.url, { version, store, clientId: 'kept' });
    const after = second.client.subscribe('a', { qos: 2 });
    expect(await take(after, 1)).toEqual(['half done']);
    await until('the token', () => second.all('settled').length === 1);
    expect(second.all('settled')[0]).toMatchObject({ token: 'order 17', outcome: { kind: 'acknowledged' } });
  });
});

describe.each(versions)('the example client with a callback for messages, version %i', (version) => {
  const wish = (topicFilter: string, qos: 0 | 1 | 2 = 1) => ({ topicFilter, qos });

  it('follows topics, and acknowledges each message when the callback is done with it', async () => {
    const server = await scripted();
    const seen: string[] = [];
    let finish = (): void => {};
    const onMessage = (packet: DecodedPublish): Promise<void> => {
      seen.push(text(packet));
      return new Promise((done) => {
        finish = done;
      });
    };
    const { client } = dial(server.url, { version, onMessage });
    expect(await client.follow([wish('a/#')])).toBeUndefined();
    await client.ready();
    expect(await client.follow([wish('a/b', 2), wish('c')])).toMatchObject({ reasonCodes: [2, 1] });
    expect(client.following.filters).toEqual(['a/#', 'a/b', 'c']);
    for (const payload of ['1', '2']) server.publish({ topic: 'a/b', payload, qos: 1 });
    await until('the first', () => seen.length === 1);
    expect(server.all('settled')).toHaveLength(0);
    finish();
    await until('the second', () => seen.length === 2);
    finish();
    await until('both acknowledgements', () => server.all('settled').length === 2);
    expect(seen).toEqual(['1', '2']);
    expect(client.ping()).toBe(true);
    expect(await client.unsubscribe(['c'])).toMatchObject({ type: 'unsuback' });
    expect(client.following.filters).toEqual(['a/#', 'a/b']);
  });

  it('asks again for what the server has forgotten, and not for what it has refused', async () => {
    const server = await scripted((event, link, connection) => {
      if (event.type !== 'requestReceived' || event.packet.type !== 'subscribe')
        return obliging(event, link, connection);
      const { packetId, subscriptions } = event.packet;
      const code = version === 5 ? 0x87 : 0x80;
      link.answer(
        packetId,
        subscriptions.map(({ topicFilter, qos }) => (topicFilter === 'secret' ? code : qos)),
      );
    });
    const { client, all } = dial(server.url, { version, onMessage: () => {} });
    expect(client.ping()).toBe(false);
    await client.follow([wish('a'), wish('b'), wish('secret')]);
    const [first] = await until('the answer', () => (all('followed').length > 0 ? all('followed') : false));
    expect(first).toMatchObject({ answer: { reasonCodes: [1, 1, version === 5 ? 0x87 : 0x80] } });
    expect(client.following.filters).toEqual(['a', 'b']);
    server.cut();
    await until('the loss', () => client.connected === undefined);
    expect(await client.unsubscribe(['b'])).toBeUndefined();
    await until('the next answer', () => all('followed').length === 2);
    expect(all('followed')[1]?.subscriptions).toEqual([wish('a')]);
    expect(client.following.isGranted('a')).toBe(true);
    client.ping();
    await until('the pong', () => all('pingAnswered').length > 0);
  });

  it('is over when the callback fails, and the server keeps the message', async () => {
    const server = await scripted();
    const onMessage = (): void => {
      throw new Error('no room');
    };
    const { client } = dial(server.url, { version, onMessage });
    await client.ready();
    server.publish({ topic: 'a', payload: 'x', qos: 1 });
    expect(await client.closed).toMatchObject({ name: 'ClientEndedError', cause: { message: 'no room' } });
    await until('the end', () => server.all('ended').length === 1);
    expect(server.all('settled').filter(({ outcome }) => outcome.kind === 'acknowledged')).toEqual([]);
  });
});

describe('the example client, what waits and for how long', () => {
  it('waits twice as long each time, by chance less, and gives up when told to', async () => {
    const waits: number[] = [];
    const dice = [0.5, 1, 0.25, 1, 1];
    const { client, all } = dial(`mqtt://127.0.0.1:${await freePort()}`, {
      clientId: 'patient',
      random: () => dice[waits.length] ?? 1,
      retry: { initial: 100, maximum: 700, attempts: 5 },
      sleep: async (milliseconds) => void waits.push(milliseconds),
    });
    const error = await client.closed;
    expect(waits).toEqual([50, 200, 100, 700, 700]);
    expect(all('lost').map(({ retryIn }) => retryIn)).toEqual([...waits, undefined]);
    expect(error?.message).toContain('refused');
  });

  it('counts from the start again after a connection that stood for long enough', async () => {
    const server = await scripted();
    let now = 0;
    const waits: number[] = [];
    const { client, all } = dial(server.url, {
      now: () => now,
      random: () => 1,
      retry: { initial: 1, maximum: 100, stable: 5_000 },
      sleep: async (milliseconds) => void waits.push(milliseconds),
    });
    for (const [connection, stood] of [100, 100, 6_000, 100].entries()) {
      await until('a connection', () => all('connected').length > connection);
      now += stood;
      server.cut();
      await until('its end', () => all('lost').length > connection);
    }
    await client.end();
    expect(waits).toEqual([1, 2, 1, 2]);
  });

  it.each([
    ['QoS 0, messages', { messages: 3 }, 0],
    ['QoS 0, bytes', { bytes: 40 }, 0],
    ['QoS 1, messages', { messages: 3 }, 1],
    ['QoS 1, bytes', { bytes: 60 }, 1],
  ] as const)('what is published without a connection waits within bounds: %s', async (_, queue, qos) => {
    const port = await freePort();
    const { client } = dial(`mqtt://127.0.0.1:${port}`, { queue });
    const waiting = [1, 2, 3].map((count) => client.publish('abc', `${count}`, { qos }));
    const refused = client.publish('abc', '4'.repeat(10), { qos });
    if (qos === 0) await expect(refused).rejects.toBeInstanceOf(TooMuchWaitingError);
    else await expect(refused).rejects.toMatchObject({ code: 'queue-full' });
    const server = await scripted(obliging, {}, port);
    await Promise.all(waiting);
    await until('all', () => server.all('deliver').length === 3);
    expect(server.all('deliver').map(({ packet }) => text(packet))).toEqual(['1', '2', '3']);
  });

  it('acknowledges nothing that nobody has read, so that the server stops at the Receive Maximum', async () => {
    const server = await scripted();
    const { client } = dial(server.url, { properties: { receiveMaximum: 5 } });
    const subscription = client.subscribe('a', { qos: 1 });
    await subscription.granted;
    for (let count = 0; count < 20; count++) server.publish({ topic: 'a', payload: `${count}`, qos: 1 });
    await client.publish('sync', '', { qos: 1 });
    expect(server.links[0]?.state.session.queue.size).toBe(15);
    expect((await take(subscription, 20)).length).toBe(20);
  });

  it('tells of messages that nobody subscribed to', async () => {
    const server = await scripted();
    const { client, all } = dial(server.url);
    await client.ready();
    server.publish({ topic: 'odd', payload: 'x', qos: 2 });
    await until('it', () => all('unclaimed').length === 1);
    await until('its acknowledgement', () => server.all('settled').length === 1);
  });

  it('believes the server that says by which subscription a message came', async () => {
    const server = await scripted();
    const { client, all } = dial(server.url);
    const [star, other] = [client.subscribe('room/*', { waiting: 9 }), client.subscribe('other')];
    await Promise.all([star.granted, other.granted]);
    const properties = { subscriptionIdentifiers: [star.identifier] };
    server.publish({ topic: 'room/1', payload: 'by name', properties } as never);
    server.publish({ topic: 'room/1', payload: 'without' });
    expect(await take(star, 1)).toEqual(['by name']);
    await until('the other', () => all('unclaimed').length === 1);
  });

  it('gives what no filter matches to whoever takes it', async () => {
    const server = await scripted();
    const { client, all } = dial(server.url, { version: 4 });
    const subscription = client.subscribe('room/*', { takesUnmatched: true });
    await subscription.granted;
    server.publish({ topic: 'room/1', payload: 'x' });
    expect(await take(subscription, 1)).toEqual(['x']);
    expect(all('unclaimed')).toEqual([]);
  });

  it('names what the server has dropped with the session', async () => {
    const server = await scripted(obliging, { acknowledgements: 'manual' });
    const { client } = dial(server.url, { sessionExpiryInterval: 0 });
    await client.ready();
    const published = client.publish('a', '', { qos: 1 });
    await until('it', () => server.all('deliver').length === 1);
    server.cut();
    const error = await published.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({ outcome: { kind: 'session-lost', progress: 'sent' } });
  });
});

describe('the example client, abort signals', () => {
  it('of the client: everything ends at once', async () => {
    const server = await scripted(() => {}); // never answers
    const controller = new AbortController();
    const { client } = dial(server.url, { signal: controller.signal });
    const subscription = client.subscribe('a').next();
    const published = client.publish('a', '', { qos: 1 });
    const ready = client.ready();
    controller.abort(new Error('enough'));
    for (const promise of [published, ready]) {
      await expect(promise).rejects.toMatchObject({ name: 'ClientEndedError' });
    }
    await expect(subscription).rejects.toMatchObject({ cause: { message: 'enough' } });
    expect(await client.closed).toMatchObject({ cause: { message: 'enough' } });
  });

  it('of a message, of a wait and of a subscription', async () => {
    const port = await freePort();
    const { client } = dial(`mqtt://127.0.0.1:${port}`);
    const reason = new Error('no longer');
    const aborted = AbortSignal.abort(reason);
    await expect(client.publish('a', '', { signal: aborted })).rejects.toBe(reason);
    expect(() => client.subscribe('a', { signal: aborted })).toThrow(reason);
    const controller = new AbortController();
    const { signal } = controller;
    const waits = [
      client.publish('a', 'never', { signal }),
      client.publish('a', 'never either', { signal, qos: 1 }),
      client.ready(signal),
    ];
    const subscription = client.subscribe('a', { signal });
    const next = subscription.next();
    controller.abort(reason);
    for (const wait of [...waits, next]) await expect(wait).rejects.toBe(reason);
    const server = await scripted(obliging, {}, port);
    await client.publish('b', 'sent', { qos: 1 });
    expect(server.all('deliver').map(({ packet }) => text(packet))).toEqual(['sent']);
    expect(server.all('requestReceived')).toEqual([]);
  });
});

describe('the example client, places that are given back', () => {
  it('by a message that waits no longer', async () => {
    const { client } = dial(`mqtt://127.0.0.1:${await freePort()}`, { queue: { messages: 1 } });
    for (const qos of [0, 0, 0, 1, 1, 1] as const) {
      const controller = new AbortController();
      const published = client.publish('a', '', { signal: controller.signal, token: 'the same', qos });
      controller.abort(new Error('no longer'));
      await expect(published).rejects.toThrow('no longer');
    }
  });
});

describe('the example client, MQTT 5.0', () => {
  it('reports where the server sends it, and goes there if told to', async () => {
    const goal = await scripted();
    const reference = goal.url.slice('mqtt://'.length);
    const server = await scripted((event, link) => {
      if (event.type === 'connectRequested') link.refuse(0x9d, { serverReference: reference });
    });
    const staying = dial(server.url);
    expect(await staying.client.closed).toMatchObject({ reasonCode: 0x9d, serverReference: reference });
    expect(staying.all('redirected')).toEqual([
      { type: 'redirected', isPermanent: true, serverReference: reference },
    ]);
    const moving = dial(server.url, { redirect: ({ serverReference }) => `mqtt://${serverReference}` });
    await moving.client.ready();
    expect(goal.all('connectRequested').length).toBe(1);
  });

  it('does not fight for a session that somebody else has taken over', async () => {
    const url = await ourBroker();
    const older = dial(url, { clientId: 'twin' });
    await older.client.ready();
    const newer = dial(url, { clientId: 'twin' });
    await newer.client.ready();
    expect(await older.client.closed).toMatchObject({ reasonCode: 0x8e });
  });

  const method = 'echo';
  const challenge = Uint8Array.of(1, 2);
  const echoing = {
    method,
    start: () => Uint8Array.of(0),
    answer: ({ properties }: { properties: { authenticationData?: Uint8Array | undefined } }) =>
      properties.authenticationData,
  };
  const authenticating = () =>
    scripted(
      (event, link, connection) => {
        if (event.type === 'connectRequested') link.authenticate({ authenticationData: challenge });
        else if (event.type === 'authReceived') {
          const data = event.packet.properties.authenticationData;
          if (data?.length === 1) link.authenticate({ authenticationData: challenge });
          else if (data?.join() === challenge.join())
            link.accept({ properties: { authenticationData: data } });
          else link.refuse(0x87);
        } else obliging(event, link, connection);
      },
      { authenticationMethods: [method] },
    );

  it('authenticates with challenge and answer, and again when asked to', async () => {
    const server = await authenticating();
    const last: (Uint8Array | undefined)[] = [];
    const finish = (packet: { properties?: { authenticationData?: Uint8Array | undefined } | undefined }) =>
      void last.push(packet.properties?.authenticationData);
    const { client } = dial(server.url, { authentication: { ...echoing, finish } });
    await client.ready();
    await client.reauthenticate();
    expect(last.map((data) => data?.join())).toEqual(['1,2', '1,2']);
    expect(server.all('authReceived').length).toBe(3);
  });

  it('gives up on a server that does not prove itself, and where it cannot answer', async () => {
    const server = await authenticating();
    const fails = (): never => {
      throw new Error('not the one');
    };
    for (const authentication of [
      { ...echoing, finish: fails },
      { ...echoing, answer: fails },
      { ...echoing, start: fails },
    ]) {
      const { client } = dial(server.url, { authentication });
      expect(await client.closed).toMatchObject({ cause: { message: 'not the one' } });
    }
  });

  it('asks for credentials before each connection', async () => {
    const server = await scripted();
    let asked = 0;
    const { client, all } = dial(server.url.replace('//', '//anna:wrong@'), {
      credentials: async () => ({ password: `token ${++asked}` }),
    });
    await client.ready();
    server.cut();
    await until('the next connection', () => all('connected').length === 2);
    const said = server.all('connectRequested').map(({ packet }) => packet);
    expect(said.map(({ username }) => username)).toEqual(['anna', 'anna']);
    expect(said.map(({ password }) => password && new TextDecoder().decode(password))).toEqual([
      'token 1',
      'token 2',
    ]);
  });

  it('keeps the Client Identifier that the server has assigned', async () => {
    const server = await scripted((event, link, connection) => {
      if (event.type === 'connectRequested') link.accept({ clientId: event.packet.clientId || 'assigned' });
      else obliging(event, link, connection);
    });
    const { all } = dial(server.url, { clientId: '' });
    await until('a connection', () => all('connected').length === 1);
    server.cut();
    await until('the next', () => all('connected').length === 2);
    expect(server.all('connectRequested').map(({ packet }) => packet.clientId)).toEqual(['', 'assigned']);
  });
});

describe('the example client, other ends', () => {
  it('speaks over WebSocket by the scheme of the URL [3.1.1: MQTT-6.0.0-3] [5.0: MQTT-6.0.0-3]', async () => {
    const wss = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: (offered) => offered.has('mqtt') && 'mqtt',
    });
    servers.push({ stop: () => new Promise((done) => wss.close(() => done())) });
    await new Promise((done) => wss.once('listening', done));
    wss.on('connection', (socket) =>
      attach(new Endpoint(serverConnection()), socket, (events, link) => {
        for (const event of events) obliging(event, link, 1);
      }),
    );
    const { port } = wss.address() as { port: number };
    const { WebSocket: create } = await import('ws');
    const { client } = dial(`ws://127.0.0.1:${port}/mqtt`, {
      createWebSocket: (url, protocol) => new create(url, protocol),
    });
    expect((await client.publish('a', 'b', { qos: 2 })).kind).toBe('acknowledged');
    await client.end();
  });

  it('ends when a hook throws: onEvent, or a store', async () => {
    const server = await scripted();
    const fails = (): never => {
      throw new Error('broken');
    };
    const failing: ClientOptions[] = [
      { onEvent: fails },
      { store: { load: async () => fails(), save: async () => {} } },
      { store: { load: async () => undefined, save: async () => fails() } },
    ];
    for (const options of failing) {
      const { client } = dial(server.url, options);
      expect(JSON.stringify(chain(await client.closed))).toContain('broken');
    }
    const away = dial(`mqtt://127.0.0.1:${await freePort()}`, failing[2]);
    await expect(away.client.publish('a', '', { qos: 1 })).rejects.toBeInstanceOf(ClientEndedError);
  });

  it('refuses what cannot be right at once', async () => {
    expect(() => connect('http://localhost')).toThrow(TypeError);
    expect(() => connect('mqtt://localhost', { keepAlive: 70_000 })).toThrow('keep');
    const server = await scripted();
    const { client } = dial(server.url);
    expect(() => client.subscribe('a/#/b')).toThrow();
    client.subscribe('a');
    expect(() => client.subscribe(['b', 'a'])).toThrow('already');
    await expect(client.publish('a/+', '', { qos: 1 })).rejects.toMatchObject({
      code: 'wildcard-in-topic-name',
    });
  });
});

function chain(error: unknown): string[] {
  return error instanceof Error ? [error.message, ...chain(error.cause)] : [];
}

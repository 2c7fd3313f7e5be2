import { describe, expect, it, vi } from 'vitest';
import { Driver } from '../../src/adapters/link.js';
import type { LinkHandler, LinkOptions } from '../../src/adapters/surface.js';
import type { Wire } from '../../src/adapters/wire.js';
import {
  type Bytes,
  clientConnection,
  type DecodedPacket,
  Endpoint,
  encode,
  type PacketOf,
  PacketParser,
  serverConnection,
} from '../../src/index.js';

/** A wire that keeps what it is told, and takes as much as it is said to. */
class FakeWire implements Wire {
  readonly calls: string[] = [];
  readonly written: Bytes[][] = [];
  isFree = true;
  /** What waits for the end of the tick. */
  due: (() => void)[] = [];

  write(chunks: readonly Bytes[]): boolean {
    this.calls.push('write');
    this.written.push([...chunks]);
    return this.isFree;
  }
  pause(): void {
    this.calls.push('pause');
  }
  resume(): void {
    this.calls.push('resume');
  }
  end(): void {
    this.calls.push('end');
  }
  destroy(): void {
    this.calls.push('destroy');
  }
  readonly defer = (flush: () => void): void => {
    this.due.push(flush);
  };

  /** What waits for another turn of the event loop. */
  readonly turns: (() => void)[] = [];
  readonly later = (goOn: () => void): void => {
    this.turns.push(goOn);
  };

  /** Another turn of the event loop. */
  nextTurn(): void {
    for (const goOn of this.turns.splice(0)) goOn();
  }

  endTick(): void {
    for (const flush of this.due.splice(0)) flush();
  }

  packets(): DecodedPacket[] {
    const parser = new PacketParser({ version: 5 });
    parser.push(Buffer.concat(this.written.flat()));
    const found: DecodedPacket[] = [];
    for (let packet = parser.next(); packet !== undefined; packet = parser.next()) found.push(packet);
    return found;
  }
}

const bytes = (...packets: PacketOf<5>[]): Uint8Array =>
  Buffer.concat(packets.map((packet) => encode(packet, 5)));
const CONNACK = bytes({ type: 'connack', sessionPresent: false, reasonCode: 0 });
const message = (payload: string): PacketOf<5> => ({ type: 'publish', topic: 't', payload, qos: 0 });

interface Setup {
  readonly driver: Driver;
  readonly wire: FakeWire;
  /** The types of all events, and the payloads of messages. */
  readonly told: string[];
}

function setup(handler: LinkHandler = () => undefined, options: LinkOptions = {}): Setup {
  const properties = { sessionExpiryInterval: 60 };
  const base = {
    type: 'connect',
    protocolVersion: 5,
    clientId: 'a',
    cleanStart: true,
    keepAlive: 0,
  } as const;
  const connect = { ...base, properties };
  const told: string[] = [];
  const wire = new FakeWire();
  const driver = new Driver(
    new Endpoint(clientConnection({ connect })),
    wire,
    (events, link) => {
      for (const event of events) {
        told.push(event.type === 'deliver' ? Buffer.from(event.packet.payload).toString() : event.type);
      }
      return handler(events, link);
    },
    // A clock that stands still, so that no turn is ever long, whatever else the machine does.
    { now: () => 0, ...options },
  );
  return { driver, wire, told };
}

function connected(handler?: LinkHandler, options?: LinkOptions): Setup {
  const all = setup(handler, options);
  all.driver.opened();
  all.driver.received(CONNACK);
  all.wire.endTick();
  all.wire.calls.length = 0;
  return all;
}

/** A handler that is busy with the first message until `done` is called. */
function busyHandler(): { handler: LinkHandler; done: (error?: Error) => Promise<void> } {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((one, other) => {
    resolve = one;
    reject = other;
  });
  return {
    handler: (events) => (events.some(({ type }) => type === 'deliver') ? promise : undefined),
    done: async (error) => {
      if (error === undefined) resolve();
      else reject(error);
      await new Promise((done) => setImmediate(done));
    },
  };
}

describe('the order', () => {
  it('is that of the calls, those of the handler included', () => {
    const { driver, wire } = connected((events, link) => {
      if (events.some(({ type }) => type === 'deliver'))
        link.send({ type: 'publish', topic: 'in', payload: '', qos: 0 });
    });
    driver.send({ type: 'publish', topic: 'before', payload: '', qos: 0 });
    driver.received(bytes(message('x')));
    driver.send({ type: 'publish', topic: 'after', payload: '', qos: 0 });
    wire.endTick();
    const topics = wire.packets().flatMap((packet) => (packet.type === 'publish' ? [packet.topic] : []));
    expect(topics).toEqual(['before', 'in', 'after']);
    expect(wire.calls).toEqual(['write']);
  });

  it('tells the handler before the answer is written, and writes nothing while it is busy', async () => {
    const { handler, done } = busyHandler();
    const { driver, wire, told } = connected(handler);
    driver.received(bytes({ type: 'publish', topic: 't', payload: 'one', qos: 1, packetId: 7 }));
    driver.received(bytes(message('two')));
    driver.send({ type: 'publish', topic: 'later', payload: '', qos: 0 });
    wire.endTick();
    expect(told).toEqual(['connected', 'one']);
    expect(wire.calls).toEqual(['pause']);
    await done();
    wire.endTick();
    expect(told.slice(0, 4)).toEqual(['connected', 'one', 'settled', 'two']);
    expect(wire.calls).toEqual(['pause', 'resume', 'write']);
    expect(wire.packets().map(({ type }) => type)).toEqual(['connect', 'puback', 'publish']);
  });

  it('is kept by a thenable that calls back at once, and by what is no promise at all', () => {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
    const thenable = { then: (done: () => void) => done() } as unknown as PromiseLike<void>;
    expect(connected(() => thenable).told).toEqual(['connected']);
    const { driver, wire } = connected(() => 7 as unknown as undefined);
    driver.send({ type: 'publish', topic: 't', payload: '', qos: 0 });
    wire.endTick();
    expect(wire.calls).toEqual(['write']);
  });
});

describe('writing', () => {
  it('gathers a tick, and takes large packets as they are', () => {
    const { driver, wire } = connected();
    const before = wire.written.length;
    const send = (size: number): void =>
      driver.send({ type: 'publish', topic: 't', payload: new Uint8Array(size), qos: 0 });
    for (let i = 0; i < 10; i++) send(10);
    send(100_000);
    send(10);
    wire.endTick();
    expect(wire.written.slice(before).map(({ length }) => length)).toEqual([10, 1, 1]);
  });

  it('ends before the next message is told, so that its handler may wait for room', async () => {
    const busy = busyHandler();
    let rooms = 0;
    const { driver, told } = connected((events, link) => {
      const isMessage = events.some(({ type }) => type === 'deliver');
      if (!isMessage || !link.blocked) return busy.handler(events, link);
      return link.whenWritable().then(() => {
        rooms++;
      });
    });
    driver.received(bytes(message('first')));
    driver.send({ type: 'publish', topic: 't', payload: new Uint8Array(300_000), qos: 0 });
    expect(driver.blocked).toBe(true);
    driver.received(bytes(message('second')));
    await busy.done();
    await busy.done();
    expect(told).toEqual(['connected', 'first', 'settled', 'second']);
    expect(driver.blocked).toBe(false);
    driver.received(bytes(message('third')));
    await busy.done();
    expect(told.at(-1)).toBe('third');
    expect(rooms).toBeLessThanOrEqual(1);
  });

  it('is nothing that a handler waits for once the connection is gone', async () => {
    const { driver, wire, told } = connected((events, link) => {
      return events.some(({ type }) => type === 'deliver') ? link.whenWritable() : undefined;
    });
    wire.isFree = false;
    driver.send({ type: 'publish', topic: 't', payload: '', qos: 0 });
    wire.endTick();
    driver.received(bytes(message('first')));
    driver.received(bytes(message('second')));
    driver.gone('reset', new Error('reset'));
    expect(driver.blocked).toBe(false);
    expect(await driver.closed).toMatchObject({ cause: 'reset' });
    // What came before is still told.
    expect(told).toEqual(['connected', 'settled', 'first', 'second', 'ended']);
  });

  it('is blocked while the socket is full', async () => {
    const { driver, wire, told } = connected();
    wire.isFree = false;
    driver.send({ type: 'publish', topic: 't', payload: '', qos: 0 });
    wire.endTick();
    expect(driver.blocked).toBe(true);
    const writable = driver.whenWritable();
    expect(driver.whenWritable()).toBe(writable);
    driver.send({ type: 'publish', topic: 't', payload: '', qos: 0 });
    expect(told.at(-1)).toBe('refused');
    driver.send({ type: 'publish', topic: 't', payload: '', qos: 1 });
    const count = wire.written.length;
    wire.isFree = true;
    driver.drained();
    await writable;
    wire.endTick();
    expect(driver.blocked).toBe(false);
    expect(wire.written.length).toBe(count + 1);
    driver.drained(); // as after a write that the system took at once
    expect(wire.due).toEqual([]);
  });

  it('is not of what was taken back', () => {
    const { driver, wire, told } = connected();
    wire.isFree = false;
    driver.send({ type: 'publish', topic: 't', payload: '', qos: 0 });
    wire.endTick();
    for (const token of ['a', 'b']) driver.send({ type: 'publish', topic: token, qos: 1 }, { token });
    driver.withdraw('a');
    expect(told.at(-1)).toBe('settled');
    driver.withdraw('a');
    expect(told.at(-1)).toBe('refused');
    driver.drained();
    wire.endTick();
    expect(wire.packets().map((packet) => 'topic' in packet && packet.topic)).toEqual([false, 't', 'b']);
  });

  it('is blocked while the handler holds up 256 KiB', async () => {
    const { handler, done } = busyHandler();
    const { driver } = connected(handler);
    driver.received(bytes(message('x')));
    const send = (): void =>
      driver.send({ type: 'publish', topic: 't', payload: new Uint8Array(65_536), qos: 0 });
    for (let i = 0; i < 3; i++) send();
    expect(driver.blocked).toBe(false);
    send();
    expect(driver.blocked).toBe(true);
    await done();
    expect(driver.blocked).toBe(false);
  });
});

describe('a host that stores before it writes', () => {
  /** A store that is done with what it has been given when it is told so. */
  function storing(): { options: LinkOptions; asked: () => number; done: (error?: Error) => Promise<void> } {
    const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
    let asked = 0;
    let hasBegun = false;
    const beforeWrite = (): Promise<void> | undefined => {
      const isConnect = !hasBegun;
      hasBegun = true;
      if (isConnect) return undefined;
      asked++;
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    };
    const done = async (error?: Error): Promise<void> => {
      const { resolve, reject } = waiting.shift()!;
      if (error === undefined) resolve();
      else reject(error);
      await new Promise((go) => setImmediate(go));
    };
    // A clock that stands still: however busy the machine is, no turn is too long.
    return { options: { beforeWrite, now: () => 0 }, asked: () => asked, done };
  }

  const topics = (wire: FakeWire): string[] =>
    wire.packets().flatMap((packet) => (packet.type === 'publish' ? [packet.topic] : []));
  const publish = (driver: Driver, topic: string, payload: Uint8Array | string = ''): void =>
    driver.send({ type: 'publish', topic, payload, qos: 1 });

  it('holds each write, and gathers the next one meanwhile', async () => {
    const { options, asked, done } = storing();
    const { driver, wire, told } = connected(undefined, options);
    publish(driver, 'a');
    publish(driver, 'b');
    wire.endTick();
    expect([asked(), wire.calls]).toEqual([1, []]);
    // Reading goes on.
    driver.received(bytes(message('x')));
    expect(told.at(-1)).toBe('x');
    publish(driver, 'c');
    wire.endTick();
    publish(driver, 'd');
    wire.endTick();
    expect([asked(), wire.calls]).toEqual([1, []]);
    await done();
    expect([asked(), topics(wire)]).toEqual([2, ['a', 'b']]);
    await done();
    expect([asked(), topics(wire), wire.calls]).toEqual([2, ['a', 'b', 'c', 'd'], ['write', 'write']]);
  });

  it('closes in good order after the last write', async () => {
    const { options, done } = storing();
    const { driver, wire } = connected(undefined, options);
    publish(driver, 'a');
    wire.endTick();
    driver.disconnect();
    wire.endTick();
    expect(wire.calls).toEqual([]);
    await done();
    expect(wire.calls).toEqual(['write']);
    await done();
    expect(wire.calls).toEqual(['write', 'write', 'end']);
    expect(wire.packets().at(-1)?.type).toBe('disconnect');
  });

  it('is blocked while much is held', async () => {
    const { options, done } = storing();
    const { driver, wire } = connected(undefined, options);
    publish(driver, 'a');
    wire.endTick();
    for (let i = 0; i < 3; i++) publish(driver, 'b', new Uint8Array(40_000));
    expect(driver.blocked).toBe(true);
    await done();
    expect(driver.blocked).toBe(false);
    await done();
    expect(topics(wire)).toEqual(['a', 'b', 'b', 'b']);
  });

  it('is blocked for as long as the socket is full, whatever the store says', async () => {
    const { options, done } = storing();
    const { driver, wire } = connected(undefined, options);
    wire.isFree = false;
    publish(driver, 'a');
    wire.endTick();
    await done();
    expect(driver.blocked).toBe(true);
    driver.drained();
    expect(driver.blocked).toBe(false);
  });

  it('writes nothing that could not be stored', async () => {
    for (const beforeWrite of [
      () => Promise.reject(new Error('full')),
      () => {
        throw new Error('full');
      },
    ]) {
      const { driver, wire } = setup(undefined, { beforeWrite });
      driver.opened();
      wire.endTick();
      const closed = await driver.closed;
      expect(closed).toMatchObject({ cause: 'handler', error: new Error('full') });
      expect(wire.calls).toEqual(['destroy']);
    }
  });

  it('writes nothing to a connection that is gone', async () => {
    const { options, done } = storing();
    const { driver, wire } = connected(undefined, options);
    publish(driver, 'a');
    wire.endTick();
    driver.destroy();
    await driver.closed;
    await done();
    expect(wire.calls).toEqual(['destroy']);
  });

  it('cannot be exported before all is written', async () => {
    const { options, done } = storing();
    const { driver, wire } = connected(undefined, options);
    publish(driver, 'a');
    expect(() => driver.export()).toThrow('a write is still held');
    await done();
    expect(driver.export().format).toBe(1);
    expect(topics(wire)).toEqual(['a']);
  });
});

describe('the inbox of a busy handler', () => {
  it('is bounded, and single bytes are not cheap', () => {
    const { handler } = busyHandler();
    for (const [size, chunks] of [
      [65_536, 16],
      [1, 4_081],
    ] as const) {
      const { driver, wire } = connected(handler);
      driver.received(bytes(message('x')));
      let count = 0;
      while (!wire.calls.includes('destroy') && count < 1e6) {
        driver.received(new Uint8Array(size));
        count += 1;
      }
      expect(count).toBe(chunks);
    }
  });

  it('is read before the end, and a DISCONNECT in it is the reason', async () => {
    const { handler, done } = busyHandler();
    const { driver, told } = connected(handler);
    driver.received(bytes(message('one')));
    driver.received(bytes(message('two'), { type: 'disconnect', reasonCode: 0x8b }));
    driver.gone('reset', new Error('reset'));
    await done();
    expect(told).toEqual(['connected', 'one', 'two', 'disconnectReceived', 'ended']);
    expect(await driver.closed).toEqual({ cause: 'ended', reason: 'peer-disconnected', error: undefined });
  });
});

describe('the end', () => {
  it("follows what was due, when the peer's half has ended", async () => {
    const { driver, wire } = connected();
    driver.send({ type: 'publish', topic: 't', payload: 'last', qos: 0 });
    driver.ended();
    expect(wire.calls).toEqual(['write', 'end']);
    driver.gone('reset');
    expect(await driver.closed).toMatchObject({ cause: 'peer', reason: 'closed' });
  });

  it('is forced where it does not come within closeTimeout', async () => {
    const { driver, wire } = connected(undefined, { closeTimeout: 20, now: Date.now });
    driver.ended();
    expect(await driver.closed).toMatchObject({ cause: 'peer' });
    expect(wire.calls).toEqual(['end', 'destroy']);
  });

  it('is known when the handler is through with it', async () => {
    let through: () => void = () => {};
    const { driver } = connected((events) =>
      events.some(({ type }) => type === 'ended')
        ? new Promise((done) => {
            through = done;
          })
        : undefined,
    );
    const closed = vi.fn();
    void driver.closed.then(closed);
    driver.gone('peer');
    await new Promise((done) => setImmediate(done));
    expect(closed).not.toHaveBeenCalled();
    through();
    await driver.closed;
  });

  it.each(['throws', 'rejects'])('tells that the handler %s at the very last', async (how) => {
    const error = new Error(how);
    const { driver } = connected((events) => {
      if (!events.some(({ type }) => type === 'ended')) return undefined;
      if (how === 'throws') throw error;
      return Promise.reject(error);
    });
    driver.disconnect();
    driver.gone('peer');
    expect(await driver.closed).toEqual({ cause: 'handler', reason: 'closed', error });
  });

  it('leaves no call without an answer', () => {
    const { driver, told } = connected((events, link) => {
      if (events.some(({ type }) => type === 'ended'))
        link.send({ type: 'publish', topic: 't', payload: '', qos: 0 });
    });
    driver.gone('peer');
    expect(told).toEqual(['connected', 'ended', 'refused']);
    driver.send({ type: 'publish', topic: 't', payload: '', qos: 0 });
    expect(told.at(-1)).toBe('refused');
  });

  it('ends all waiting', async () => {
    const { driver, wire } = connected();
    wire.isFree = false;
    driver.send({ type: 'publish', topic: 't', payload: '', qos: 0 });
    wire.endTick();
    const writable = driver.whenWritable();
    driver.gone('reset');
    await writable;
    await driver.whenWritable();
  });

  it('is reported once', async () => {
    const { driver, wire, told } = connected();
    driver.destroy(new Error('first'));
    driver.destroy(new Error('second'));
    driver.gone('reset');
    driver.received(bytes(message('late')));
    driver.opened();
    driver.ended();
    expect(wire.calls).toEqual(['destroy']);
    expect(told).toEqual(['connected', 'ended']);
    expect(String((await driver.closed).error)).toBe('Error: first');
  });

  it('takes the listener off the signal', async () => {
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const { driver } = connected(undefined, { signal: controller.signal });
    driver.gone('peer');
    await driver.closed;
    expect(removed).toHaveBeenCalledTimes(1);
  });
});

describe('a flood', () => {
  const FLOOD = bytes(...Array.from({ length: 8_000 }, () => message('x')));

  it('is read in slices, and when they take long, in turns', () => {
    let now = 0;
    const { driver, wire, told } = connected(
      () => {
        now += 4; // what each slice takes
      },
      { now: () => now },
    );
    wire.nextTurn();
    driver.received(FLOOD);
    const first = told.length;
    expect(first).toBeGreaterThan(1);
    expect(first).toBeLessThan(8_001 / 3);
    expect(wire.calls).toEqual(['pause']);
    driver.received(bytes({ type: 'publish', topic: 't', payload: 'behind it', qos: 0 }));
    expect(told.length).toBe(first);
    let turns = 0;
    for (; wire.calls.at(-1) !== 'resume' && turns < 100; turns++) wire.nextTurn();
    expect(turns).toBeGreaterThan(2);
    expect(told.length).toBe(8_002);
    expect(told.at(-1)).toBe('behind it');
  });

  it('that comes in many chunks has no more of a turn than one that comes in one', () => {
    let now = 0;
    const { driver, wire } = connected(
      () => {
        now += 4;
      },
      { now: () => now },
    );
    wire.nextTurn();
    let chunks = 0;
    for (; !wire.calls.includes('pause') && chunks < 100; chunks++) driver.received(FLOOD.subarray(0, 70));
    for (; chunks < 100; chunks++) driver.received(FLOOD.subarray(0, 70));
    expect(driver.isOpen).toBe(true);
    expect(now).toBeGreaterThan(8);
    expect(now).toBeLessThan(30);
  });

  it('of a peer that cannot be paused is no overflow while the Link itself rests between turns', () => {
    let now = 0;
    const { driver, wire, told } = connected(
      () => {
        now += 4;
      },
      { now: () => now, maximumInbox: 100_000 },
    );
    wire.nextTurn();
    driver.received(FLOOD);
    expect(wire.turns.length).toBeGreaterThan(0);
    for (let i = 0; i < 9; i++) driver.received(FLOOD);
    expect(driver.isOpen).toBe(true);
    for (let turns = 0; wire.turns.length > 0 && turns < 1_000; turns++) wire.nextTurn();
    expect(told.length).toBe(80_001);
  });

  it('is read at once where that takes no time, in few calls', () => {
    let calls = 0;
    const { driver, told } = connected(
      () => {
        calls += 1;
      },
      { now: () => 0 },
    );
    calls = 0;
    driver.received(FLOOD);
    expect(told.length).toBe(8_001);
    expect(calls).toBeLessThan(6);
  });
});

describe('an alarm of the host', () => {
  it('does no harm when it rings early, and is set again', async () => {
    let now = 0;
    const arm = vi.fn();
    const { driver, wire } = setup(undefined, { now: () => now, arm, connectTimeout: 100 });
    driver.tick();
    now = 99;
    driver.tick();
    expect(wire.calls).toEqual([]);
    expect(arm.mock.calls).toEqual([[100], [100], [100]]);
    now = 100;
    driver.tick();
    expect(await driver.closed).toMatchObject({ cause: 'timeout' });
    expect(wire.calls).toEqual(['destroy']);
  });
});

describe('export', () => {
  it('is the Endpoint as it is, all being written; not while the handler is at work', async () => {
    const { handler, done } = busyHandler();
    const { driver, wire } = connected(handler);
    driver.send({ type: 'publish', topic: 't', payload: '', qos: 0 });
    expect(driver.export().format).toBe(1);
    expect(wire.packets().map(({ type }) => type)).toEqual(['connect', 'publish']);
    driver.received(bytes(message('x')));
    expect(() => driver.export()).toThrow('still at work');
    await done();
    expect(driver.export().unread.length).toBe(0);
  });
});

describe('a packet that the host has to answer', () => {
  const CONNECT = {
    type: 'connect',
    protocolVersion: 5,
    clientId: 'a',
    cleanStart: true,
    keepAlive: 0,
  } as const;
  const subscribe = (packetId: number): PacketOf<5> => ({
    type: 'subscribe',
    packetId,
    subscriptions: [{ topicFilter: 'f', qos: 0 }],
  });
  const qos1 = (packetId: number): PacketOf<5> => ({
    type: 'publish',
    topic: 't',
    payload: '',
    qos: 1,
    packetId,
  });

  /** A server whose host answers a SUBSCRIBE when it is told to, and the CONNECT at once. */
  function server(options: LinkOptions = {}, endpoint = new Endpoint(serverConnection())) {
    const told: string[] = [];
    const wire = new FakeWire();
    const driver: Driver = new Driver(
      endpoint,
      wire,
      (events, link) => {
        for (const event of events) {
          told.push(event.type);
          if (event.type === 'connectRequested') link.accept();
        }
      },
      { now: () => 0, ...options },
    );
    driver.opened();
    driver.received(bytes(CONNECT));
    wire.endTick();
    wire.calls.length = 0;
    const answer = (packetId: number): void => driver.answer(packetId, [0]);
    return { driver, wire, told, answer };
  }
  const typesOf = (wire: FakeWire): string[] => wire.packets().map(({ type }) => type);

  it('holds up what is behind it, with reading paused as soon as there is something', () => {
    const { driver, wire, told, answer } = server();
    expect(driver.isBusy).toBe(false);
    driver.received(bytes(subscribe(1)));
    expect([driver.isBusy, wire.calls]).toEqual([true, []]);
    driver.received(bytes(qos1(2), subscribe(3)));
    driver.received(bytes({ type: 'pingreq' }));
    expect([told.at(-1), wire.calls]).toEqual(['requestReceived', ['pause']]);
    answer(1);
    // The next one that waits is behind it in the same chunk.
    expect([told.slice(-2), wire.calls]).toEqual([['deliver', 'requestReceived'], ['pause']]);
    answer(3);
    wire.endTick();
    expect(typesOf(wire)).toEqual(['connack', 'suback', 'puback', 'suback', 'pingresp']);
    expect([driver.isBusy, wire.calls]).toEqual([false, ['pause', 'resume', 'write']]);
  });

  it('does not hold up writing', () => {
    const { driver, wire } = server();
    driver.received(bytes(subscribe(1), { type: 'pingreq' }));
    driver.send({ type: 'publish', topic: 't', payload: new Uint8Array(300_000), qos: 0 });
    driver.send({ type: 'publish', topic: 't', payload: '', qos: 1 });
    wire.endTick();
    expect(typesOf(wire)).toEqual(['connack', 'publish', 'publish']);
    expect(driver.blocked).toBe(false);
  });

  it('is answered by a handler that takes its time, in order', async () => {
    const wire = new FakeWire();
    const endpoint = new Endpoint(serverConnection());
    const driver = new Driver(endpoint, wire, async (events, link) => {
      await new Promise((done) => setImmediate(done));
      for (const event of events) {
        if (event.type === 'connectRequested') link.accept();
        if (event.type === 'requestReceived') link.answer(event.packet.packetId, [0]);
      }
    });
    driver.opened();
    driver.received(bytes(CONNECT, subscribe(1), qos1(2), subscribe(3), { type: 'pingreq' }));
    await vi.waitFor(() => {
      wire.endTick();
      expect(typesOf(wire)).toEqual(['connack', 'suback', 'puback', 'suback', 'pingresp']);
    });
    driver.destroy();
  });

  it('bounds the inbox', async () => {
    const { driver, wire } = server({ maximumInbox: 1_000 });
    driver.received(bytes(subscribe(1)));
    driver.received(new Uint8Array(744));
    expect(wire.calls).toEqual(['pause']);
    driver.received(new Uint8Array(1));
    expect(await driver.closed).toMatchObject({ cause: 'overflow' });
    expect(wire.calls).toEqual(['pause', 'destroy']);
  });

  it('is answered before the end of the half of the peer is', async () => {
    const { driver, wire, answer } = server();
    driver.received(bytes(subscribe(1), qos1(2)));
    driver.ended();
    expect(wire.calls).toEqual(['pause']);
    answer(1);
    expect(typesOf(wire)).toEqual(['connack', 'suback', 'puback']);
    expect(wire.calls).toEqual(['pause', 'write', 'end', 'resume']);
    driver.gone('reset');
    expect(await driver.closed).toMatchObject({ cause: 'peer' });
  });

  it('is not waited for when the peer is gone, and what it had said is read', async () => {
    const { driver, told } = server();
    driver.received(bytes(subscribe(1), qos1(2), subscribe(3), message('x')));
    driver.received(bytes({ type: 'disconnect', reasonCode: 0 }));
    driver.gone('reset');
    expect(told.slice(2)).toEqual([
      'requestReceived',
      'deliver',
      'requestReceived',
      'deliver',
      'disconnectReceived',
      'sessionDiscarded',
      'ended',
    ]);
    expect(await driver.closed).toMatchObject({ cause: 'ended', reason: 'peer-disconnected' });
  });

  it('cannot be slept over', () => {
    const { driver, answer } = server();
    driver.received(bytes(subscribe(1), message('x')));
    expect(() => driver.export()).toThrow('owes an answer');
    answer(1);
    expect(driver.export().unread.length).toBe(0);
  });

  it('is not waited for where the Endpoint was told not to', () => {
    const endpoint = new Endpoint(serverConnection(), { waitForAnswers: false });
    const { driver, wire, answer } = server({}, endpoint);
    driver.received(bytes(subscribe(1), { type: 'pingreq' }));
    answer(1);
    wire.endTick();
    expect(typesOf(wire)).toEqual(['connack', 'pingresp', 'suback']);
  });

  it('is one of very many without harm, and others have their turn', () => {
    let now = 0;
    const wire = new FakeWire();
    const answered: number[] = [];
    const driver = new Driver(
      new Endpoint(serverConnection()),
      wire,
      (events, link) => {
        for (const event of events) {
          if (event.type === 'connectRequested') link.accept();
          if (event.type !== 'requestReceived') continue;
          now += 0.01;
          answered.push(event.packet.packetId);
          link.answer(event.packet.packetId, [0]);
        }
      },
      { now: () => now },
    );
    driver.opened();
    driver.received(bytes(CONNECT));
    driver.received(bytes(...Array.from({ length: 20_000 }, (_, i) => subscribe(i + 1))));
    expect(answered.length).toBeLessThan(1_000);
    let turns = 0;
    for (; answered.length < 20_000 && turns < 100; turns++) wire.nextTurn();
    expect(turns).toBeGreaterThan(20);
    expect(answered.length).toBe(20_000);
  });
});

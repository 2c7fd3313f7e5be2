// @ts-nocheck
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

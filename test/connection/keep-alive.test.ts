import { afterAll, describe, expect, it } from 'vitest';
import { deadline } from '../../src/connection/index.js';
import {
  asked,
  bothVersions,
  checkBytes,
  client,
  connect5,
  connecting,
  connectOf,
  failure,
  incoming,
  kinds,
  publish,
  refused,
  type Side,
  sent,
  server,
} from './support.js';

afterAll(checkBytes);

const will = { topic: 'w', payload: '' };

/** Lets the deadline come, not a millisecond earlier. */
function expire(side: Side): ReturnType<Side['do']> {
  const at = deadline(side.state);
  if (at === undefined) throw new Error('no deadline');
  side.now = at - 1;
  expect(side.do({ type: 'timerFired' })).toEqual([]);
  side.now = at;
  return side.do({ type: 'timerFired' });
}

describe.each(bothVersions)('keep alive, a client of version %i', (version) => {
  const open = (keepAlive: number): Side =>
    client(version, { connect: { ...connectOf(version), keepAlive } as typeof connect5 });

  it('pings before the interval since its last packet is over [3.1.1: MQTT-3.1.2-23] [5.0: MQTT-3.1.2-20]', () => {
    const side = open(10);
    const start = side.now;
    expect(deadline(side.state)).toBe(start + 9_000);
    side.now += 5_000;
    side.do({ type: 'send', packet: publish(0) });
    expect(deadline(side.state)).toBe(start + 14_000);
    side.now += 2_000;
    // What comes in does not count, what goes out in answer does.
    side.receive(incoming(0));
    expect(deadline(side.state)).toBe(start + 14_000);
    side.receive(incoming(1));
    expect(deadline(side.state)).toBe(start + 16_000);
    expect(sent(expire(side))).toEqual([{ type: 'pingreq' }]);
    expect(side.do({ type: 'timerFired' })).toEqual([]);
    expect(side.receive({ type: 'pingresp' })).toEqual([]);
    expect(deadline(side.state)).toBe(side.now + 9_000);
  });

  it('closes when no PINGRESP comes in time [U5-3.1.2.10-a]', () => {
    const side = open(10);
    expire(side);
    expect(deadline(side.state)).toBe(side.now + 20_000);
    const actions = expire(side);
    expect(failure(actions).code).toBe('ping-timeout');
    expect(kinds(actions)).toContain('close');
    expect(side.state.phase).toBe('closed');
    expect(deadline(side.state)).toBeUndefined();
  });

  it('waits for PINGRESP while other packets show that the server is alive', () => {
    const side = open(10);
    expire(side);
    side.now += 15_000;
    side.receive(incoming(0));
    expect(deadline(side.state)).toBe(side.now + 20_000);
  });

  it('does not ping with a Keep Alive of 0', () => {
    const side = open(0);
    expect(deadline(side.state)).toBeUndefined();
    side.now += 1_000_000_000;
    expect(side.do({ type: 'timerFired' })).toEqual([]);
  });

  it('takes a PINGRESP that it did not ask for', () => {
    const side = open(10);
    expect(side.receive({ type: 'pingresp' })).toEqual([]);
    expect(side.state.phase).toBe('connected');
  });
});

it('keeps to the Keep Alive of the server, larger, smaller or none [5.0: MQTT-3.1.2-21] [5.0: MQTT-3.2.2-21]', () => {
  for (const serverKeepAlive of [5, 100, 0]) {
    const connect = { ...connect5, keepAlive: 10 };
    const side = client(5, { connect }, { properties: { serverKeepAlive } });
    expect(deadline(side.state)).toBe(serverKeepAlive === 0 ? undefined : side.now + serverKeepAlive * 900);
  }
});

describe.each(bothVersions)('a ping that the host asks for, version %i', (version) => {
  const open = (keepAlive: number): Side =>
    client(version, { connect: { ...connectOf(version), keepAlive } as typeof connect5 });

  it('goes out at once, and the answer is told, whatever the Keep Alive', () => {
    for (const keepAlive of [0, 10]) {
      const side = open(keepAlive);
      expect(side.do({ type: 'ping' })).toEqual([{ type: 'transmit', packet: { type: 'pingreq' } }]);
      expect(deadline(side.state)).toBe(side.now + 20_000);
      expect(side.receive({ type: 'pingresp' })).toEqual([{ type: 'pingAnswered' }]);
      expect(side.receive({ type: 'pingresp' })).toEqual([]);
      expect(deadline(side.state)).toBe(keepAlive === 0 ? undefined : side.now + 9_000);
    }
  });

  it('changes nothing else about the connection when it is answered', () => {
    const side = open(10);
    side.do({ type: 'blocked' });
    side.do({ type: 'ping' });
    const { details } = side.state;
    side.receive({ type: 'pingresp' });
    expect(side.state.details).toEqual({ ...details, pingSent: undefined, pingAsked: false });
  });

  it('goes with one that is under way, and the next answer is for it', () => {
    const side = open(10);
    expire(side);
    const at = deadline(side.state);
    side.now += 1_000;
    expect(side.do({ type: 'ping' })).toEqual([]);
    expect(side.do({ type: 'ping' })).toEqual([]);
    expect(deadline(side.state)).toBe(at);
    expect(side.receive({ type: 'pingresp' })).toEqual([{ type: 'pingAnswered' }]);
    expire(side);
    expect(side.receive({ type: 'pingresp' })).toEqual([]);
  });

  it('that is not answered ends the connection', () => {
    const side = open(0);
    side.do({ type: 'ping' });
    expect(failure(expire(side)).code).toBe('ping-timeout');
  });

  it('is refused without a connection, and to a server', () => {
    expect(refused(connecting(version).do({ type: 'ping' })).code).toBe('not-connected');
    expect(refused(server(version).do({ type: 'ping' })).code).toBe('wrong-sender');
  });
});

describe.each(bothVersions)('keep alive, a server of version %i', (version) => {
  const open = (keepAlive: number): Side => server(version, {}, { keepAlive, will });

  it('closes after one and a half times the interval of silence, and the will is due [3.1.1: MQTT-3.1.2-24] [5.0: MQTT-3.1.2-22]', () => {
    const side = open(10);
    const start = side.now;
    expect(deadline(side.state)).toBe(start + 15_000);
    side.now += 4_000;
    side.do({ type: 'send', packet: publish(0) });
    expect(deadline(side.state)).toBe(start + 15_000);
    side.receive({ type: 'pingreq' });
    expect(deadline(side.state)).toBe(start + 19_000);
    const actions = expire(side);
    expect(failure(actions)).toMatchObject({ code: 'keep-alive-timeout', reasonCode: 0x8d });
    expect(kinds(actions)).toEqual(
      version === 4
        ? ['fail', 'close', 'willDue', 'ended']
        : ['fail', 'disconnect', 'close', 'willDue', 'ended'],
    );
    if (version === 5) expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x8d }]);
  });

  it('says nothing more after the end, whatever else is due', () => {
    const side = open(10);
    side.do({ type: 'blocked' });
    const properties = version === 5 ? { messageExpiryInterval: 3 } : undefined;
    side.do({ type: 'send', packet: { ...publish(1), properties }, token: 't' });
    side.now += 15_000;
    expect(kinds(side.do({ type: 'timerFired' })).at(-1)).toBe('ended');
  });

  it('waits for ever with a Keep Alive of 0', () => {
    expect(deadline(open(0).state)).toBeUndefined();
  });

  it('answers every PINGREQ [3.1.1: MQTT-3.12.4-1] [5.0: MQTT-3.12.4-1]', () => {
    const side = open(10);
    for (let i = 0; i < 3; i++)
      expect(side.receive({ type: 'pingreq' })).toEqual([{ type: 'transmit', packet: { type: 'pingresp' } }]);
  });
});

it('a server uses what it told the client, or what the client said [5.0: MQTT-3.2.2-22] [5.0: MQTT-3.1.2-22]', () => {
  const connect = { keepAlive: 10 };
  expect(deadline(server(5, {}, connect).state)).toBe(1_015_000);
  const told = server(5, {}, connect, { properties: { serverKeepAlive: 4 } });
  expect(deadline(told.state)).toBe(1_006_000);
  const none = server(5, {}, connect, { properties: { serverKeepAlive: 0 } });
  expect(deadline(none.state)).toBeUndefined();
});

describe('the deadline', () => {
  it('is none before the network stands, while the host makes up its mind, and after the end', () => {
    expect(deadline(asked(5).state)).toBeUndefined();
    const side = connecting(5);
    side.do({ type: 'closed' });
    expect(deadline(side.state)).toBeUndefined();
    side.now += 1_000_000;
    expect(side.do({ type: 'timerFired' })).toEqual([]);
    const host = asked(5);
    host.now += 1_000_000;
    expect(host.do({ type: 'timerFired' })).toEqual([]);
  });

  it('is that of messages that expire in the queue, once a second at most', () => {
    const side = client(5);
    side.do({ type: 'blocked' });
    side.now = 2_000_300;
    const packet = { ...publish(1), properties: { messageExpiryInterval: 3 } };
    side.do({ type: 'send', packet });
    expect(deadline(side.state)).toBe(2_004_000);
    // It has expired by now, and would be missed by nobody before its turn.
    side.now = 2_003_500;
    expect(side.do({ type: 'timerFired' })).toEqual([]);
    const pinging = client(5, { connect: { ...connect5, keepAlive: 1 } });
    pinging.do({ type: 'blocked' });
    pinging.do({ type: 'send', packet });
    expect(deadline(pinging.state)).toBe(1_000_900);
    const waiting = client(5, { connect: { ...connect5, keepAlive: 60 } });
    waiting.do({ type: 'blocked' });
    waiting.do({ type: 'send', packet });
    expect(deadline(waiting.state)).toBe(1_003_000);
  });
});

import { describe, expect, it } from 'vitest';
import { Endpoint } from '../../src/connection/index.js';
import {
  emptySession,
  exportSession,
  queueMessage,
  sessionChanges,
  sessionSize,
  type Token,
} from '../../src/session/index.js';
import {
  bothRoles,
  bothVersions,
  client,
  connectedAs,
  connecting,
  kinds,
  only,
  publish,
  refused,
  type Side,
  sent,
} from './support.js';

const send = (side: Side, token: Token | undefined, more: object = {}) =>
  side.do({ type: 'send', packet: publish(1, `t${token}`), token, ...more });
const withdraw = (side: Side, token: Token) => side.do({ type: 'withdraw', token });

describe.each(bothVersions)('a message that waits, of version %i', (version) => {
  it.each(bothRoles)('is taken back by its token, wherever in the queue it stands (%s)', (role) => {
    const side = connectedAs(role, version);
    side.do({ type: 'blocked' });
    for (const token of ['a', 'b', 7, 'b', 'c', undefined]) send(side, token);
    const before = side.state;
    expect(withdraw(side, 'b')).toEqual([
      { type: 'settled', token: 'b', outcome: { kind: 'withdrawn' } },
      { type: 'settled', token: 'b', outcome: { kind: 'withdrawn' } },
    ]);
    expect(withdraw(side, 7).length).toBe(1);
    expect(withdraw(side, 'a').length).toBe(1);
    expect(sessionSize(side.state.session).queued).toBe(2);
    // What is stored of them goes with them.
    expect(sessionChanges(before, side.state)?.queued.removed.length).toBe(4);
    const kept = exportSession(side.state).queued.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(side.state.session.queue.bytes).toBe(kept);
    const topics = sent(side.do({ type: 'writable' })).map((packet) => 'topic' in packet && packet.topic);
    expect(topics).toEqual(['tc', 'tundefined']);
    expect(sessionSize(side.state.session)).toMatchObject({ outgoing: 2, queued: 0 });
  });

  it('is no longer to be had once it was sent, and nobody else has its token', () => {
    const side = client(version);
    send(side, 'sent');
    expect(refused(withdraw(side, 'sent'))).toMatchObject({ code: 'already-sent', field: 'token' });
    expect(refused(withdraw(side, 'other'))).toMatchObject({ code: 'unknown-token', field: 'token' });
    // The refusal is no end of the message, which has that token.
    expect(only(withdraw(side, 'sent'), 'refused').token).toBeUndefined();
    side.do({
      type: 'send',
      packet: { type: 'subscribe', subscriptions: [{ topicFilter: 'f', qos: 0 }] },
      token: 's',
    });
    expect(refused(withdraw(side, 's')).code).toBe('already-sent');
    side.do({ type: 'blocked' });
    send(side, 'waits');
    side.do({ type: 'closed' });
    expect(refused(withdraw(side, 'waits')).code).toBe('not-connected');
  });

  it('can be taken back before the connection stands', () => {
    const side = connecting(version);
    send(side, 'early');
    expect(kinds(withdraw(side, 'early'))).toEqual(['settled']);
    expect(sessionSize(side.state.session).queued).toBe(0);
  });

  it('expires when its sender says so, and the peer is told nothing of it', () => {
    const side = client(version);
    side.do({ type: 'blocked' });
    const { now } = side;
    send(side, 'soon', { expiresAt: now + 5_000 });
    send(side, 'late', { expiresAt: now + 50_000 });
    send(side, 'ever');
    side.now += 4_999;
    expect(kinds(side.do({ type: 'timerFired' }))).toEqual([]);
    side.now += 1;
    expect(side.do({ type: 'timerFired' })).toEqual([
      { type: 'settled', token: 'soon', outcome: { kind: 'expired' } },
    ]);
    const packets = sent(side.do({ type: 'writable' }));
    expect(packets).toMatchObject([{ topic: 'tlate' }, { topic: 'tever' }]);
    for (const packet of packets) expect(packet).toMatchObject({ properties: undefined });
  });
});

it('the earlier of expiresAt and Message Expiry Interval counts, and the peer hears what is left of it', () => {
  const side = client(5);
  side.do({ type: 'blocked' });
  const { now } = side;
  const packet = { ...publish(1, 'a'), properties: { messageExpiryInterval: 10 } };
  side.do({ type: 'send', packet, token: 'early', expiresAt: now + 4_000 });
  side.do({ type: 'send', packet, token: 'late', expiresAt: now + 40_000 });
  side.do({ type: 'send', packet, token: 'last', expiresAt: now + 9_000 });
  side.now += 5_000;
  const actions = side.do({ type: 'writable' });
  expect(only(actions, 'settled')).toMatchObject({ token: 'early', outcome: { kind: 'expired' } });
  expect(sent(actions)).toMatchObject([
    { properties: { messageExpiryInterval: 5 } },
    { properties: { messageExpiryInterval: 4 } },
  ]);
});

it('a message for a device that is away expires as well', () => {
  const message = { type: 'publish', topic: 'a', qos: 1 } as const;
  const { session } = queueMessage(emptySession(), message, {
    now: 0,
    version: 4,
    expiresAt: 7,
  });
  expect(session.queue.expiry).toBe(7);
});

it('an Endpoint has both', () => {
  const side = client(4);
  const endpoint = new Endpoint(side.state);
  endpoint.blocked(side.now);
  endpoint.send(publish(1, 'a'), side.now, { token: 'a', expiresAt: side.now + 1_000 });
  endpoint.send(publish(1, 'b'), side.now, { token: 'b' });
  expect(endpoint.withdraw('b', side.now).events).toMatchObject([{ outcome: { kind: 'withdrawn' } }]);
  expect(endpoint.tick(side.now + 1_000).events).toMatchObject([
    { token: 'a', outcome: { kind: 'expired' } },
  ]);
});

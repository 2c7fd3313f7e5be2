import { describe, expect, it } from 'vitest';
import type { PeerRule } from '../../../src/arbitraries/index.js';
import { Receiving } from '../../../src/arbitraries/peers/receiving.js';
import { broken, heard } from './judging.js';

/** What a sender of that kind breaks, whose session goes on with its second connection. */
const rule = (
  act: (receiving: Receiving) => void,
  { peer = 'server', version = 5 }: { peer?: 'client' | 'server'; version?: 4 | 5 } = {},
): PeerRule | undefined =>
  broken((trial) => {
    const receiving = new Receiving(trial, 'a', peer);
    receiving.begin(false, undefined);
    act(receiving);
  }, version);

const one = heard({ qos: 1 });
const two = heard({ qos: 2 });
const again = <T extends object>(packet: T): T => ({ ...packet, dup: true });

describe('A sender is judged by what it sends', () => {
  it('right: new messages, resends after a resumption, and what comes again since an answer was lost', () => {
    const right = rule((receiving) => {
      receiving.publish(one);
      receiving.publish(heard({ qos: 2, packetId: 2 }));
      receiving.acknowledge('puback', 1, false);
      receiving.acknowledge('pubrec', 2, false);
      receiving.pubrel(2);
      receiving.begin(true, 10);
      expect(receiving.publish(again(one))).toBe('again');
      receiving.pubrel(2);
      receiving.acknowledge('pubcomp', 2, false);
      expect(receiving.closed()).toEqual([2]);
      receiving.confirm([1, 2, 3]);
      expect(receiving.isTaken(1)).toBe(true);
      expect(receiving.isTaken(2)).toBe(false);
    });
    expect(right).toBe(undefined);
  });

  it('right: nothing of the kind is acknowledged', () => {
    expect(rule((receiving) => receiving.acknowledge('puback', 7, false))).toBe(undefined);
  });

  it.each<[string, PeerRule, (receiving: Receiving) => void, Parameters<typeof rule>[1]?]>([
    ['an identifier that a request has', 'packet-id-in-use', (all) => all.publish(one, new Set([1]))],
    [
      'an identifier that a message has',
      'packet-id-in-use',
      (all) => {
        all.publish(one);
        all.publish(heard({ qos: 1, payload: '2 .' }));
      },
    ],
    ['DUP for the first time', 'no-dup-on-a-first-send', (all) => all.publish(again(one))],
    [
      'a message of a session that is lost',
      'discards-a-lost-session',
      (all) => {
        all.publish(one);
        all.begin(false, undefined);
        all.publish(again(one));
      },
      { peer: 'client' },
    ],
    [
      'another message again',
      'resends-the-same',
      (all) => {
        all.publish(one);
        all.begin(true, undefined);
        all.publish(again(heard({ qos: 1, payload: '2 .' })));
      },
    ],
    [
      'a message again without DUP',
      'dup-on-a-resend',
      (all) => {
        all.publish(one);
        all.begin(true, undefined);
        all.publish(one);
      },
    ],
    [
      'a message twice on one connection',
      'no-resend-otherwise',
      (all) => {
        all.publish(one);
        all.publish(again(one));
      },
    ],
    [
      'a message for which PUBREL has come',
      'no-publish-after-pubrel',
      (all) => {
        all.publish(two);
        all.acknowledge('pubrec', 1, false);
        all.pubrel(1);
        all.begin(true, undefined);
        all.publish(again(two));
      },
    ],
    [
      'more than may be under way',
      'receive-maximum',
      (all) => {
        all.begin(true, 1);
        all.publish(one);
        all.publish(heard({ qos: 1, packetId: 2 }));
      },
    ],
    ['PUBREL of nothing', 'pubrel-without-pubrec', (all) => all.pubrel(1)],
    [
      'PUBREL of a message of QoS 1',
      'pubrel-without-pubrec',
      (all) => {
        all.publish(one);
        all.pubrel(1);
      },
    ],
    [
      'PUBREL ahead of PUBREC',
      'pubrel-without-pubrec',
      (all) => {
        all.publish(two);
        all.pubrel(1);
      },
    ],
    [
      'PUBREL twice on one connection',
      'no-resend-otherwise',
      (all) => {
        all.publish(two);
        all.acknowledge('pubrec', 1, false);
        all.pubrel(1);
        all.pubrel(1);
      },
    ],
    [
      'PUBRELs in another order than the PUBRECs',
      'pubrel-order',
      (all) => {
        for (const packetId of [1, 2]) {
          all.publish(heard({ qos: 2, packetId }));
          all.acknowledge('pubrec', packetId, false);
        }
        all.pubrel(2);
      },
      { peer: 'client' },
    ],
    [
      'resends of a topic in another order',
      'message-order',
      (all) => {
        for (const packetId of [1, 2]) all.publish(heard({ qos: 1, packetId }));
        all.begin(true, undefined);
        for (const packetId of [2, 1]) all.publish(again(heard({ qos: 1, packetId })));
      },
    ],
  ])('wrong: %s', (_, expected, act, who) => {
    expect(rule(act, who)).toBe(expected);
  });

  it('MQTT 3.1.1 lets a sender repeat itself on one connection', () => {
    const act = (all: Receiving): void => {
      all.publish(two);
      all.publish(again(two));
      all.acknowledge('pubrec', 1, false);
      all.pubrel(1);
      all.pubrel(1);
    };
    expect(rule(act, { version: 4 })).toBe(undefined);
  });
});

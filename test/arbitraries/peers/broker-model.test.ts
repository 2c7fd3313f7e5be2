import { describe, expect, it } from 'vitest';
import type { PeerRule } from '../../../src/arbitraries/index.js';
import type { Session, Wish } from '../../../src/arbitraries/peers/broker-messages.js';
import { BrokerModel } from '../../../src/arbitraries/peers/broker-model.js';
import { broken, heard } from './judging.js';

const WISH: Wish = {
  filter: 'x',
  qos: 1,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
  identifier: undefined,
};

const SAID = {
  publisher: 'b',
  topic: 'x',
  payload: '1 .',
  qos: 1,
  retain: false,
  expiry: undefined,
} as const;

/** A session of `a` with a subscription. */
class Scene {
  readonly session: Session;
  readonly #packetId = 1;

  constructor(readonly model: BrokerModel) {
    this.session = model.newSession('a');
  }

  subscribe(wish: Partial<Wish> = {}, granted: 0 | 1 | 2 | undefined = 1): void {
    const asked = this.model.asked(this.session, { ...WISH, ...wish }, 1, this.#packetId);
    this.model.granted(this.session, asked, granted);
  }

  /** Publishes something, which the broker acknowledges. */
  publish(said: Partial<Parameters<BrokerModel['published']>[0]> = {}): void {
    const { number } = this.model.published({ ...SAID, ...said });
    this.model.done(number, 'taken');
  }

  get(fields: Parameters<typeof heard>[0] = {}): void {
    this.model.delivered(this.session, heard({ qos: 1, ...fields }), 0);
  }

  /** The first thing that is missing. */
  get missing(): PeerRule | undefined {
    return this.model.missing(this.session, 1)[0]?.rule;
  }
}

const rule = (act: (scene: Scene) => void, except: readonly PeerRule[] = []): PeerRule | undefined =>
  broken((trial) => act(new Scene(new BrokerModel(trial))), 5, except);

describe('What a broker delivers', () => {
  it.each<[string, PeerRule | undefined, (scene: Scene) => void]>([
    [
      'what was published',
      undefined,
      (scene) => {
        scene.subscribe();
        scene.publish();
        scene.get();
        expect(scene.missing).toBe(undefined);
      },
    ],
    [
      'nothing',
      undefined,
      (scene) => {
        scene.subscribe();
        scene.publish();
        expect(scene.missing).toBe('message-delivered');
      },
    ],
    [
      'a copy of a lower QoS than the highest',
      undefined,
      (scene) => {
        scene.subscribe({ filter: '+' }, 0);
        scene.subscribe();
        scene.publish();
        scene.get({ qos: 0 });
        expect(scene.missing).toBe('copies-delivered');
      },
    ],
    [
      'at another QoS',
      'delivery-qos',
      (scene) => {
        scene.subscribe({}, 0);
        scene.publish();
        scene.get();
      },
    ],
    [
      'what was not subscribed to',
      'only-subscribed',
      (scene) => {
        scene.publish();
        scene.get();
      },
    ],
    [
      'what a subscription that was refused asks for',
      'not-after-unsubscribe',
      (scene) => {
        scene.subscribe({}, undefined);
        scene.model.granted(scene.session, scene.session.subscriptions[0]!, undefined);
        scene.publish();
        scene.get();
      },
    ],
    [
      'what was unsubscribed from',
      'not-after-unsubscribe',
      (scene) => {
        scene.subscribe();
        scene.model.unsubscribes(scene.session, 'x', true);
        scene.publish();
        scene.get();
      },
    ],
    [
      'a message of its own in spite of No Local',
      'no-local',
      (scene) => {
        scene.subscribe({ noLocal: true });
        scene.publish({ publisher: 'a' });
        scene.get();
      },
    ],
    [
      'twice',
      'exactly-once',
      (scene) => {
        scene.subscribe();
        scene.publish();
        scene.get();
        scene.get({ packetId: 2 });
      },
    ],
    [
      'another payload',
      'message-unchanged',
      (scene) => {
        scene.subscribe();
        scene.publish();
        scene.get({ payload: '1 ..' });
      },
    ],
    [
      'an empty message that nobody has sent',
      'retained-replaced',
      (scene) => {
        scene.subscribe();
        scene.get({ payload: '' });
      },
    ],
    [
      'an empty message that was sent',
      undefined,
      (scene) => {
        scene.subscribe({ retainAsPublished: true });
        scene.publish({ payload: '', retain: true });
        scene.get({ payload: '', retain: true });
      },
    ],
    [
      'RETAIN 0 in spite of Retain As Published',
      'retain-as-published',
      (scene) => {
        scene.subscribe({ retainAsPublished: true });
        scene.publish({ retain: true });
        scene.get();
      },
    ],
    [
      'RETAIN 1 without Retain As Published',
      'retain-flag-of-a-live-message',
      (scene) => {
        scene.subscribe();
        scene.publish();
        scene.get({ retain: true });
      },
    ],
    [
      'a retained message that was not asked for',
      'no-retained-on-subscribe',
      (scene) => {
        scene.publish({ retain: true });
        scene.subscribe({ retainHandling: 2 });
        scene.get({ retain: true });
      },
    ],
    [
      'a retained message at another QoS',
      'delivery-qos',
      (scene) => {
        scene.publish({ retain: true });
        scene.subscribe({}, 0);
        scene.get({ retain: true });
      },
    ],
    [
      'a retained message to the member of a share',
      'no-retained-for-shared',
      (scene) => {
        scene.publish({ retain: true });
        scene.subscribe({ filter: '$share/g/x' });
        scene.get({ retain: true });
      },
    ],
    [
      'a retained message to the member of a share, whose other subscription has another QoS',
      'no-retained-for-shared',
      (scene) => {
        scene.publish({ retain: true });
        scene.subscribe({ filter: '$share/g/x' });
        scene.subscribe({}, 0);
        scene.get({ retain: true });
      },
    ],
    [
      'an identifier that no subscription has',
      'subscription-identifiers',
      (scene) => {
        scene.subscribe({ identifier: 1 });
        scene.publish();
        scene.get({ properties: { subscriptionIdentifiers: [2] } });
      },
    ],
    [
      'messages in another order',
      'message-order',
      (scene) => {
        scene.subscribe();
        scene.publish();
        scene.publish({ payload: '2 .' });
        scene.get({ payload: '2 .' });
        scene.get({ packetId: 2 });
      },
    ],
    [
      'DUP to a connection that stood before the message',
      'no-dup-on-a-first-send',
      (scene) => {
        scene.subscribe();
        scene.publish();
        scene.get({ dup: true });
      },
    ],
    [
      'no message that has to be retained',
      undefined,
      (scene) => {
        scene.publish({ retain: true });
        scene.subscribe({ filter: '+' });
        scene.subscribe({ noLocal: true, filter: '#' });
        expect(scene.missing).toBe('retained-on-subscribe');
        scene.get({ retain: true });
        expect(scene.missing).toBe(undefined);
      },
    ],
    [
      'no message of its own that has to be retained, with No Local',
      undefined,
      (scene) => {
        scene.publish({ publisher: 'a', retain: true });
        scene.subscribe({ noLocal: true });
        expect(scene.missing).toBe(undefined);
      },
    ],
  ])('%s: %s', (_, expected, act) => {
    expect(rule(act)).toBe(expected);
  });

  it('what came to the member of a share may come to another one when a connection has failed', () => {
    const twice = (fails: boolean): PeerRule | undefined =>
      rule((scene) => {
        scene.subscribe({ filter: '$share/g/x' });
        const other = scene.model.newSession('c');
        const asked = scene.model.asked(other, { ...WISH, filter: '$share/g/x' }, 1, 1);
        scene.model.granted(other, asked, 1);
        scene.publish();
        scene.get();
        if (fails) scene.model.left(scene.session);
        scene.model.delivered(other, heard({ qos: 1 }), 0);
      });
    expect([twice(false), twice(true)]).toEqual(['shared-to-one', undefined]);
  });

  it('goes on behind what is excused', () => {
    const act = (scene: Scene): void => {
      scene.publish({ retain: true });
      scene.subscribe({}, 0);
      scene.get({ retain: true });
      scene.get({ payload: '9 .' });
    };
    expect(rule(act, ['delivery-qos'])).toBe('message-unchanged');
    expect(rule(act, ['delivery-qos', 'message-unchanged'])).toBe(undefined);
  });
});

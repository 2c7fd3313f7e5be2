// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { Peer, start, VERSIONS } from './support.js';

describe.each(VERSIONS)('a bridge, version %i', (version) => {
  it('is a client of another broker, by the rules of both sides and no others [3.1.1: MQTT-7.0.0-1] [3.1.1: MQTT-7.0.0-2]', async () => {
    const [here, there] = [await start(), await start()];
    // The broker here takes part in the broker there as any client would, and passes on both ways.
    const outside = await Peer.connected(there.port, version, { clientId: 'bridge' });
    const inside = await Peer.connected(here.port, version, { clientId: 'bridge' });
    await outside.subscribe('from-there/#');
    await inside.subscribe('from-here/#');
    const pass = async (from: Peer, to: Peer): Promise<void> => {
      const [message] = await from.received(1);
      if (message === undefined) return;
      const { topic, payload, qos } = message;
      to.link.send({ type: 'publish', topic, payload, qos });
    };
    const [local, remote] = [
      await Peer.connected(here.port, version),
      await Peer.connected(there.port, version),
    ];
    await local.subscribe('from-there/#');
    await remote.subscribe('from-here/#');
    await local.publish('from-here/a', 'hello', { qos: 2 });
    await pass(inside, outside);
    await remote.publish('from-there/a', 'and back', { qos: 1 });
    await pass(outside, inside);
    expect(await remote.received(1)).toMatchObject([{ topic: 'from-here/a', qos: 2 }]);
    expect(await local.received(1)).toMatchObject([{ topic: 'from-there/a', qos: 1 }]);
    expect([...remote.texts(), ...local.texts()]).toEqual(['hello', 'and back']);
  });
});

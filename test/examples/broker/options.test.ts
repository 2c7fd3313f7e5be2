import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../docs/examples/broker/options.js';
import type { Bytes } from './support.js';
import { away, Peer, Bytes as RawBytes, start, VERSIONS } from './support.js';

/** A client of MQTT 5.0 that is nothing but bytes, and has had its CONNACK. */
async function raw(port: number, connect = '10 0e 00 04 4d515454 05 02 00 3c 00 00 01 61'): Promise<Bytes> {
  const peer = new RawBytes(port);
  peer.write(connect);
  await peer.expect('20 0e 00 00 0b 22 0010 27 00100000 21 03e8');
  return peer;
}

/** A store that keeps nothing. */
const STORE: Journal = {
  changed: () => {},
  described: () => {},
  retained: () => {},
  stored: () => undefined,
};

describe('that nobody has subscribed', () => {
  it.each([
    [undefined, '40 02 00 01', '50 02 00 02'],
    ['puback', '40 03 00 01 10', '50 02 00 02'],
    ['both', '40 03 00 01 10', '50 03 00 02 10'],
  ] as const)('is told by acknowledgements as one likes: %s', async (tellsNoSubscribers, puback, pubrec) => {
    const { port } = await start({ tellsNoSubscribers });
    const peer = await raw(port);
    peer.write('32 06 00 01 61 00 01 00');
    await peer.expect(puback);
    peer.write('34 06 00 01 61 00 02 00');
    await peer.expect(pubrec);
    peer.write('62 02 00 02');
    await peer.expect('70 02 00 02');
    // Not even the message that was retained makes a difference.
    peer.write('33 06 00 01 61 00 01 00');
    await peer.expect(puback);
  });

  it.each([
    ['before a copy that comes back', undefined, '40 02 00 09 32 06 00 01 61 00 01 00'],
    ['after it, where a store has to know of all copies first', STORE, '32 06 00 01 61 00 01 00 40 02 00 09'],
  ] as const)('is told, or not, %s', async (_, journal, answers) => {
    const { port } = await start({ tellsNoSubscribers: 'both', journal });
    const peer = await raw(port);
    peer.write('82 07 00 01 00 00 01 61 02');
    await peer.expect('90 04 00 01 00 02');
    peer.write('32 06 00 01 61 00 09 00');
    await peer.expect(answers);
  });

  it('is not told where somebody has, wherever he is and whatever he gets', async () => {
    const running = await start({ tellsNoSubscribers: 'both' });
    const lasting = { clientId: 'away', properties: { sessionExpiryInterval: 60 } } as const;
    const gone = await Peer.connected(running.port, 5, lasting);
    await gone.subscribe(['b/+', '$share/g/c']);
    await gone.leave();
    await away(running, 'away');
    const old = await Peer.connected(running.port, 4, { clientId: 'old' });
    await old.subscribe('$share/x');
    const peer = await Peer.connected(running.port, 5);
    await peer.subscribe('own', { noLocal: true });
    for (const topic of ['b/1', 'c', '$share/x', 'own']) {
      expect(await peer.publish(topic, '', { qos: 1 })).toMatchObject({ reasonCode: 0 });
      expect(await peer.publish(topic, '', { qos: 2 })).toMatchObject({ reasonCode: 0 });
    }
    expect(await peer.publish('b', '', { qos: 1 })).toMatchObject({ reasonCode: 0x10 });
    expect(await old.publish('b', '', { qos: 1 })).toMatchObject({ kind: 'acknowledged' });
  });

  it('counts filters with a slash at the root where that makes no difference', async () => {
    const { port } = await start({ tellsNoSubscribers: 'both', ignoresRoot: true });
    const peer = await Peer.connected(port, 5);
    await peer.subscribe('/a');
    expect(await peer.publish('a', '', { qos: 1 })).toMatchObject({ reasonCode: 0 });
    expect(await peer.publish('b', '', { qos: 1 })).toMatchObject({ reasonCode: 0x10 });
  });

  it('is less than that the message is refused', async () => {
    const { port } = await start({ tellsNoSubscribers: 'both', authorizePublish: () => 0x87 });
    const peer = await Peer.connected(port, 5);
    expect(await peer.publish('a', '', { qos: 1 })).toMatchObject({ kind: 'refused', reasonCode: 0x87 });
  });
});

describe('a CONNACK that does not fit', () => {
  // Clean Start 0, and a Maximum Packet Size of 10 or 4 bytes.
  const connect = (size: string, flags = '00') =>
    `10 13 00 04 4d515454 05 ${flags} 00 3c 05 27 ${size} 00 01 61`;

  it.each(['00', '02'])(
    'changes nothing for the client that is there, and its session (flags %s)',
    async (flags) => {
      const { broker, port } = await start();
      const lasting = { clientId: 'a', properties: { sessionExpiryInterval: 60 } } as const;
      const first = await Peer.connected(port, 5, lasting);
      await first.subscribe('t');
      for (const [size, answer] of [
        ['0000000a', '20 03 00 95 00'],
        ['00000004', ''],
      ] as const) {
        const small = new RawBytes(port);
        small.write(connect(size, flags));
        await small.ends(answer);
      }
      await first.publish('t', 'still there', { qos: 1 });
      expect(await first.payloads()).toEqual(['still there']);
      await first.leave();
      await away({ broker, port }, 'a');
      const other = await Peer.connected(port, 5);
      await other.publish('t', 'kept', { qos: 1 });
      const small = new RawBytes(port);
      small.write(connect('0000000a', flags));
      await small.ends('20 03 00 95 00');
      const again = await Peer.connected(port, 5, { ...lasting, cleanStart: false, after: first });
      expect(await again.until('connected')).toMatchObject({ sessionPresent: true });
      expect(await again.payloads()).toEqual(['kept']);
    },
  );

  it('is no matter of the size alone', async () => {
    const { port } = await start();
    const peer = new RawBytes(port);
    peer.write(connect('00000010', '02'));
    await peer.expect('20 0e 00 00 0b 22 0010 27 00100000 21 03e8');
  });
});

describe('control characters', () => {
  const NAMES = ['\u0001', 'a\u001fb', '\u007f', 'a/\u009f'];

  it.each(VERSIONS)('pass as long as nothing is said, version %i', async (version) => {
    const { port } = await start();
    for (const name of NAMES) {
      const peer = await Peer.connected(port, version, { clientId: name, username: name });
      await peer.subscribe(name);
      await peer.publish(name, 'x', { qos: 1 });
      expect(await peer.payloads()).toEqual(['x']);
      await peer.unsubscribe(name);
    }
  });

  it.each(VERSIONS)('are refused where that is asked for, version %i [U3-1.5.3-a]', async (version) => {
    const { port } = await start({ controlCharacters: 'refused' });
    for (const name of NAMES) {
      const will = { topic: name, payload: '', qos: 0, retain: false } as const;
      for (const [options, code] of [
        [{ clientId: name }, 0x85],
        [{ username: name }, 0x81],
        [{ will }, 0x81],
      ] as const) {
        const peer = new Peer(port, version, options);
        await peer.link.closed;
        const refused = peer.events.find(({ type }) => type === 'connectRefused');
        if (version === 4) expect(refused).toBeUndefined();
        else expect(refused).toMatchObject({ packet: { reasonCode: code } });
      }
      for (const say of [
        (peer: Peer) => peer.link.send({ type: 'publish', topic: name, payload: '' }),
        (peer: Peer) => peer.link.send({ type: 'subscribe', subscriptions: [{ topicFilter: name, qos: 0 }] }),
        (peer: Peer) => peer.link.send({ type: 'unsubscribe', topicFilters: ['a', name] }),
      ]) {
        const peer = await Peer.connected(port, version);
        say(peer);
        await peer.link.closed;
        expect((await peer.until('ended')).reason).toBe(version === 4 ? 'closed' : 'peer-disconnected');
      }
    }
    // Above and below them there are others.
    const peer = await Peer.connected(port, version, { clientId: 'a b\u00a0~' });
    await peer.publish('~ \u00a0', '', { qos: 1 });
  });
});

describe('other options', () => {
  it('no retained messages: 5.0 is told, and 3.1.1 is not', async () => {
    const { broker, port } = await start({ retained: false });
    const raw = new RawBytes(port);
    raw.write('10 0e 00 04 4d515454 05 02 00 3c 00 00 01 61');
    await raw.expect('20 10 00 00 0d 22 0010 27 00100000 21 03e8 25 00');
    raw.write('31 04 00 01 61 00');
    await raw.ends('e0 01 9a');
    const old = await Peer.connected(port, 4);
    await old.publish('a', 'x', { qos: 1, retain: true });
    expect(broker.retained.size).toBe(0);
    await old.subscribe('a');
    expect(await old.payloads()).toEqual([]);
  });

  it('Client Identifiers that the broker gives begin as they are told to', async () => {
    const { broker, port } = await start({ clientIdPrefix: 'auto-' });
    const peer = await Peer.connected(port, 5);
    expect((await peer.until('connected')).clientId).toMatch(/^auto-[0-9a-f-]{36}$/);
    const named = await Peer.connected(port, 5, { clientId: 'me' });
    expect((await named.until('connected')).clientId).toBe('me');
    await Peer.connected(port, 4);
    expect([...broker.connections].filter(({ who }) => who.clientId.startsWith('auto-'))).toHaveLength(2);
  });

  it.each(VERSIONS)(
    'no more messages are under way to a client than there may be, version %i',
    async (version) => {
      const { port } = await start({ limits: { inFlight: 2 } });
      const peer = await Peer.connected(port, version, { acknowledgements: 'manual' });
      await peer.subscribe('t', { qos: 1 });
      const publisher = await Peer.connected(port, version);
      for (const text of ['1', '2', '3']) await publisher.publish('t', text, { qos: 1 });
      expect(await peer.payloads()).toEqual(['1', '2']);
      peer.link.acknowledge(peer.messages[0]?.packetId ?? 0);
      expect(await peer.payloads()).toEqual(['1', '2', '3']);
    },
  );
});

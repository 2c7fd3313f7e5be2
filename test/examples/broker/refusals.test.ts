import { describe, it } from 'vitest';
import { until } from '../../peers/wait.js';
import { Bytes, Peer, start } from './support.js';

// CONNECT with Client Identifier "a", Clean Start and Keep Alive 60.
const CONNECT4 = '10 0d 00 04 4d515454 04 02 00 3c 00 01 61';
const CONNECT5 = '10 0e 00 04 4d515454 05 02 00 3c 00 00 01 61';
const CONNACK4 = '20 02 00 00';
/** Receive Maximum 1,000, Maximum Packet Size 1 MiB and Topic Alias Maximum 16 are what the broker announces. */
const CONNACK5 = '20 0e 00 00 0b 27 00100000 21 03e8 22 0010';

async function connected(connect: string, connack: string): Promise<Bytes> {
  const { port } = await start();
  const peer = new Bytes(port);
  peer.write(connect);
  await peer.expect(connack);
  return peer;
}

describe('a first packet that is wrong', () => {
  it.each([
    ['3.1.1: a PINGREQ', 'c0 00', ''],
    ['3.1.1: another protocol name', '10 0d 00 04 4d515455 04 02 00 3c 00 01 61', ''],
    ['an unknown version', '10 0d 00 04 4d515454 03 02 00 3c 00 01 61', '20 02 00 01'],
    ['a version to come', '10 0d 00 04 4d515454 06 02 00 3c 00 01 61', '20 03 00 84 00'],
    ['MQTT 3.1', '10 0f 00 06 4d5149736470 03 02 00 3c 00 01 61', '20 02 00 01'],
    ['3.1.1: the reserved flag', '10 0d 00 04 4d515454 04 03 00 3c 00 01 61', ''],
    ['5.0: the reserved flag', '10 0e 00 04 4d515454 05 03 00 3c 00 00 01 61', '20 03 00 81 00'],
    ['5.0: a will QoS of 3', '10 12 00 04 4d515454 05 1e 00 3c 00 00 01 61 00 00 00 00', '20 03 00 81 00'],
    [
      '5.0: a property twice',
      '10 18 00 04 4d515454 05 02 00 3c 0a 11 00000001 11 00000002 00 01 61',
      '20 03 00 82 00',
    ],
    ['5.0: Receive Maximum 0', '10 11 00 04 4d515454 05 02 00 3c 03 21 0000 00 01 61', '20 03 00 82 00'],
    [
      '5.0: an authentication method',
      '10 12 00 04 4d515454 05 02 00 3c 04 15 0001 61 00 01 61',
      '20 03 00 8c 00',
    ],
    ['a length that has no end', '10 ff ff ff ff', ''],
    ['nothing but nonsense', '00 00', ''],
  ])('%s is answered as it should be, and nothing follows', async (_, sent, answer) => {
    const { port } = await start();
    const peer = new Bytes(port);
    // What comes after it is not read any more.
    peer.write(`${sent} c0 00`);
    await peer.ends(answer);
  });
});

describe('a packet that is wrong, or out of place', () => {
  const cases: readonly (readonly [
    name: string,
    four: string | undefined,
    five: string | undefined,
    code: string,
  ])[] = [
    ['a second CONNECT', CONNECT4, CONNECT5, '82'],
    ['a CONNACK', '20 02 00 00', '20 03 00 00 00', '82'],
    ['a SUBACK', '90 03 00 01 00', '90 04 00 01 00 00', '82'],
    ['a PINGRESP', 'd0 00', 'd0 00', '82'],
    ['an AUTH without a method', 'f0 00', 'f0 02 18 00', '82'],
    ['packet type 0', '00 00', '00 00', '81'],
    ['reserved flags of SUBSCRIBE', '80 06 00 01 00 01 61 00', '80 07 00 01 00 00 01 61 00', '81'],
    ['reserved flags of PUBREL', '60 02 00 01', '60 02 00 01', '81'],
    ['a PUBLISH of QoS 3', '36 05 00 01 61 00 01', '36 06 00 01 61 00 01 00', '81'],
    ['a topic with a wildcard', '30 03 00 01 23', '30 04 00 01 23 00', '81'],
    ['a topic with U+0000', '30 03 00 01 00', '30 04 00 01 00 00', '81'],
    ['an empty topic', '30 02 00 00', undefined, ''],
    ['an empty topic without an alias', undefined, '30 03 00 00 00', '82'],
    ['a Topic Alias of 0', undefined, '30 07 00 01 61 03 23 0000', '94'],
    ['a Topic Alias above the maximum', undefined, '30 07 00 01 61 03 23 0011', '94'],
    ['a Topic Alias that nobody knows', undefined, '30 06 00 00 03 23 0001', '82'],
    ['a Packet Identifier of 0', '32 05 00 01 61 00 00', '32 06 00 01 61 00 00 00', '81'],
    ['a SUBSCRIBE for nothing', '82 02 00 01', '82 03 00 01 00', '82'],
    ['an UNSUBSCRIBE for nothing', 'a2 02 00 01', 'a2 03 00 01 00', '82'],
    ['a filter that is none', '82 06 00 01 00 01 2b 04', '82 07 00 01 00 00 01 2b 40', '81'],
    ['No Local for a shared subscription', undefined, '82 10 00 01 00 00 0a 2473686172652f612f62 04', '82'],
    ['a Subscription Identifier of 0', undefined, '82 09 00 01 02 0b 00 00 01 61 00', '82'],
    ['a Subscription Identifier in a PUBLISH', undefined, '30 06 00 01 61 02 0b 01', '82'],
    ['a packet above the maximum', '30 81 80 40', '30 81 80 40', '95'],
    ['a DISCONNECT of a server', undefined, 'e0 01 8b', '82'],
    ['a Session Expiry Interval out of nothing', undefined, 'e0 07 00 05 11 0000000a', '82'],
  ];

  it.each(cases.filter(([, four]) => four !== undefined))(
    'closes the connection without a word in 3.1.1: %s',
    async (_, four) => {
      const peer = await connected(CONNECT4, CONNACK4);
      peer.write(`${four} c0 00`);
      await peer.ends('');
    },
  );

  it.each(cases.filter(([, , five]) => five !== undefined))(
    'is told by DISCONNECT in 5.0: %s',
    async (_, __, five, code) => {
      const peer = await connected(CONNECT5, CONNACK5);
      peer.write(`${five} c0 00`);
      await peer.ends(`e0 01 ${code}`);
    },
  );

  it('is one QoS 2 message too many in 5.0', async () => {
    const { port } = await start({ limits: { receiveMaximum: 2 } });
    const peer = new Bytes(port);
    peer.write(CONNECT5);
    await until('CONNACK', () => peer.received.startsWith('20'));
    peer.received = '';
    for (const id of ['01', '02', '03']) peer.write(`34 06 00 01 61 00 ${id} 00`);
    await peer.ends('50 02 00 01 50 02 00 02 e0 01 93');
  });
});

describe('packets that come in one piece are answered in their order', () => {
  const SUBSCRIBE4 = '82 06 00 01 00 01 61 00';
  const SUBSCRIBE5 = '82 07 00 01 00 00 01 61 00';
  const PUBLISH4 = '32 06 00 01 62 00 07 78';
  const PUBLISH5 = '32 07 00 01 62 00 07 00 78';

  it('up to the one that is malformed', async () => {
    const five = await connected(CONNECT5, CONNACK5);
    five.write(`${SUBSCRIBE5} c0 00 00 00`);
    await five.ends('90 04 00 01 00 00 d0 00 e0 01 81');
    const four = await connected(CONNECT4, CONNACK4);
    four.write(`${SUBSCRIBE4} c0 00 00 00`);
    await four.ends('90 03 00 01 00 d0 00');
  });

  it('behind a CONNECT that takes a while to be accepted', async () => {
    const { port } = await start({
      authenticate: async () => {
        await new Promise((done) => setTimeout(done, 50));
        return 0;
      },
    });
    const five = new Bytes(port);
    five.write(`${CONNECT5} ${SUBSCRIBE5} ${PUBLISH5} c0 00`);
    await five.expect(`${CONNACK5} 90 04 00 01 00 00 40 02 00 07 d0 00`);
    const four = new Bytes(port);
    four.write(`${CONNECT4.replace('61', '62')} ${SUBSCRIBE4} ${PUBLISH4} c0 00`);
    await four.expect(`${CONNACK4} 90 03 00 01 00 40 02 00 07 d0 00`);
    // And what is wrong does not take back what was right.
    const bad = new Bytes(port);
    bad.write(`${CONNECT5.replace('01 61', '01 63')} ${PUBLISH5} 00 00`);
    await bad.ends(`${CONNACK5} 40 02 00 07 e0 01 81`);
  });

  it('and one who cannot be answered is told so', async () => {
    const { port } = await start();
    const peer = new Bytes(port);
    // Maximum Packet Size 20: room for CONNACK, and not for a SUBACK of 20 Reason Codes.
    peer.write('10 13 00 04 4d515454 05 02 00 3c 05 27 00000014 00 01 61');
    await peer.expect(CONNACK5);
    const filter = '00 01 61 00';
    peer.write(`82 53 00 01 00 ${filter.repeat(20)} c0 00`);
    await peer.ends('e0 01 95');
  });
});

describe('what is right is answered with these bytes', () => {
  it('in 3.1.1', async () => {
    const peer = await connected(CONNECT4, CONNACK4);
    peer.write('82 0a 00 01 00 01 61 00 00 01 62 02');
    await peer.expect('90 04 00 01 00 02');
    peer.write('c0 00');
    await peer.expect('d0 00');
    peer.write('30 04 00 01 61 78');
    await peer.expect('30 04 00 01 61 78');
    peer.write('34 06 00 01 62 00 07 78');
    await peer.expect('50 02 00 07 34 06 00 01 62 00 01 78');
    peer.write('34 06 00 01 63 00 08 78 3c 06 00 01 63 00 08 78');
    await peer.expect('50 02 00 08 50 02 00 08');
    peer.write('62 02 00 07 62 02 00 08 62 02 00 63');
    await peer.expect('70 02 00 07 70 02 00 08 70 02 00 63');
    peer.write('50 02 00 01');
    await peer.expect('62 02 00 01');
    peer.write('70 02 00 01 a2 05 00 02 00 01 61');
    await peer.expect('b0 02 00 02');
    peer.write('32 06 00 01 61 00 09 78');
    await peer.expect('40 02 00 09');
    peer.write('e0 00 c0 00');
    await peer.ends('');
  });

  it('in 5.0', async () => {
    const peer = await connected(CONNECT5, CONNACK5);
    peer.write('82 0b 00 01 00 00 01 61 00 00 01 62 02');
    await peer.expect('90 05 00 01 00 00 02');
    peer.write('c0 00');
    await peer.expect('d0 00');
    peer.write('30 05 00 01 61 00 78');
    await peer.expect('30 05 00 01 61 00 78');
    peer.write('34 07 00 01 62 00 07 00 78 62 02 00 63');
    await peer.expect('50 02 00 07 70 03 00 63 92 34 07 00 01 62 00 01 00 78');
    peer.write('50 02 00 63');
    await peer.expect('62 03 00 63 92');
    peer.write('a2 09 00 02 00 00 01 61 00 01 7a');
    await peer.expect('b0 05 00 02 00 00 11');
    peer.write('e0 01 00 c0 00');
    await peer.ends('');
  });

  it('one who takes over sees the other go', async () => {
    const { port } = await start();
    const [a, b] = [new Bytes(port), new Bytes(port)];
    a.write(CONNECT5);
    await a.expect(CONNACK5);
    b.write(CONNECT5);
    await a.ends('e0 01 8e');
    await b.expect(CONNACK5);
    const c = new Bytes(port);
    c.write(CONNECT4);
    await b.ends('e0 01 8e');
    await c.expect(CONNACK4);
    const d = await Peer.connected(port, 4, { clientId: 'a' });
    await c.ends('');
    await d.flush();
  });
});

import { describe, it } from 'vitest';
import { until } from '../../peers/wait.js';
import { Bytes, Peer, start, VERSIONS } from './support.js';

// CONNECT with Client Identifier "a", Clean Start and Keep Alive 60.
const CONNECT4 = '10 0d 00 04 4d515454 04 02 00 3c 00 01 61';
const CONNECT5 = '10 0e 00 04 4d515454 05 02 00 3c 00 00 01 61';
const CONNACK4 = '20 02 00 00';
/** Topic Alias Maximum 16, Maximum Packet Size 1 MiB and Receive Maximum 1,000 are what the broker announces. */
const CONNACK5 = '20 0e 00 00 0b 22 0010 27 00100000 21 03e8';

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
    ['3.1.1: a password without a user name', '10 10 00 04 4d515454 04 42 00 3c 00 01 61 00 01 62', ''],
    ['3.1.1: a will QoS without a will', '10 0d 00 04 4d515454 04 0a 00 3c 00 01 61', ''],
    ['3.1.1: a will topic with a wildcard', '10 12 00 04 4d515454 04 06 00 3c 00 01 61 00 01 23 00 00', ''],
    ['3.1.1: no name, and a session to keep', '10 0c 00 04 4d515454 04 00 00 3c 00 00', '20 02 00 02'],
    ['3.1.1: no Client Identifier at all', '10 0a 00 04 4d515454 04 02 00 3c', ''],
    ['3.1.1: a byte too many', '10 0e 00 04 4d515454 04 02 00 3c 00 01 61 00', ''],
    ['3.1.1: a user name that is announced and missing', '10 0d 00 04 4d515454 04 82 00 3c 00 01 61', ''],
    ['3.1.1: U+0000 in the Client Identifier', '10 0d 00 04 4d515454 04 02 00 3c 00 01 00', ''],
    ['3.1.1: half a surrogate pair', '10 0f 00 04 4d515454 04 02 00 3c 00 03 eda080', ''],
    [
      '5.0: a will that is retained and not there',
      '10 0e 00 04 4d515454 05 22 00 3c 00 00 01 61',
      '20 03 00 81 00',
    ],
    ['5.0: no Client Identifier at all', '10 0b 00 04 4d515454 05 02 00 3c 00', '20 03 00 81 00'],
    ['5.0: a byte too many', '10 0f 00 04 4d515454 05 02 00 3c 00 00 01 61 00', '20 03 00 81 00'],
    ['5.0: a string beyond the end', '10 0e 00 04 4d515454 05 02 00 3c 00 00 02 61', '20 03 00 81 00'],
    ['5.0: properties beyond the end', '10 0e 00 04 4d515454 05 02 00 3c 7f 00 01 61', '20 03 00 81 00'],
    [
      '5.0: a property that nobody knows',
      '10 10 00 04 4d515454 05 02 00 3c 02 7e 00 00 01 61',
      '20 03 00 81 00',
    ],
    [
      '5.0: a property of the will among those of CONNECT',
      '10 13 00 04 4d515454 05 02 00 3c 05 18 00000001 00 01 61',
      '20 03 00 81 00',
    ],
    [
      '5.0: a property of CONNECT among those of the will',
      '10 17 00 04 4d515454 05 06 00 3c 00 00 01 61 05 11 00000001 00 01 77 00 00',
      '20 03 00 81 00',
    ],
    [
      '5.0: Maximum Packet Size 0',
      '10 13 00 04 4d515454 05 02 00 3c 05 27 00000000 00 01 61',
      '20 03 00 82 00',
    ],
    [
      '5.0: Request Problem Information 2',
      '10 10 00 04 4d515454 05 02 00 3c 02 17 02 00 01 61',
      '20 03 00 82 00',
    ],
    [
      '5.0: authentication data without a method',
      '10 12 00 04 4d515454 05 02 00 3c 04 16 0001 61 00 01 61',
      '20 03 00 82 00',
    ],
    ['a length above the maximum', '10 ff ff ff 7f', ''],
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
    ['an UNSUBACK', 'b0 02 00 01', 'b0 04 00 01 00 00', '82'],
    ['flags of CONNACK', '21 02 00 00', '21 03 00 00 00', '81'],
    ['flags of PUBACK', '41 02 00 01', '41 02 00 01', '81'],
    ['flags of PUBREC', '52 02 00 01', '52 02 00 01', '81'],
    ['flags of PUBCOMP', '74 02 00 01', '74 02 00 01', '81'],
    ['flags of UNSUBSCRIBE', 'a0 05 00 01 00 01 61', 'a0 06 00 01 00 00 01 61', '81'],
    ['flags of PINGREQ', 'c8 00', 'c8 00', '81'],
    ['flags of DISCONNECT', 'e1 00', 'e1 00', '81'],
    ['flags of AUTH', undefined, 'f1 00', '81'],
    ['DUP with QoS 0', '38 03 00 01 61', '38 04 00 01 61 00', '81'],
    ['a length of five bytes', 'c0 80 80 80 80 00', 'c0 80 80 80 80 00', '81'],
    ['a length of more bytes than it needs', undefined, 'c0 80 00', '81'],
    ['a PINGREQ that holds something', 'c0 01 00', 'c0 01 00', '81'],
    ['a PUBACK without an identifier', '40 00', '40 00', '81'],
    ['half an identifier', '62 01 00', '62 01 00', '81'],
    ['a PUBACK with a Reason Code', '40 03 00 01 00', undefined, ''],
    ['a PUBREL with the identifier 0', '62 02 00 00', '62 02 00 00', '81'],
    ['a DISCONNECT that holds something', 'e0 01 00', undefined, ''],
    ['a topic beyond the end', '30 03 00 05 61', '30 03 00 05 61', '81'],
    ['a topic that is no UTF-8', '30 03 00 01 ff', '30 04 00 01 ff 00', '81'],
    ['a topic with half a surrogate pair', '30 05 00 03 edbfbf', '30 06 00 03 edbfbf 00', '81'],
    ['a QoS 1 message without an identifier', '32 03 00 01 61', '32 03 00 01 61', '81'],
    ['a filter without options', '82 05 00 01 00 01 61', '82 06 00 01 00 00 01 61', '81'],
    ['an empty filter', '82 05 00 01 00 00 00', '82 06 00 01 00 00 00 00', '81'],
    ['a SUBSCRIBE with the identifier 0', '82 06 00 00 00 01 61 00', '82 07 00 00 00 00 01 61 00', '81'],
    ['a QoS of 3 asked for', '82 06 00 01 00 01 61 03', '82 07 00 01 00 00 01 61 03', '82'],
    ['reserved bits of the options', '82 06 00 01 00 01 61 40', '82 07 00 01 00 00 01 61 40', '81'],
    ['options of 5.0 in 3.1.1', '82 06 00 01 00 01 61 04', undefined, ''],
    ['Retain Handling 3', undefined, '82 07 00 01 00 00 01 61 30', '82'],
    ['a Subscription Identifier twice', undefined, '82 0b 00 01 04 0b 01 0b 02 00 01 61 00', '82'],
    ['a shared filter without a filter', undefined, '82 0e 00 01 00 00 08 2473686172652f67 00', '81'],
    ['an UNSUBSCRIBE from nonsense', 'a2 06 00 01 00 02 2361', 'a2 07 00 01 00 00 02 2361', '81'],
    ['an UNSUBSCRIBE with the identifier 0', 'a2 05 00 00 00 01 61', 'a2 06 00 00 00 00 01 61', '81'],
    ['a property that nobody knows', undefined, '30 06 00 01 61 02 7e 00', '81'],
    ['a property of CONNECT in PUBLISH', undefined, '30 09 00 01 61 05 11 00000001', '81'],
    ['a property of PUBLISH in SUBSCRIBE', undefined, '82 09 00 01 02 01 00 00 01 61 00', '81'],
    ['a property of PUBLISH in PUBACK', undefined, '40 06 00 01 00 02 01 00', '81'],
    ['a property of PUBLISH in DISCONNECT', undefined, 'e0 04 00 02 01 00', '81'],
    ['a Topic Alias twice', undefined, '30 0a 00 01 61 06 23 0001 23 0001', '82'],
    ['a Reason String twice', undefined, '40 0a 00 01 00 06 1f 0000 1f 0000', '82'],
    ['a Payload Format Indicator of 2', undefined, '30 06 00 01 61 02 01 02', '82'],
    ['a Response Topic with a wildcard', undefined, '30 08 00 01 61 04 08 0001 2b', '81'],
    ['properties beyond the end', undefined, '30 04 00 01 61 05', '81'],
    ['a property without its value', undefined, '30 05 00 01 61 01 02', '81'],
    ['a User Property without its value', undefined, '30 08 00 01 61 04 26 0001 61', '81'],
    ['a Reason Code that PUBREC does not have', undefined, '50 03 00 01 92', '81'],
    ['a Reason Code that PUBREL does not have', undefined, '62 03 00 01 80', '81'],
    ['a Reason Code that DISCONNECT does not have', undefined, 'e0 01 01', '81'],
    ['that a client knows of no subscribers', undefined, '40 03 00 01 10', '82'],
    ['a Server Reference of a client', undefined, 'e0 05 00 03 1c 0000', '82'],
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

  // What has come before it, in both versions: the broker has sent a QoS 1 message under 1, one of QoS 2 under 2, and
  // another of QoS 2 under 3 that was received.
  it.each([
    ['PUBREC for a QoS 1 message', '50 02 00 01'],
    ['PUBCOMP for a QoS 1 message', '70 02 00 01'],
    ['PUBACK for a QoS 2 message', '40 02 00 02'],
    ['PUBCOMP before PUBREC', '70 02 00 02'],
    ['PUBACK instead of PUBCOMP', '40 02 00 03'],
  ])('is the wrong answer to a message: %s', async (_, wrong) => {
    for (const version of VERSIONS) {
      const peer = version === 4 ? await connected(CONNECT4, CONNACK4) : await connected(CONNECT5, CONNACK5);
      const p = version === 4 ? '' : '00';
      const length = version === 4 ? 5 : 6;
      peer.write(`82 0${length + 1} 00 01 ${p} 00 01 61 02`);
      await peer.expect(version === 4 ? '90 03 00 01 02' : '90 04 00 01 00 02');
      const publish = (qos: number, id: string) => `3${2 * qos} 0${length} 00 01 61 00 ${id} ${p}`;
      peer.write(publish(1, '09'));
      await peer.expect(`40 02 00 09 ${publish(1, '01')}`);
      peer.write(publish(2, '0a'));
      await peer.expect(`50 02 00 0a ${publish(2, '02')}`);
      peer.write(publish(2, '0b'));
      await peer.expect(`50 02 00 0b ${publish(2, '03')}`);
      peer.write('50 02 00 03');
      await peer.expect('62 02 00 03');
      peer.write(`${wrong} c0 00`);
      await peer.ends(version === 4 ? '' : 'e0 01 82');
    }
  });

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

describe('what is odd and not wrong is answered, and the connection stays', () => {
  it.each([
    ['PUBACK for nothing', '40 02 00 07', '', ''],
    ['a refusing PUBACK for nothing', undefined, '40 03 00 07 87', ''],
    ['PUBREC for nothing', '50 02 00 07', '62 02 00 07', '62 03 00 07 92'],
    ['PUBREL for nothing', '62 02 00 07', '70 02 00 07', '70 03 00 07 92'],
    ['PUBCOMP for nothing', '70 02 00 07', '', ''],
  ])('%s', async (_, four, answer, five) => {
    if (four !== undefined) {
      const peer = await connected(CONNECT4, CONNACK4);
      peer.write(`${four} c0 00`);
      await peer.expect(`${answer} d0 00`);
    }
    const peer = await connected(CONNECT5, CONNACK5);
    peer.write(`${four ?? answer} c0 00`);
    await peer.expect(`${five} d0 00`);
  });

  it('a length of more bytes than it needs, in 3.1.1', async () => {
    const peer = await connected(CONNECT4, CONNACK4);
    peer.write('c0 80 00');
    await peer.expect('d0 00');
  });

  it('a QoS 2 message that comes again, whatever its DUP, and PUBRECs that do', async () => {
    const peer = await connected(CONNECT4, CONNACK4);
    peer.write('82 06 00 01 00 01 61 02');
    await peer.expect('90 03 00 01 02');
    peer.write('34 05 00 01 61 00 07 3c 05 00 01 61 00 07 34 05 00 01 61 00 07');
    await peer.expect('50 02 00 07 50 02 00 07 50 02 00 07 34 05 00 01 61 00 01');
    peer.write('50 02 00 01 50 02 00 01');
    await peer.expect('62 02 00 01 62 02 00 01');
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

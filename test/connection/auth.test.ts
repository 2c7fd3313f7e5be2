import { afterAll, describe, expect, it } from 'vitest';
import {
  type Action,
  AUTH_RECEIVED,
  AUTH_SENT,
  clientConnection,
  deadline,
} from '../../src/connection/index.js';
import type { DecodedPacket, Packet } from '../../src/packets/index.js';
import type { AuthProperties } from '../../src/spec/properties.js';
import {
  asked,
  checkBytes,
  client,
  connect5,
  connecting,
  failure,
  incoming,
  kinds,
  only,
  publish,
  refused,
  Side,
  sent,
  server,
  waiting,
} from './support.js';

afterAll(checkBytes);

const method = 'SCRAM-SHA-1';
const data = Uint8Array.of(1, 2, 3);
const withMethod = {
  ...connect5,
  properties: { ...connect5.properties, authenticationMethod: method, authenticationData: data },
};
const authenticationMethods = [method];

const auth = (
  reasonCode: 0 | 0x18 | 0x19,
  properties: Omit<AuthProperties, 'authenticationMethod'> & { authenticationMethod?: string } = {},
): Packet => ({
  type: 'auth',
  reasonCode,
  properties: { authenticationMethod: method, ...properties },
});
const connack = (properties: object = { authenticationMethod: method }): Packet => ({
  type: 'connack',
  sessionPresent: false,
  reasonCode: 0,
  properties,
});

const startedClient = (): Side => connecting(5, { connect: withMethod });
const startedServer = (): Side => asked(5, { authenticationMethods }, withMethod);
function connectedClient(): Side {
  const side = startedClient();
  side.receive(connack());
  return side;
}
function connectedServer(): Side {
  const side = startedServer();
  side.do({ type: 'accept' });
  return side;
}
const fault = (actions: readonly Action[]): unknown => [failure(actions).code, failure(actions).reasonCode];

describe('the first authentication', () => {
  it('goes to and fro by AUTH 0x18 and ends with CONNACK [5.0: MQTT-4.12.0-2] [5.0: MQTT-4.12.0-3] [5.0: MQTT-4.12.0-5] [U5-4.12-a]', () => {
    const serverSide = startedServer();
    const clientSide = startedClient();
    for (const round of [1, 2]) {
      const authenticationData = Uint8Array.of(round);
      const challenge = sent(serverSide.do({ type: 'authenticate', properties: { authenticationData } }));
      expect(challenge).toEqual([auth(0x18, { authenticationData })]);
      expect(only(clientSide.receive(challenge[0]!), 'authReceived').packet.reasonCode).toBe(0x18);
      const answer = sent(clientSide.do({ type: 'authenticate', properties: { authenticationData } }));
      expect(answer).toEqual([auth(0x18, { authenticationData })]);
      expect(kinds(serverSide.receive(answer[0]!))).toEqual(['authReceived']);
    }
    const last = { authenticationData: Uint8Array.of(9) };
    const [done] = sent(serverSide.do({ type: 'accept', properties: last }));
    expect(done).toMatchObject({
      type: 'connack',
      reasonCode: 0,
      properties: { authenticationMethod: method, ...last },
    });
    expect(kinds(clientSide.receive(done!))).toEqual(['connected']);
    expect(serverSide.state.phase).toBe('connected');
  });

  it('can be refused at any point [5.0: MQTT-4.12.0-4]', () => {
    for (const rounds of [0, 1]) {
      const side = startedServer();
      if (rounds === 1) side.do({ type: 'authenticate' });
      const actions = side.do({ type: 'refuse', reasonCode: 0x87 });
      expect(sent(actions)).toEqual([{ type: 'connack', sessionPresent: false, reasonCode: 0x87 }]);
      expect(kinds(actions)).toEqual(['connack', 'close', 'ended']);
    }
  });

  it('with a method that the server cannot do is refused [5.0: MQTT-4.12.0-1]', () => {
    for (const methods of [undefined, ['OTHER']]) {
      const actions = waiting({ authenticationMethods: methods }).receive(withMethod);
      expect(failure(actions)).toEqual({
        code: 'authentication-method-not-supported',
        reasonCode: 0x8c,
        statement: 'MQTT-4.12.0-1',
      });
      expect(kinds(actions)).toEqual(['fail', 'connack', 'close', 'ended']);
      expect(sent(actions)).toEqual([{ type: 'connack', sessionPresent: false, reasonCode: 0x8c }]);
    }
  });

  it('lets a client send nothing but AUTH and DISCONNECT until CONNACK [5.0: MQTT-3.1.2-30]', () => {
    const side = connecting(5, { connect: withMethod, pipelining: true });
    expect(refused(side.do({ type: 'send', packet: publish(0) })).code).toBe('not-connected');
    expect(side.do({ type: 'send', packet: publish(1) })).toEqual([]);
    expect(kinds(side.do({ type: 'disconnect' }))).toContain('disconnect');
    const actions = startedServer().receive(incoming(1));
    expect(failure(actions)).toEqual({
      code: 'unexpected-packet',
      reasonCode: 0x82,
      statement: 'MQTT-3.1.2-30',
    });
    expect(sent(actions)).toEqual([{ type: 'connack', sessionPresent: false, reasonCode: 0x82 }]);
    expect(kinds(startedServer().receive({ type: 'disconnect' }))).toContain('disconnectReceived');
  });

  it('is over in time: a client that does not answer, a server that says nothing [U5-3.1.4-b] [U5-3.2.0-a]', () => {
    const side = startedServer();
    expect(deadline(side.state)).toBeUndefined();
    side.now += 5_000;
    side.do({ type: 'authenticate' });
    expect(deadline(side.state)).toBe(side.now + 10_000);
    side.now += 10_000;
    expect(fault(side.do({ type: 'timerFired' }))).toEqual(['connect-timeout', 0x80]);
    const other = startedClient();
    other.now += 29_000;
    other.receive(auth(0x18));
    expect(deadline(other.state)).toBe(other.now + 30_000);
  });
});

describe('the Authentication Method', () => {
  it('of CONNACK is that of CONNECT [5.0: MQTT-4.12.0-5]', () => {
    for (const properties of [{}, { authenticationMethod: 'OTHER' }]) {
      const actions = startedClient().receive(connack(properties));
      expect(failure(actions)).toEqual({
        code: 'authentication-method-mismatch',
        reasonCode: 0x82,
        statement: 'MQTT-4.12.0-5',
      });
    }
    const refusal = { type: 'connack', sessionPresent: false, reasonCode: 0x87 } as const;
    expect(kinds(startedClient().receive(refusal))).toEqual(['connectRefused', 'close', 'ended']);
  });

  it('of AUTH is that of CONNECT, before and after CONNACK [5.0: MQTT-4.12.0-5] [5.0: MQTT-4.12.1-1]', () => {
    const other = { authenticationMethod: 'OTHER' };
    expect(fault(startedClient().receive(auth(0x18, other)))).toEqual([
      'authentication-method-mismatch',
      0x82,
    ]);
    const side = startedServer();
    side.do({ type: 'authenticate' });
    expect(fault(side.receive(auth(0x18, other)))).toEqual(['authentication-method-mismatch', 0x82]);
    const actions = connectedServer().receive(auth(0x19, other));
    expect(failure(actions)).toEqual({
      code: 'authentication-method-mismatch',
      reasonCode: 0x82,
      statement: 'MQTT-4.12.1-1',
    });
    expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x82 }]);
  });

  it('is in nothing where CONNECT had none [5.0: MQTT-4.12.0-6] [5.0: MQTT-4.12.0-7]', () => {
    expect(failure(connecting(5).receive(connack())).statement).toBe('MQTT-4.12.0-6');
    expect(failure(connecting(5).receive(auth(0x18))).statement).toBe('MQTT-4.12.0-6');
    expect(failure(client(5).receive(auth(0x18))).statement).toBe('MQTT-4.12.0-6');
    const actions = server(5).receive(auth(0x19));
    expect(failure(actions)).toEqual({
      code: 'unexpected-authentication',
      reasonCode: 0x82,
      statement: 'MQTT-4.12.0-7',
    });
    expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x82 }]);
    for (const side of [connecting(5), client(5), asked(5), server(5)]) {
      expect(refused(side.do({ type: 'authenticate' })).code).toBe('unexpected-authentication');
    }
    const accepted = sent(asked(5).do({ type: 'accept' }));
    expect(Reflect.get(accepted[0]!, 'properties')).not.toHaveProperty('authenticationMethod');
  });
});

describe('a re-authentication', () => {
  it('begins with 0x19, goes on with 0x18 and ends with 0x00, while messages flow [5.0: MQTT-4.12.1-1]', () => {
    const clientSide = connectedClient();
    const serverSide = connectedServer();
    const [first] = sent(clientSide.do({ type: 'authenticate', properties: { authenticationData: data } }));
    expect(first).toEqual(auth(0x19, { authenticationData: data }));
    expect(kinds(serverSide.receive(first!))).toEqual(['authReceived']);
    expect(kinds(serverSide.receive(incoming(1)))).toEqual(['deliver', 'puback']);
    const [second] = sent(serverSide.do({ type: 'authenticate' }));
    expect(second).toEqual(auth(0x18));
    expect(kinds(clientSide.receive(second!))).toEqual(['authReceived']);
    expect(kinds(clientSide.do({ type: 'send', packet: publish(1) }))).toEqual(['publish']);
    const [third] = sent(clientSide.do({ type: 'authenticate' }));
    serverSide.receive(third!);
    const [last] = sent(serverSide.do({ type: 'accept', properties: { authenticationData: data } }));
    expect(last).toEqual(auth(0x00, { authenticationData: data }));
    expect(only(clientSide.receive(last!), 'authReceived').packet.reasonCode).toBe(0);
    expect(sent(clientSide.do({ type: 'authenticate' }))).toEqual([auth(0x19)]);
  });

  it('that fails ends the connection [5.0: MQTT-4.12.1-2]', () => {
    const side = connectedServer();
    side.receive(auth(0x19));
    const actions = side.do({ type: 'refuse', reasonCode: 0x87 });
    expect(kinds(actions)).toEqual(['disconnect', 'close', 'ended']);
    expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x87 }]);
  });

  it('comes from the client alone, one at a time [U5-4.12-a]', () => {
    expect(refused(connectedServer().do({ type: 'authenticate' })).code).toBe('not-now');
    const side = connectedClient();
    side.do({ type: 'authenticate' });
    expect(refused(side.do({ type: 'authenticate' })).code).toBe('not-now');
    for (const refusedInput of [{ type: 'accept' }, { type: 'refuse', reasonCode: 0x87 }] as const) {
      expect(refused(connectedServer().do(refusedInput)).code).toBe('not-now');
      expect(refused(connectedClient().do(refusedInput)).code).toBe('not-now');
    }
  });
});

describe('whose turn it is', () => {
  const codes = [0x00, 0x18, 0x19] as const;
  const names = { 0: 'success', 24: 'continue', 25: 're-authenticate' } as const;
  /** Sides at each point of the table. */
  const points = {
    client: {
      handshake: {
        theirs: startedClient,
        ours: (): Side => through(startedClient(), (side) => side.receive(auth(0x18))),
      },
      connected: {
        none: connectedClient,
        theirs: (): Side => through(connectedClient(), (side) => side.do({ type: 'authenticate' })),
        ours: (): Side =>
          through(connectedClient(), (side) => {
            side.do({ type: 'authenticate' });
            side.receive(auth(0x18));
          }),
      },
    },
    server: {
      handshake: {
        ours: startedServer,
        theirs: (): Side => through(startedServer(), (side) => side.do({ type: 'authenticate' })),
      },
      connected: {
        none: connectedServer,
        ours: (): Side => through(connectedServer(), (side) => side.receive(auth(0x19))),
        theirs: (): Side =>
          through(connectedServer(), (side) => {
            side.receive(auth(0x19));
            side.do({ type: 'authenticate' });
          }),
      },
    },
  } as const;

  function through(side: Side, steps: (side: Side) => void): Side {
    steps(side);
    return side;
  }

  const rows = (['client', 'server'] as const).flatMap((role) =>
    (['handshake', 'connected'] as const).flatMap((phase) =>
      Object.entries(points[role][phase]).map(([turn, make]) => ({
        role,
        phase,
        turn: turn as 'none',
        make,
      })),
    ),
  );

  it.each(rows)('$role, $phase, $turn: is kept to [U5-4.12-a]', ({ role, phase, turn, make }) => {
    expect(make().state.details.authTurn).toBe(turn);
    for (const code of codes) {
      const next = AUTH_RECEIVED[role][phase][turn][names[code]];
      const side = make();
      const packet = {
        type: 'auth',
        reasonCode: code,
        properties: { authenticationMethod: method },
      } as const;
      const actions = side.do({ type: 'packetReceived', packet, size: 20 });
      if (next === undefined) expect(fault(actions)).toEqual(['unexpected-authentication', 0x82]);
      else {
        expect(kinds(actions)).toEqual(['authReceived']);
        expect(side.state.details.authTurn).toBe(next);
      }
    }
    const mine = AUTH_SENT[role][phase][turn];
    const side = make();
    const actions = side.do({ type: 'authenticate' });
    if (mine === undefined) expect(refused(actions).code).toBe('not-now');
    else {
      expect(sent(actions)).toEqual([
        auth({ success: 0, continue: 0x18, 're-authenticate': 0x19 }[mine] as 0),
      ]);
      expect(side.state.details.authTurn).toBe('theirs');
    }
  });

  it('a server accepts nothing while the client has the word', () => {
    const side = startedServer();
    side.do({ type: 'authenticate' });
    expect(refused(side.do({ type: 'accept' })).code).toBe('not-now');
  });
});

it('refuses data that cannot be sent', () => {
  const side = startedServer();
  const authenticationData = new Uint8Array(65_536);
  expect(refused(side.do({ type: 'authenticate', properties: { authenticationData } })).code).toBe(
    'too-long',
  );
  const again = connectedServer();
  again.receive(auth(0x19));
  const input = { type: 'accept', properties: { authenticationData } } as const;
  expect(refused(again.do(input)).code).toBe('too-long');
});

it('refuses data for which the peer has no room, and lets the caller try again', () => {
  const limit = { maximumPacketSize: 60 };
  const properties = { authenticationData: new Uint8Array(60) };
  const first = asked(5, { authenticationMethods }, {
    ...withMethod,
    properties: { ...withMethod.properties, ...limit },
  } as object);
  expect(refused(first.do({ type: 'authenticate', properties })).code).toBe('packet-too-large');
  first.do({ type: 'accept' });
  first.receive(auth(0x19));
  expect(refused(first.do({ type: 'accept', properties })).code).toBe('packet-too-large');
  expect(kinds(first.do({ type: 'accept' }))).toEqual(['auth']);
  const side = startedClient();
  side.receive(connack({ authenticationMethod: method, ...limit }));
  expect(refused(side.do({ type: 'authenticate', properties })).code).toBe('packet-too-large');
  expect(kinds(side.do({ type: 'authenticate' }))).toEqual(['auth']);
});

it('takes no AUTH with a Reason Code that nobody knows, where a lenient codec lets it through', () => {
  for (const side of [connectedClient(), connectedServer()]) {
    const packet = { type: 'auth', reasonCode: 0x42, properties: { authenticationMethod: method } } as const;
    const input = { type: 'packetReceived', packet: packet as unknown as DecodedPacket, size: 20 } as const;
    expect(fault(side.do(input))).toEqual(['unexpected-authentication', 0x82]);
  }
});

it("is the host's business in no other phase: before the network stands, before CONNECT and after the end", () => {
  const idle = new Side(clientConnection({ connect: withMethod }));
  const closed = connectedClient();
  closed.do({ type: 'closed' });
  const over = connectedServer();
  over.do({ type: 'closed' });
  for (const side of [idle, closed, over]) {
    expect(refused(side.do({ type: 'authenticate' })).code).toBe('not-now');
  }
  expect(refused(waiting({ authenticationMethods }).do({ type: 'authenticate' })).code).toBe(
    'unexpected-authentication',
  );
});

import { describe, expect, it } from 'vitest';
import {
  clientConnection,
  Endpoint,
  exportConnection,
  serverConnection,
} from '../../src/connection/index.js';
import { asked, client, connect4, connect5, incoming, only, Side, server } from './support.js';

const quiet = {
  acknowledgements: 'automatic',
  queue: { messages: 1_000, bytes: 16_777_216 },
  automaticAliases: 16,
  maximumInFlight: 65_535,
  pingTimeout: 20_000,
  pipelining: false,
  trustSessionPresent: false,
  authenticationMethods: [],
  held: { messages: 100, bytes: 131_072 },
};

describe('what holds when nothing else is said', () => {
  it('by a client', () => {
    for (const [connect, version] of [
      [connect4, 4],
      [connect5, 5],
    ] as const) {
      const { settings, terms, phase } = clientConnection({ connect });
      expect(settings).toMatchObject({
        ...quiet,
        role: 'client',
        handshakeTimeout: 30_000,
        versions: [version],
      });
      expect(terms).toMatchObject({ version, clientId: 'c', responseInformation: false });
      expect(terms.ours).toMatchObject({ maximumPacketSize: 1_048_576, maximumQoS: 2 });
      expect(phase).toBe('idle');
    }
    const properties = { requestResponseInformation: 1 } as const;
    const asking = clientConnection({ connect: { ...connect5, properties } });
    expect(asking.terms).toMatchObject({ responseInformation: true, sessionExpiryInterval: 0 });
    const { properties: _, ...bare } = connect5;
    expect(clientConnection({ connect: bare }).terms.sessionExpiryInterval).toBe(0);
  });

  it('by a server', () => {
    const { settings, terms } = serverConnection();
    expect(settings).toMatchObject({ ...quiet, role: 'server', handshakeTimeout: 10_000, versions: [4, 5] });
    expect(terms).toMatchObject({
      clientId: '',
      cleanStart: true,
      problemInformation: true,
      responseInformation: false,
    });
  });

  it('is refused outside its range, and taken at its edges', () => {
    for (const maximumInFlight of [0, 65_536, 1.5]) {
      expect(() => serverConnection({ maximumInFlight })).toThrow(
        `maximumInFlight must be an integer from 1 to 65535, not ${maximumInFlight}`,
      );
    }
    for (const maximumInFlight of [1, 65_535]) {
      expect(serverConnection({ maximumInFlight }).settings.maximumInFlight).toBe(maximumInFlight);
    }
  });
});

describe('a connection that has not begun', () => {
  it('takes no packets and no failures', () => {
    for (const role of ['client', 'server'] as const) {
      const state = role === 'client' ? clientConnection({ connect: connect5 }) : serverConnection();
      const side = new Side(state);
      expect(side.do({ type: 'packetReceived', packet: { type: 'pingreq' }, size: 2 })).toEqual([]);
      const { error } = only(server(5).receive({ type: 'pingresp' }), 'fail');
      expect(side.do({ type: 'parseFailed', error })).toEqual([]);
      expect(side.state).toBe(state);
    }
  });
});

describe('what a failure names', () => {
  it('is the packet that came while others were held back', () => {
    const side = asked(5, { authenticationMethods: ['M'] }, { properties: { authenticationMethod: 'M' } });
    expect(only(side.receive({ type: 'pingreq' }), 'fail').error).toMatchObject({
      code: 'unexpected-packet',
      field: 'type',
      packetType: 'pingreq',
      statement: 'MQTT-3.1.2-30',
    });
  });

  it('is the reason that nobody wanted', () => {
    const properties = { requestProblemInformation: 0 } as const;
    for (const [reason, field] of [
      [{ reasonString: 'r' }, 'properties.reasonString'],
      [{ userProperties: [['a', 'b'] as const] }, 'properties.userProperties'],
    ] as const) {
      const side = client(5, { connect: { ...connect5, properties } });
      const actions = side.receive({ type: 'pubrel', packetId: 1, reasonCode: 0, properties: reason });
      expect(only(actions, 'fail').error).toMatchObject({
        code: 'problem-information-not-requested',
        field,
        statement: 'MQTT-3.1.2-29',
      });
      // A client may say why, whatever it wants to hear.
      const peer = server(5, {}, { properties });
      const heard = peer.receive({ type: 'pubrel', packetId: 1, reasonCode: 0, properties: reason });
      expect(heard.map(({ type }) => type)).toEqual(['transmit']);
    }
  });
});

describe('the stored form', () => {
  it('of an Endpoint names what is wrong with it', () => {
    const stored = new Endpoint(serverConnection()).export();
    for (const [field, value] of [
      ['endpoint', 7],
      ['format', { ...stored, format: 2 }],
      ['unread', { ...stored, unread: [1] }],
    ] as const) {
      expect(() => Endpoint.resume(value)).toThrow(
        expect.objectContaining({ code: 'invalid-stored-state', field }),
      );
    }
  });

  it('of a connection has what this one has seen, and nothing without a value', () => {
    const first = server(5, { acknowledgements: 'manual' });
    first.receive(incoming(2, 3));
    expect(exportConnection(first.state).seen).toEqual([3]);
    first.do({ type: 'closed' });
    expect(exportConnection(first.state).seen).toEqual([]);
    const { session } = first.state;
    const second = asked(5);
    second.do({ type: 'accept', session });
    second.receive(incoming(2, 4));
    expect(exportConnection(second.state).seen).toEqual([4]);
    const stored = exportConnection(second.state);
    expect('connect' in stored).toBe(false);
    expect('will' in stored).toBe(false);
    expect(stored).toEqual(structuredClone(stored));
  });
});

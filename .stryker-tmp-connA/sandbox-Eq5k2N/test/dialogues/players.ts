// @ts-nocheck
import { expect } from 'vitest';
import {
  type Action,
  type ConnectionState,
  clientConnection,
  deadline,
  Endpoint,
  type EndpointResult,
  type Input,
  type ServerOptions,
  serverConnection,
  step,
} from '../../src/connection/index.js';
import {
  type DecodedPacket,
  decode,
  encode,
  isMqttError,
  type Packet,
  PacketParser,
} from '../../src/index.js';
import {
  exportSession,
  importSession,
  type SessionState,
  storedFromJson,
  storedToJson,
} from '../../src/session/index.js';
import { concat, encodeAny, fromHex, toHex } from '../codec/fixtures.js';
import type { Dialogue, Event, Expected, Options, Step } from './dialogue.js';
import { difference, differenceOfLists } from './match.js';

/** An action as dialogues tell it: packets as the peer reads them, errors and outcomes without their objects. */
type Shown = Readonly<Record<string, unknown>>;

/** One connection of the implementation under test, on which a dialogue is played. */
interface Player {
  readonly state: ConnectionState;
  /** Takes an event, and compares what comes of it with what is expected. */
  take(event: Event, now: number, out: readonly Expected[], at: string): string | undefined;
  deadline(now: number): number | undefined;
}

/** A way to play dialogues. */
export interface Way {
  start(state: ConnectionState, dialogue: Dialogue, stored: () => SessionState): Player;
  /** What the next connection gets of the session that this one has left. */
  carry(session: SessionState): SessionState;
}

const throughStore = (session: SessionState): SessionState =>
  importSession(storedFromJson(storedToJson(exportSession(session))));

function shownPacket(packet: Packet, version: 4 | 5): Shown {
  const bytes = encode<4 | 5>(packet, version);
  return { type: 'transmit', packet: decode(bytes, version), size: bytes.length };
}

function shown(action: Action, version: 4 | 5): Shown {
  if (action.type === 'transmit') return shownPacket(action.packet, version);
  if (action.type === 'settled') {
    const { kind, ...rest } = action.outcome;
    return { type: action.type, token: action.token, outcome: kind, ...rest };
  }
  if (action.type === 'fail') return { type: action.type, ...action.error };
  if (action.type === 'refused') return { type: action.type, token: action.token, ...action.error };
  return { ...action };
}

const withVersion = (packet: unknown, version: 4 | 5): unknown =>
  (packet as Packet).type === 'connect' ? { ...(packet as object), protocolVersion: version } : packet;

/** What the peer's side of an event is on the wire. */
function bytesOf(event: Exclude<Event, { readonly input: unknown }>, version: 4 | 5): Uint8Array {
  if ('bytes' in event) return fromHex(event.bytes);
  const packets = 'packet' in event ? [event.packet] : event.packets;
  return concat(...packets.map((packet) => encodeAny(withVersion(packet, version), version)));
}

/** An input of the host, with the session in its place: the one of the connection before, or one that is written out. */
function inputOf(event: { readonly input: object }, now: number, stored: () => SessionState): Input {
  const input = { ...event.input, now };
  const session: unknown = Reflect.get(input, 'session');
  if (session === undefined) return input as Input;
  return { ...input, session: session === 'stored' ? stored() : importSession(session) } as Input;
}

/** Freezes plain data to its depth, and notes the byte arrays in it, which cannot be frozen. */
function freeze(value: unknown, bytes: Map<Uint8Array, string>): void {
  if (typeof value !== 'object' || value === null || value instanceof Error) return;
  if (value instanceof Uint8Array) {
    if (!bytes.has(value)) bytes.set(value, toHex(value));
    return;
  }
  if (Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const field of Object.values(value)) freeze(field, bytes);
}

function stepPlayer(first: ConnectionState, { role, version }: Dialogue, stored: () => SessionState): Player {
  const bytes = new Map<Uint8Array, string>();
  const from = role === 'client' ? 'server' : 'client';
  let state = first;
  freeze(state, bytes);
  const one = (input: Input): readonly Action[] => {
    freeze(input, bytes);
    const [next, actions] = step(state, input);
    // A pure function gives the same again, and an old state is as good as it was.
    expect(step(state, input)).toEqual([next, actions]);
    freeze(next, bytes);
    freeze(actions, bytes);
    for (const [array, hex] of bytes) expect(toHex(array)).toBe(hex);
    if (actions.some((action) => action.type === 'refused')) expect(next).toBe(state);
    state = next;
    return actions;
  };
  const fromParser = (chunk: Uint8Array, now: number): Action[] => {
    const actions: Action[] = [];
    const known = role === 'client' || (state.phase !== 'idle' && state.phase !== 'waiting');
    const parser = new PacketParser({ version: known ? version : undefined, from });
    parser.push(chunk);
    for (;;) {
      const before = parser.buffered;
      let packet: DecodedPacket | undefined;
      try {
        packet = parser.next();
      } catch (error) {
        if (!isMqttError(error)) throw error;
        return [...actions, ...one({ type: 'parseFailed', error, now })];
      }
      if (packet === undefined) return actions;
      actions.push(...one({ type: 'packetReceived', packet, size: before - parser.buffered, now }));
    }
  };
  // Packets are handed over as they are, so that no rule is left to the parser that is the connection's.
  const fromPeer = (packet: unknown, now: number): readonly Action[] => {
    const frame = bytesOf({ packet }, version);
    return one({ type: 'packetReceived', packet: decode(frame, version), size: frame.length, now });
  };
  const run = (event: Event, now: number): readonly Action[] => {
    if ('input' in event) return one(inputOf(event, now, stored));
    if ('bytes' in event) return fromParser(bytesOf(event, version), now);
    const packets = 'packet' in event ? [event.packet] : event.packets;
    return packets.flatMap((packet) => fromPeer(packet, now));
  };
  return {
    get state() {
      return state;
    },
    take: (event, now, out, at) => {
      const actions = run(event, now).map((action) => shown(action, version));
      return differenceOfLists(actions, out, at);
    },
    deadline: () => deadline(state),
  };
}

/** Plays through `step`: states, inputs and actions are frozen, every step is taken twice, sessions stay in memory. */
export const throughStep: Way = { start: stepPlayer, carry: (session) => session };

const WRITES = ['transmit', 'reply'];

/** What an Endpoint gives is in three parts: bytes, events, and whether to close. */
function differenceOfResult(
  result: EndpointResult,
  { version, role }: Dialogue,
  out: readonly Expected[],
  at: string,
): string | undefined {
  const reply = out.find(({ type }) => type === 'reply');
  const bytes = result.bytes ?? new Uint8Array(0);
  const written: Shown[] = [];
  if (reply !== undefined) written.push({ type: 'reply', bytes });
  else {
    const parser = new PacketParser({ version, from: role });
    parser.push(bytes);
    for (let packet = parser.next(); packet !== undefined; packet = parser.next()) {
      written.push(shownPacket(packet, version));
    }
    parser.end();
  }
  const events = result.events.map((event) => shown(event, version));
  const closing = out.find(({ type }) => type === 'close');
  return (
    differenceOfLists(
      written,
      out.filter(({ type }) => WRITES.includes(String(type))),
      `${at} bytes`,
    ) ??
    differenceOfLists(
      events,
      out.filter(({ type }) => type !== 'close' && !WRITES.includes(String(type))),
      `${at} events`,
    ) ??
    difference(result.close, closing?.['reason'] ?? null, `${at} close`)
  );
}

/** Calls the method that an input stands for. */
function call(endpoint: Endpoint, input: Input): EndpointResult {
  const { now } = input;
  switch (input.type) {
    case 'opened':
      return endpoint.open(now);
    case 'send':
      return endpoint.send(input.packet, now, input);
    case 'acknowledge':
      return endpoint.acknowledge(input.packetId, now, input);
    case 'answer':
      return endpoint.answer(input.packetId, input.reasonCodes, now, input.properties);
    case 'accept':
      return endpoint.accept(now, input);
    case 'refuse':
      return endpoint.refuse(input.reasonCode, now, input.properties);
    case 'authenticate':
      return endpoint.authenticate(now, input.properties);
    case 'disconnect':
      return endpoint.disconnect(now, input);
    case 'timerFired':
      return endpoint.tick(now);
    case 'blocked':
      return endpoint.blocked(now);
    case 'writable':
      return endpoint.writable(now);
    case 'closed':
      return endpoint.closed(now);
    default:
      throw new Error(`no input of a host: ${input.type}`);
  }
}

function endpointPlayer(
  first: ConnectionState,
  dialogue: Dialogue,
  stored: () => SessionState,
  between: (endpoint: Endpoint) => Endpoint,
): Player {
  let endpoint = new Endpoint(first);
  let due: number | undefined;
  return {
    get state() {
      return endpoint.state;
    },
    take: (event, now, out, at) => {
      endpoint = between(endpoint);
      const result =
        'input' in event
          ? call(endpoint, inputOf(event, now, stored))
          : endpoint.receive(bytesOf(event, dialogue.version), now);
      due = result.deadline;
      return differenceOfResult(result, dialogue, out, at);
    },
    deadline: () => due,
  };
}

/** Plays through an Endpoint: bytes in, bytes out. */
export const throughEndpoint: Way = {
  start: (first, dialogue, stored) => endpointPlayer(first, dialogue, stored, (endpoint) => endpoint),
  carry: throughStore,
};

/** Plays through an Endpoint that is written to JSON, and made anew from it, before every step. */
export const throughJson: Way = {
  start: (first, dialogue, stored) =>
    endpointPlayer(first, dialogue, stored, (endpoint) =>
      Endpoint.resume(storedFromJson(storedToJson(endpoint.export()))),
    ),
  carry: throughStore,
};

/** The state in which a connection of the dialogue begins. */
function begin(
  { role, version }: Dialogue,
  options: Options,
  session: SessionState | undefined,
): ConnectionState {
  if (role === 'server') return serverConnection(options as ServerOptions);
  const connect = withVersion(options.connect, version) as NonNullable<Options['connect']>;
  const first = options.session === undefined ? undefined : importSession(options.session);
  return clientConnection({ ...options, connect, session: session ?? first });
}

function differenceOfDeadline(
  actual: number | undefined,
  expected: Step['deadline'],
  at: string,
): string | undefined {
  if (typeof expected !== 'object' || expected === null) return difference(actual, expected, at);
  return actual !== undefined && actual <= expected.by
    ? undefined
    : `${at}: ${actual} is not by ${expected.by}`;
}

/** Plays a dialogue to its end. Tells the first difference; undefined: there is none. */
export function play(dialogue: Dialogue, way: Way): string | undefined {
  let options = dialogue.options ?? {};
  let session: SessionState | undefined;
  const stored = (): SessionState => {
    if (session === undefined) throw new Error('nothing is stored before the first reconnect');
    return session;
  };
  let player = way.start(begin(dialogue, options, undefined), dialogue, stored);
  let now = 0;
  for (const [
    index,
    { at = now, in: event, reconnect, out = [], deadline: due },
  ] of dialogue.steps.entries()) {
    now = at;
    const place = `step ${index}`;
    if (reconnect !== undefined) {
      const { lost, ...others } = reconnect;
      const { session: left, phase } = player.state;
      // A process that died has nothing but its store.
      const kept = phase === 'closed' ? way.carry(left) : throughStore(left);
      session = lost === true ? undefined : kept;
      options = { ...options, session: undefined, ...others };
      player = way.start(begin(dialogue, options, session), dialogue, stored);
    }
    if (event === undefined) continue;
    const found =
      player.take(event, now, out, `${place}: out`) ??
      (due === undefined ? undefined : differenceOfDeadline(player.deadline(now), due, `${place}: deadline`));
    if (found !== undefined) return found;
  }
  return undefined;
}

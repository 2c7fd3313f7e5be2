import fc, { type Arbitrary } from 'fast-check';
import { invalidBytes, mutatedBytes, packetBytes } from '../../src/arbitraries/index.js';
import {
  type ConnectionState,
  Endpoint,
  type EndpointEvent,
  type EndpointResult,
} from '../../src/connection/index.js';
import { type DecodedPacket, encode, type Packet, type PacketOf, PacketParser } from '../../src/index.js';
import { DISCONNECT_REASON_CODES, DISCONNECT_SENDERS } from '../../src/spec/reason-codes.js';
import { concat } from './bytes.js';
import { difference, same } from './canonical.js';
import { checkBounds } from './contract.js';
import { peerOf, type Role } from './setup.js';
import { anyClient, anyServer, type Start } from './starts.js';
import { demand, Violation } from './violation.js';

/** What a peer writes: much that is right, some that is almost right, some that is noise. */
export function hostile(version: 4 | 5, role: Role): Arbitrary<Uint8Array> {
  const from = peerOf(role);
  const right = packetBytes({ version, from });
  return fc.oneof(
    { weight: 6, arbitrary: right },
    { weight: 2, arbitrary: mutatedBytes(right) },
    { weight: 1, arbitrary: invalidBytes({ version, from }).map(({ bytes }) => bytes) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  );
}

/** What a hostile peer does to whom. */
export interface Attack {
  readonly start: Start;
  readonly pieces: readonly Uint8Array[];
  /** Whether the handshake comes first. */
  readonly polite: boolean;
  readonly split: readonly number[];
}

/** Attacks on a side of that version. */
export function attack(version: 4 | 5, role: Role): Arbitrary<Attack> {
  return fc.record({
    start: role === 'client' ? anyClient(version) : anyServer(version),
    pieces: fc.array(hostile(version, role), { maxLength: 12, size: 'max' }),
    polite: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    split: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
  });
}

/** Everything that an Endpoint has said: it must not contradict itself. */
export class Memory {
  readonly events: EndpointEvent[] = [];
  readonly packets: DecodedPacket[] = [];
  close: string | undefined;
  #parser: PacketParser;

  constructor(
    public endpoint: Endpoint,
    version: 4 | 5,
    readonly role: Role,
  ) {
    this.#parser = this.#parserOf(version);
  }

  #parserOf(version: 4 | 5): PacketParser {
    const limits = { maximumPacketSize: 0xfffffff, maximumConnectSize: 0xfffffff };
    return new PacketParser({ version, from: this.role, copy: true, ...limits });
  }

  add(before: ConnectionState, { bytes, events, close }: EndpointResult): void {
    const isOver = this.close !== undefined;
    demand(
      !isOver || (bytes === undefined && events.length === 0 && close === undefined),
      'it speaks after the end',
    );
    this.events.push(...structuredClone(events.map((event) => ({ ...event }))));
    this.close ??= close;
    const written: DecodedPacket[] = [];
    // The refusal of a version is in the words of another one.
    const fails = events.find((event) => event.type === 'fail');
    const isReply = before.phase === 'waiting' && fails?.error.code === 'unsupported-version';
    // And so is the answer to a CONNECT that was read as far as its version.
    const spoken = before.phase === 'waiting' ? fails?.error.protocolVersion : undefined;
    if (spoken !== undefined) this.#parser = this.#parserOf(spoken);
    if (bytes !== undefined && !isReply) {
      this.#parser.push(bytes);
      for (let packet = this.#parser.next(); packet !== undefined; packet = this.#parser.next())
        written.push(packet);
      demand(this.#parser.buffered === 0, 'it writes half a packet');
    }
    this.packets.push(...written);
    this.#checkFailure(before, events, written);
    checkBounds(this.endpoint.state);
  }

  /** One failure, which is told to the peer where there is a way, and nothing after it. */
  #checkFailure(
    before: ConnectionState,
    events: readonly EndpointEvent[],
    written: readonly DecodedPacket[],
  ): void {
    const at = events.findIndex(({ type }) => type === 'fail');
    const fail = events[at];
    if (fail?.type !== 'fail') return;
    const late = events.slice(at + 1).map(({ type }) => type);
    const life = ['fail', 'deliver', 'connected', 'connectRequested', 'requestReceived', 'authReceived'];
    demand(!late.some((type) => life.includes(type)), `${late} come after the failure`);
    demand(late.at(-1) === 'ended' && this.close !== undefined, `${late} are all that comes of a failure`);
    const { version, peers } = before.terms;
    // Of a packet that was just accepted, the limits are not known from before.
    if (version === 4 || before.phase !== 'connected' || peers.maximumPacketSize < 8) return;
    const last = written.at(-1);
    demand(last?.type === 'disconnect', `${last?.type} tells the peer of ${fail.error.code}`);
    const reasonCode = 'reasonCode' in fail.error ? fail.error.reasonCode : 0x80;
    const others = DISCONNECT_SENDERS[peerOf(this.role)];
    const isKnown = (DISCONNECT_REASON_CODES as readonly number[]).includes(Number(reasonCode));
    const due = isKnown && !others.includes(Number(reasonCode)) ? reasonCode : 0x80;
    demand(last.reasonCode === due, `${fail.error.code}: the peer hears ${last.reasonCode}, not ${due}`);
  }
}

/** Attacks a fresh Endpoint with chunks of these sizes, in turn. */
export function suffer(
  { start, pieces, polite }: Attack,
  version: 4 | 5,
  role: Role,
  sizes: readonly number[],
): Memory {
  const endpoint = new Endpoint(start.state, { copy: true });
  const record = new Memory(endpoint, version, role);
  const run = (call: (end: Endpoint) => EndpointResult): void => record.add(endpoint.state, call(endpoint));
  run((end) => end.open(0));
  for (const input of polite ? start.handshake : []) {
    if (input.type === 'packetReceived') {
      const bytes = encode<4 | 5>(input.packet as Packet as PacketOf<4 | 5>, version);
      run((end) => end.receive(bytes, 0));
    } else if (input.type === 'accept' && endpoint.state.phase === 'handshake')
      run((end) => end.accept(0, input));
  }
  const stream = concat(pieces);
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    const chunk = stream.slice(at, at + size);
    run((end) => end.receive(chunk, 0));
    at += size;
  }
  run((end) => end.closed(0));
  return record;
}

/** Attacks in one piece and in many, and throws a Violation where that makes a difference. */
export function checkAttack(all: Attack, version: 4 | 5, role: Role): void {
  const whole = suffer(all, version, role, [Number.POSITIVE_INFINITY]);
  const split = suffer(all, version, role, all.split);
  for (const field of ['events', 'packets', 'close'] as const) {
    const [a, b] = [split[field], whole[field]];
    if (!same(a, b)) throw new Violation(`${field} depend on the split: ${difference(a, b)}`);
  }
}

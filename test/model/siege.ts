import fc, { type Arbitrary } from 'fast-check';
import { packetBytes } from '../../src/arbitraries/index.js';
import { deadline, Endpoint, type EndpointResult, type Input } from '../../src/connection/index.js';
import { decode, encode, type Packet, type PacketOf } from '../../src/index.js';
import { hostile, Memory } from './attack.js';
import { difference, normalConnection, same } from './canonical.js';
import { politeInputs } from './polite.js';
import { peerOf, type Role } from './setup.js';
import { anyClient, anyServer, type Start } from './starts.js';
import { packetId } from './values.js';
import { demand, Violation } from './violation.js';

/** What happens to an Endpoint that holds out against a hostile peer, and has an application and a host beside it. */
type Move =
  /** Bytes arrive, in pieces of those sizes. */
  | { readonly type: 'bytes'; readonly bytes: Uint8Array; readonly sizes: readonly number[] }
  /** One of what would be polite just now. */
  | { readonly type: 'polite'; readonly choice: number; readonly sizes: readonly number[] }
  /** The host looks at the clock, so much later, or just when it is due. */
  | { readonly type: 'tick'; readonly after: number | undefined }
  | { readonly type: 'disconnect' | 'blocked' | 'writable' | 'ping' }
  /** The host stores the Endpoint, and goes on with another one. */
  | { readonly type: 'sleep' };

export interface Siege {
  readonly start: Start;
  readonly polite: boolean;
  readonly moves: readonly Move[];
}

/** A valid packet, which is likely to be out of its place, with an identifier that may mean something. */
function misplaced(version: 4 | 5, role: Role): Arbitrary<Uint8Array> {
  const right = packetBytes({ version, from: peerOf(role) });
  return fc.tuple(right, packetId).map(([bytes, id]) => {
    const packet = decode<4 | 5>(bytes, version);
    const named =
      'packetId' in packet && packet.packetId !== undefined ? { ...packet, packetId: id } : packet;
    return encode<4 | 5>(named as Packet as PacketOf<4 | 5>, version);
  });
}

export function siege(version: 4 | 5, role: Role): Arbitrary<Siege> {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });
  const arrives = (bytes: Arbitrary<Uint8Array>): Arbitrary<Move> =>
    fc.record({ type: fc.constant('bytes' as const), bytes, sizes });
  const polite = fc.record({ type: fc.constant('polite' as const), choice: fc.nat(30), sizes });
  const tick = fc.record({
    type: fc.constant('tick' as const),
    after: fc.oneof(fc.constant(undefined), fc.nat(200), fc.nat(200_000)),
  });
  const plain = fc.constantFrom('disconnect', 'blocked', 'writable', 'writable', 'ping');
  const move: Arbitrary<Move> = fc.oneof(
    { weight: 12, arbitrary: polite },
    { weight: 5, arbitrary: arrives(misplaced(version, role)) },
    { weight: 2, arbitrary: arrives(hostile(version, role)) },
    { weight: 2, arbitrary: tick },
    { weight: 2, arbitrary: plain.map((type): Move => ({ type })) },
    { weight: 2, arbitrary: fc.constant<Move>({ type: 'sleep' }) },
  );
  return fc.record({
    start: role === 'client' ? anyClient(version) : anyServer(version),
    polite: fc.nat(5).map((chance) => chance < 5),
    moves: fc.array(move, { maxLength: 40, size: 'max' }),
  });
}

/** An Endpoint under siege. */
class Besieged {
  readonly #memory: Memory;
  readonly #version: 4 | 5;
  #now = 0;

  constructor({ start }: Siege, version: 4 | 5, role: Role) {
    this.#version = version;
    this.#memory = new Memory(new Endpoint(start.state, { copy: true }), version, role);
  }

  get endpoint(): Endpoint {
    return this.#memory.endpoint;
  }

  run(call: (end: Endpoint, now: number) => EndpointResult): void {
    const { endpoint } = this;
    const before = endpoint.state;
    const result = call(endpoint, this.#now);
    // Whoever wishes for something after the end is told so.
    const isRefused = result.events.some(({ type }) => type === 'refused') && endpoint.state === before;
    this.#memory.add(before, isRefused && before.phase === 'closed' ? { ...result, events: [] } : result);
    const due = deadline(endpoint.state);
    demand(due === undefined || !Number.isNaN(due), 'the deadline is no number');
  }

  receive(bytes: Uint8Array, sizes: readonly number[]): void {
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1;
      const chunk = bytes.slice(at, at + size);
      this.run((end, now) => end.receive(chunk, now));
      // The host's memory is used for something else: what was delivered was copied.
      chunk.fill(0xff);
      at += size;
    }
  }

  move(move: Move): void {
    switch (move.type) {
      case 'bytes':
        this.receive(move.bytes, move.sizes);
        return;
      case 'polite': {
        const inputs = politeInputs(this.endpoint.state, this.#now);
        const input = inputs[move.choice % inputs.length];
        if (input !== undefined) this.apply(input, move.sizes);
        return;
      }
      case 'tick': {
        const due = deadline(this.endpoint.state);
        const later = move.after === undefined ? (due ?? this.#now) : this.#now + move.after;
        this.#now = Math.max(this.#now, later);
        this.run((end, now) => end.tick(now));
        return;
      }
      case 'sleep':
        this.#sleep();
        return;
      default:
        this.run((end, now) => end[move.type](now));
    }
  }

  apply(input: Input, sizes: readonly number[]): void {
    this.#now = Math.max(this.#now, input.now);
    switch (input.type) {
      case 'packetReceived': {
        const packet = input.packet as Packet as PacketOf<4 | 5>;
        this.receive(encode<4 | 5>(packet, this.#version), sizes);
        return;
      }
      case 'send':
        this.run((end, now) => end.send(input.packet, now, input));
        return;
      case 'acknowledge':
        this.run((end, now) => end.acknowledge(input.packetId, now));
        return;
      case 'answer':
        this.run((end, now) => end.answer(input.packetId, input.reasonCodes, now));
        return;
      case 'accept':
        if (this.endpoint.state.phase === 'handshake') this.run((end, now) => end.accept(now, input));
        return;
      case 'opened':
        this.run((end, now) => end.open(now));
        return;
      case 'timerFired':
        this.run((end, now) => end.tick(now));
        return;
      case 'writable':
        this.run((end, now) => end.writable(now));
    }
  }

  /** What wakes up is what went to sleep, and is not more than its limits allow. */
  #sleep(): void {
    const stored = structuredClone(this.endpoint.export());
    const most = this.endpoint.state.terms.ours.maximumPacketSize;
    demand(stored.unread.length <= most, `${stored.unread.length} bytes are unread, of ${most}`);
    const woken = Endpoint.resume(stored, { copy: true });
    const [is, was] = [normalConnection(woken.state), normalConnection(this.endpoint.state)];
    if (!same(is, was)) throw new Violation(`wakes up ${difference(is, was)}`);
    const again = structuredClone(woken.export());
    if (!same(again, stored)) throw new Violation(`is stored otherwise again: ${difference(again, stored)}`);
    this.#memory.endpoint = woken;
  }
}

/** Lives through a siege, and throws a Violation where a promise is broken. */
export function checkSiege(all: Siege, version: 4 | 5, role: Role): void {
  const besieged = new Besieged(all, version, role);
  besieged.run((end, now) => end.open(now));
  for (const input of all.polite ? all.start.handshake : []) {
    if (input.type !== 'opened') besieged.apply(input, [20]);
  }
  for (const move of all.moves) besieged.move(move);
  besieged.run((end, now) => end.closed(now));
  demand(besieged.endpoint.state.phase === 'closed', 'it is not closed in the end');
}

// @ts-nocheck
import { canSend } from '../../src/connection/index.js';
import { type DecodedPacket, decode, encode, type Packet, type PacketOf } from '../../src/index.js';
import { canonical, normalConnection, normalSession, normalStored } from './canonical.js';
import { inspect } from './inspect.js';
import { crash, isOpen, newParty, type Party } from './party.js';
import { crashPoints, dieAfter, type Event, finish, type Reaction, type Turn, turnOf } from './react.js';
import { type Message, publishOf, type Role, type Setup } from './setup.js';
import { remembering, rememberingPairs, Table } from './tables.js';
import { demand, Violation } from './violation.js';

/** What is searched through: what both sides do and what may go wrong. */
export interface Scenario extends Setup {
  /** By sender, in the order in which they are sent. */
  readonly messages: Readonly<Record<Role, readonly Message[]>>;
  /** Whether the application may refuse messages (MQTT 5.0, manual acknowledgement). */
  readonly refusals?: boolean;
  readonly cuts: number;
  /** Of each side. */
  readonly crashes: number;
}

/** What may come of an event: the number of the side as it is then, and of the packets that it wrote. */
export interface Choice {
  readonly label: string;
  readonly dies: boolean;
  readonly party: number;
  readonly sent: readonly number[];
}

/** All that may come of an event: the side does what is due, or dies on the way. */
export interface Fork {
  readonly lives: Choice;
  readonly deaths: () => readonly Choice[];
}

/**
 * Both sides of a scenario as automata: their states and the packets are numbers, and what an event makes of a state
 * is worked out once, however many states of the world share it.
 */
export class Sides {
  readonly parties: Table<Party>;
  readonly packets = new Table<{ readonly packet: Packet; readonly from: Role }>(canonical);
  readonly #arrived: { readonly packet: DecodedPacket; readonly size: number }[] = [];

  constructor(
    readonly scenario: Scenario,
    keyOf: (party: Party) => string = normalParty,
  ) {
    this.parties = new Table(keyOf, (party) => inspect(scenario, party));
  }

  /** The number of a side before everything. */
  start(role: Role): number {
    return this.parties.add(newParty(this.scenario, role));
  }

  /** Whether a side has an open network connection, as far as it knows. */
  readonly isOpen: (party: number) => boolean = remembering((party) => isOpen(this.parties.get(party)));

  /** The network connection stands. */
  readonly open: (party: number) => Fork = remembering((party) =>
    this.#fork(party, 'opens', { type: 'open' }),
  );

  /** A side notices that the network connection is gone. */
  readonly closed: (party: number) => Fork = remembering((party) =>
    this.#fork(party, 'closed', { type: 'closed' }),
  );

  /** A packet arrives. */
  readonly packet: (party: number, number: number) => Fork = rememberingPairs((party, number) => {
    const { packet, size } = this.#arrived[number]!;
    return this.#fork(party, `packet ${canonical(packet)}`, { type: 'packet', packet, size });
  });

  /** The application does one of the things that it may do now. */
  readonly wishes: (party: number) => readonly Fork[] = remembering((party) =>
    wishes(this.scenario, this.parties.get(party)).map(([name, event]) => this.#fork(party, name, event)),
  );

  /** The process dies while nothing happens. */
  readonly death: (party: number) => number = remembering((party) =>
    this.parties.add(crash(this.scenario, this.parties.get(party))),
  );

  #fork(number: number, name: string, event: Event): Fork {
    const party = this.parties.get(number);
    const label = `${party.role}: ${name}`;
    const turn = labelled(label, () => allowed(turnOf(this.scenario, party, event)));
    const points = crashPoints(turn);
    let deaths: readonly Choice[] | undefined;
    return {
      lives: this.#choice(label, false, () => finish(turn)),
      deaths: () => {
        deaths ??= Array.from({ length: Math.max(0, points - 1) }, (_, index) =>
          this.#choice(`${label}, and dies ${index + 1} of ${points}`, true, () => dieAfter(turn, index + 1)),
        );
        return deaths;
      },
    };
  }

  #choice(label: string, dies: boolean, react: () => Reaction): Choice {
    return labelled(label, () => {
      const { party, packets } = react();
      const sent = packets.map((packet) => this.#post(packet, party.role));
      return { label, dies, party: this.parties.add(party), sent };
    });
  }

  /** Takes a packet through the codec, as it would come from the socket. */
  #post(packet: Packet, from: Role): number {
    const number = this.packets.add({ packet, from });
    if (this.#arrived[number] === undefined) {
      const { version } = this.scenario;
      const bytes = encode<4 | 5>(packet as PacketOf<4 | 5>, version);
      this.#arrived[number] = { packet: decode(bytes, version, { from }), size: bytes.length };
    }
    return number;
  }
}

/** Here, nobody does wrong or asks for the impossible. */
function allowed(turn: Turn): Turn {
  const problem = turn.failure ?? turn.refusal;
  demand(problem === undefined, `${problem?.message}`);
  return turn;
}

/** Says where a Violation comes from. */
function labelled<T>(label: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof Violation ? new Violation(`${label}: ${error.message}`) : error;
  }
}

/** What the application of a side may do now. */
function wishes(scenario: Scenario, party: Party): [name: string, event: Event][] {
  const { role, connection, ledger, unanswered } = party;
  const found: [string, Event][] = [];
  const message = scenario.messages[role].find(({ number }) => ledger.sent[number] === undefined);
  if (message !== undefined && (message.qos > 0 || mayPublishNow(party, message, scenario))) {
    found.push([`sends m${message.number} of QoS ${message.qos}`, { type: 'send', sending: { message } }]);
  }
  if (connection !== undefined && (role === 'client' || connection.phase === 'connected')) {
    for (const of of unanswered) {
      const verdicts = scenario.refusals === true ? ([0x00, 0x83] as const) : ([0x00] as const);
      for (const reasonCode of verdicts) {
        const name = `acknowledges ${of.packetId} with ${reasonCode}`;
        found.push([name, { type: 'acknowledge', of, reasonCode }]);
      }
    }
  }
  if (party.asked) found.push(['accepts', { type: 'accept' }]);
  return found;
}

/** QoS 0 does not wait for a connection. */
function mayPublishNow({ connection }: Party, message: Message, { version }: Setup): boolean {
  return connection !== undefined && canSend(connection, publishOf(message, version)) === undefined;
}

/** A side by what it will do, as text. */
export function normalParty({ connection, session, store, ...rest }: Party): string {
  return JSON.stringify({
    ...rest,
    connection: connection && normalConnection(connection),
    session: normalSession(session),
    store: normalStored(store),
  });
}

// @ts-nocheck
import { inspectEnd } from './inspect.js';
import { balance, type Ledger } from './ledger.js';
import type { Party } from './party.js';
import type { Graph, Offer } from './search.js';
import { peerOf, ROLES, type Role } from './setup.js';
import { type Choice, type Fork, type Scenario, Sides } from './sides.js';
import { rememberingPairs, Table } from './tables.js';
import { demand } from './violation.js';

/** The state of both sides and of the link between them; sides and lists of packets are numbers of tables. */
export interface World {
  readonly client: number;
  readonly server: number;
  /** The packets on the way to each side, the first of them first. */
  readonly toClient: number;
  readonly toServer: number;
  /** Once it is cut, each side reads what has arrived until it notices, and what it writes is lost. */
  readonly link: 'none' | 'up' | 'cut';
  /** How often what can go wrong may still do so. */
  readonly cuts: number;
  readonly clientCrashes: number;
  readonly serverCrashes: number;
}

const NOTHING = 0;
const TOWARD = { client: 'toClient', server: 'toServer' } as const;
const CRASHES = { client: 'clientCrashes', server: 'serverCrashes' } as const;

/** Lists of packets on their way. */
class Mail {
  readonly #lists = new Table<readonly number[]>((list) => list.join());

  constructor() {
    this.#lists.add([]);
  }

  first(list: number): number | undefined {
    return this.#lists.get(list)[0];
  }

  readonly append: (list: number, packet: number) => number = rememberingPairs((list, packet) =>
    this.#lists.add([...this.#lists.get(list), packet]),
  );

  readonly rest: (list: number) => number = (list) => this.#lists.add(this.#lists.get(list).slice(1));
}

/** The world of a scenario as a graph. */
export function worldOf(
  scenario: Scenario,
  keyOf?: (party: Party) => string,
): Graph<World> & { readonly sides: Sides } {
  const sides = new Sides(scenario, keyOf);
  const mail = new Mail();

  /** A side has done something: what it wrote is on its way if there is a way, and its process lives on or not. */
  const done = (world: World, role: Role, { party, sent, dies }: Omit<Choice, 'label'>): World => {
    const toward = TOWARD[peerOf(role)];
    const list = world.link === 'up' ? sent.reduce(mail.append, world[toward]) : world[toward];
    const after: World = { ...world, [role]: party, [toward]: list };
    if (!dies) return after;
    // The other end can still read what had left this one.
    const link = after.link === 'none' ? 'none' : 'cut';
    return { ...after, link, [TOWARD[role]]: NOTHING, [CRASHES[role]]: after[CRASHES[role]] - 1 };
  };
  const follow = (world: World, role: Role, { lives, deaths }: Fork, offer: Offer<World>): void => {
    offer(lives.label, true, done(world, role, lives));
    if (world[CRASHES[role]] === 0) return;
    for (const death of deaths()) offer(death.label, false, done(world, role, death));
  };
  const expandSide = (world: World, role: Role, offer: Offer<World>): void => {
    const party = world[role];
    const toward = TOWARD[role];
    if (sides.isOpen(party)) {
      const first = mail.first(world[toward]);
      if (first !== undefined) {
        follow({ ...world, [toward]: mail.rest(world[toward]) }, role, sides.packet(party, first), offer);
      }
      if (world.link === 'cut') follow({ ...world, [toward]: NOTHING }, role, sides.closed(party), offer);
    }
    for (const wish of sides.wishes(party)) follow(world, role, wish, offer);
    if (world[CRASHES[role]] === 0) return;
    offer(`${role}: dies`, false, done(world, role, { party: sides.death(party), sent: [], dies: true }));
  };

  return {
    sides,
    start: {
      client: sides.start('client'),
      server: sides.start('server'),
      toClient: NOTHING,
      toServer: NOTHING,
      link: 'none',
      cuts: scenario.cuts,
      clientCrashes: scenario.crashes,
      serverCrashes: scenario.crashes,
    },
    keyOf: ({ client, server, toClient, toServer, link }) =>
      `${client} ${server} ${toClient} ${toServer} ${link}`,
    sparesOf: ({ cuts, clientCrashes, serverCrashes }) => [cuts, clientCrashes, serverCrashes],
    expand: (world, offer) => {
      for (const role of ROLES) expandSide(world, role, offer);
      if (world.link === 'up') {
        if (world.cuts > 0) offer('the link is cut', false, { ...world, link: 'cut', cuts: world.cuts - 1 });
      } else if (!sides.isOpen(world.client) && !sides.isOpen(world.server)) {
        const server = sides.open(world.server).lives;
        const ready: World = {
          ...world,
          link: 'up',
          server: server.party,
          toClient: NOTHING,
          toServer: NOTHING,
        };
        follow(ready, 'client', sides.open(world.client), offer);
      }
    },
    checkEnd: (world) => {
      demand(world.toClient === NOTHING && world.toServer === NOTHING, 'packets lie about in the end');
      for (const role of ROLES) {
        const party = sides.parties.get(world[role]);
        inspectEnd(party);
        const sent = Object.keys(party.ledger.sent).length;
        demand(sent === scenario.messages[role].length, `${role}: has sent ${sent} messages in the end`);
        checkOutcomes(scenario, party.ledger);
        balance(
          party.ledger,
          sides.parties.get(world[peerOf(role)]).ledger,
          scenario.judgedAs ?? scenario.host,
        );
      }
    },
  };
}

/** What becomes of a message where sessions are never lost. */
function checkOutcomes({ fresh, refusals }: Scenario, { sent }: Ledger): void {
  for (const { message, outcome } of Object.values(sent)) {
    const well = message.qos === 0 ? outcome === 'sent' : outcome === 'acknowledged';
    const otherwise =
      (fresh === true && outcome === 'session-lost') || (refusals === true && outcome === 'refused');
    demand(well || otherwise, `m${message.number} of QoS ${message.qos} ends as ${outcome}`);
  }
}

// @ts-nocheck
import type {
  Action,
  ConnectionState,
  DeliverAction,
  DisconnectInput,
  Input,
  SendableSubscribe,
  SendableUnsubscribe,
  SettledAction,
} from '../../src/connection/index.js';
import type { DecodedPacket, MqttError, Packet } from '../../src/index.js';
import { emptySession, exportSession, queueMessage, sessionChanges } from '../../src/session/index.js';
import type { Commit } from './commit.js';
import { arrange, type Micro } from './hosts.js';
import { connectionOver } from './ledger.js';
import { awake, crash, type Party, perform, stepOf, type Unanswered } from './party.js';
import { receivedPacket, wireOver } from './referee.js';
import { newServer, numberOf, publishOf, type Sending, type Setup } from './setup.js';
import { demand } from './violation.js';

/** What happens to one side. */
export type Event =
  | { readonly type: 'open' | 'closed' | 'accept' | 'timer' | 'blocked' | 'writable' }
  | { readonly type: 'packet'; readonly packet: DecodedPacket; readonly size: number }
  | { readonly type: 'refuse'; readonly reasonCode: number }
  | { readonly type: 'send'; readonly sending: Sending }
  | { readonly type: 'acknowledge'; readonly of: Unanswered; readonly reasonCode?: 0x00 | 0x83 }
  | {
      readonly type: 'request';
      readonly packet: SendableSubscribe | SendableUnsubscribe;
      readonly token: string;
    }
  | { readonly type: 'answer'; readonly packetId: number; readonly filters: number }
  | { readonly type: 'disconnect'; readonly how: Omit<DisconnectInput, 'type' | 'now'> };

/** What a host is about to do about an event: everything in memory is done, nothing outside is. */
export interface Turn {
  readonly setup: Setup;
  readonly now: number;
  /** The side as it will be once all is carried out, but for what carrying it out changes. */
  party: Party;
  readonly micros: Micro[];
  failure: MqttError | undefined;
  refusal: MqttError | undefined;
  close: boolean;
  over: boolean;
}

/** A side after an event, and what it wrote to the socket. */
export interface Reaction {
  readonly party: Party;
  readonly packets: readonly Packet[];
}

/** Gives an event to a side. */
export function turnOf(setup: Setup, party: Party, event: Event, now = 0): Turn {
  const turn: Turn = {
    setup,
    now,
    party,
    micros: [],
    failure: undefined,
    refusal: undefined,
    close: false,
    over: false,
  };
  happen(turn, event);
  return turn;
}

/** How many points there are, before and between what the host does, at which its process may die. */
export const crashPoints = (turn: Turn): number => turn.micros.length;

/** Carries everything out. */
export function finish({ setup, party, micros, over }: Turn): Reaction {
  let after = micros.reduce((sofar, micro) => perform(setup, sofar, micro), party);
  if (over) after = { ...after, wire: wireOver(after.wire), ledger: connectionOver(after.ledger) };
  return {
    party: after,
    packets: micros.flatMap((micro) => (micro.do === 'transmit' ? [micro.packet] : [])),
  };
}

/** Carries out as much as is given, and dies. */
export function dieAfter(turn: Turn, count: number): Reaction {
  const { party, packets } = finish({ ...turn, micros: turn.micros.slice(0, count), over: false });
  return { party: crash(turn.setup, party), packets };
}

function happen(turn: Turn, event: Event): void {
  const { setup, now, party } = turn;
  switch (event.type) {
    case 'open':
      turn.party = opening(setup, party);
      feed(turn, { type: 'opened', now });
      break;
    case 'packet': {
      const { packet, size } = event;
      turn.party = { ...party, wire: receivedPacket(party.wire, packet) };
      feed(turn, { type: 'packetReceived', packet, size, now }, { received: packet });
      if (turn.party.asked && setup.pipelining !== true) accept(turn);
      break;
    }
    case 'accept':
      accept(turn);
      break;
    case 'refuse':
      turn.party = { ...party, asked: false };
      feed(turn, { type: 'refuse', reasonCode: event.reasonCode, now });
      break;
    case 'send':
      send(turn, event.sending);
      break;
    case 'acknowledge': {
      const { of, reasonCode } = event;
      const rejected = setup.version === 5 && (reasonCode ?? 0) >= 0x80 ? { rejected: of.message } : {};
      turn.party = { ...party, unanswered: party.unanswered.filter((each) => each !== of) };
      feed(turn, { type: 'acknowledge', packetId: of.packetId, reasonCode, now }, rejected);
      break;
    }
    case 'request': {
      const { packet, token } = event;
      feed(turn, { type: 'send', packet, token, now });
      if (turn.refusal === undefined) turn.party = { ...turn.party, asking: [...party.asking, token] };
      break;
    }
    case 'answer': {
      const { packetId, filters } = event;
      turn.party = { ...party, requests: party.requests.filter((each) => each.packetId !== packetId) };
      feed(turn, { type: 'answer', packetId, reasonCodes: new Array<0>(filters).fill(0), now });
      break;
    }
    case 'disconnect':
      feed(turn, { ...event.how, type: 'disconnect', now });
      break;
    case 'timer':
      feed(turn, { type: 'timerFired', now });
      break;
    default:
      feed(turn, { type: event.type, now });
  }
}

/** The network stands: a server's host begins with a state of its own. */
function opening(setup: Setup, party: Party): Party {
  const last = setup.receiveMaximum?.length ?? 1;
  const opened = Math.min(party.opened + 1, last);
  const connection = party.role === 'server' ? newServer(setup, party.opened) : party.connection;
  return { ...party, connection, opened };
}

function accept(turn: Turn): void {
  turn.party = { ...turn.party, asked: false };
  feed(turn, { type: 'accept', session: turn.party.session, now: turn.now });
}

/** The application sends: by the connection, or into the queue of a device that is away. */
function send(turn: Turn, { message, ...options }: Sending): void {
  const { setup, now, party } = turn;
  const { number: token } = message;
  const packet = publishOf(message, setup.version);
  if (party.role === 'client' || party.connection?.phase === 'connected') {
    feed(turn, { type: 'send', packet, token, now, ...options }, { sent: message });
    return;
  }
  const limits = setup.queue === undefined ? {} : { messages: setup.queue };
  const { session, error } = queueMessage(party.session, packet, {
    now,
    version: setup.version,
    token,
    limits,
  });
  turn.refusal = error;
  if (error !== undefined) return;
  turn.party = { ...party, session };
  const change = sessionChanges(party.session, session);
  turn.micros.push(...arrange(setup.host, { sent: message, ...(change && { session: change }) }, [], []));
}

/** One step, and what the host makes of it. */
function feed(turn: Turn, input: Input, extra: Commit = {}): void {
  const { setup, party } = turn;
  const before = party.connection;
  demand(before !== undefined, `${input.type} without a connection`);
  const [after, actions] = stepOf(setup)(before, input);
  const refused = actions.find((action) => action.type === 'refused');
  if (refused !== undefined) {
    demand(after === before && actions.length === 1, `${input.type} is refused and changes something`);
    turn.refusal = refused.error;
    return;
  }
  const deliveries = actions.filter((action): action is DeliverAction => action.type === 'deliver');
  const packets = actions.flatMap((action) => (action.type === 'transmit' ? [action.packet] : []));
  turn.party = remember(turn, after, actions, deliveries);
  const commit = commitOf(party, before, turn.party, actions, extra, packets);
  turn.micros.push(...arrange(setup.host, commit, deliveries, packets));
}

/** What the process has in memory after a step. */
function remember(
  turn: Turn,
  after: ConnectionState,
  actions: readonly Action[],
  deliveries: readonly DeliverAction[],
): Party {
  const { setup, party } = turn;
  const { role, connection } = party;
  // A connection can begin and end in one step: the client has sent everything up to DISCONNECT before CONNACK.
  const begins = actions.find((action) => action.type === 'connected');
  const isOwner = role === 'client' || connection?.phase === 'connected' || begins !== undefined;
  const is = { ...party, connection: after, session: isOwner ? after.session : party.session };
  // What came of a session that is gone needs no verdict any more.
  const isNew = begins?.sessionPresent === false;
  const debts = setup.acknowledgements === 'manual' ? deliveries.flatMap(({ packet }) => debtOf(packet)) : [];
  let now: Party = { ...is, unanswered: [...(isNew ? [] : party.unanswered), ...debts] };
  for (const action of actions) now = heed(turn, now, action);
  return now;
}

function heed(turn: Turn, party: Party, action: Action): Party {
  switch (action.type) {
    case 'connectRequested':
      return { ...party, asked: true };
    case 'requestReceived': {
      const { packet } = action;
      const filters = packet.type === 'subscribe' ? packet.subscriptions.length : packet.topicFilters.length;
      return { ...party, requests: [...party.requests, { packetId: packet.packetId, filters }] };
    }
    case 'settled':
      return { ...party, asking: party.asking.filter((token) => token !== action.token) };
    case 'fail':
      turn.failure = action.error;
      return party;
    case 'close':
      turn.close = true;
      return party;
    case 'ended':
      turn.over = true;
      return ended(turn.setup, party, action.sessionExpiryInterval === 0);
    default:
      return party;
  }
}

/** The connection is over: the host gets ready for the next one. */
function ended(setup: Setup, party: Party, isExpired: boolean): Party {
  const { role, session, asking } = party;
  demand(asking.length === 0, `${role}: never settles ${asking}`);
  // A message of QoS 1 comes again and is acknowledged then.
  const unanswered = isExpired ? [] : party.unanswered.filter(({ qos }) => qos === 2);
  const rest = isExpired && role === 'server' ? emptySession() : session;
  return { ...party, ...awake(setup, role, rest, party.opened), unanswered };
}

function debtOf(packet: DeliverAction['packet']): Unanswered[] {
  if (packet.qos === 0) return [];
  return [{ packetId: packet.packetId, qos: packet.qos, message: numberOf(packet.payload) }];
}

/** What has to be stored after a step; undefined: nothing. */
function commitOf(
  was: Party,
  before: ConnectionState,
  is: Party,
  actions: readonly Action[],
  extra: Commit,
  packets: readonly Packet[],
): Commit | undefined {
  const settled = actions.filter((action): action is SettledAction => action.type === 'settled');
  const issued = packets.filter((packet) => packet.type === 'publish' && packet.packetId !== undefined);
  // A session that was fetched from the store, or erased, has nothing in common with the one before it.
  const replaced = is.role === 'server' && (before.phase !== 'connected' || is.session === emptySession());
  const session =
    was.session === is.session
      ? undefined
      : replaced
        ? exportSession(is.session)
        : sessionChanges(was.session, is.session);
  const nothing = session === undefined && settled.length === 0 && issued.length === 0;
  if (nothing && extra.sent === undefined && extra.rejected === undefined) return undefined;
  return { ...extra, settled, issued, ...(session && { session }) };
}

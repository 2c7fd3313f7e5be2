import {
  type Action,
  type ConnectionState,
  deadline,
  exportConnection,
  type Input,
  importConnection,
} from '../../src/connection/index.js';
import { encode, isMqttError, type Packet, type PacketOf } from '../../src/index.js';
import { difference, normalConnection, same } from './canonical.js';
import { demand, Violation } from './violation.js';

/** Throws a Violation unless a step keeps to the contract of actions, whatever the input was. */
export function checkStep(
  before: ConnectionState,
  input: Input,
  after: ConnectionState,
  actions: readonly Action[],
): void {
  const types = actions.map(({ type }) => type);
  const told = `${input.type} in ${before.phase} gives ${types.join(', ') || 'nothing'}`;
  if (types.includes('refused')) {
    demand(after === before && actions.length === 1, `${told}: a refusal is all there is`);
    return;
  }
  if (before.phase === 'closed') demand(after === before && actions.length === 0, `${told}: it is over`);
  checkEnd(before, after, types, told);
  checkDeliveries(actions, told);
  for (const action of actions) if (action.type === 'transmit') checkPacket(after, action.packet, told);
  checkBounds(after);
  const due = deadline(after);
  demand(due === undefined || !Number.isNaN(due), `${told}: the deadline is no number`);
  checkSleep(after);
}

/** `fail` before `close`, at most one of each, nothing between `fail` and the end that looks like life, `ended` last. */
function checkEnd(
  before: ConnectionState,
  after: ConnectionState,
  types: readonly Action['type'][],
  told: string,
): void {
  const count = (type: Action['type']): number => types.filter((each) => each === type).length;
  // Also of one that never stood.
  const ends = after.phase === 'closed' && before.phase !== 'closed';
  demand(count('ended') === (ends ? 1 : 0), `${told}: ended is told once`);
  demand(!ends || types.at(-1) === 'ended', `${told}: ended is told last`);
  const [fails, closes] = [types.indexOf('fail'), types.indexOf('close')];
  demand(count('fail') <= 1 && count('close') <= 1, `${told}: once is enough`);
  demand(fails < 0 || (ends && closes > fails), `${told}: a failure closes`);
  demand(closes < 0 || ends, `${told}: closing is the end`);
  const late = fails < 0 ? closes : fails;
  const life = ['deliver', 'connected', 'connectRequested', 'requestReceived', 'authReceived'] as const;
  demand(
    late < 0 || !life.some((type) => types.lastIndexOf(type) > late),
    `${told}: life goes on after the end`,
  );
  const writes = Math.max(types.lastIndexOf('transmit'), types.lastIndexOf('reply'));
  demand(closes < 0 || writes < closes, `${told}: something is written after close`);
}

/** A message is handed over before it is acknowledged. */
function checkDeliveries(actions: readonly Action[], told: string): void {
  actions.forEach((action, index) => {
    if (action.type !== 'deliver' || action.packet.qos === 0) return;
    const { packetId, qos } = action.packet;
    const answer = qos === 1 ? 'puback' : 'pubrec';
    const place = actions.findIndex(
      (each) => each.type === 'transmit' && each.packet.type === answer && each.packet.packetId === packetId,
    );
    demand(place < 0 || place > index, `${told}: ${answer} ${packetId} is ahead of its message`);
  });
}

/** Whatever is sent can be encoded for this side, version and peer. */
function checkPacket({ settings, terms }: ConnectionState, packet: Packet, told: string): void {
  try {
    const bytes = encode<4 | 5>(packet as PacketOf<4 | 5>, terms.version, { from: settings.role });
    const fits = packet.type === 'connect' || bytes.length <= Math.max(4, terms.peers.maximumPacketSize);
    demand(fits, `${told}: ${packet.type} of ${bytes.length} bytes is too large`);
  } catch (error) {
    if (!isMqttError(error)) throw error;
    throw new Violation(`${told}: ${packet.type} cannot be encoded: ${error.message}`);
  }
}

/** What a state holds is bounded by what was set, whatever a peer does. */
export function checkBounds({
  settings,
  session,
  details,
  traffic,
  terms,
  aliases,
  owed,
}: ConnectionState): void {
  const { queue } = session;
  const held = details.held.reduce((sum, { size }) => sum + size, 0);
  const limits: readonly (readonly [string, number, number])[] = [
    ['queue', queue.size, settings.queue.messages],
    ['bytes of the queue', queue.bytes, settings.queue.bytes],
    ['held', details.held.length, settings.held.messages],
    ['bytes held', held, settings.held.bytes],
    ['incoming aliases', aliases.incoming.size, terms.ours.topicAliasMaximum],
    ['outgoing aliases', aliases.outgoing.length, terms.peers.topicAliasMaximum],
    ['receiving', traffic.receiving, terms.ours.receiveMaximum],
    ['incoming', session.incoming.size, terms.ours.receiveMaximum],
    ['owed', owed.entries.size, terms.ours.receiveMaximum],
  ];
  for (const [name, value, limit] of limits) demand(value <= limit, `${name}: ${value} of ${limit}`);
  demand(traffic.sending >= 0 && traffic.receiving >= 0, 'a quota is negative');
}

/** A connection can be stored at any moment, and goes on where it was. */
function checkSleep(state: ConnectionState): void {
  const woken = importConnection(structuredClone(exportConnection(state)));
  const [is, was] = [normalConnection(woken), normalConnection(state)];
  if (!same(is, was)) throw new Violation(`an exported connection wakes up ${difference(is, was)}`);
}

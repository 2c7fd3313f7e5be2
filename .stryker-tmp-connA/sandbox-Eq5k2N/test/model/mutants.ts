// @ts-nocheck
import { type Action, type ConnectionState, type Input, step } from '../../src/connection/index.js';
import type { Packet } from '../../src/index.js';
import { flowsInOrder, type SessionState } from '../../src/session/index.js';
import { setIncoming } from '../../src/session/state.js';
import { emptyTrie, trieDelete, trieGet, trieSet } from '../../src/session/trie.js';

/** A step that is wrong in one way. */
export type Mutant = typeof step;

type Transmit = Extract<Action, { type: 'transmit' }>;

const received = (input: Input, type: Packet['type']): boolean =>
  input.type === 'packetReceived' && input.packet.type === type;

const idOf = (input: Input): number =>
  input.type === 'packetReceived' && 'packetId' in input.packet ? (input.packet.packetId ?? 0) : 0;

const isResent = (action: Action): action is Transmit =>
  action.type === 'transmit' && action.packet.type === 'publish' && action.packet.dup === true;

/** Other actions than those of the library. */
const saying =
  (change: (actions: readonly Action[], after: ConnectionState, input: Input) => readonly Action[]): Mutant =>
  (state, input) => {
    const [after, actions] = step(state, input);
    return [after, change(actions, after, input)];
  };

/** Other packets than those of the library, one for one. */
const writing = (change: (packet: Packet) => Packet): Mutant =>
  saying((actions) =>
    actions.map((action) =>
      action.type === 'transmit' ? { ...action, packet: change(action.packet) } : action,
    ),
  );

/** Another session than that of the library, after some inputs. */
const keeping =
  (when: (input: Input) => boolean, change: (session: SessionState, id: number) => SessionState): Mutant =>
  (state, input) => {
    const [after, actions] = step(state, input);
    return when(input)
      ? [{ ...after, session: change(after.session, idOf(input)) }, actions]
      : [after, actions];
  };

const twice = (action: Action, type: Action['type']): Action[] =>
  action.type === type ? [action, action] : [action];

const hasJustConnected = (actions: readonly Action[]): boolean =>
  actions.some(({ type }) => type === 'connected');

/** Faults of `step`, by name. */
export const MUTANTS = {
  'resends without DUP': writing((packet) =>
    packet.type === 'publish' && packet.qos !== undefined && packet.qos > 0
      ? ({ ...packet, dup: false } as Packet)
      : packet,
  ),
  'sends DUP at once': writing((packet) =>
    packet.type === 'publish' && packet.qos !== undefined && packet.qos > 0
      ? ({ ...packet, dup: true } as Packet)
      : packet,
  ),
  'resends under another identifier': writing((packet) =>
    packet.type === 'publish' && packet.dup === true ? { ...packet, packetId: packet.packetId + 7 } : packet,
  ),
  'sends PUBLISH again after PUBREL': saying((actions, { session }) => {
    if (!hasJustConnected(actions)) return actions;
    const again = flowsInOrder(session)
      .filter((flow) => flow.phase === 'awaiting-pubcomp')
      .map(
        ({ packetId, token }): Transmit => ({
          type: 'transmit',
          packet: { type: 'publish', topic: 't', payload: `${token}`, qos: 2, dup: true, packetId },
        }),
      );
    return [...actions, ...again];
  }),
  'forgets PUBRELs on resume': saying((actions) =>
    hasJustConnected(actions)
      ? actions.filter((action) => action.type !== 'transmit' || action.packet.type !== 'pubrel')
      : actions,
  ),
  'resends the last first': saying((actions) => {
    const resent = actions.filter(isResent).reverse();
    return actions.map((action) => (isResent(action) ? resent.shift()! : action));
  }),
  'delivers what it has had already': (state, input) => {
    if (!received(input, 'publish')) return step(state, input);
    return step({ ...state, session: setIncoming(state.session, idOf(input), undefined) }, input);
  },
  'forgets on resume what it has had already': (state, input) => {
    const [after, actions] = step(state, input);
    if (!hasJustConnected(actions)) return [after, actions];
    return [{ ...after, session: { ...after.session, incoming: emptyTrie() } }, actions];
  },
  'acknowledges without delivering': saying((actions) =>
    actions.filter((action) => action.type !== 'deliver' || action.packet.qos !== 1),
  ),
  'delivers twice': saying((actions) => actions.flatMap((action) => twice(action, 'deliver'))),
  'frees the identifier at PUBREC': keeping(
    (input) => received(input, 'pubrec'),
    (session, id) => ({ ...session, outgoing: trieDelete(session.outgoing, id) }),
  ),
  'never frees an identifier': (state, input) => {
    const [after, actions] = step(state, input);
    const id = received(input, 'puback') || received(input, 'pubcomp') ? idOf(input) : 0;
    const flow = id === 0 ? undefined : trieGet(state.session.outgoing, id);
    if (flow === undefined) return [after, actions];
    const outgoing = trieSet(after.session.outgoing, id, flow);
    return [{ ...after, session: { ...after.session, outgoing } }, actions];
  },
  'gives the slot back at PUBREC': (state, input) => {
    const [after, actions] = step(state, input);
    if (!received(input, 'pubrec')) return [after, actions];
    return [{ ...after, traffic: { ...after.traffic, sending: after.traffic.sending - 1 } }, actions];
  },
  'never gives a slot back': (state, input) => {
    const [after, actions] = step(state, input);
    if (!received(input, 'puback')) return [after, actions];
    return [{ ...after, traffic: { ...after.traffic, sending: after.traffic.sending + 1 } }, actions];
  },
  'has no respect for Receive Maximum': (state, input) => {
    const { terms } = state;
    return step({ ...state, terms: { ...terms, peers: { ...terms.peers, receiveMaximum: 9 } } }, input);
  },
  'acknowledges out of turn': (state, input) => {
    const [after, actions] = step(state, input);
    if (input.type !== 'acknowledge' || actions.length > 0) return [after, actions];
    return [after, [{ type: 'transmit', packet: { type: 'puback', packetId: input.packetId } }]];
  },
  'answers no PUBREL': saying((actions) =>
    actions.filter((action) => action.type !== 'transmit' || action.packet.type !== 'pubcomp'),
  ),
  'settles twice': saying((actions) => actions.flatMap((action) => twice(action, 'settled'))),
  'settles nothing': saying((actions) => actions.filter(({ type }) => type !== 'settled')),
  'pings for ever': saying((actions, { settings }, input) =>
    (settings.role === 'client' && hasJustConnected(actions)) || received(input, 'pingresp')
      ? [...actions, { type: 'transmit', packet: { type: 'pingreq' } }]
      : actions,
  ),
} satisfies Record<string, Mutant>;

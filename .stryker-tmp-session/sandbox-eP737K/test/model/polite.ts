// @ts-nocheck
import { type ConnectionState, deadline, type Input } from '../../src/connection/index.js';
import { owedInOrder } from '../../src/connection/owed.js';
import { type DecodedPacket, normalize, type Packet, type PacketOf } from '../../src/index.js';
import { flowsInOrder, type OutgoingFlow } from '../../src/session/index.js';
import { trieEntries, trieGet } from '../../src/session/trie.js';

/**
 * What a well-behaved peer or application might do next, so that random lives get somewhere: the answers that this
 * state waits for, new messages and requests within its limits, the timer in its time.
 */
export function politeInputs(state: ConnectionState, now: number): readonly Input[] {
  const { phase } = state;
  if (phase === 'idle') return [{ type: 'opened', now }];
  if (phase === 'connected') return [...fromPeer(state, now), ...fromHost(state, now), ...timer(state, now)];
  return [...timer(state, now)];
}

function timer(state: ConnectionState, now: number): Input[] {
  const due = deadline(state);
  return due === undefined ? [] : [{ type: 'timerFired', now: Math.max(now, due) }];
}

const arrival = (packet: DecodedPacket, now: number): Input => ({
  type: 'packetReceived',
  packet,
  size: 10,
  now,
});

function fromPeer(state: ConnectionState, now: number): Input[] {
  const { session, settings, details } = state;
  const said: DecodedPacket[] = flowsInOrder(session).map((flow) => answerTo(flow, state));
  said.push(...trieEntries(session.incoming).map(([packetId]) => acknowledgement('pubrel', packetId, state)));
  const packetId = [1, 2, 3, 4, 5, 6, 7, 8].find((id) => isFree(state, id));
  if (packetId !== undefined && state.traffic.receiving < state.terms.ours.receiveMaximum) {
    for (const qos of [1, 2] as const) {
      if (qos <= state.terms.ours.maximumQoS) said.push(message(state, { qos, packetId, dup: false }));
    }
  }
  said.push(message(state, { qos: 0, dup: false }));
  if (settings.role === 'server') {
    said.push({ type: 'pingreq' });
    if (packetId !== undefined) said.push(request(state, packetId));
  } else if (details.pingSent !== undefined) said.push({ type: 'pingresp' });
  return said.map((packet) => arrival(packet, now));
}

/** No message or request of the peer has this identifier. */
function isFree({ session, owed, details }: ConnectionState, id: number): boolean {
  return [session.incoming, owed.entries, details.requests].every(
    (trie) => trieGet<unknown>(trie, id) === undefined,
  );
}

function answerTo(flow: OutgoingFlow, state: ConnectionState): DecodedPacket {
  const { packetId, phase } = flow;
  const isNew = state.terms.version === 5;
  switch (phase) {
    case 'awaiting-suback': {
      const reasonCodes = new Array<0>(flow.filters).fill(0);
      return isNew
        ? { type: 'suback', packetId, reasonCodes, properties: {} }
        : { type: 'suback', packetId, reasonCodes };
    }
    case 'awaiting-unsuback': {
      const reasonCodes = new Array<0>(flow.filters).fill(0);
      return isNew
        ? { type: 'unsuback', packetId, reasonCodes, properties: {} }
        : { type: 'unsuback', packetId };
    }
    case 'awaiting-puback':
      return acknowledgement('puback', packetId, state);
    case 'awaiting-pubrec':
      return acknowledgement('pubrec', packetId, state);
    default:
      return acknowledgement('pubcomp', packetId, state);
  }
}

function acknowledgement(
  type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp',
  packetId: number,
  { terms }: ConnectionState,
): DecodedPacket {
  const sent: Packet = { type, packetId };
  return normalize<4 | 5>(sent as PacketOf<4 | 5>, terms.version);
}

type Delivery = { qos: 0; dup: false } | { qos: 1 | 2; dup: boolean; packetId: number };

function message({ terms }: ConnectionState, delivery: Delivery): DecodedPacket {
  const fields = {
    type: 'publish',
    topic: 'p',
    payload: Uint8Array.of(1, 2),
    retain: false,
    ...delivery,
  } as const;
  return terms.version === 5 ? { ...fields, properties: {} } : fields;
}

function request({ terms }: ConnectionState, packetId: number): DecodedPacket {
  if (terms.version === 4) return { type: 'unsubscribe', packetId, topicFilters: ['a', 'b'] };
  return { type: 'unsubscribe', packetId, topicFilters: ['a', 'b'], properties: {} };
}

function fromHost({ owed, details, settings }: ConnectionState, now: number): Input[] {
  const inputs: Input[] = [...owedInOrder(owed, 1), ...owedInOrder(owed, 2)].map(([packetId]) => ({
    type: 'acknowledge',
    packetId,
    now,
  }));
  for (const [packetId, { filters }] of trieEntries(details.requests)) {
    inputs.push({ type: 'answer', packetId, reasonCodes: new Array<0>(filters).fill(0), now });
  }
  for (const qos of [0, 1, 2] as const) {
    const packet = { type: 'publish', topic: `q${qos}`, payload: 'x', qos } as const;
    inputs.push({ type: 'send', packet, topicAlias: 'automatic', now });
  }
  if (details.blocked) inputs.push({ type: 'writable', now });
  if (settings.role === 'client') {
    inputs.push({
      type: 'send',
      packet: { type: 'subscribe', subscriptions: [{ topicFilter: 'a', qos: 2 }] },
      now,
    });
  }
  return inputs;
}

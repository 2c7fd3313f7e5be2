// pure: questions about a connection, answered as values.
import type { MqttError } from '../errors.js';
import { refusal } from '../session/failures.js';
import { checkPacket } from './checks.js';
import type { SendablePacket } from './inputs.js';
import { busy, maySend, slots } from './outgoing.js';
import type { ConnectionState } from './state.js';

/**
 * Why a packet would not go out at once if it were sent now; undefined: it would.
 *
 * The codes `not-connected`, `blocked`, `quota-exhausted` and `no-free-packet-id` pass by themselves; a QoS 1 or 2
 * message may wait for it in the queue. Any other means that this peer does not take the packet.
 *
 * @example
 * const state = serverConnection();
 * canSend(state, { type: 'publish', topic: 'a' })?.code; // => 'not-connected'
 * canSend(state, { type: 'publish', topic: 'a/#' })?.code; // => 'wildcard-in-topic-name'
 */
export function canSend(state: ConnectionState, packet: SendablePacket): MqttError | undefined {
  const error = checkPacket(packet, state.terms, state.settings.role, state.aliases);
  if (error !== undefined) return error;
  const code = waitingFor(state, packet);
  return code === undefined ? undefined : refusal(code, 'type', { packetType: packet.type });
}

function waitingFor(
  state: ConnectionState,
  packet: SendablePacket,
): 'not-connected' | 'blocked' | 'quota-exhausted' | 'no-free-packet-id' | undefined {
  const { session, details, traffic, phase, settings, terms } = state;
  if (packet.type === 'publish' && (packet.qos === 1 || packet.qos === 2)) {
    return busy({ phase, settings, terms, session, details, sending: traffic.sending });
  }
  if (!maySend(state)) return 'not-connected';
  if (packet.type === 'publish') return details.blocked ? 'blocked' : undefined;
  return session.outgoing.size === 65_535 ? 'no-free-packet-id' : undefined;
}

/**
 * How many more QoS 1 and 2 messages go out now (section 4.9): from 0 to the peer's Receive Maximum, or to our own
 * `maximumInFlight` where that is lower.
 *
 * @example
 * sendQuota(serverConnection()); // => 65_535
 */
export function sendQuota(state: ConnectionState): number {
  return Math.max(0, slots(state) - state.traffic.sending);
}

/**
 * Whether the host owes the peer an answer: a server to CONNECT, SUBSCRIBE and UNSUBSCRIBE, both sides to AUTH.
 *
 * @example
 * const server = new Endpoint(serverConnection());
 * server.open(0);
 * const connect = { type: 'connect', protocolVersion: 4, clientId: 'a', cleanStart: true, keepAlive: 0 } as const;
 * server.receive(encode(connect, 4), 0);
 * awaitsAnswer(server.state); // => true
 * server.accept(0);
 * awaitsAnswer(server.state); // => false
 */
export function awaitsAnswer({ phase, settings, details }: ConnectionState): boolean {
  const { authTurn, requests } = details;
  if (phase === 'handshake' && settings.role === 'server') return authTurn !== 'theirs';
  return authTurn === 'ours' || requests.size > 0;
}

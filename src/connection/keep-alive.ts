// pure: what has to happen at which time: keep alive, timeouts, expiry (sections 3.1.2.10 and 4.13).
import { refusal } from '../session/failures.js';
import { fail } from './closing.js';
import { expireQueue } from './outgoing.js';
import type { ConnectionState } from './state.js';
import { broken, emit, refuse, transmit, type Work } from './work.js';

// A client pings a little before its Keep Alive is over, so that a late timer still keeps the promise.
const PING_SHARE = 900;
// A server waits one and a half times the Keep Alive (MQTT-3.1.2-24; 5.0: MQTT-3.1.2-22).
const PATIENCE = 1_500;
// Messages that expire are looked for once a second at most.
const EXPIRY_GRAIN = 1_000;

/**
 * When `timerFired` is due, in the caller's milliseconds; undefined: never. It may lie in the past.
 *
 * @example
 * const [state] = step(serverConnection({ connectTimeout: 5_000 }), { type: 'opened', now: 1_000 });
 * deadline(state); // => 6_000
 */
export function deadline(state: ConnectionState): number | undefined {
  const { settings, phase, details, traffic } = state;
  const client = settings.role === 'client';
  switch (phase) {
    case 'waiting':
      return details.since + settings.handshakeTimeout;
    case 'handshake':
      // A server that has not answered waits for its own host.
      return client || details.authTurn === 'theirs' ? details.since + settings.handshakeTimeout : undefined;
    case 'connected':
      return earliest(
        client
          ? pingDeadline(state.terms.keepAlive, settings.pingTimeout, details.pingSent, traffic)
          : silenceDeadline(state.terms.keepAlive, traffic.lastReceived),
        expiryDeadline(state.session.queue.expiry),
      );
    default:
      return undefined;
  }
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** When a client has to ping, or to give up waiting for the answer. */
function pingDeadline(
  keepAlive: number,
  timeout: number,
  pingSent: number | undefined,
  { lastSent, lastReceived }: ConnectionState['traffic'],
): number | undefined {
  // Whatever comes shows that the peer is alive: its PINGRESP may stand behind a long message.
  if (pingSent !== undefined) return Math.max(pingSent, lastReceived) + timeout;
  return keepAlive === 0 ? undefined : lastSent + keepAlive * PING_SHARE;
}

function silenceDeadline(keepAlive: number, lastReceived: number): number | undefined {
  return keepAlive === 0 ? undefined : lastReceived + keepAlive * PATIENCE;
}

/** The state as if a packet had just come: of a peer that nobody reads, silence says nothing. */
export function heardNow(state: ConnectionState, now: number): ConnectionState {
  return { ...state, traffic: { ...state.traffic, lastReceived: now } };
}

function expiryDeadline(expiry: number | undefined): number | undefined {
  return expiry === undefined ? undefined : Math.ceil(expiry / EXPIRY_GRAIN) * EXPIRY_GRAIN;
}

/** The host asks for a PINGREQ, which it may at any time; one that is under way already serves as well. */
export function ping(w: Work): void {
  if (w.phase !== 'connected' || w.settings.role === 'server') {
    refuse(
      w,
      refusal(w.phase === 'connected' ? 'wrong-sender' : 'not-connected', 'type', { packetType: 'pingreq' }),
    );
    return;
  }
  const { pingSent = w.input.now } = w.details;
  if (w.details.pingSent === undefined) transmit(w, { type: 'pingreq' });
  w.details = { ...w.details, pingSent, pingAsked: true };
}

/** PINGRESP came, asked for or not. */
export function onPingresp(w: Work): void {
  if (w.details.pingSent === undefined) return;
  const { pingAsked } = w.details;
  w.details = { ...w.details, pingSent: undefined, pingAsked: false };
  if (pingAsked) emit(w, { type: 'pingAnswered' });
}

/** The time has come: does what is due by now, which may be nothing. */
export function timerFired(w: Work): void {
  const { phase, settings, details, terms } = w;
  const { now } = w.input;
  const { traffic } = w.before;
  const client = settings.role === 'client';
  if (phase === 'waiting' || phase === 'handshake') {
    if (phase === 'handshake' && !client && details.authTurn !== 'theirs') return;
    if (now < details.since + settings.handshakeTimeout) return;
    fail(w, broken(w, client ? 'connack-timeout' : 'connect-timeout', 0x80, undefined));
    return;
  }
  if (phase !== 'connected') return;
  const due = client
    ? pingDeadline(terms.keepAlive, settings.pingTimeout, details.pingSent, traffic)
    : silenceDeadline(terms.keepAlive, traffic.lastReceived);
  if (due !== undefined && now >= due) {
    if (!client) fail(w, broken(w, 'keep-alive-timeout', 0x8d, undefined, undefined, '3.1.2-24|3.1.2-22'));
    else if (details.pingSent !== undefined) fail(w, broken(w, 'ping-timeout', 0x80, 'pingresp'));
    else {
      transmit(w, { type: 'pingreq' });
      w.details = { ...w.details, pingSent: now };
    }
    if (w.phase !== 'connected') return;
  }
  const expiry = expiryDeadline(w.session.queue.expiry);
  if (expiry !== undefined && now >= expiry) expireQueue(w);
}

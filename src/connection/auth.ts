// pure: enhanced authentication (section 4.12) as a table: who may send which AUTH when, and whose turn is next.
import type { MqttError } from '../errors.js';
import type { DecodedAuth } from '../packets/auth.js';
import { refusal } from '../session/failures.js';
import { sizeOf } from '../session/messages.js';
import type { AuthProperties } from '../spec/properties.js';
import { fail } from './closing.js';
import { fitted } from './fit.js';
import type { AuthenticateInput } from './inputs.js';
import type { AuthTurn, Phase, Role } from './state.js';
import { broken, emit, refuse, transmit, type Work } from './work.js';

/** The AUTH packets, by what they are for. */
export type AuthEvent = 'success' | 'continue' | 're-authenticate';

const EVENTS: Readonly<Record<number, AuthEvent>> = { 0: 'success', 24: 'continue', 25: 're-authenticate' };

/** Turns by event: an AUTH that has no entry is against the rules. */
export type AuthMoves = Readonly<Record<AuthTurn, Readonly<Partial<Record<AuthEvent, AuthTurn>>>>>;

/** Which AUTH packets a side may receive, and whose turn it is then. */
export const AUTH_RECEIVED: Readonly<
  Record<'client' | 'server', Readonly<Record<'handshake' | 'connected', AuthMoves>>>
> = {
  client: {
    // The exchange of the handshake ends with CONNACK.
    handshake: { none: {}, ours: {}, theirs: { continue: 'ours' } },
    connected: { none: {}, ours: {}, theirs: { continue: 'ours', success: 'none' } },
  },
  server: {
    handshake: { none: {}, ours: {}, theirs: { continue: 'ours' } },
    connected: { none: { 're-authenticate': 'ours' }, ours: {}, theirs: { continue: 'ours' } },
  },
};

/** The AUTH that `authenticate` sends, by turn; where there is none, it is not our turn. */
export const AUTH_SENT: Readonly<
  Record<
    'client' | 'server',
    Readonly<Record<'handshake' | 'connected', Partial<Record<AuthTurn, AuthEvent>>>>
  >
> = {
  client: {
    handshake: { ours: 'continue' },
    connected: { none: 're-authenticate', ours: 'continue' },
  },
  server: { handshake: { ours: 'continue' }, connected: { ours: 'continue' } },
};

const CODES = { success: 0x00, continue: 0x18, 're-authenticate': 0x19 } as const;

/** What an AUTH does that came, in the handshake or later, or undefined for one that may not come now. */
function authReceived(role: Role, phase: Phase, turn: AuthTurn, reasonCode: number): AuthTurn | undefined {
  const event = EVENTS[reasonCode];
  const moves = AUTH_RECEIVED[role][phase === 'handshake' ? 'handshake' : 'connected'][turn];
  return event === undefined ? undefined : moves[event];
}

/** An AUTH came. */
export function onAuth(w: Work, packet: DecodedAuth): void {
  const { authenticationMethod } = w.terms;
  const { role } = w.settings;
  const fault = (
    code: 'unexpected-authentication' | 'authentication-method-mismatch',
    statement?: string,
  ): void => fail(w, broken(w, code, 0x82, 'auth', 'properties.authenticationMethod', statement));
  if (authenticationMethod === undefined) {
    fault('unexpected-authentication', role === 'server' ? '|4.12.0-7' : '|4.12.0-6');
    return;
  }
  if (packet.properties.authenticationMethod !== authenticationMethod) {
    fault('authentication-method-mismatch', packet.reasonCode === 0x19 ? '|4.12.1-1' : '|4.12.0-5');
    return;
  }
  const turn = authReceived(role, w.phase, w.details.authTurn, packet.reasonCode);
  if (turn === undefined) {
    fail(w, broken(w, 'unexpected-authentication', 0x82, 'auth', 'reasonCode'));
    return;
  }
  w.details = { ...w.details, authTurn: turn, since: w.input.now };
  emit(w, { type: 'authReceived', packet });
}

/** The host takes the next step of an authentication, or a client begins a new one. */
export function authenticate(w: Work, input: AuthenticateInput): void {
  const { phase, details } = w;
  const { role } = w.settings;
  const event =
    phase === 'handshake' || phase === 'connected' ? AUTH_SENT[role][phase][details.authTurn] : undefined;
  const { authenticationMethod } = w.terms;
  if (authenticationMethod === undefined || event === undefined) {
    const code = authenticationMethod === undefined ? 'unexpected-authentication' : 'not-now';
    refuse(w, refusal(code, 'type', { version: w.terms.version, packetType: 'auth' }));
    return;
  }
  const error = sendAuth(w, authenticationMethod, CODES[event], input.properties);
  if (error !== undefined) refuse(w, error);
  else w.details = { ...w.details, authTurn: 'theirs', since: w.input.now };
}

/** Sends an AUTH with the method of the connection; gives back why it cannot. */
export function sendAuth(
  w: Work,
  authenticationMethod: string,
  reasonCode: 0x00 | 0x18 | 0x19,
  properties: AuthProperties | undefined,
): MqttError | undefined {
  const packet = {
    type: 'auth',
    reasonCode,
    properties: { ...properties, authenticationMethod },
  } as const;
  const size = sizeOf(packet, 5);
  if (typeof size !== 'number') return size;
  const fit = fitted(packet, w.terms, w.settings.role);
  if (!('type' in fit)) return fit;
  transmit(w, fit);
  return undefined;
}

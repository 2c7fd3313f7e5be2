/** What can go wrong for a client, as types; errors of the protocol itself are the MqttErrors of puremqtt. */

import type { LinkClosed } from '../../../src/adapters/streams.js';
import {
  ConnectReturnCode,
  type DecodedConnack,
  type DecodedDisconnect,
  type Outcome,
  ReasonCode,
  UnsupportedVersionError,
} from '../../../src/index.js';

/** Why a connection did not come about, or ended. */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError';

  constructor(
    message: string,
    /** Whether the same attempt may succeed later. */
    readonly isWorthRetrying: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The server answered CONNECT with a refusal, or ended the connection with a DISCONNECT (MQTT 5.0). */
export class ServerRefusalError extends ConnectionError {
  override readonly name: string = 'ServerRefusalError';
  readonly reasonCode: number;
  /** Where to go instead, with the Reason Codes 0x9C and 0x9D (section 4.11). */
  readonly serverReference: string | undefined;

  constructor(
    readonly packet: DecodedConnack | DecodedDisconnect,
    version: 4 | 5,
  ) {
    const reasonCode = packet.reasonCode ?? 0;
    const what = packet.type === 'connack' ? 'the server refused the connection' : 'the server disconnected';
    const properties = packet.properties ?? {};
    const reason =
      properties.reasonString === undefined ? '' : `: ${JSON.stringify(properties.reasonString)}`;
    super(`${what}: ${nameOf(reasonCode, version)}${reason}`, isTransient(packet, version));
    this.reasonCode = reasonCode;
    this.serverReference = properties.serverReference;
  }
}

/** A message that was not published, or not surely: `outcome` says how far it came. */
export class PublishError extends Error {
  override readonly name: string = 'PublishError';
  constructor(readonly outcome: Outcome) {
    super(`the message was not published: ${inWords(outcome)}`);
  }
}

/** A SUBSCRIBE or UNSUBSCRIBE that the server refused, wholly; one Reason Code for each Topic Filter. */
export class SubscribeError extends Error {
  override readonly name: string = 'SubscribeError';
  constructor(readonly reasonCodes: readonly number[]) {
    super(`the subscription was refused: ${reasonCodes.map((code) => nameOf(code, 5)).join(', ')}`);
  }
}

/** The client is over: `end` was called, or it gave up; `cause` says why. */
export class ClientEndedError extends Error {
  override readonly name: string = 'ClientEndedError';
  constructor(cause?: unknown) {
    super('the client has ended', { cause });
  }
}

/** Too much waits already. */
export class TooMuchWaitingError extends Error {
  override readonly name: string = 'TooMuchWaitingError';
}

// MQTT 5.0 sections 3.2.2.2 and 3.14.2.1: what is about the moment, and not about us.
const TRANSIENT: readonly number[] = [
  ReasonCode.UnspecifiedError,
  ReasonCode.ImplementationSpecificError,
  ReasonCode.ServerUnavailable,
  ReasonCode.ServerBusy,
  ReasonCode.ServerShuttingDown,
  ReasonCode.KeepAliveTimeout,
  ReasonCode.ReceiveMaximumExceeded,
  ReasonCode.MessageRateTooHigh,
  ReasonCode.QuotaExceeded,
  ReasonCode.AdministrativeAction,
  ReasonCode.ConnectionRateExceeded,
  ReasonCode.MaximumConnectTime,
];

function isTransient({ type, reasonCode = 0 }: DecodedConnack | DecodedDisconnect, version: 4 | 5): boolean {
  if (version === 4) return reasonCode === ConnectReturnCode.ServerUnavailable;
  return TRANSIENT.includes(reasonCode) || (type === 'disconnect' && reasonCode === 0);
}

/** Whether the server itself has said no, to the client or to a subscription, and will say so again. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof SubscribeError) return true;
  if (!(error instanceof ConnectionError) || error.isWorthRetrying) return false;
  return error instanceof ServerRefusalError || error.cause instanceof UnsupportedVersionError;
}

/** What the end of a network connection means where no packet of the server explained it. */
export function connectionError({ cause, error }: LinkClosed): ConnectionError {
  const why = error instanceof Error ? `: ${error.message}` : '';
  // A certificate or a path that is wrong stays wrong, and so does a handler that throws.
  const isFinal = ['tls', 'websocket', 'handler', 'aborted'].includes(cause);
  const isForeign = error instanceof UnsupportedVersionError;
  return new ConnectionError(`connection lost (${cause})${why}`, !isFinal && !isForeign, { cause: error });
}

/** A Reason Code by name and number. */
export function nameOf(code: number, version: 4 | 5): string {
  const table: Record<string, number> = version === 4 ? ConnectReturnCode : ReasonCode;
  const name = Object.keys(table).find((key) => table[key] === code);
  const words = name?.replace(/[a-z](?=[A-Z])/g, '$& ').toLowerCase();
  const hex = `0x${code.toString(16).padStart(2, '0')}`;
  return words === undefined ? hex : `${words} (${hex})`;
}

function inWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'refused':
      return nameOf(outcome.reasonCode, 5);
    case 'unsendable':
      return outcome.error.message;
    case 'session-lost':
      return `the server lost the session, and the message was ${outcome.progress}`;
    default:
      return outcome.kind;
  }
}

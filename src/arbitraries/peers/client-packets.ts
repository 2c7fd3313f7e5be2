// pure: how the server of a test welcomes a client, and what it says then.
import type { ProtocolVersion } from '../../errors.js';
import type { ConnackPacket } from '../../packets/connack.js';
import type { DecodedConnect } from '../../packets/connect.js';
import type { TestedWill } from './client-under-test.js';

/** What the server does with a CONNECT. */
export interface Welcome {
  readonly cleanStart: boolean;
  readonly keeps: boolean;
  /** Whether the server has lost the session. */
  readonly loses: boolean;
  /** Whether the server is unavailable. */
  readonly refuses: boolean;
  readonly receiveMaximum?: number | undefined;
  readonly topicAliasMaximum?: number | undefined;
  /** The will that the client is to leave; the payload is numbered. */
  readonly will?: Omit<TestedWill, 'payload'> | undefined;
}

/** To come back to a session. */
export const AGAIN: Welcome = { cleanStart: false, keeps: true, loses: false, refuses: false };

/** The answer to a CONNECT. */
export function connackPacket(
  version: ProtocolVersion,
  refuses: boolean,
  sessionPresent: boolean,
  { receiveMaximum, topicAliasMaximum }: Pick<Welcome, 'receiveMaximum' | 'topicAliasMaximum'>,
): ConnackPacket<4> | ConnackPacket<5> {
  const type = 'connack';
  if (version === 4) return { type, sessionPresent, reasonCode: refuses ? 3 : 0 };
  const properties = {
    ...(receiveMaximum !== undefined && { receiveMaximum }),
    ...(topicAliasMaximum !== undefined && { topicAliasMaximum }),
  };
  return { type, sessionPresent, reasonCode: refuses ? 0x88 : 0, properties };
}

export const textOf = (payload: Uint8Array): string => String.fromCharCode(...payload);

export const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Whether a CONNECT has the will that was asked for. */
export function hasWill({ will }: DecodedConnect, asked: TestedWill | undefined): boolean {
  if (will === undefined || asked === undefined) return will === undefined && asked === undefined;
  return (
    will.topic === asked.topic &&
    textOf(will.payload) === textOf(asked.payload) &&
    will.qos === asked.qos &&
    will.retain === asked.retain &&
    (will.properties?.willDelayInterval ?? 0) === (asked.delay ?? 0)
  );
}

// @ts-nocheck
// Compiled by `npm run typecheck` and never run: a line below `@ts-expect-error` must not compile.
import { isMqttError, MalformedPacketError, type MqttError } from '../../src/index.js';

export function narrows(caught: unknown): MqttError | undefined {
  // : nothing is known of what was caught
  caught.code;
  if (!isMqttError(caught)) return undefined;
  return caught;
}

export function fields(error: MqttError): readonly [string, number, number] | undefined {
  // : only bytes that cannot be right have an offset
  error.offset;
  // : an error is not to be changed
  error.code = 'other';
  // : no such code
  if (error.code === 'no-such-code') return undefined;
  if (!(error instanceof MalformedPacketError)) return undefined;
  return [error.field, error.offset, error.reasonCode];
}

import { isMqttError, type MqttError } from '../src/index.js';

/** What a function throws, `undefined` when it throws nothing. */
export function thrownIfAny(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** What a function throws; fails when it throws nothing. */
export function thrownBy(run: () => unknown): unknown {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    return error;
  }
  throw new Error(`nothing was thrown, but this came back: ${JSON.stringify(result)}`);
}

/** The error of this library that a function throws; fails when it throws nothing, and passes on what is none. */
export function mqttErrorBy(run: () => unknown): MqttError {
  const error = thrownBy(run);
  if (isMqttError(error)) return error;
  throw error;
}

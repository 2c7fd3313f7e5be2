import * as puremqtt from '../../src/index.js';

/** The functions that a packet type has to itself, found by their names; they do for it what those for all do. */
export function ownFunctions(type: string): {
  encodeOne: typeof puremqtt.encode;
  decodeOne: typeof puremqtt.decode;
} {
  const name = type.charAt(0).toUpperCase() + type.slice(1);
  return {
    encodeOne: Reflect.get(puremqtt, `encode${name}`),
    decodeOne: Reflect.get(puremqtt, `decode${name}`),
  };
}

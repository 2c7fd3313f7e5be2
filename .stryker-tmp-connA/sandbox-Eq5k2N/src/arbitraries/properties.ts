// @ts-nocheck
// pure: fast-check arbitraries of property sections, row by row from the table of the standard.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { Sender } from '../bytes/settings.js';
import {
  BINARY,
  PROPERTIES,
  type PropertyRow,
  STRING,
  STRING_PAIRS,
  TOPIC_NAME,
  type UserProperty,
  VARIABLES,
} from '../spec/properties.js';
import { binary, text, topicName, whole } from './values.js';

/** The name of a set of properties: a packet type, or `will` for the Will Properties. */
export type PropertySetName = keyof typeof PROPERTIES;

// Names that must stay names where a decoder builds objects, and one that likes to repeat.
const name = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom('a', '', '__proto__', 'constructor', 'toString'),
  text(),
);

const userProperties: Arbitrary<UserProperty[]> = fc.array(fc.tuple(name, text()), { maxLength: 3 });

/** The legal values of a property, by its row. */
export function propertyValue(row: PropertyRow): Arbitrary<unknown> {
  const [, type, minimum = 0, maximum = 0] = row;
  switch (type) {
    case STRING:
      return text();
    case TOPIC_NAME:
      return topicName();
    case BINARY:
      return binary();
    case STRING_PAIRS:
      return userProperties;
    case VARIABLES:
      return fc.array(whole(minimum, maximum), { maxLength: 3 });
    default:
      return whole(minimum, maximum);
  }
}

/** The rows of a set that a sender may use; all where the sender is not given. */
export function rowsOf(set: PropertySetName, from: Sender | undefined): [string, PropertyRow][] {
  return Object.entries(PROPERTIES[set]).filter(
    ([, { 5: sender }]) => from === undefined || sender === undefined || sender === from,
  );
}

/**
 * Properties of that set: each absent, there, or now and then `undefined`, in the order of the table or against it.
 *
 * Authentication Data comes with an Authentication Method alone (section 3.1.2.11.10).
 */
export function propertiesOf(
  set: PropertySetName,
  from: Sender | undefined,
  required: readonly string[] = [],
): Arbitrary<Record<string, unknown>> {
  const model: Record<string, Arbitrary<unknown>> = {};
  for (const [key, row] of rowsOf(set, from)) {
    const value = propertyValue(row);
    model[key] = required.includes(key) ? value : fc.option(value, { nil: undefined, freq: 15 });
  }
  const some = fc.record(model, { requiredKeys: [...required], noNullPrototype: true });
  return fc.tuple(some, fc.boolean()).map(([properties, turned]) => {
    const entries = Object.entries(properties).filter(
      ([key]) => key !== 'authenticationData' || properties['authenticationMethod'] !== undefined,
    );
    return Object.fromEntries(turned ? entries.reverse() : entries);
  });
}

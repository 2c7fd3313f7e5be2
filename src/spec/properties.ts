// pure: the properties of MQTT 5.0 (section 2.2.2.2, table 2-4) as one table.

/** The data types of section 1.5 that properties have; the two in the plural may repeat. */
export type PropertyType =
  | 'byte'
  | 'two byte integer'
  | 'four byte integer'
  | 'variable byte integer'
  | 'variable byte integers'
  | 'string'
  | 'topic name'
  | 'binary'
  | 'string pairs';

/** A row of {@link PROPERTIES}. */
export type PropertyRow = readonly [
  /** The identifier on the wire. */
  id: number,
  /** The key in `properties`. */
  name: string,
  type: PropertyType,
  /** The packets that may hold it, `will` for the Will Properties, a space around each. */
  packets: string,
  /** The smallest legal number. */
  minimum?: number,
  /** The largest legal number. */
  maximum?: number,
  /** The statement that a number outside the range breaks, where it has a number of its own. */
  statement?: string,
];

/**
 * Every property and its packets, in the order of the identifiers. Subscription Identifier has two
 * rows, since it repeats in PUBLISH and not in SUBSCRIBE.
 */
export const PROPERTIES = [
  [0x01, 'payloadFormatIndicator', 'byte', ' publish will ', 0, 1],
  [0x02, 'messageExpiryInterval', 'four byte integer', ' publish will ', 0, 0xffffffff],
  [0x03, 'contentType', 'string', ' publish will '],
  [0x08, 'responseTopic', 'topic name', ' publish will '],
  [0x09, 'correlationData', 'binary', ' publish will '],
  [0x0b, 'subscriptionIdentifier', 'variable byte integer', ' subscribe ', 1, 268435455],
  [0x0b, 'subscriptionIdentifiers', 'variable byte integers', ' publish ', 1, 268435455],
  [0x11, 'sessionExpiryInterval', 'four byte integer', ' connect connack disconnect ', 0, 0xffffffff],
  [0x12, 'assignedClientIdentifier', 'string', ' connack '],
  [0x13, 'serverKeepAlive', 'two byte integer', ' connack ', 0, 0xffff],
  [0x15, 'authenticationMethod', 'string', ' connect connack auth '],
  [0x16, 'authenticationData', 'binary', ' connect connack auth '],
  [0x17, 'requestProblemInformation', 'byte', ' connect ', 0, 1],
  [0x18, 'willDelayInterval', 'four byte integer', ' will ', 0, 0xffffffff],
  [0x19, 'requestResponseInformation', 'byte', ' connect ', 0, 1],
  [0x1a, 'responseInformation', 'string', ' connack '],
  [0x1c, 'serverReference', 'string', ' connack disconnect '],
  [0x1f, 'reasonString', 'string', ' connack puback pubrec pubrel pubcomp suback unsuback disconnect auth '],
  [0x21, 'receiveMaximum', 'two byte integer', ' connect connack ', 1, 0xffff],
  [0x22, 'topicAliasMaximum', 'two byte integer', ' connect connack ', 0, 0xffff],
  [0x23, 'topicAlias', 'two byte integer', ' publish ', 1, 0xffff, '3.3.2-8'],
  [0x24, 'maximumQoS', 'byte', ' connack ', 0, 1, '3.2.2-9'],
  [0x25, 'retainAvailable', 'byte', ' connack ', 0, 1],
  [
    0x26,
    'userProperties',
    'string pairs',
    ' connect connack publish will puback pubrec pubrel pubcomp subscribe suback unsubscribe unsuback disconnect auth ',
  ],
  [0x27, 'maximumPacketSize', 'four byte integer', ' connect connack ', 1, 0xffffffff],
  [0x28, 'wildcardSubscriptionAvailable', 'byte', ' connack ', 0, 1],
  [0x29, 'subscriptionIdentifierAvailable', 'byte', ' connack ', 0, 1],
  [0x2a, 'sharedSubscriptionAvailable', 'byte', ' connack ', 0, 1],
] as const;

// Every row is well formed: a slip in the table does not compile.
PROPERTIES satisfies readonly PropertyRow[];

type Row = (typeof PROPERTIES)[number];

/** The names of the properties that a packet may hold, by the table. */
export type PropertyNameOf<P extends string> = Row extends infer R
  ? R extends readonly [number, infer N extends string, string, infer L, ...unknown[]]
    ? L extends `${string} ${P} ${string}`
      ? N
      : never
    : never
  : never;

// pure: the properties of MQTT 5.0 (section 2.2.2.2, table 2-4) as one table, and their types.
import type { Sender } from '../bytes/settings.js';
import type { PacketType } from '../errors.js';

/** A User Property: a name and a value. Names may repeat, and order counts. */
export type UserProperty = readonly [name: string, value: string];

/** Every property of MQTT 5.0 by name; each packet has its own selection. `undefined` means absent. */
export interface Properties {
  /** 0: unspecified bytes (as when absent); 1: the payload is UTF-8 text (section 3.3.2.3.2). */
  payloadFormatIndicator?: 0 | 1 | undefined;
  /** Lifetime of the message in seconds, 0 to 4,294,967,295; absent: it does not expire (section 3.3.2.3.3). */
  messageExpiryInterval?: number | undefined;
  /** What the payload is, such as a MIME type (section 3.3.2.3.9). */
  contentType?: string | undefined;
  /** The Topic Name for a response; no wildcards (section 3.3.2.3.5). */
  responseTopic?: string | undefined;
  /** Tells the requester which request a response belongs to, up to 65,535 bytes (section 3.3.2.3.6). */
  correlationData?: Uint8Array | undefined;
  /** An identifier for the subscriptions of this packet, 1 to 268,435,455 (section 3.8.2.1.2). */
  subscriptionIdentifier?: number | undefined;
  /** The identifiers of the subscriptions that matched, each 1 to 268,435,455 (section 3.3.2.3.8). */
  subscriptionIdentifiers?: readonly number[] | undefined;
  /** Lifetime of the session after the connection, in seconds; 4,294,967,295: for ever (section 3.1.2.11.2). */
  sessionExpiryInterval?: number | undefined;
  /** The Client Identifier that the server chose (section 3.2.2.3.7). */
  assignedClientIdentifier?: string | undefined;
  /** The keep alive to use instead of the client's, in seconds, 0 to 65,535 (section 3.2.2.3.14). */
  serverKeepAlive?: number | undefined;
  /** The name of the method of enhanced authentication (section 4.12). */
  authenticationMethod?: string | undefined;
  /** Data of the authentication method, up to 65,535 bytes (section 4.12). */
  authenticationData?: Uint8Array | undefined;
  /** 0: reasons and user properties only where they cannot be spared; absent: 1 (section 3.1.2.11.7). */
  requestProblemInformation?: 0 | 1 | undefined;
  /** How long the server waits before it publishes the will, in seconds; absent: 0 (section 3.1.3.2.2). */
  willDelayInterval?: number | undefined;
  /** 1: the client would like Response Information in CONNACK; absent: 0 (section 3.1.2.11.6). */
  requestResponseInformation?: 0 | 1 | undefined;
  /** What the client may build response topics from (section 3.2.2.3.15). */
  responseInformation?: string | undefined;
  /** Another server to use (section 4.11). */
  serverReference?: string | undefined;
  /** The reason in words, for people and logs (section 4.13). */
  reasonString?: string | undefined;
  /** How many QoS 1 and 2 messages the sender takes at a time, 1 to 65,535; absent: 65,535 (section 3.1.2.11.3). */
  receiveMaximum?: number | undefined;
  /** The highest Topic Alias the sender accepts; absent: 0, none (section 3.1.2.11.5). */
  topicAliasMaximum?: number | undefined;
  /** A number that stands for the topic on this connection, 1 to 65,535 (section 3.3.2.3.4). */
  topicAlias?: number | undefined;
  /** The highest QoS the server takes; absent: 2 (section 3.2.2.3.4). */
  maximumQoS?: 0 | 1 | undefined;
  /** Whether the server keeps retained messages; absent: 1 (section 3.2.2.3.5). */
  retainAvailable?: 0 | 1 | undefined;
  /** Names and values of the application's own, order and repeats kept (section 2.2.2.2). */
  userProperties?: readonly UserProperty[] | undefined;
  /** The largest packet the sender accepts, in bytes, fixed header included; absent: no limit (section 3.1.2.11.4). */
  maximumPacketSize?: number | undefined;
  /** Whether the server takes wildcards in subscriptions; absent: 1 (section 3.2.2.3.11). */
  wildcardSubscriptionAvailable?: 0 | 1 | undefined;
  /** Whether the server takes subscription identifiers; absent: 1 (section 3.2.2.3.12). */
  subscriptionIdentifierAvailable?: 0 | 1 | undefined;
  /** Whether the server takes shared subscriptions; absent: 1 (section 3.2.2.3.13). */
  sharedSubscriptionAvailable?: 0 | 1 | undefined;
}

// The data types of section 1.5 that properties have: those of whole numbers are their width in bytes.
// The last two may repeat, and are kept as lists.
export const VARIABLE: 0 = 0;
export const BYTE: 1 = 1;
export const TWO_BYTES: 2 = 2;
export const STRING: 3 = 3;
export const FOUR_BYTES: 4 = 4;
export const TOPIC_NAME: 5 = 5;
export const BINARY: 6 = 6;
export const VARIABLES: 7 = 7;
export const STRING_PAIRS: 8 = 8;

// The identifiers of properties that rules are about.
export const AUTHENTICATION_METHOD: 0x15 = 0x15;
export const AUTHENTICATION_DATA: 0x16 = 0x16;
export const TOPIC_ALIAS: 0x23 = 0x23;

/** The data type of a property, by its index in {@link PROPERTY_TYPES}. */
export type PropertyType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** The data types of properties in the standard's words (section 1.5). */
export const PROPERTY_TYPES: readonly string[] = [
  'Variable Byte Integer',
  'Byte',
  'Two Byte Integer',
  'UTF-8 Encoded String',
  'Four Byte Integer',
  'UTF-8 Encoded String',
  'Binary Data',
  'Variable Byte Integer',
  'UTF-8 String Pair',
];

/** A row of the table: what is true of a property wherever it stands. */
export type PropertyRow<T extends PropertyType = PropertyType> = readonly [
  /** The identifier on the wire. */
  id: number,
  type: T,
  /** The smallest legal number. */
  minimum?: number | undefined,
  /** The largest legal number. */
  maximum?: number | undefined,
  /** The number of the statement that a value outside the range breaks, where it has one. */
  statement?: string | undefined,
  /** The one side that may send it, in a packet that both send. */
  sender?: Sender | undefined,
  /** The number of the statement that says so, where it has one. */
  senderStatement?: string,
];

// Which data types a TypeScript type can stand for: a row under the wrong name does not compile.
type TypeFor<T> = T extends string
  ? 3 | 5
  : T extends number
    ? 0 | 1 | 2 | 4
    : T extends Uint8Array
      ? 6
      : T extends readonly number[]
        ? 7
        : 8;

/** A row with its name before it: under the name of another type it does not compile. */
type Row<N extends keyof Properties> = readonly [
  name: N,
  ...row: PropertyRow<TypeFor<NonNullable<Properties[N]>>>,
];

/** A row of any property. */
export type NamedRow = readonly [name: keyof Properties, ...row: PropertyRow];

/** The properties that a packet may hold: found by identifier to read, by name to write. */
export interface PropertySet<P> {
  readonly byId: readonly (NamedRow | undefined)[];
  readonly byName: ReadonlyMap<string, NamedRow>;
  /** Not there: ties the set to its type. */
  readonly properties?: P;
}

/** Makes a set of rows with those names. One that is missing or too many does not compile. */
function propertySet<N extends readonly (keyof Properties)[]>(
  rows: {
    readonly [I in keyof N]: Row<N[I]>;
  },
): PropertySet<Pick<Properties, N[number]>> {
  const byId: NamedRow[] = [];
  const byName = new Map<string, NamedRow>();
  for (const row of rows as readonly NamedRow[]) {
    byId[row[1]] = row;
    byName.set(row[0], row);
  }
  return { byId, byName };
}

/** The bit that stands for a property among those seen; no two properties of a packet share one. */
export function bitOf(id: number): number {
  return 1 << (id % 31);
}

// Name, identifier, data type, range, statement, sender and its statement: as far as there is more to say. Here are the
// rows that several packets share; those of one packet stand in its set.
const payloadFormatIndicator = ['payloadFormatIndicator', 0x01, BYTE, 0, 1] as const;
const messageExpiryInterval = ['messageExpiryInterval', 0x02, FOUR_BYTES, 0, 0xffffffff] as const;
const contentType = ['contentType', 0x03, STRING] as const;
const responseTopic = ['responseTopic', 0x08, TOPIC_NAME, undefined, undefined, '3.3.2-14'] as const;
const correlationData = ['correlationData', 0x09, BINARY] as const;
const sessionExpiryInterval = ['sessionExpiryInterval', 0x11, FOUR_BYTES, 0, 0xffffffff] as const;
const authenticationMethod = ['authenticationMethod', AUTHENTICATION_METHOD, STRING] as const;
const authenticationData = ['authenticationData', AUTHENTICATION_DATA, BINARY] as const;
const reasonString = ['reasonString', 0x1f, STRING] as const;
const receiveMaximum = ['receiveMaximum', 0x21, TWO_BYTES, 1, 0xffff] as const;
const topicAliasMaximum = ['topicAliasMaximum', 0x22, TWO_BYTES, 0, 0xffff] as const;
const userProperties = ['userProperties', 0x26, STRING_PAIRS] as const;
const maximumPacketSize = ['maximumPacketSize', 0x27, FOUR_BYTES, 1, 0xffffffff] as const;

type ConnectNames = [
  'sessionExpiryInterval',
  'authenticationMethod',
  'authenticationData',
  'requestProblemInformation',
  'requestResponseInformation',
  'receiveMaximum',
  'topicAliasMaximum',
  'userProperties',
  'maximumPacketSize',
];
/** The properties of a CONNECT (section 3.1.2.11). */
export type ConnectProperties = Pick<Properties, ConnectNames[number]>;
export const CONNECT_PROPERTIES: PropertySet<ConnectProperties> = /* @__PURE__ */ propertySet<ConnectNames>([
  sessionExpiryInterval,
  authenticationMethod,
  authenticationData,
  ['requestProblemInformation', 0x17, BYTE, 0, 1],
  ['requestResponseInformation', 0x19, BYTE, 0, 1],
  receiveMaximum,
  topicAliasMaximum,
  userProperties,
  maximumPacketSize,
]);

type WillNames = [
  'payloadFormatIndicator',
  'messageExpiryInterval',
  'contentType',
  'responseTopic',
  'correlationData',
  'willDelayInterval',
  'userProperties',
];
/** The Will Properties (section 3.1.3.2). */
export type WillProperties = Pick<Properties, WillNames[number]>;
export const WILL_PROPERTIES: PropertySet<WillProperties> = /* @__PURE__ */ propertySet<WillNames>([
  payloadFormatIndicator,
  messageExpiryInterval,
  contentType,
  responseTopic,
  correlationData,
  ['willDelayInterval', 0x18, FOUR_BYTES, 0, 0xffffffff],
  userProperties,
]);

type ConnackNames = [
  'sessionExpiryInterval',
  'assignedClientIdentifier',
  'serverKeepAlive',
  'authenticationMethod',
  'authenticationData',
  'responseInformation',
  'serverReference',
  'reasonString',
  'receiveMaximum',
  'topicAliasMaximum',
  'maximumQoS',
  'retainAvailable',
  'userProperties',
  'maximumPacketSize',
  'wildcardSubscriptionAvailable',
  'subscriptionIdentifierAvailable',
  'sharedSubscriptionAvailable',
];
/** The properties of a CONNACK (section 3.2.2.3). */
export type ConnackProperties = Pick<Properties, ConnackNames[number]>;
export const CONNACK_PROPERTIES: PropertySet<ConnackProperties> = /* @__PURE__ */ propertySet<ConnackNames>([
  sessionExpiryInterval,
  ['assignedClientIdentifier', 0x12, STRING],
  ['serverKeepAlive', 0x13, TWO_BYTES, 0, 0xffff],
  authenticationMethod,
  authenticationData,
  ['responseInformation', 0x1a, STRING],
  ['serverReference', 0x1c, STRING],
  reasonString,
  receiveMaximum,
  topicAliasMaximum,
  ['maximumQoS', 0x24, BYTE, 0, 1, '3.2.2-9'],
  ['retainAvailable', 0x25, BYTE, 0, 1],
  userProperties,
  maximumPacketSize,
  ['wildcardSubscriptionAvailable', 0x28, BYTE, 0, 1],
  ['subscriptionIdentifierAvailable', 0x29, BYTE, 0, 1],
  ['sharedSubscriptionAvailable', 0x2a, BYTE, 0, 1],
]);

type PublishNames = [
  'payloadFormatIndicator',
  'messageExpiryInterval',
  'contentType',
  'responseTopic',
  'correlationData',
  'subscriptionIdentifiers',
  'topicAlias',
  'userProperties',
];
/** The properties of a PUBLISH (section 3.3.2.3). */
export type PublishProperties = Pick<Properties, PublishNames[number]>;
export const PUBLISH_PROPERTIES: PropertySet<PublishProperties> = /* @__PURE__ */ propertySet<PublishNames>([
  payloadFormatIndicator,
  messageExpiryInterval,
  contentType,
  responseTopic,
  correlationData,
  ['subscriptionIdentifiers', 0x0b, VARIABLES, 1, 268_435_455, undefined, 'server', '3.3.4-6'],
  ['topicAlias', TOPIC_ALIAS, TWO_BYTES, 1, 0xffff, '3.3.2-8'],
  userProperties,
]);

type AckNames = ['reasonString', 'userProperties'];
/** The properties of PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK (section 3.4.2.2). */
export type AckProperties = Pick<Properties, AckNames[number]>;
export const ACK_PROPERTIES: PropertySet<AckProperties> = /* @__PURE__ */ propertySet<AckNames>([
  reasonString,
  userProperties,
]);

type SubscribeNames = ['subscriptionIdentifier', 'userProperties'];
/** The properties of a SUBSCRIBE (section 3.8.2.1). */
export type SubscribeProperties = Pick<Properties, SubscribeNames[number]>;
export const SUBSCRIBE_PROPERTIES: PropertySet<SubscribeProperties> =
  /* @__PURE__ */ propertySet<SubscribeNames>([
    ['subscriptionIdentifier', 0x0b, VARIABLE, 1, 268_435_455],
    userProperties,
  ]);

type UnsubscribeNames = ['userProperties'];
/** The properties of an UNSUBSCRIBE (section 3.10.2.1). */
export type UnsubscribeProperties = Pick<Properties, UnsubscribeNames[number]>;
export const UNSUBSCRIBE_PROPERTIES: PropertySet<UnsubscribeProperties> =
  /* @__PURE__ */ propertySet<UnsubscribeNames>([userProperties]);

type DisconnectNames = ['sessionExpiryInterval', 'serverReference', 'reasonString', 'userProperties'];
/** The properties of a DISCONNECT (section 3.14.2.2). */
export type DisconnectProperties = Pick<Properties, DisconnectNames[number]>;
export const DISCONNECT_PROPERTIES: PropertySet<DisconnectProperties> =
  /* @__PURE__ */ propertySet<DisconnectNames>([
    ['sessionExpiryInterval', 0x11, FOUR_BYTES, 0, 0xffffffff, undefined, 'client', '3.14.2-2'],
    ['serverReference', 0x1c, STRING, undefined, undefined, undefined, 'server'],
    reasonString,
    userProperties,
  ]);

type AuthNames = ['authenticationMethod', 'authenticationData', 'reasonString', 'userProperties'];
/** The properties of an AUTH (section 3.15.2.2). */
export type AuthProperties = Pick<Properties, AuthNames[number]>;
export const AUTH_PROPERTIES: PropertySet<AuthProperties> = /* @__PURE__ */ propertySet<AuthNames>([
  authenticationMethod,
  authenticationData,
  reasonString,
  userProperties,
]);

const rowsOf = ({ byName }: PropertySet<unknown>): Readonly<Record<string, PropertyRow>> =>
  Object.fromEntries([...byName].map(([name, [, ...row]]) => [name, row]));

/**
 * The whole of table 2-4: for each packet, and for the will of a CONNECT, the properties it may hold.
 *
 * @example
 * Object.keys(PROPERTIES.subscribe); // => ['subscriptionIdentifier', 'userProperties']
 */
export const PROPERTIES: {
  readonly [set in Exclude<PacketType, 'pingreq' | 'pingresp'> | 'will']: Readonly<
    Record<string, PropertyRow>
  >;
} = /* @__PURE__ */ (() => ({
  connect: rowsOf(CONNECT_PROPERTIES),
  will: rowsOf(WILL_PROPERTIES),
  connack: rowsOf(CONNACK_PROPERTIES),
  publish: rowsOf(PUBLISH_PROPERTIES),
  puback: rowsOf(ACK_PROPERTIES),
  pubrec: rowsOf(ACK_PROPERTIES),
  pubrel: rowsOf(ACK_PROPERTIES),
  pubcomp: rowsOf(ACK_PROPERTIES),
  subscribe: rowsOf(SUBSCRIBE_PROPERTIES),
  suback: rowsOf(ACK_PROPERTIES),
  unsubscribe: rowsOf(UNSUBSCRIBE_PROPERTIES),
  unsuback: rowsOf(ACK_PROPERTIES),
  disconnect: rowsOf(DISCONNECT_PROPERTIES),
  auth: rowsOf(AUTH_PROPERTIES),
}))();

// @ts-nocheck
// mqtt-packet, read and written in the words of puremqtt.
import mqttPacket from 'mqtt-packet';

export type Version = 4 | 5;
export type Loose = Readonly<Record<string, unknown>>;

/** What the other side makes of bytes or of a packet. */
export type Outcome<T> =
  | { readonly value: T }
  /** It says that it refuses. */
  | { readonly refusal: string }
  /** An exception that is not its way to refuse. */
  | { readonly thrown: string }
  /** Nothing at all: no packet, and no error. */
  | { readonly silence: true };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads one frame. */
export function readTheirs(frame: Uint8Array, version: Version): Outcome<Loose> {
  const parser = mqttPacket.parser({ protocolVersion: version });
  let packet: Loose | undefined;
  let refusal: string | undefined;
  parser.on('packet', (each) => {
    packet ??= fromTheirs(each as unknown as Loose, version);
  });
  parser.on('error', (error: unknown) => {
    refusal ??= messageOf(error);
  });
  try {
    parser.parse(Buffer.from(frame));
  } catch (error) {
    return { thrown: messageOf(error) };
  }
  if (refusal !== undefined) return { refusal };
  return packet === undefined ? { silence: true } : { value: packet };
}

/** Writes one packet. */
export function writeTheirs(packet: Loose, version: Version): Outcome<Uint8Array> {
  const theirs = toTheirs(packet, version) as unknown as Parameters<typeof mqttPacket.generate>[0];
  try {
    const bytes = new Uint8Array(mqttPacket.generate(theirs, { protocolVersion: version }));
    return bytes.length === 0 ? { silence: true } : { value: bytes };
  } catch (error) {
    // Its way to refuse is an 'error' event, which is thrown where nobody listens; TypeErrors are not.
    const isRefusal = error instanceof Error && error.constructor === Error;
    return isRefusal ? { refusal: messageOf(error) } : { thrown: messageOf(error) };
  }
}

// The properties that are true and false there, and 1 and 0 here.
const FLAGS: ReadonlySet<string> = new Set([
  'payloadFormatIndicator',
  'requestProblemInformation',
  'requestResponseInformation',
  'retainAvailable',
  'wildcardSubscriptionAvailable',
  'subscriptionIdentifierAvailable',
  'sharedSubscriptionAvailable',
]);
const THEIR_NAMES: Readonly<Record<string, string>> = {
  subscriptionIdentifierAvailable: 'subscriptionIdentifiersAvailable',
  subscriptionIdentifiers: 'subscriptionIdentifier',
};

const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

const buffer = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value) : value);

/** Without the fields that are undefined: many of theirs tell a field that is there from one that is not. */
const present = (fields: Loose): Loose =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function toTheirProperties(properties: unknown): unknown {
  if (!isLoose(properties)) return properties;
  const entries = Object.entries(present(properties)).map(([name, value]) => {
    const theirs = THEIR_NAMES[name] ?? name;
    if (name === 'userProperties' && Array.isArray(value)) return [theirs, toUserProperties(value)];
    if (FLAGS.has(name) && (value === 0 || value === 1)) return [theirs, value === 1];
    return [theirs, buffer(value)];
  });
  return Object.fromEntries(entries);
}

function toUserProperties(pairs: readonly unknown[]): object {
  const result: Record<string, unknown[]> = Object.create(null);
  for (const pair of pairs) {
    const [name, value]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const key = String(name);
    result[key] = [...(result[key] ?? []), value];
  }
  return result;
}

/** A packet in their words. */
export function toTheirs(packet: Loose, version: Version): Loose {
  const { type, packetId, properties, ...rest } = packet;
  const common = present({ cmd: type, messageId: packetId, properties: toTheirProperties(properties) });
  switch (type) {
    case 'connect': {
      const { cleanStart, keepAlive, will, password, ...more } = rest;
      const theirWill = isLoose(will)
        ? present({
            ...will,
            payload: buffer(will['payload']),
            properties: toTheirProperties(will['properties']),
          })
        : will;
      return present({
        ...{ ...common, ...more, protocolId: 'MQTT', clean: cleanStart, keepalive: keepAlive },
        ...{ will: theirWill, password: buffer(password) },
      });
    }
    case 'connack': {
      const { reasonCode, ...more } = rest;
      return { ...common, ...more, [version === 5 ? 'reasonCode' : 'returnCode']: reasonCode };
    }
    case 'publish':
      return { ...common, ...rest, payload: buffer(rest['payload']) };
    case 'subscribe': {
      const list = rest['subscriptions'];
      const subscriptions = Array.isArray(list) ? list.map(toTheirSubscription) : list;
      return { ...common, subscriptions };
    }
    case 'unsubscribe':
      return { ...common, unsubscriptions: rest['topicFilters'] };
    case 'suback':
    case 'unsuback':
      return present({ ...common, granted: rest['reasonCodes'] });
    default:
      return { ...common, ...rest };
  }
}

function toTheirSubscription(subscription: unknown): unknown {
  if (!isLoose(subscription)) return subscription;
  const { topicFilter, qos, noLocal, retainAsPublished, retainHandling } = subscription;
  return present({ topic: topicFilter, qos, nl: noLocal, rap: retainAsPublished, rh: retainHandling });
}

/** Their bytes as plain ones, which compare. */
const bytes = (value: unknown): unknown => {
  if (value === undefined || value === null) return value;
  if (Buffer.isBuffer(value)) return new Uint8Array(value);
  return isLoose(value) && typeof value['slice'] === 'function'
    ? new Uint8Array(value['slice']() as Buffer)
    : value;
};

function fromTheirProperties(properties: unknown): Loose {
  if (!isLoose(properties)) return {};
  const entries = Object.entries(present(properties)).map(([name, value]) => {
    const ours = name === 'subscriptionIdentifiersAvailable' ? 'subscriptionIdentifierAvailable' : name;
    if (name === 'userProperties' && isLoose(value)) {
      const pairs = Object.entries(value).flatMap(([key, each]) => [each].flat().map((one) => [key, one]));
      return [ours, pairs];
    }
    return [ours, typeof value === 'boolean' ? Number(value) : bytes(value)];
  });
  return Object.fromEntries(entries);
}

/** A packet of theirs in our words. */
export function fromTheirs(packet: Loose, version: Version): Loose {
  const { cmd, messageId, qos, retain, dup, properties } = packet;
  const ours = { type: cmd, ...(version === 5 && { properties: fromTheirProperties(properties) }) };
  const withId = { ...ours, packetId: messageId };
  switch (cmd) {
    case 'connect':
      return fromTheirConnect(packet, ours, version);
    case 'connack': {
      const reasonCode = version === 5 ? packet['reasonCode'] : packet['returnCode'];
      return { ...ours, sessionPresent: packet['sessionPresent'], reasonCode };
    }
    case 'publish': {
      const fields = { topic: packet['topic'], payload: bytes(packet['payload']), qos, retain, dup };
      const list = isLoose(ours.properties) ? ours.properties['subscriptionIdentifier'] : undefined;
      if (list === undefined) return present({ ...withId, ...fields });
      const { subscriptionIdentifier: _, ...others } = ours.properties as Loose;
      return present({
        ...withId,
        ...fields,
        properties: { ...others, subscriptionIdentifiers: [list].flat() },
      });
    }
    case 'subscribe': {
      const list = packet['subscriptions'] as readonly Loose[];
      const subscriptions = list.map(({ topic, qos, nl, rap, rh }) =>
        present({ topicFilter: topic, qos, noLocal: nl, retainAsPublished: rap, retainHandling: rh }),
      );
      return { ...withId, subscriptions };
    }
    case 'unsubscribe':
      return { ...withId, topicFilters: packet['unsubscriptions'] };
    case 'suback':
    case 'unsuback':
      return present({ ...withId, reasonCodes: packet['granted'] });
    case 'pingreq':
    case 'pingresp':
      return { type: cmd };
    default:
      return present({ ...withId, reasonCode: version === 5 ? packet['reasonCode'] : undefined });
  }
}

function fromTheirConnect(packet: Loose, ours: Loose, version: Version): Loose {
  const { will, password, username, clientId, clean, keepalive, protocolVersion, protocolId } = packet;
  const ourWill = isLoose(will)
    ? {
        ...{
          topic: will['topic'],
          payload: bytes(will['payload']),
          qos: will['qos'],
          retain: will['retain'],
        },
        ...(version === 5 && { properties: fromTheirProperties(will['properties']) }),
      }
    : undefined;
  return present({
    ...{
      ...ours,
      protocolVersion,
      clientId,
      cleanStart: clean,
      keepAlive: keepalive,
      will: ourWill,
      username,
    },
    ...{ password: bytes(password), ...(protocolId !== 'MQTT' && { protocolId }) },
  });
}

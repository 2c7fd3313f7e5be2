// @ts-nocheck
// pure: messages between the caller's PUBLISH, the session's store and the PUBLISH that is sent.
function stryNS_9fa48() {
  var g = typeof globalThis === 'object' && globalThis && globalThis.Math === Math && globalThis || new Function("return this")();
  var ns = g.__stryker__ || (g.__stryker__ = {});
  if (ns.activeMutant === undefined && g.process && g.process.env && g.process.env.__STRYKER_ACTIVE_MUTANT__) {
    ns.activeMutant = g.process.env.__STRYKER_ACTIVE_MUTANT__;
  }
  function retrieveNS() {
    return ns;
  }
  stryNS_9fa48 = retrieveNS;
  return retrieveNS();
}
stryNS_9fa48();
function stryCov_9fa48() {
  var ns = stryNS_9fa48();
  var cov = ns.mutantCoverage || (ns.mutantCoverage = {
    static: {},
    perTest: {}
  });
  function cover() {
    var c = cov.static;
    if (ns.currentTestId) {
      c = cov.perTest[ns.currentTestId] = cov.perTest[ns.currentTestId] || {};
    }
    var a = arguments;
    for (var i = 0; i < a.length; i++) {
      c[a[i]] = (c[a[i]] || 0) + 1;
    }
  }
  stryCov_9fa48 = cover;
  cover.apply(null, arguments);
}
function stryMutAct_9fa48(id) {
  var ns = stryNS_9fa48();
  function isActive(id) {
    if (ns.activeMutant === id) {
      if (ns.hitCount !== void 0 && ++ns.hitCount > ns.hitLimit) {
        throw new Error('Stryker: Hit count limit reached (' + ns.hitCount + ')');
      }
      return true;
    }
    return false;
  }
  stryMutAct_9fa48 = isActive;
  return isActive(id);
}
import { encodedLength } from '../codec.js';
import { InvalidPacketError, type MqttError } from '../errors.js';
import type { PublishPacket } from '../packets/publish.js';
import { MAXIMUM_PACKET_SIZE } from '../spec/limits.js';
import type { PublishProperties } from '../spec/properties.js';
import { topicNameProblem } from '../topics/index.js';
import { refusal } from './failures.js';
import { enqueue, hasRoom, type QueueLimits, withoutExpired } from './queue.js';
import { type SessionState, type StoredMessage, setQueue, type Token } from './state.js';

/** A PUBLISH to send: without the Packet Identifier and DUP, which are the session's business. */
export interface SendablePublish {
  readonly type: 'publish';
  /** The Topic Name; empty where a Topic Alias that was set before stands for it. */
  readonly topic: string;
  /** Borrowed until the message is acknowledged: leave the bytes alone. */
  readonly payload?: Uint8Array | string | undefined;
  /** Absent: 0. */
  readonly qos?: 0 | 1 | 2 | undefined;
  /** Absent: false. */
  readonly retain?: boolean | undefined;
  readonly properties?: PublishProperties | undefined;
}

/** How much a session queues when nothing else is said: 1,000 messages and 16 MiB. */
export const DEFAULT_QUEUE_LIMITS: QueueLimits = stryMutAct_9fa48("296") ? {} : (stryCov_9fa48("296"), {
  messages: 1_000,
  bytes: 16_777_216
});

// The most that a PUBLISH without properties has besides topic and payload, and with a Topic Alias.
const OVERHEAD = stryMutAct_9fa48("297") ? 5 + 2 + 2 - 4 : (stryCov_9fa48("297"), (stryMutAct_9fa48("298") ? 5 + 2 - 2 : (stryCov_9fa48("298"), (stryMutAct_9fa48("299") ? 5 - 2 : (stryCov_9fa48("299"), 5 + 2)) + 2)) + 4);

/**
 * The size in bytes that a PUBLISH has at most when it is sent, or why it cannot be encoded at all.
 *
 * For common messages this looks at the topic alone, and says up to twice too much for other than ASCII.
 */
export function publishSize(packet: SendablePublish, version: 4 | 5): number | MqttError {
  if (stryMutAct_9fa48("300")) {
    {}
  } else {
    stryCov_9fa48("300");
    const {
      topic,
      payload,
      qos = 0,
      retain = stryMutAct_9fa48("301") ? true : (stryCov_9fa48("301"), false),
      properties
    } = packet;
    if (stryMutAct_9fa48("304") ? properties === undefined && (payload === undefined || payload instanceof Uint8Array) && typeof retain === 'boolean' && (qos === 0 || qos === 1 || qos === 2) || topicNameProblem(topic) === undefined : stryMutAct_9fa48("303") ? false : stryMutAct_9fa48("302") ? true : (stryCov_9fa48("302", "303", "304"), (stryMutAct_9fa48("306") ? properties === undefined && (payload === undefined || payload instanceof Uint8Array) && typeof retain === 'boolean' || qos === 0 || qos === 1 || qos === 2 : stryMutAct_9fa48("305") ? true : (stryCov_9fa48("305", "306"), (stryMutAct_9fa48("308") ? properties === undefined && (payload === undefined || payload instanceof Uint8Array) || typeof retain === 'boolean' : stryMutAct_9fa48("307") ? true : (stryCov_9fa48("307", "308"), (stryMutAct_9fa48("310") ? properties === undefined || payload === undefined || payload instanceof Uint8Array : stryMutAct_9fa48("309") ? true : (stryCov_9fa48("309", "310"), (stryMutAct_9fa48("312") ? properties !== undefined : stryMutAct_9fa48("311") ? true : (stryCov_9fa48("311", "312"), properties === undefined)) && (stryMutAct_9fa48("314") ? payload === undefined && payload instanceof Uint8Array : stryMutAct_9fa48("313") ? true : (stryCov_9fa48("313", "314"), (stryMutAct_9fa48("316") ? payload !== undefined : stryMutAct_9fa48("315") ? false : (stryCov_9fa48("315", "316"), payload === undefined)) || payload instanceof Uint8Array)))) && (stryMutAct_9fa48("318") ? typeof retain !== 'boolean' : stryMutAct_9fa48("317") ? true : (stryCov_9fa48("317", "318"), typeof retain === (stryMutAct_9fa48("319") ? "" : (stryCov_9fa48("319"), 'boolean')))))) && (stryMutAct_9fa48("321") ? (qos === 0 || qos === 1) && qos === 2 : stryMutAct_9fa48("320") ? true : (stryCov_9fa48("320", "321"), (stryMutAct_9fa48("323") ? qos === 0 && qos === 1 : stryMutAct_9fa48("322") ? false : (stryCov_9fa48("322", "323"), (stryMutAct_9fa48("325") ? qos !== 0 : stryMutAct_9fa48("324") ? false : (stryCov_9fa48("324", "325"), qos === 0)) || (stryMutAct_9fa48("327") ? qos !== 1 : stryMutAct_9fa48("326") ? false : (stryCov_9fa48("326", "327"), qos === 1)))) || (stryMutAct_9fa48("329") ? qos !== 2 : stryMutAct_9fa48("328") ? false : (stryCov_9fa48("328", "329"), qos === 2)))))) && (stryMutAct_9fa48("331") ? topicNameProblem(topic) !== undefined : stryMutAct_9fa48("330") ? true : (stryCov_9fa48("330", "331"), topicNameProblem(topic) === undefined)))) {
      if (stryMutAct_9fa48("332")) {
        {}
      } else {
        stryCov_9fa48("332");
        const size = stryMutAct_9fa48("333") ? 3 * topic.length + (payload === undefined ? 0 : payload.length) - OVERHEAD : (stryCov_9fa48("333"), (stryMutAct_9fa48("334") ? 3 * topic.length - (payload === undefined ? 0 : payload.length) : (stryCov_9fa48("334"), (stryMutAct_9fa48("335") ? 3 / topic.length : (stryCov_9fa48("335"), 3 * topic.length)) + ((stryMutAct_9fa48("338") ? payload !== undefined : stryMutAct_9fa48("337") ? false : stryMutAct_9fa48("336") ? true : (stryCov_9fa48("336", "337", "338"), payload === undefined)) ? 0 : payload.length))) + OVERHEAD);
        if (stryMutAct_9fa48("342") ? size > MAXIMUM_PACKET_SIZE : stryMutAct_9fa48("341") ? size < MAXIMUM_PACKET_SIZE : stryMutAct_9fa48("340") ? false : stryMutAct_9fa48("339") ? true : (stryCov_9fa48("339", "340", "341", "342"), size <= MAXIMUM_PACKET_SIZE)) return size;
      }
    }
    // Room for a Topic Alias that the connection may add, and for a Property Length that grows with it.
    return sizeOf(stryMutAct_9fa48("343") ? {} : (stryCov_9fa48("343"), {
      type: stryMutAct_9fa48("344") ? "" : (stryCov_9fa48("344"), 'publish'),
      topic,
      payload,
      qos,
      retain,
      properties,
      ...ANY_ID(qos)
    }), version, 4);
  }
}
const ANY_ID = stryMutAct_9fa48("345") ? () => undefined : (stryCov_9fa48("345"), (() => {
  const ANY_ID = (qos: number): {
    packetId?: number;
  } => (stryMutAct_9fa48("348") ? qos !== 0 : stryMutAct_9fa48("347") ? false : stryMutAct_9fa48("346") ? true : (stryCov_9fa48("346", "347", "348"), qos === 0)) ? {} : stryMutAct_9fa48("349") ? {} : (stryCov_9fa48("349"), {
    packetId: 1
  });
  return ANY_ID;
})());

/** The size of a packet and something more, or why it cannot be encoded. */
export function sizeOf(packet: object, version: 4 | 5, more = 0): number | MqttError {
  if (stryMutAct_9fa48("350")) {
    {}
  } else {
    stryCov_9fa48("350");
    try {
      if (stryMutAct_9fa48("351")) {
        {}
      } else {
        stryCov_9fa48("351");
        return stryMutAct_9fa48("352") ? encodedLength(packet as PublishPacket<5>, version) - more : (stryCov_9fa48("352"), encodedLength(packet as PublishPacket<5>, version) + more);
      }
    } catch (error) {
      if (stryMutAct_9fa48("353")) {
        {}
      } else {
        stryCov_9fa48("353");
        if (stryMutAct_9fa48("355") ? false : stryMutAct_9fa48("354") ? true : (stryCov_9fa48("354", "355"), error instanceof InvalidPacketError)) return error;
        throw error;
      }
    }
  }
}

/** The message of a PUBLISH, with its full topic and without an alias. */
export function messageOf(packet: SendablePublish, qos: 1 | 2, topic: string, now: number): StoredMessage {
  if (stryMutAct_9fa48("356")) {
    {}
  } else {
    stryCov_9fa48("356");
    const {
      payload,
      retain = stryMutAct_9fa48("357") ? true : (stryCov_9fa48("357"), false)
    } = packet;
    let {
      properties
    } = packet;
    const interval = stryMutAct_9fa48("358") ? properties.messageExpiryInterval : (stryCov_9fa48("358"), properties?.messageExpiryInterval);
    if (stryMutAct_9fa48("361") ? properties?.topicAlias === undefined : stryMutAct_9fa48("360") ? false : stryMutAct_9fa48("359") ? true : (stryCov_9fa48("359", "360", "361"), (stryMutAct_9fa48("362") ? properties.topicAlias : (stryCov_9fa48("362"), properties?.topicAlias)) !== undefined)) properties = stryMutAct_9fa48("363") ? {} : (stryCov_9fa48("363"), {
      ...properties,
      topicAlias: undefined
    });
    const expiresAt = (stryMutAct_9fa48("366") ? interval !== undefined : stryMutAct_9fa48("365") ? false : stryMutAct_9fa48("364") ? true : (stryCov_9fa48("364", "365", "366"), interval === undefined)) ? undefined : stryMutAct_9fa48("367") ? now - interval * 1_000 : (stryCov_9fa48("367"), now + (stryMutAct_9fa48("368") ? interval / 1_000 : (stryCov_9fa48("368"), interval * 1_000)));
    return stryMutAct_9fa48("369") ? {} : (stryCov_9fa48("369"), {
      topic,
      payload,
      qos,
      retain,
      properties,
      expiresAt
    });
  }
}

/**
 * A stored message as PUBLISH; a message that expires says how many seconds are left of it (section 3.3.2.3.3). It may
 * have been stored for MQTT 5.0 and meet a connection of 3.1.1, which has no properties.
 */
export function packetOf(message: StoredMessage, packetId: number, dup: boolean, now: number, version: 4 | 5): PublishPacket<5> & {
  qos: 1 | 2;
} {
  if (stryMutAct_9fa48("370")) {
    {}
  } else {
    stryCov_9fa48("370");
    const {
      topic,
      payload,
      qos,
      retain,
      expiresAt
    } = message;
    let properties = (stryMutAct_9fa48("373") ? version !== 5 : stryMutAct_9fa48("372") ? false : stryMutAct_9fa48("371") ? true : (stryCov_9fa48("371", "372", "373"), version === 5)) ? message.properties : undefined;
    if (stryMutAct_9fa48("376") ? expiresAt !== undefined || version === 5 : stryMutAct_9fa48("375") ? false : stryMutAct_9fa48("374") ? true : (stryCov_9fa48("374", "375", "376"), (stryMutAct_9fa48("378") ? expiresAt === undefined : stryMutAct_9fa48("377") ? true : (stryCov_9fa48("377", "378"), expiresAt !== undefined)) && (stryMutAct_9fa48("380") ? version !== 5 : stryMutAct_9fa48("379") ? true : (stryCov_9fa48("379", "380"), version === 5)))) {
      if (stryMutAct_9fa48("381")) {
        {}
      } else {
        stryCov_9fa48("381");
        // A message that is sent again may have expired meanwhile: the interval says 0 then.
        const messageExpiryInterval = stryMutAct_9fa48("382") ? Math.min(0, Math.ceil((expiresAt - now) / 1_000)) : (stryCov_9fa48("382"), Math.max(0, Math.ceil(stryMutAct_9fa48("383") ? (expiresAt - now) * 1_000 : (stryCov_9fa48("383"), (stryMutAct_9fa48("384") ? expiresAt + now : (stryCov_9fa48("384"), expiresAt - now)) / 1_000))));
        properties = stryMutAct_9fa48("385") ? {} : (stryCov_9fa48("385"), {
          ...properties,
          messageExpiryInterval
        });
      }
    }
    return stryMutAct_9fa48("386") ? {} : (stryCov_9fa48("386"), {
      type: stryMutAct_9fa48("387") ? "" : (stryCov_9fa48("387"), 'publish'),
      topic,
      payload,
      qos,
      retain,
      dup,
      packetId,
      properties
    });
  }
}

/** What came of an attempt to put a message into the queue of a session. */
export interface QueueResult {
  /** The session with the message; the same object where it was refused. */
  readonly session: SessionState;
  /** Why it was refused. */
  readonly error?: MqttError;
}

/**
 * Puts a QoS 1 or 2 message into the queue of a session that has no connection, as a server does for a device that
 * is away. The next connection sends it, in its turn and within the limits that hold then.
 *
 * `now` is in milliseconds. Refuses a message that cannot be encoded (`InvalidPacketError`), one of QoS 0
 * (`invalid-qos`), one with a Topic Alias, and one for which there is no room (`queue-full`).
 *
 * @example
 * const message = { type: 'publish', topic: 'a', payload: 'hi', qos: 1 } as const;
 * const { session } = queueMessage(emptySession(), message, { now: 0, version: 5 });
 * sessionSize(session).queued; // => 1
 */
export function queueMessage(session: SessionState, packet: SendablePublish, options: {
  readonly now: number;
  /** The version of the client's next connection, as far as one can know. */
  readonly version: 4 | 5;
  readonly token?: Token | undefined;
  /** Whether the connection may choose a Topic Alias for it. Default: false. */
  readonly automaticAlias?: boolean | undefined;
  readonly limits?: Partial<QueueLimits> | undefined;
}): QueueResult {
  if (stryMutAct_9fa48("388")) {
    {}
  } else {
    stryCov_9fa48("388");
    const {
      qos
    } = packet;
    if (stryMutAct_9fa48("391") ? qos !== 1 || qos !== 2 : stryMutAct_9fa48("390") ? false : stryMutAct_9fa48("389") ? true : (stryCov_9fa48("389", "390", "391"), (stryMutAct_9fa48("393") ? qos === 1 : stryMutAct_9fa48("392") ? true : (stryCov_9fa48("392", "393"), qos !== 1)) && (stryMutAct_9fa48("395") ? qos === 2 : stryMutAct_9fa48("394") ? true : (stryCov_9fa48("394", "395"), qos !== 2)))) return stryMutAct_9fa48("396") ? {} : (stryCov_9fa48("396"), {
      session,
      error: refusal(stryMutAct_9fa48("397") ? "" : (stryCov_9fa48("397"), 'invalid-qos'), stryMutAct_9fa48("398") ? "" : (stryCov_9fa48("398"), 'qos'))
    });
    const bytes = publishSize(packet, options.version);
    if (stryMutAct_9fa48("401") ? typeof bytes === 'number' : stryMutAct_9fa48("400") ? false : stryMutAct_9fa48("399") ? true : (stryCov_9fa48("399", "400", "401"), typeof bytes !== (stryMutAct_9fa48("402") ? "" : (stryCov_9fa48("402"), 'number')))) return stryMutAct_9fa48("403") ? {} : (stryCov_9fa48("403"), {
      session,
      error: bytes
    });
    if (stryMutAct_9fa48("406") ? packet.properties?.topicAlias === undefined : stryMutAct_9fa48("405") ? false : stryMutAct_9fa48("404") ? true : (stryCov_9fa48("404", "405", "406"), (stryMutAct_9fa48("407") ? packet.properties.topicAlias : (stryCov_9fa48("407"), packet.properties?.topicAlias)) !== undefined)) {
      if (stryMutAct_9fa48("408")) {
        {}
      } else {
        stryCov_9fa48("408");
        return stryMutAct_9fa48("409") ? {} : (stryCov_9fa48("409"), {
          session,
          error: refusal(stryMutAct_9fa48("410") ? "" : (stryCov_9fa48("410"), 'unknown-topic-alias'), stryMutAct_9fa48("411") ? "" : (stryCov_9fa48("411"), 'properties.topicAlias'))
        });
      }
    }
    const message = messageOf(packet, qos, packet.topic, options.now);
    if (stryMutAct_9fa48("414") ? false : stryMutAct_9fa48("413") ? true : stryMutAct_9fa48("412") ? hasRoom(session.queue, bytes, {
      ...DEFAULT_QUEUE_LIMITS,
      ...options.limits
    }) : (stryCov_9fa48("412", "413", "414"), !hasRoom(session.queue, bytes, stryMutAct_9fa48("415") ? {} : (stryCov_9fa48("415"), {
      ...DEFAULT_QUEUE_LIMITS,
      ...options.limits
    })))) {
      if (stryMutAct_9fa48("416")) {
        {}
      } else {
        stryCov_9fa48("416");
        return stryMutAct_9fa48("417") ? {} : (stryCov_9fa48("417"), {
          session,
          error: refusal(stryMutAct_9fa48("418") ? "" : (stryCov_9fa48("418"), 'queue-full'), stryMutAct_9fa48("419") ? "" : (stryCov_9fa48("419"), 'type'))
        });
      }
    }
    const {
      token,
      automaticAlias = stryMutAct_9fa48("420") ? true : (stryCov_9fa48("420"), false)
    } = options;
    return stryMutAct_9fa48("421") ? {} : (stryCov_9fa48("421"), {
      session: setQueue(session, enqueue(session.queue, stryMutAct_9fa48("422") ? {} : (stryCov_9fa48("422"), {
        token,
        message,
        automaticAlias,
        bytes
      })))
    });
  }
}

/**
 * Takes the messages out of a queue that have expired by `now` (milliseconds), and tells their tokens, first in
 * first. A connection does this by itself.
 *
 * @example
 * const properties = { messageExpiryInterval: 1 };
 * const message = { type: 'publish', topic: 'a', qos: 1, properties } as const;
 * const { session } = queueMessage(emptySession(), message, { now: 0, version: 5, token: 'x' });
 * dropExpired(session, 1_000).tokens; // => ['x']
 */
export function dropExpired(session: SessionState, now: number): {
  readonly session: SessionState;
  readonly tokens: readonly (Token | undefined)[];
} {
  if (stryMutAct_9fa48("423")) {
    {}
  } else {
    stryCov_9fa48("423");
    const [queue, expired] = withoutExpired(session.queue, now);
    return stryMutAct_9fa48("424") ? {} : (stryCov_9fa48("424"), {
      session: (stryMutAct_9fa48("427") ? queue !== session.queue : stryMutAct_9fa48("426") ? false : stryMutAct_9fa48("425") ? true : (stryCov_9fa48("425", "426", "427"), queue === session.queue)) ? session : setQueue(session, queue),
      tokens: expired.map(stryMutAct_9fa48("428") ? () => undefined : (stryCov_9fa48("428"), item => item.token))
    });
  }
}
// @ts-nocheck
// pure: the stored form of a session: flat rows of plain values, for structuredClone, JSON or a database.
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
import type { PublishProperties } from '../spec/properties.js';
import { type QueuedMessage, queuedMessages } from './queue.js';
import { flowsInOrder, type HasSession, type IncomingFlow, isDurable, type PublishFlow, type ReleaseFlow, type SessionState, type StoredMessage, sessionOf, type Token } from './state.js';
import { trieEntries } from './trie.js';

/** A message as it is stored: its bytes are copies. */
export interface StoredMessageRow {
  readonly topic: string;
  readonly payload?: Uint8Array | string;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  readonly properties?: PublishProperties;
  /** When it expires, in the caller's milliseconds. */
  readonly expiresAt?: number;
}

/** An outgoing message whose PUBLISH was sent. */
export interface StoredPublish extends StoredMessageRow {
  readonly packetId: number;
  readonly phase: 'awaiting-puback' | 'awaiting-pubrec';
  readonly order: number;
  readonly token?: Token;
}

/** An outgoing QoS 2 message whose PUBREL was sent. */
export interface StoredRelease {
  readonly packetId: number;
  readonly phase: 'awaiting-pubcomp';
  readonly order: number;
  readonly token?: Token;
  /** The Reason Code of the PUBREC. */
  readonly reasonCode: number;
}

/** An outgoing message that is on its way. */
export type StoredOutgoing = StoredPublish | StoredRelease;

/** An incoming QoS 2 message whose Packet Identifier is held. */
export interface StoredIncoming {
  readonly packetId: number;
  readonly phase: 'delivered' | 'answered';
  /** The refusal that the application gave while no connection could carry it; otherwise 0. */
  readonly verdict: number;
}

/** A message that waits for its first transmission. */
export interface StoredQueued extends StoredMessageRow {
  readonly place: number;
  readonly token?: Token;
  readonly automaticAlias: boolean;
  readonly bytes: number;
}

/** What a session counts. */
export interface StoredCounters {
  readonly begun: boolean;
  readonly nextPacketId: number;
  readonly nextOrder: number;
  readonly nextPlace: number;
}

/** A session as it is stored. */
export interface StoredSession extends StoredCounters {
  /** The version of this format. */
  readonly format: 1;
  /** In the order in which they are sent again. */
  readonly outgoing: readonly StoredOutgoing[];
  readonly incoming: readonly StoredIncoming[];
  /** First in, first out. */
  readonly queued: readonly StoredQueued[];
}

/**
 * Gives the stored form of a session, or of the one that a connection contains (section 4.1). Exchanges for
 * SUBSCRIBE and UNSUBSCRIBE are no part of it.
 *
 * @example
 * exportSession(emptySession()).format; // => 1
 */
export function exportSession(state: HasSession): StoredSession {
  if (stryMutAct_9fa48("821")) {
    {}
  } else {
    stryCov_9fa48("821");
    const session = sessionOf(state);
    return stryMutAct_9fa48("822") ? {} : (stryCov_9fa48("822"), {
      format: 1,
      ...countersOf(session),
      outgoing: stryMutAct_9fa48("823") ? flowsInOrder(session).map(outgoingRow) : (stryCov_9fa48("823"), flowsInOrder(session).filter(isDurable).map(outgoingRow)),
      incoming: trieEntries(session.incoming).map(stryMutAct_9fa48("824") ? () => undefined : (stryCov_9fa48("824"), ([packetId, flow]) => incomingRow(packetId, flow))),
      queued: queuedMessages(session.queue).map(queuedRow)
    });
  }
}

/** What a session counts. */
export function countersOf(session: SessionState): StoredCounters {
  if (stryMutAct_9fa48("825")) {
    {}
  } else {
    stryCov_9fa48("825");
    return stryMutAct_9fa48("826") ? {} : (stryCov_9fa48("826"), {
      begun: session.begun,
      nextPacketId: session.nextPacketId,
      nextOrder: session.nextOrder,
      nextPlace: session.queue.next
    });
  }
}
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The stored form of an outgoing message. */
export function outgoingRow(flow: PublishFlow | ReleaseFlow): StoredOutgoing {
  if (stryMutAct_9fa48("827")) {
    {}
  } else {
    stryCov_9fa48("827");
    const {
      packetId,
      order,
      token
    } = flow;
    if (stryMutAct_9fa48("830") ? flow.phase !== 'awaiting-pubcomp' : stryMutAct_9fa48("829") ? false : stryMutAct_9fa48("828") ? true : (stryCov_9fa48("828", "829", "830"), flow.phase === (stryMutAct_9fa48("831") ? "" : (stryCov_9fa48("831"), 'awaiting-pubcomp')))) {
      if (stryMutAct_9fa48("832")) {
        {}
      } else {
        stryCov_9fa48("832");
        const {
          phase,
          reasonCode
        } = flow;
        return (stryMutAct_9fa48("835") ? token !== undefined : stryMutAct_9fa48("834") ? false : stryMutAct_9fa48("833") ? true : (stryCov_9fa48("833", "834", "835"), token === undefined)) ? stryMutAct_9fa48("836") ? {} : (stryCov_9fa48("836"), {
          packetId,
          phase,
          order,
          reasonCode
        }) : stryMutAct_9fa48("837") ? {} : (stryCov_9fa48("837"), {
          packetId,
          phase,
          order,
          token,
          reasonCode
        });
      }
    }
    const {
      phase,
      topic,
      qos,
      retain
    } = flow;
    const row: Writable<StoredPublish> = stryMutAct_9fa48("838") ? {} : (stryCov_9fa48("838"), {
      packetId,
      phase,
      order,
      topic,
      qos,
      retain
    });
    if (stryMutAct_9fa48("841") ? token === undefined : stryMutAct_9fa48("840") ? false : stryMutAct_9fa48("839") ? true : (stryCov_9fa48("839", "840", "841"), token !== undefined)) row.token = token;
    addRest(row, flow);
    return row;
  }
}

/** The stored form of an incoming message. */
export function incomingRow(packetId: number, {
  phase,
  verdict
}: IncomingFlow): StoredIncoming {
  if (stryMutAct_9fa48("842")) {
    {}
  } else {
    stryCov_9fa48("842");
    return stryMutAct_9fa48("843") ? {} : (stryCov_9fa48("843"), {
      packetId,
      phase,
      verdict
    });
  }
}

/** The stored form of a waiting message. */
export function queuedRow({
  place,
  token,
  automaticAlias,
  bytes,
  message
}: QueuedMessage): StoredQueued {
  if (stryMutAct_9fa48("844")) {
    {}
  } else {
    stryCov_9fa48("844");
    const {
      topic,
      qos,
      retain
    } = message;
    const row: Writable<StoredQueued> = stryMutAct_9fa48("845") ? {} : (stryCov_9fa48("845"), {
      place,
      automaticAlias,
      bytes,
      topic,
      qos,
      retain
    });
    if (stryMutAct_9fa48("848") ? token === undefined : stryMutAct_9fa48("847") ? false : stryMutAct_9fa48("846") ? true : (stryCov_9fa48("846", "847", "848"), token !== undefined)) row.token = token;
    addRest(row, message);
    return row;
  }
}

/** Adds the fields of a message that may be absent, as copies. */
function addRest(row: Writable<StoredMessageRow>, message: StoredMessage): void {
  if (stryMutAct_9fa48("849")) {
    {}
  } else {
    stryCov_9fa48("849");
    const {
      payload,
      properties,
      expiresAt
    } = message;
    if (stryMutAct_9fa48("852") ? payload === undefined : stryMutAct_9fa48("851") ? false : stryMutAct_9fa48("850") ? true : (stryCov_9fa48("850", "851", "852"), payload !== undefined)) row.payload = (stryMutAct_9fa48("855") ? typeof payload !== 'string' : stryMutAct_9fa48("854") ? false : stryMutAct_9fa48("853") ? true : (stryCov_9fa48("853", "854", "855"), typeof payload === (stryMutAct_9fa48("856") ? "" : (stryCov_9fa48("856"), 'string')))) ? payload : copyOf(payload);
    if (stryMutAct_9fa48("859") ? properties === undefined : stryMutAct_9fa48("858") ? false : stryMutAct_9fa48("857") ? true : (stryCov_9fa48("857", "858", "859"), properties !== undefined)) row.properties = copyProperties(properties);
    if (stryMutAct_9fa48("862") ? expiresAt === undefined : stryMutAct_9fa48("861") ? false : stryMutAct_9fa48("860") ? true : (stryCov_9fa48("860", "861", "862"), expiresAt !== undefined)) row.expiresAt = expiresAt;
  }
}

/** A copy with memory of its own, of whatever kind of byte array. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  if (stryMutAct_9fa48("863")) {
    {}
  } else {
    stryCov_9fa48("863");
    return new Uint8Array(bytes);
  }
}

/** A copy of properties that shares nothing with them. */
export function copyProperties<T extends PublishProperties>(properties: T): T {
  if (stryMutAct_9fa48("864")) {
    {}
  } else {
    stryCov_9fa48("864");
    const copy: T = stryMutAct_9fa48("865") ? {} : (stryCov_9fa48("865"), {
      ...properties
    });
    for (const key of Object.keys(copy) as (keyof T)[]) if (stryMutAct_9fa48("868") ? copy[key] !== undefined : stryMutAct_9fa48("867") ? false : stryMutAct_9fa48("866") ? true : (stryCov_9fa48("866", "867", "868"), copy[key] === undefined)) delete copy[key];
    if (stryMutAct_9fa48("871") ? copy.correlationData === undefined : stryMutAct_9fa48("870") ? false : stryMutAct_9fa48("869") ? true : (stryCov_9fa48("869", "870", "871"), copy.correlationData !== undefined)) copy.correlationData = copyOf(copy.correlationData);
    if (stryMutAct_9fa48("874") ? copy.userProperties === undefined : stryMutAct_9fa48("873") ? false : stryMutAct_9fa48("872") ? true : (stryCov_9fa48("872", "873", "874"), copy.userProperties !== undefined)) {
      if (stryMutAct_9fa48("875")) {
        {}
      } else {
        stryCov_9fa48("875");
        copy.userProperties = copy.userProperties.map(stryMutAct_9fa48("876") ? () => undefined : (stryCov_9fa48("876"), ([name, value]) => [name, value] as const));
      }
    }
    if (stryMutAct_9fa48("879") ? copy.subscriptionIdentifiers === undefined : stryMutAct_9fa48("878") ? false : stryMutAct_9fa48("877") ? true : (stryCov_9fa48("877", "878", "879"), copy.subscriptionIdentifiers !== undefined)) {
      if (stryMutAct_9fa48("880")) {
        {}
      } else {
        stryCov_9fa48("880");
        copy.subscriptionIdentifiers = stryMutAct_9fa48("881") ? [] : (stryCov_9fa48("881"), [...copy.subscriptionIdentifiers]);
      }
    }
    return copy;
  }
}
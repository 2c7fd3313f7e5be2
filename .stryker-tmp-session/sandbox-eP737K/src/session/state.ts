// @ts-nocheck
// pure: the Session State (section 4.1) as plain data, and the few ways to change it.
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
import type { IncomingPhase } from './flows.js';
import { emptyQueue, type Queue } from './queue.js';
import { emptyTrie, type Trie, trieDelete, trieFirstFree, trieForEach, trieGet, trieSet } from './trie.js';
const MAXIMUM_ID = 65_535;

/** The caller's own name for something sent, given back when it is settled; it is stored with the session. */
export type Token = string | number;

/** A QoS 1 or 2 message: its full topic, never a Topic Alias, and the properties as they were given. */
export interface StoredMessage {
  readonly topic: string;
  readonly payload: Uint8Array | string | undefined;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  readonly properties: PublishProperties | undefined;
  /** When it expires, in the caller's milliseconds; undefined: never. */
  readonly expiresAt: number | undefined;
}

/** A PUBLISH that was sent and not acknowledged, with its message. */
export interface PublishFlow extends StoredMessage {
  readonly phase: 'awaiting-puback' | 'awaiting-pubrec';
  readonly packetId: number;
  /** Rises with each PUBLISH and each PUBREL: the order in which they are sent again. */
  readonly order: number;
  readonly token: Token | undefined;
}

/** A PUBREL that was sent and not answered. */
export interface ReleaseFlow {
  readonly phase: 'awaiting-pubcomp';
  readonly packetId: number;
  readonly order: number;
  readonly token: Token | undefined;
  /** The Reason Code of the PUBREC; 0 in MQTT 3.1.1. */
  readonly reasonCode: number;
}

/** A SUBSCRIBE or UNSUBSCRIBE that was sent and not acknowledged: no part of a session, but of its identifiers. */
export interface RequestFlow {
  readonly phase: 'awaiting-suback' | 'awaiting-unsuback';
  readonly packetId: number;
  readonly order: number;
  readonly token: Token | undefined;
  /** How many Topic Filters it has, each of which gets a Reason Code. */
  readonly filters: number;
}

/** An outgoing exchange, which holds a Packet Identifier. */
export type OutgoingFlow = PublishFlow | ReleaseFlow | RequestFlow;

/** An incoming QoS 2 message whose Packet Identifier is held until PUBREL. */
export interface IncomingFlow {
  readonly phase: IncomingPhase;
  /** The refusal that the application gave while no connection could carry it; otherwise 0. */
  readonly verdict: number;
  /** The connection that saw its PUBLISH last: it counts against that one's Receive Maximum. */
  readonly connection: number;
}

/**
 * The state of a session, which outlives connections: the same for clients and servers.
 *
 * It is plain data and never changed: whoever keeps an old one can go back to it.
 */
export interface SessionState {
  /** Whether a server has accepted a CONNECT for this session, so that both sides may hold state for it. */
  readonly begun: boolean;
  /**
   * Our own exchanges by Packet Identifier: PUBLISH, SUBSCRIBE and UNSUBSCRIBE share one pool, and what has no
   * exchange here is free.
   */
  readonly outgoing: Trie<OutgoingFlow>;
  /** Where the search for the next free Packet Identifier begins, so that one just freed is not taken at once. */
  readonly nextPacketId: number;
  /** The peer's QoS 2 messages by Packet Identifier. */
  readonly incoming: Trie<IncomingFlow>;
  /** Messages that wait for their first transmission. */
  readonly queue: Queue;
  /** The order of the next PUBLISH or PUBREL. */
  readonly nextOrder: number;
  /** How many connections the session has seen in this process. */
  readonly connection: number;
}

/**
 * A session without anything in it, for a client or a device that is new.
 *
 * @example
 * emptySession().begun; // => false
 */
export function emptySession(): SessionState {
  if (stryMutAct_9fa48("736")) {
    {}
  } else {
    stryCov_9fa48("736");
    return EMPTY;
  }
}
const EMPTY: SessionState = /* @__PURE__ */(stryMutAct_9fa48("737") ? () => undefined : (stryCov_9fa48("737"), () => stryMutAct_9fa48("738") ? {} : (stryCov_9fa48("738"), {
  begun: stryMutAct_9fa48("739") ? true : (stryCov_9fa48("739"), false),
  outgoing: emptyTrie<OutgoingFlow>(),
  nextPacketId: 1,
  incoming: emptyTrie<IncomingFlow>(),
  queue: emptyQueue(),
  nextOrder: 1,
  connection: 0
})))();

/**
 * How many QoS 1 and 2 messages of a session are sent and not yet wholly acknowledged, and how many wait.
 *
 * @example
 * sessionSize(emptySession()); // => { outgoing: 0, incoming: 0, queued: 0 }
 */
export function sessionSize(session: SessionState): {
  readonly outgoing: number;
  readonly incoming: number;
  readonly queued: number;
} {
  if (stryMutAct_9fa48("740")) {
    {}
  } else {
    stryCov_9fa48("740");
    return stryMutAct_9fa48("741") ? {} : (stryCov_9fa48("741"), {
      outgoing: session.outgoing.size,
      incoming: session.incoming.size,
      queued: session.queue.size
    });
  }
}

/**
 * The next free Packet Identifier (section 2.2.1), round the corner from 65,535 to 1; 0 when all are in use. The cost
 * does not depend on how many are.
 */
export function freeId({
  outgoing,
  nextPacketId
}: SessionState): number {
  if (stryMutAct_9fa48("742")) {
    {}
  } else {
    stryCov_9fa48("742");
    if (stryMutAct_9fa48("745") ? outgoing.size !== MAXIMUM_ID : stryMutAct_9fa48("744") ? false : stryMutAct_9fa48("743") ? true : (stryCov_9fa48("743", "744", "745"), outgoing.size === MAXIMUM_ID)) return 0;
    const id = trieFirstFree(outgoing, nextPacketId);
    return (stryMutAct_9fa48("749") ? id >= 0 : stryMutAct_9fa48("748") ? id <= 0 : stryMutAct_9fa48("747") ? false : stryMutAct_9fa48("746") ? true : (stryCov_9fa48("746", "747", "748", "749"), id < 0)) ? trieFirstFree(outgoing, 1) : id;
  }
}

/** The exchange that begins when a message is sent. */
export function publishFlow(packetId: number, order: number, token: Token | undefined, {
  topic,
  payload,
  qos,
  retain,
  properties,
  expiresAt
}: StoredMessage): PublishFlow {
  if (stryMutAct_9fa48("750")) {
    {}
  } else {
    stryCov_9fa48("750");
    const phase = (stryMutAct_9fa48("753") ? qos !== 1 : stryMutAct_9fa48("752") ? false : stryMutAct_9fa48("751") ? true : (stryCov_9fa48("751", "752", "753"), qos === 1)) ? stryMutAct_9fa48("754") ? "" : (stryCov_9fa48("754"), 'awaiting-puback') : stryMutAct_9fa48("755") ? "" : (stryCov_9fa48("755"), 'awaiting-pubrec');
    return stryMutAct_9fa48("756") ? {} : (stryCov_9fa48("756"), {
      phase,
      packetId,
      order,
      token,
      topic,
      payload,
      qos,
      retain,
      properties,
      expiresAt
    });
  }
}

/** Adds an exchange under the identifier that {@link freeId} gave. */
export function addFlow(session: SessionState, flow: OutgoingFlow): SessionState {
  if (stryMutAct_9fa48("757")) {
    {}
  } else {
    stryCov_9fa48("757");
    const {
      packetId
    } = flow;
    return stryMutAct_9fa48("758") ? {} : (stryCov_9fa48("758"), {
      begun: session.begun,
      outgoing: trieSet(session.outgoing, packetId, flow),
      nextPacketId: (stryMutAct_9fa48("761") ? packetId !== MAXIMUM_ID : stryMutAct_9fa48("760") ? false : stryMutAct_9fa48("759") ? true : (stryCov_9fa48("759", "760", "761"), packetId === MAXIMUM_ID)) ? 1 : stryMutAct_9fa48("762") ? packetId - 1 : (stryCov_9fa48("762"), packetId + 1),
      incoming: session.incoming,
      queue: session.queue,
      nextOrder: stryMutAct_9fa48("763") ? session.nextOrder - 1 : (stryCov_9fa48("763"), session.nextOrder + 1),
      connection: session.connection
    });
  }
}

/** Moves an exchange to PUBREL: the message is the receiver's now, and only the identifier is kept. */
export function releaseFlow(session: SessionState, flow: OutgoingFlow, reasonCode: number): SessionState {
  if (stryMutAct_9fa48("764")) {
    {}
  } else {
    stryCov_9fa48("764");
    const {
      packetId,
      token
    } = flow;
    const order = session.nextOrder;
    const next: ReleaseFlow = stryMutAct_9fa48("765") ? {} : (stryCov_9fa48("765"), {
      phase: stryMutAct_9fa48("766") ? "" : (stryCov_9fa48("766"), 'awaiting-pubcomp'),
      packetId,
      order,
      token,
      reasonCode
    });
    return stryMutAct_9fa48("767") ? {} : (stryCov_9fa48("767"), {
      begun: session.begun,
      outgoing: trieSet(session.outgoing, packetId, next),
      nextPacketId: session.nextPacketId,
      incoming: session.incoming,
      queue: session.queue,
      nextOrder: stryMutAct_9fa48("768") ? order - 1 : (stryCov_9fa48("768"), order + 1),
      connection: session.connection
    });
  }
}

/** Ends an exchange and frees its identifier. */
export function endFlow(session: SessionState, packetId: number): SessionState {
  if (stryMutAct_9fa48("769")) {
    {}
  } else {
    stryCov_9fa48("769");
    return stryMutAct_9fa48("770") ? {} : (stryCov_9fa48("770"), {
      begun: session.begun,
      outgoing: trieDelete(session.outgoing, packetId),
      nextPacketId: session.nextPacketId,
      incoming: session.incoming,
      queue: session.queue,
      nextOrder: session.nextOrder,
      connection: session.connection
    });
  }
}

/** The exchange that holds an identifier of ours; any number may be asked for. */
export function flowOf(session: SessionState, packetId: number): OutgoingFlow | undefined {
  if (stryMutAct_9fa48("771")) {
    {}
  } else {
    stryCov_9fa48("771");
    return isId(packetId) ? trieGet(session.outgoing, packetId) : undefined;
  }
}

/** The QoS 2 message that holds an identifier of the peer's; any number may be asked for. */
export function incomingOf(session: SessionState, packetId: number): IncomingFlow | undefined {
  if (stryMutAct_9fa48("772")) {
    {}
  } else {
    stryCov_9fa48("772");
    return isId(packetId) ? trieGet(session.incoming, packetId) : undefined;
  }
}

/** Whether a number can be a Packet Identifier (section 2.2.1). */
export function isId(packetId: number): boolean {
  if (stryMutAct_9fa48("773")) {
    {}
  } else {
    stryCov_9fa48("773");
    return stryMutAct_9fa48("776") ? Number.isInteger(packetId) && packetId > 0 || packetId <= MAXIMUM_ID : stryMutAct_9fa48("775") ? false : stryMutAct_9fa48("774") ? true : (stryCov_9fa48("774", "775", "776"), (stryMutAct_9fa48("778") ? Number.isInteger(packetId) || packetId > 0 : stryMutAct_9fa48("777") ? true : (stryCov_9fa48("777", "778"), Number.isInteger(packetId) && (stryMutAct_9fa48("781") ? packetId <= 0 : stryMutAct_9fa48("780") ? packetId >= 0 : stryMutAct_9fa48("779") ? true : (stryCov_9fa48("779", "780", "781"), packetId > 0)))) && (stryMutAct_9fa48("784") ? packetId > MAXIMUM_ID : stryMutAct_9fa48("783") ? packetId < MAXIMUM_ID : stryMutAct_9fa48("782") ? true : (stryCov_9fa48("782", "783", "784"), packetId <= MAXIMUM_ID)));
  }
}

/** Holds an identifier of the peer's, or forgets it where there is nothing to hold. */
export function setIncoming(session: SessionState, packetId: number, flow: IncomingFlow | undefined): SessionState {
  if (stryMutAct_9fa48("785")) {
    {}
  } else {
    stryCov_9fa48("785");
    return stryMutAct_9fa48("786") ? {} : (stryCov_9fa48("786"), {
      begun: session.begun,
      outgoing: session.outgoing,
      nextPacketId: session.nextPacketId,
      incoming: (stryMutAct_9fa48("789") ? flow !== undefined : stryMutAct_9fa48("788") ? false : stryMutAct_9fa48("787") ? true : (stryCov_9fa48("787", "788", "789"), flow === undefined)) ? trieDelete(session.incoming, packetId) : trieSet(session.incoming, packetId, flow),
      queue: session.queue,
      nextOrder: session.nextOrder,
      connection: session.connection
    });
  }
}

/** Replaces the queue. */
export function setQueue(session: SessionState, queue: Queue): SessionState {
  if (stryMutAct_9fa48("790")) {
    {}
  } else {
    stryCov_9fa48("790");
    return stryMutAct_9fa48("791") ? {} : (stryCov_9fa48("791"), {
      ...session,
      queue
    });
  }
}

/** Our exchanges in the order in which their last packet was sent. */
export function flowsInOrder(session: SessionState): OutgoingFlow[] {
  if (stryMutAct_9fa48("792")) {
    {}
  } else {
    stryCov_9fa48("792");
    const flows: OutgoingFlow[] = stryMutAct_9fa48("793") ? ["Stryker was here"] : (stryCov_9fa48("793"), []);
    trieForEach(session.outgoing, stryMutAct_9fa48("794") ? () => undefined : (stryCov_9fa48("794"), flow => flows.push(flow)));
    return stryMutAct_9fa48("795") ? flows : (stryCov_9fa48("795"), flows.sort(stryMutAct_9fa48("796") ? () => undefined : (stryCov_9fa48("796"), (a, b) => stryMutAct_9fa48("797") ? a.order + b.order : (stryCov_9fa48("797"), a.order - b.order))));
  }
}

/**
 * The Packet Identifiers of the QoS 2 messages that were delivered and wait for the verdict of the application, where
 * acknowledging is left to it: what a host goes on with after a restart. They rise.
 *
 * @example
 * unacknowledged(emptySession()); // => []
 */
export function unacknowledged(session: SessionState): number[] {
  if (stryMutAct_9fa48("798")) {
    {}
  } else {
    stryCov_9fa48("798");
    const ids: number[] = stryMutAct_9fa48("799") ? ["Stryker was here"] : (stryCov_9fa48("799"), []);
    trieForEach(session.incoming, ({
      phase,
      verdict
    }, packetId) => {
      if (stryMutAct_9fa48("800")) {
        {}
      } else {
        stryCov_9fa48("800");
        if (stryMutAct_9fa48("803") ? phase === 'delivered' || verdict === 0 : stryMutAct_9fa48("802") ? false : stryMutAct_9fa48("801") ? true : (stryCov_9fa48("801", "802", "803"), (stryMutAct_9fa48("805") ? phase !== 'delivered' : stryMutAct_9fa48("804") ? true : (stryCov_9fa48("804", "805"), phase === (stryMutAct_9fa48("806") ? "" : (stryCov_9fa48("806"), 'delivered')))) && (stryMutAct_9fa48("808") ? verdict !== 0 : stryMutAct_9fa48("807") ? true : (stryCov_9fa48("807", "808"), verdict === 0)))) ids.push(packetId);
      }
    });
    return ids;
  }
}

/** Whether an exchange belongs to the session, and not to a connection alone. */
export function isDurable(flow: OutgoingFlow): flow is PublishFlow | ReleaseFlow {
  if (stryMutAct_9fa48("809")) {
    {}
  } else {
    stryCov_9fa48("809");
    return stryMutAct_9fa48("812") ? flow.phase !== 'awaiting-suback' || flow.phase !== 'awaiting-unsuback' : stryMutAct_9fa48("811") ? false : stryMutAct_9fa48("810") ? true : (stryCov_9fa48("810", "811", "812"), (stryMutAct_9fa48("814") ? flow.phase === 'awaiting-suback' : stryMutAct_9fa48("813") ? true : (stryCov_9fa48("813", "814"), flow.phase !== (stryMutAct_9fa48("815") ? "" : (stryCov_9fa48("815"), 'awaiting-suback')))) && (stryMutAct_9fa48("817") ? flow.phase === 'awaiting-unsuback' : stryMutAct_9fa48("816") ? true : (stryCov_9fa48("816", "817"), flow.phase !== (stryMutAct_9fa48("818") ? "" : (stryCov_9fa48("818"), 'awaiting-unsuback')))));
  }
}

/** A session, or the connection that contains it. */
export type HasSession = SessionState | {
  readonly session: SessionState;
};

/** The session of either. */
export function sessionOf(state: HasSession): SessionState {
  if (stryMutAct_9fa48("819")) {
    {}
  } else {
    stryCov_9fa48("819");
    return (stryMutAct_9fa48("820") ? "" : (stryCov_9fa48("820"), 'session')) in state ? state.session : state;
  }
}
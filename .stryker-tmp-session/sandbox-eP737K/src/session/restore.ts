// @ts-nocheck
// pure: a session made of its stored form, of which nothing is believed.
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
import { InvalidPacketError } from '../errors.js';
import type { PublishProperties } from '../spec/properties.js';
import { refusal } from './failures.js';
import { type QueuedMessage, restoreQueue } from './queue.js';
import { emptySession, type IncomingFlow, isId, type OutgoingFlow, type PublishFlow, publishFlow, type ReleaseFlow, type SessionState, type StoredMessage, type Token } from './state.js';
import { copyOf, copyProperties } from './stored.js';
import { emptyTrie, type Trie, trieSet } from './trie.js';

/**
 * Makes a session of its stored form, which it checks and of which it keeps nothing.
 *
 * Throws InvalidPacketError (`invalid-stored-state`), naming the field, for anything but a stored session.
 *
 * @example
 * importSession(exportSession(emptySession())).nextOrder; // => 1
 * importSession({ format: 2 }); // throws InvalidPacketError
 */
export function importSession(stored: unknown): SessionState {
  if (stryMutAct_9fa48("530")) {
    {}
  } else {
    stryCov_9fa48("530");
    const row = recordOf(stored, stryMutAct_9fa48("531") ? "" : (stryCov_9fa48("531"), 'session'));
    if (stryMutAct_9fa48("534") ? row['format'] === 1 : stryMutAct_9fa48("533") ? false : stryMutAct_9fa48("532") ? true : (stryCov_9fa48("532", "533", "534"), row[stryMutAct_9fa48("535") ? "" : (stryCov_9fa48("535"), 'format')] !== 1)) throw invalid(stryMutAct_9fa48("536") ? "" : (stryCov_9fa48("536"), 'format'));
    const nextOrder = countOf(row[stryMutAct_9fa48("537") ? "" : (stryCov_9fa48("537"), 'nextOrder')], stryMutAct_9fa48("538") ? "" : (stryCov_9fa48("538"), 'nextOrder'), 1);
    const nextPlace = countOf(row[stryMutAct_9fa48("539") ? "" : (stryCov_9fa48("539"), 'nextPlace')], stryMutAct_9fa48("540") ? "" : (stryCov_9fa48("540"), 'nextPlace'), 1);
    const outgoing = listOf(row[stryMutAct_9fa48("541") ? "" : (stryCov_9fa48("541"), 'outgoing')], stryMutAct_9fa48("542") ? "" : (stryCov_9fa48("542"), 'outgoing'), stryMutAct_9fa48("543") ? () => undefined : (stryCov_9fa48("543"), (item, at) => readOutgoing(item, at, nextOrder)));
    const incoming = listOf(row[stryMutAct_9fa48("544") ? "" : (stryCov_9fa48("544"), 'incoming')], stryMutAct_9fa48("545") ? "" : (stryCov_9fa48("545"), 'incoming'), readIncoming);
    const queued = listOf(row[stryMutAct_9fa48("546") ? "" : (stryCov_9fa48("546"), 'queued')], stryMutAct_9fa48("547") ? "" : (stryCov_9fa48("547"), 'queued'), stryMutAct_9fa48("548") ? () => undefined : (stryCov_9fa48("548"), (item, at) => readQueued(item, at, nextPlace)));
    distinct(outgoing, stryMutAct_9fa48("549") ? () => undefined : (stryCov_9fa48("549"), flow => flow.packetId), stryMutAct_9fa48("550") ? "" : (stryCov_9fa48("550"), 'outgoing'), stryMutAct_9fa48("551") ? "" : (stryCov_9fa48("551"), 'packetId'));
    distinct(outgoing, stryMutAct_9fa48("552") ? () => undefined : (stryCov_9fa48("552"), flow => flow.order), stryMutAct_9fa48("553") ? "" : (stryCov_9fa48("553"), 'outgoing'), stryMutAct_9fa48("554") ? "" : (stryCov_9fa48("554"), 'order'));
    distinct(incoming, stryMutAct_9fa48("555") ? () => undefined : (stryCov_9fa48("555"), ([packetId]) => packetId), stryMutAct_9fa48("556") ? "" : (stryCov_9fa48("556"), 'incoming'), stryMutAct_9fa48("557") ? "" : (stryCov_9fa48("557"), 'packetId'));
    distinct(queued, stryMutAct_9fa48("558") ? () => undefined : (stryCov_9fa48("558"), item => item.place), stryMutAct_9fa48("559") ? "" : (stryCov_9fa48("559"), 'queued'), stryMutAct_9fa48("560") ? "" : (stryCov_9fa48("560"), 'place'));
    if (stryMutAct_9fa48("563") ? queued.every(item => nextPlace - item.place > 65_535) : stryMutAct_9fa48("562") ? false : stryMutAct_9fa48("561") ? true : (stryCov_9fa48("561", "562", "563"), queued.some(stryMutAct_9fa48("564") ? () => undefined : (stryCov_9fa48("564"), item => stryMutAct_9fa48("568") ? nextPlace - item.place <= 65_535 : stryMutAct_9fa48("567") ? nextPlace - item.place >= 65_535 : stryMutAct_9fa48("566") ? false : stryMutAct_9fa48("565") ? true : (stryCov_9fa48("565", "566", "567", "568"), (stryMutAct_9fa48("569") ? nextPlace + item.place : (stryCov_9fa48("569"), nextPlace - item.place)) > 65_535))))) throw invalid(stryMutAct_9fa48("570") ? "" : (stryCov_9fa48("570"), 'queued'));
    let flows: Trie<OutgoingFlow> = emptyTrie();
    for (const flow of outgoing) flows = trieSet(flows, flow.packetId, flow);
    let held: Trie<IncomingFlow> = emptyTrie();
    for (const [packetId, flow] of incoming) held = trieSet(held, packetId, flow);
    return stryMutAct_9fa48("571") ? {} : (stryCov_9fa48("571"), {
      ...emptySession(),
      begun: booleanOf(row[stryMutAct_9fa48("572") ? "" : (stryCov_9fa48("572"), 'begun')], stryMutAct_9fa48("573") ? "" : (stryCov_9fa48("573"), 'begun')),
      outgoing: flows,
      nextPacketId: idOf(row[stryMutAct_9fa48("574") ? "" : (stryCov_9fa48("574"), 'nextPacketId')], stryMutAct_9fa48("575") ? "" : (stryCov_9fa48("575"), 'nextPacketId')),
      incoming: held,
      queue: restoreQueue(queued, nextPlace),
      nextOrder
    });
  }
}
function distinct<T>(rows: readonly T[], key: (row: T) => number, list: string, field: string): void {
  if (stryMutAct_9fa48("576")) {
    {}
  } else {
    stryCov_9fa48("576");
    if (stryMutAct_9fa48("579") ? new Set(rows.map(key)).size === rows.length : stryMutAct_9fa48("578") ? false : stryMutAct_9fa48("577") ? true : (stryCov_9fa48("577", "578", "579"), new Set(rows.map(key)).size !== rows.length)) throw invalid(stryMutAct_9fa48("580") ? `` : (stryCov_9fa48("580"), `${list}.${field}`));
  }
}
function readOutgoing(value: unknown, at: string, nextOrder: number): PublishFlow | ReleaseFlow {
  if (stryMutAct_9fa48("581")) {
    {}
  } else {
    stryCov_9fa48("581");
    const row = recordOf(value, at);
    const packetId = idOf(row[stryMutAct_9fa48("582") ? "" : (stryCov_9fa48("582"), 'packetId')], stryMutAct_9fa48("583") ? `` : (stryCov_9fa48("583"), `${at}.packetId`));
    const order = countOf(row[stryMutAct_9fa48("584") ? "" : (stryCov_9fa48("584"), 'order')], stryMutAct_9fa48("585") ? `` : (stryCov_9fa48("585"), `${at}.order`), 1);
    if (stryMutAct_9fa48("589") ? order < nextOrder : stryMutAct_9fa48("588") ? order > nextOrder : stryMutAct_9fa48("587") ? false : stryMutAct_9fa48("586") ? true : (stryCov_9fa48("586", "587", "588", "589"), order >= nextOrder)) throw invalid(stryMutAct_9fa48("590") ? `` : (stryCov_9fa48("590"), `${at}.order`));
    const token = tokenOf(row[stryMutAct_9fa48("591") ? "" : (stryCov_9fa48("591"), 'token')], stryMutAct_9fa48("592") ? `` : (stryCov_9fa48("592"), `${at}.token`));
    const {
      phase
    } = row;
    if (stryMutAct_9fa48("595") ? phase !== 'awaiting-pubcomp' : stryMutAct_9fa48("594") ? false : stryMutAct_9fa48("593") ? true : (stryCov_9fa48("593", "594", "595"), phase === (stryMutAct_9fa48("596") ? "" : (stryCov_9fa48("596"), 'awaiting-pubcomp')))) {
      if (stryMutAct_9fa48("597")) {
        {}
      } else {
        stryCov_9fa48("597");
        return stryMutAct_9fa48("598") ? {} : (stryCov_9fa48("598"), {
          phase,
          packetId,
          order,
          token,
          reasonCode: byteOf(row[stryMutAct_9fa48("599") ? "" : (stryCov_9fa48("599"), 'reasonCode')], stryMutAct_9fa48("600") ? `` : (stryCov_9fa48("600"), `${at}.reasonCode`))
        });
      }
    }
    const message = readMessage(row, at);
    const flow = publishFlow(packetId, order, token, message);
    if (stryMutAct_9fa48("603") ? phase === flow.phase : stryMutAct_9fa48("602") ? false : stryMutAct_9fa48("601") ? true : (stryCov_9fa48("601", "602", "603"), phase !== flow.phase)) throw invalid(stryMutAct_9fa48("604") ? `` : (stryCov_9fa48("604"), `${at}.phase`));
    return flow;
  }
}
function readIncoming(value: unknown, at: string): readonly [number, IncomingFlow] {
  if (stryMutAct_9fa48("605")) {
    {}
  } else {
    stryCov_9fa48("605");
    const row = recordOf(value, at);
    const {
      phase
    } = row;
    if (stryMutAct_9fa48("608") ? phase !== 'delivered' || phase !== 'answered' : stryMutAct_9fa48("607") ? false : stryMutAct_9fa48("606") ? true : (stryCov_9fa48("606", "607", "608"), (stryMutAct_9fa48("610") ? phase === 'delivered' : stryMutAct_9fa48("609") ? true : (stryCov_9fa48("609", "610"), phase !== (stryMutAct_9fa48("611") ? "" : (stryCov_9fa48("611"), 'delivered')))) && (stryMutAct_9fa48("613") ? phase === 'answered' : stryMutAct_9fa48("612") ? true : (stryCov_9fa48("612", "613"), phase !== (stryMutAct_9fa48("614") ? "" : (stryCov_9fa48("614"), 'answered')))))) throw invalid(stryMutAct_9fa48("615") ? `` : (stryCov_9fa48("615"), `${at}.phase`));
    const verdict = byteOf(row[stryMutAct_9fa48("616") ? "" : (stryCov_9fa48("616"), 'verdict')], stryMutAct_9fa48("617") ? `` : (stryCov_9fa48("617"), `${at}.verdict`));
    return stryMutAct_9fa48("618") ? [] : (stryCov_9fa48("618"), [idOf(row[stryMutAct_9fa48("619") ? "" : (stryCov_9fa48("619"), 'packetId')], stryMutAct_9fa48("620") ? `` : (stryCov_9fa48("620"), `${at}.packetId`)), stryMutAct_9fa48("621") ? {} : (stryCov_9fa48("621"), {
      phase,
      verdict,
      connection: 0
    })]);
  }
}
function readQueued(value: unknown, at: string, nextPlace: number): QueuedMessage {
  if (stryMutAct_9fa48("622")) {
    {}
  } else {
    stryCov_9fa48("622");
    const row = recordOf(value, at);
    const place = countOf(row[stryMutAct_9fa48("623") ? "" : (stryCov_9fa48("623"), 'place')], stryMutAct_9fa48("624") ? `` : (stryCov_9fa48("624"), `${at}.place`), 1);
    if (stryMutAct_9fa48("628") ? place < nextPlace : stryMutAct_9fa48("627") ? place > nextPlace : stryMutAct_9fa48("626") ? false : stryMutAct_9fa48("625") ? true : (stryCov_9fa48("625", "626", "627", "628"), place >= nextPlace)) throw invalid(stryMutAct_9fa48("629") ? `` : (stryCov_9fa48("629"), `${at}.place`));
    return stryMutAct_9fa48("630") ? {} : (stryCov_9fa48("630"), {
      place,
      token: tokenOf(row[stryMutAct_9fa48("631") ? "" : (stryCov_9fa48("631"), 'token')], stryMutAct_9fa48("632") ? `` : (stryCov_9fa48("632"), `${at}.token`)),
      message: readMessage(row, at),
      automaticAlias: booleanOf(row[stryMutAct_9fa48("633") ? "" : (stryCov_9fa48("633"), 'automaticAlias')], stryMutAct_9fa48("634") ? `` : (stryCov_9fa48("634"), `${at}.automaticAlias`)),
      bytes: countOf(row[stryMutAct_9fa48("635") ? "" : (stryCov_9fa48("635"), 'bytes')], stryMutAct_9fa48("636") ? `` : (stryCov_9fa48("636"), `${at}.bytes`), 0)
    });
  }
}
function readMessage(row: Record<string, unknown>, at: string): StoredMessage {
  if (stryMutAct_9fa48("637")) {
    {}
  } else {
    stryCov_9fa48("637");
    const {
      topic,
      payload,
      qos,
      retain,
      properties,
      expiresAt
    } = row;
    if (stryMutAct_9fa48("640") ? qos !== 1 || qos !== 2 : stryMutAct_9fa48("639") ? false : stryMutAct_9fa48("638") ? true : (stryCov_9fa48("638", "639", "640"), (stryMutAct_9fa48("642") ? qos === 1 : stryMutAct_9fa48("641") ? true : (stryCov_9fa48("641", "642"), qos !== 1)) && (stryMutAct_9fa48("644") ? qos === 2 : stryMutAct_9fa48("643") ? true : (stryCov_9fa48("643", "644"), qos !== 2)))) throw invalid(stryMutAct_9fa48("645") ? `` : (stryCov_9fa48("645"), `${at}.qos`));
    const packet = stryMutAct_9fa48("646") ? {} : (stryCov_9fa48("646"), {
      type: stryMutAct_9fa48("647") ? "" : (stryCov_9fa48("647"), 'publish'),
      topic,
      payload,
      qos,
      retain,
      packetId: 1,
      properties
    });
    try {
      if (stryMutAct_9fa48("648")) {
        {}
      } else {
        stryCov_9fa48("648");
        // Whatever cannot be sent cannot have been stored.
        encodedLength(packet as Parameters<typeof encodedLength<5>>[0], 5);
      }
    } catch (error) {
      if (stryMutAct_9fa48("649")) {
        {}
      } else {
        stryCov_9fa48("649");
        throw error instanceof InvalidPacketError ? invalid(stryMutAct_9fa48("650") ? `` : (stryCov_9fa48("650"), `${at}.${error.field}`)) : invalid(at);
      }
    }
    const checked = properties as PublishProperties | undefined;
    if (stryMutAct_9fa48("653") ? checked?.topicAlias === undefined : stryMutAct_9fa48("652") ? false : stryMutAct_9fa48("651") ? true : (stryCov_9fa48("651", "652", "653"), (stryMutAct_9fa48("654") ? checked.topicAlias : (stryCov_9fa48("654"), checked?.topicAlias)) !== undefined)) throw invalid(stryMutAct_9fa48("655") ? `` : (stryCov_9fa48("655"), `${at}.properties.topicAlias`));
    return stryMutAct_9fa48("656") ? {} : (stryCov_9fa48("656"), {
      topic: topic as string,
      payload: payload instanceof Uint8Array ? copyOf(payload) : payload as string | undefined,
      qos,
      retain: booleanOf(retain, stryMutAct_9fa48("657") ? `` : (stryCov_9fa48("657"), `${at}.retain`)),
      properties: (stryMutAct_9fa48("660") ? checked !== undefined : stryMutAct_9fa48("659") ? false : stryMutAct_9fa48("658") ? true : (stryCov_9fa48("658", "659", "660"), checked === undefined)) ? undefined : copyProperties(checked),
      expiresAt: (stryMutAct_9fa48("663") ? expiresAt !== undefined : stryMutAct_9fa48("662") ? false : stryMutAct_9fa48("661") ? true : (stryCov_9fa48("661", "662", "663"), expiresAt === undefined)) ? undefined : timeOf(expiresAt, stryMutAct_9fa48("664") ? `` : (stryCov_9fa48("664"), `${at}.expiresAt`))
    });
  }
}

/** The error for what is no stored state. */
export function invalid(field: string): InvalidPacketError {
  if (stryMutAct_9fa48("665")) {
    {}
  } else {
    stryCov_9fa48("665");
    return refusal(stryMutAct_9fa48("666") ? "" : (stryCov_9fa48("666"), 'invalid-stored-state'), field);
  }
}

/** Checks for an object. */
export function recordOf(value: unknown, at: string): Record<string, unknown> {
  if (stryMutAct_9fa48("667")) {
    {}
  } else {
    stryCov_9fa48("667");
    if (stryMutAct_9fa48("670") ? (typeof value !== 'object' || value === null) && Array.isArray(value) : stryMutAct_9fa48("669") ? false : stryMutAct_9fa48("668") ? true : (stryCov_9fa48("668", "669", "670"), (stryMutAct_9fa48("672") ? typeof value !== 'object' && value === null : stryMutAct_9fa48("671") ? false : (stryCov_9fa48("671", "672"), (stryMutAct_9fa48("674") ? typeof value === 'object' : stryMutAct_9fa48("673") ? false : (stryCov_9fa48("673", "674"), typeof value !== (stryMutAct_9fa48("675") ? "" : (stryCov_9fa48("675"), 'object')))) || (stryMutAct_9fa48("677") ? value !== null : stryMutAct_9fa48("676") ? false : (stryCov_9fa48("676", "677"), value === null)))) || Array.isArray(value))) throw invalid(at);
    return value as Record<string, unknown>;
  }
}

/** Checks for an array, and each of its items. */
export function listOf<T>(value: unknown, at: string, read: (item: unknown, at: string) => T): T[] {
  if (stryMutAct_9fa48("678")) {
    {}
  } else {
    stryCov_9fa48("678");
    if (stryMutAct_9fa48("681") ? false : stryMutAct_9fa48("680") ? true : stryMutAct_9fa48("679") ? Array.isArray(value) : (stryCov_9fa48("679", "680", "681"), !Array.isArray(value))) throw invalid(at);
    return value.map(stryMutAct_9fa48("682") ? () => undefined : (stryCov_9fa48("682"), (item, index) => read(item, stryMutAct_9fa48("683") ? `` : (stryCov_9fa48("683"), `${at}[${index}]`))));
  }
}

/** Checks for a Packet Identifier. */
export function idOf(value: unknown, at: string): number {
  if (stryMutAct_9fa48("684")) {
    {}
  } else {
    stryCov_9fa48("684");
    if (stryMutAct_9fa48("687") ? typeof value !== 'number' && !isId(value) : stryMutAct_9fa48("686") ? false : stryMutAct_9fa48("685") ? true : (stryCov_9fa48("685", "686", "687"), (stryMutAct_9fa48("689") ? typeof value === 'number' : stryMutAct_9fa48("688") ? false : (stryCov_9fa48("688", "689"), typeof value !== (stryMutAct_9fa48("690") ? "" : (stryCov_9fa48("690"), 'number')))) || (stryMutAct_9fa48("691") ? isId(value) : (stryCov_9fa48("691"), !isId(value))))) throw invalid(at);
    return value;
  }
}

/** Checks for a whole number that is not below the given one. */
export function countOf(value: unknown, at: string, minimum: number): number {
  if (stryMutAct_9fa48("692")) {
    {}
  } else {
    stryCov_9fa48("692");
    if (stryMutAct_9fa48("695") ? (typeof value !== 'number' || !Number.isSafeInteger(value)) && value < minimum : stryMutAct_9fa48("694") ? false : stryMutAct_9fa48("693") ? true : (stryCov_9fa48("693", "694", "695"), (stryMutAct_9fa48("697") ? typeof value !== 'number' && !Number.isSafeInteger(value) : stryMutAct_9fa48("696") ? false : (stryCov_9fa48("696", "697"), (stryMutAct_9fa48("699") ? typeof value === 'number' : stryMutAct_9fa48("698") ? false : (stryCov_9fa48("698", "699"), typeof value !== (stryMutAct_9fa48("700") ? "" : (stryCov_9fa48("700"), 'number')))) || (stryMutAct_9fa48("701") ? Number.isSafeInteger(value) : (stryCov_9fa48("701"), !Number.isSafeInteger(value))))) || (stryMutAct_9fa48("704") ? value >= minimum : stryMutAct_9fa48("703") ? value <= minimum : stryMutAct_9fa48("702") ? false : (stryCov_9fa48("702", "703", "704"), value < minimum)))) throw invalid(at);
    return value;
  }
}

/** Checks for a time in milliseconds. */
export function timeOf(value: unknown, at: string): number {
  if (stryMutAct_9fa48("705")) {
    {}
  } else {
    stryCov_9fa48("705");
    if (stryMutAct_9fa48("708") ? typeof value !== 'number' && Number.isNaN(value) : stryMutAct_9fa48("707") ? false : stryMutAct_9fa48("706") ? true : (stryCov_9fa48("706", "707", "708"), (stryMutAct_9fa48("710") ? typeof value === 'number' : stryMutAct_9fa48("709") ? false : (stryCov_9fa48("709", "710"), typeof value !== (stryMutAct_9fa48("711") ? "" : (stryCov_9fa48("711"), 'number')))) || Number.isNaN(value))) throw invalid(at);
    return value;
  }
}
function byteOf(value: unknown, at: string): number {
  if (stryMutAct_9fa48("712")) {
    {}
  } else {
    stryCov_9fa48("712");
    if (stryMutAct_9fa48("716") ? countOf(value, at, 0) <= 255 : stryMutAct_9fa48("715") ? countOf(value, at, 0) >= 255 : stryMutAct_9fa48("714") ? false : stryMutAct_9fa48("713") ? true : (stryCov_9fa48("713", "714", "715", "716"), countOf(value, at, 0) > 255)) throw invalid(at);
    return value as number;
  }
}

/** Checks for a boolean. */
export function booleanOf(value: unknown, at: string): boolean {
  if (stryMutAct_9fa48("717")) {
    {}
  } else {
    stryCov_9fa48("717");
    if (stryMutAct_9fa48("720") ? typeof value === 'boolean' : stryMutAct_9fa48("719") ? false : stryMutAct_9fa48("718") ? true : (stryCov_9fa48("718", "719", "720"), typeof value !== (stryMutAct_9fa48("721") ? "" : (stryCov_9fa48("721"), 'boolean')))) throw invalid(at);
    return value;
  }
}

/** Checks for a token, or none. */
export function tokenOf(value: unknown, at: string): Token | undefined {
  if (stryMutAct_9fa48("722")) {
    {}
  } else {
    stryCov_9fa48("722");
    if (stryMutAct_9fa48("725") ? (value === undefined || typeof value === 'string') && typeof value === 'number' : stryMutAct_9fa48("724") ? false : stryMutAct_9fa48("723") ? true : (stryCov_9fa48("723", "724", "725"), (stryMutAct_9fa48("727") ? value === undefined && typeof value === 'string' : stryMutAct_9fa48("726") ? false : (stryCov_9fa48("726", "727"), (stryMutAct_9fa48("729") ? value !== undefined : stryMutAct_9fa48("728") ? false : (stryCov_9fa48("728", "729"), value === undefined)) || (stryMutAct_9fa48("731") ? typeof value !== 'string' : stryMutAct_9fa48("730") ? false : (stryCov_9fa48("730", "731"), typeof value === (stryMutAct_9fa48("732") ? "" : (stryCov_9fa48("732"), 'string')))))) || (stryMutAct_9fa48("734") ? typeof value !== 'number' : stryMutAct_9fa48("733") ? false : (stryCov_9fa48("733", "734"), typeof value === (stryMutAct_9fa48("735") ? "" : (stryCov_9fa48("735"), 'number')))))) return value;
    throw invalid(at);
  }
}
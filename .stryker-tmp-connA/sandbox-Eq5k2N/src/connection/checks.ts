// @ts-nocheck
// pure: whether a packet of the caller may be sent to this peer, before anything of it is (section 3.2.2.3).
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
import type { MqttError } from '../errors.js';
import { refusal, tooLarge } from '../session/failures.js';
import { publishSize, type SendablePublish, sizeOf } from '../session/messages.js';
import type { StoredMessage } from '../session/state.js';
import { isSharedFilter } from '../topics/index.js';
import { type AliasState, outgoingTopic } from './aliases.js';
import { sizeRule } from './fit.js';
import type { SendablePacket, SendableSubscribe, SendableUnsubscribe } from './inputs.js';
import type { Limits } from './limits.js';
import type { Role, Terms } from './state.js';

// A Topic Alias may still be added to a PUBLISH that has none.
const ALIAS_ROOM = 4;

/** The size that a PUBLISH has at most, or why it may not be sent. */
export function checkPublish(packet: SendablePublish, {
  version,
  peers
}: Terms, role: Role, aliases: AliasState): number | MqttError {
  if (stryMutAct_9fa48("199")) {
    {}
  } else {
    stryCov_9fa48("199");
    let size = publishSize(packet, version);
    const limit = peers.maximumPacketSize;
    if (stryMutAct_9fa48("202") ? typeof size === 'number' || size > limit : stryMutAct_9fa48("201") ? false : stryMutAct_9fa48("200") ? true : (stryCov_9fa48("200", "201", "202"), (stryMutAct_9fa48("204") ? typeof size !== 'number' : stryMutAct_9fa48("203") ? true : (stryCov_9fa48("203", "204"), typeof size === (stryMutAct_9fa48("205") ? "" : (stryCov_9fa48("205"), 'number')))) && (stryMutAct_9fa48("208") ? size <= limit : stryMutAct_9fa48("207") ? size >= limit : stryMutAct_9fa48("206") ? true : (stryCov_9fa48("206", "207", "208"), size > limit)))) {
      if (stryMutAct_9fa48("209")) {
        {}
      } else {
        stryCov_9fa48("209");
        size = sizeOf(stryMutAct_9fa48("210") ? {} : (stryCov_9fa48("210"), {
          ...packet,
          ...(packet.qos ? stryMutAct_9fa48("211") ? {} : (stryCov_9fa48("211"), {
            packetId: 1
          }) : {})
        }), version);
      }
    }
    if (stryMutAct_9fa48("214") ? typeof size === 'number' : stryMutAct_9fa48("213") ? false : stryMutAct_9fa48("212") ? true : (stryCov_9fa48("212", "213", "214"), typeof size !== (stryMutAct_9fa48("215") ? "" : (stryCov_9fa48("215"), 'number')))) return size;
    if (stryMutAct_9fa48("219") ? size <= limit : stryMutAct_9fa48("218") ? size >= limit : stryMutAct_9fa48("217") ? false : stryMutAct_9fa48("216") ? true : (stryCov_9fa48("216", "217", "218", "219"), size > limit)) {
      if (stryMutAct_9fa48("220")) {
        {}
      } else {
        stryCov_9fa48("220");
        return tooLarge(size, limit, stryMutAct_9fa48("221") ? {} : (stryCov_9fa48("221"), {
          version,
          packetType: stryMutAct_9fa48("222") ? "" : (stryCov_9fa48("222"), 'publish'),
          statement: sizeRule(role)
        }));
      }
    }
    const {
      properties,
      qos = 0,
      retain
    } = packet;
    if (stryMutAct_9fa48("225") ? role !== 'client' : stryMutAct_9fa48("224") ? false : stryMutAct_9fa48("223") ? true : (stryCov_9fa48("223", "224", "225"), role === (stryMutAct_9fa48("226") ? "" : (stryCov_9fa48("226"), 'client')))) {
      if (stryMutAct_9fa48("227")) {
        {}
      } else {
        stryCov_9fa48("227");
        const refused = checkPublishLimits(qos, stryMutAct_9fa48("230") ? retain !== true : stryMutAct_9fa48("229") ? false : stryMutAct_9fa48("228") ? true : (stryCov_9fa48("228", "229", "230"), retain === (stryMutAct_9fa48("231") ? false : (stryCov_9fa48("231"), true))), peers);
        if (stryMutAct_9fa48("234") ? refused === undefined : stryMutAct_9fa48("233") ? false : stryMutAct_9fa48("232") ? true : (stryCov_9fa48("232", "233", "234"), refused !== undefined)) return refused;
        if (stryMutAct_9fa48("237") ? properties?.subscriptionIdentifiers !== undefined || properties.subscriptionIdentifiers.length > 0 : stryMutAct_9fa48("236") ? false : stryMutAct_9fa48("235") ? true : (stryCov_9fa48("235", "236", "237"), (stryMutAct_9fa48("239") ? properties?.subscriptionIdentifiers === undefined : stryMutAct_9fa48("238") ? true : (stryCov_9fa48("238", "239"), (stryMutAct_9fa48("240") ? properties.subscriptionIdentifiers : (stryCov_9fa48("240"), properties?.subscriptionIdentifiers)) !== undefined)) && (stryMutAct_9fa48("243") ? properties.subscriptionIdentifiers.length <= 0 : stryMutAct_9fa48("242") ? properties.subscriptionIdentifiers.length >= 0 : stryMutAct_9fa48("241") ? true : (stryCov_9fa48("241", "242", "243"), properties.subscriptionIdentifiers.length > 0)))) {
          if (stryMutAct_9fa48("244")) {
            {}
          } else {
            stryCov_9fa48("244");
            const field = stryMutAct_9fa48("245") ? "" : (stryCov_9fa48("245"), 'properties.subscriptionIdentifiers');
            return refusal(stryMutAct_9fa48("246") ? "" : (stryCov_9fa48("246"), 'wrong-sender'), field, stryMutAct_9fa48("247") ? {} : (stryCov_9fa48("247"), {
              version,
              packetType: stryMutAct_9fa48("248") ? "" : (stryCov_9fa48("248"), 'publish'),
              statement: stryMutAct_9fa48("249") ? "" : (stryCov_9fa48("249"), '|3.3.4-6')
            }));
          }
        }
      }
    }
    const alias = stryMutAct_9fa48("250") ? properties.topicAlias : (stryCov_9fa48("250"), properties?.topicAlias);
    if (stryMutAct_9fa48("253") ? alias === undefined : stryMutAct_9fa48("252") ? false : stryMutAct_9fa48("251") ? true : (stryCov_9fa48("251", "252", "253"), alias !== undefined)) {
      if (stryMutAct_9fa48("254")) {
        {}
      } else {
        stryCov_9fa48("254");
        const context = {
          version,
          packetType: 'publish',
          statement: aliasRule(role, peers)
        } as const;
        if (stryMutAct_9fa48("258") ? alias <= peers.topicAliasMaximum : stryMutAct_9fa48("257") ? alias >= peers.topicAliasMaximum : stryMutAct_9fa48("256") ? false : stryMutAct_9fa48("255") ? true : (stryCov_9fa48("255", "256", "257", "258"), alias > peers.topicAliasMaximum)) {
          if (stryMutAct_9fa48("259")) {
            {}
          } else {
            stryCov_9fa48("259");
            return refusal(stryMutAct_9fa48("260") ? "" : (stryCov_9fa48("260"), 'topic-alias-out-of-range'), stryMutAct_9fa48("261") ? "" : (stryCov_9fa48("261"), 'properties.topicAlias'), context);
          }
        }
        if (stryMutAct_9fa48("264") ? packet.topic === '' || outgoingTopic(aliases, alias) === undefined : stryMutAct_9fa48("263") ? false : stryMutAct_9fa48("262") ? true : (stryCov_9fa48("262", "263", "264"), (stryMutAct_9fa48("266") ? packet.topic !== '' : stryMutAct_9fa48("265") ? true : (stryCov_9fa48("265", "266"), packet.topic === (stryMutAct_9fa48("267") ? "Stryker was here!" : (stryCov_9fa48("267"), '')))) && (stryMutAct_9fa48("269") ? outgoingTopic(aliases, alias) !== undefined : stryMutAct_9fa48("268") ? true : (stryCov_9fa48("268", "269"), outgoingTopic(aliases, alias) === undefined)))) {
          if (stryMutAct_9fa48("270")) {
            {}
          } else {
            stryCov_9fa48("270");
            return refusal(stryMutAct_9fa48("271") ? "" : (stryCov_9fa48("271"), 'unknown-topic-alias'), stryMutAct_9fa48("272") ? "" : (stryCov_9fa48("272"), 'properties.topicAlias'), stryMutAct_9fa48("273") ? {} : (stryCov_9fa48("273"), {
              version,
              packetType: stryMutAct_9fa48("274") ? "" : (stryCov_9fa48("274"), 'publish')
            }));
          }
        }
      }
    }
    return size;
  }
}
function aliasRule(role: Role, {
  topicAliasMaximum
}: Limits): string {
  if (stryMutAct_9fa48("275")) {
    {}
  } else {
    stryCov_9fa48("275");
    if (stryMutAct_9fa48("278") ? role !== 'client' : stryMutAct_9fa48("277") ? false : stryMutAct_9fa48("276") ? true : (stryCov_9fa48("276", "277", "278"), role === (stryMutAct_9fa48("279") ? "" : (stryCov_9fa48("279"), 'client')))) return (stryMutAct_9fa48("282") ? topicAliasMaximum !== 0 : stryMutAct_9fa48("281") ? false : stryMutAct_9fa48("280") ? true : (stryCov_9fa48("280", "281", "282"), topicAliasMaximum === 0)) ? stryMutAct_9fa48("283") ? "" : (stryCov_9fa48("283"), '|3.2.2-18') : stryMutAct_9fa48("284") ? "" : (stryCov_9fa48("284"), '|3.2.2-17');
    return (stryMutAct_9fa48("287") ? topicAliasMaximum !== 0 : stryMutAct_9fa48("286") ? false : stryMutAct_9fa48("285") ? true : (stryCov_9fa48("285", "286", "287"), topicAliasMaximum === 0)) ? stryMutAct_9fa48("288") ? "" : (stryCov_9fa48("288"), '|3.1.2-27') : stryMutAct_9fa48("289") ? "" : (stryCov_9fa48("289"), '|3.1.2-26');
  }
}

/** What a server has said it does not take. */
function checkPublishLimits(qos: number, retain: boolean, peers: Limits): MqttError | undefined {
  if (stryMutAct_9fa48("290")) {
    {}
  } else {
    stryCov_9fa48("290");
    if (stryMutAct_9fa48("294") ? qos <= peers.maximumQoS : stryMutAct_9fa48("293") ? qos >= peers.maximumQoS : stryMutAct_9fa48("292") ? false : stryMutAct_9fa48("291") ? true : (stryCov_9fa48("291", "292", "293", "294"), qos > peers.maximumQoS)) {
      if (stryMutAct_9fa48("295")) {
        {}
      } else {
        stryCov_9fa48("295");
        return refusal(stryMutAct_9fa48("296") ? "" : (stryCov_9fa48("296"), 'qos-not-supported'), stryMutAct_9fa48("297") ? "" : (stryCov_9fa48("297"), 'qos'), stryMutAct_9fa48("298") ? {} : (stryCov_9fa48("298"), {
          version: 5,
          packetType: stryMutAct_9fa48("299") ? "" : (stryCov_9fa48("299"), 'publish'),
          statement: stryMutAct_9fa48("300") ? "" : (stryCov_9fa48("300"), '|3.2.2-11')
        }));
      }
    }
    if (stryMutAct_9fa48("303") ? retain || !peers.retainAvailable : stryMutAct_9fa48("302") ? false : stryMutAct_9fa48("301") ? true : (stryCov_9fa48("301", "302", "303"), retain && (stryMutAct_9fa48("304") ? peers.retainAvailable : (stryCov_9fa48("304"), !peers.retainAvailable)))) {
      if (stryMutAct_9fa48("305")) {
        {}
      } else {
        stryCov_9fa48("305");
        const context = {
          version: 5,
          packetType: 'publish',
          statement: '|3.2.2-14'
        } as const;
        return refusal(stryMutAct_9fa48("306") ? "" : (stryCov_9fa48("306"), 'retain-not-supported'), stryMutAct_9fa48("307") ? "" : (stryCov_9fa48("307"), 'retain'), context);
      }
    }
    return undefined;
  }
}

/** Whether a message of an earlier connection, or of the queue, may be sent on this one. */
export function checkMessage(message: StoredMessage, {
  version,
  peers
}: Terms, role: Role): MqttError | undefined {
  if (stryMutAct_9fa48("308")) {
    {}
  } else {
    stryCov_9fa48("308");
    const refused = (stryMutAct_9fa48("311") ? role !== 'client' : stryMutAct_9fa48("310") ? false : stryMutAct_9fa48("309") ? true : (stryCov_9fa48("309", "310", "311"), role === (stryMutAct_9fa48("312") ? "" : (stryCov_9fa48("312"), 'client')))) ? checkPublishLimits(message.qos, message.retain, peers) : undefined;
    if (stryMutAct_9fa48("315") ? refused === undefined : stryMutAct_9fa48("314") ? false : stryMutAct_9fa48("313") ? true : (stryCov_9fa48("313", "314", "315"), refused !== undefined)) return refused;
    const {
      topic,
      payload,
      qos,
      retain
    } = message;
    // A message of MQTT 5.0 goes to a peer of 3.1.1 without them.
    const properties = (stryMutAct_9fa48("318") ? version !== 5 : stryMutAct_9fa48("317") ? false : stryMutAct_9fa48("316") ? true : (stryCov_9fa48("316", "317", "318"), version === 5)) ? message.properties : undefined;
    const packet: SendablePublish = stryMutAct_9fa48("319") ? {} : (stryCov_9fa48("319"), {
      type: stryMutAct_9fa48("320") ? "" : (stryCov_9fa48("320"), 'publish'),
      topic,
      payload,
      qos,
      retain,
      properties
    });
    let size = publishSize(packet, version);
    if (stryMutAct_9fa48("323") ? typeof size === 'number' || size > peers.maximumPacketSize : stryMutAct_9fa48("322") ? false : stryMutAct_9fa48("321") ? true : (stryCov_9fa48("321", "322", "323"), (stryMutAct_9fa48("325") ? typeof size !== 'number' : stryMutAct_9fa48("324") ? true : (stryCov_9fa48("324", "325"), typeof size === (stryMutAct_9fa48("326") ? "" : (stryCov_9fa48("326"), 'number')))) && (stryMutAct_9fa48("329") ? size <= peers.maximumPacketSize : stryMutAct_9fa48("328") ? size >= peers.maximumPacketSize : stryMutAct_9fa48("327") ? true : (stryCov_9fa48("327", "328", "329"), size > peers.maximumPacketSize)))) size = sizeOf(stryMutAct_9fa48("330") ? {} : (stryCov_9fa48("330"), {
      ...packet,
      packetId: 1
    }), version);
    if (stryMutAct_9fa48("333") ? typeof size === 'number' : stryMutAct_9fa48("332") ? false : stryMutAct_9fa48("331") ? true : (stryCov_9fa48("331", "332", "333"), typeof size !== (stryMutAct_9fa48("334") ? "" : (stryCov_9fa48("334"), 'number')))) return size;
    return (stryMutAct_9fa48("338") ? size <= peers.maximumPacketSize : stryMutAct_9fa48("337") ? size >= peers.maximumPacketSize : stryMutAct_9fa48("336") ? false : stryMutAct_9fa48("335") ? true : (stryCov_9fa48("335", "336", "337", "338"), size > peers.maximumPacketSize)) ? tooLarge(size, peers.maximumPacketSize, stryMutAct_9fa48("339") ? {} : (stryCov_9fa48("339"), {
      version,
      packetType: stryMutAct_9fa48("340") ? "" : (stryCov_9fa48("340"), 'publish'),
      statement: sizeRule(role)
    })) : undefined;
  }
}

/** Whether a PUBLISH of that size has room for a Topic Alias. */
export function hasAliasRoom(size: number, limit: number): boolean {
  if (stryMutAct_9fa48("341")) {
    {}
  } else {
    stryCov_9fa48("341");
    return stryMutAct_9fa48("345") ? size + ALIAS_ROOM > limit : stryMutAct_9fa48("344") ? size + ALIAS_ROOM < limit : stryMutAct_9fa48("343") ? false : stryMutAct_9fa48("342") ? true : (stryCov_9fa48("342", "343", "344", "345"), (stryMutAct_9fa48("346") ? size - ALIAS_ROOM : (stryCov_9fa48("346"), size + ALIAS_ROOM)) <= limit);
  }
}

/** Why a SUBSCRIBE or UNSUBSCRIBE may not be sent. */
export function checkRequest(packet: SendableSubscribe | SendableUnsubscribe, {
  version,
  peers
}: Terms, role: Role): MqttError | undefined {
  if (stryMutAct_9fa48("347")) {
    {}
  } else {
    stryCov_9fa48("347");
    const {
      type
    } = packet;
    const context = {
      version,
      packetType: type
    } as const;
    if (stryMutAct_9fa48("350") ? role !== 'server' : stryMutAct_9fa48("349") ? false : stryMutAct_9fa48("348") ? true : (stryCov_9fa48("348", "349", "350"), role === (stryMutAct_9fa48("351") ? "" : (stryCov_9fa48("351"), 'server')))) return refusal(stryMutAct_9fa48("352") ? "" : (stryCov_9fa48("352"), 'wrong-sender'), stryMutAct_9fa48("353") ? "" : (stryCov_9fa48("353"), 'type'), context);
    const size = sizeOf(stryMutAct_9fa48("354") ? {} : (stryCov_9fa48("354"), {
      ...packet,
      packetId: 1
    }), version);
    if (stryMutAct_9fa48("357") ? typeof size === 'number' : stryMutAct_9fa48("356") ? false : stryMutAct_9fa48("355") ? true : (stryCov_9fa48("355", "356", "357"), typeof size !== (stryMutAct_9fa48("358") ? "" : (stryCov_9fa48("358"), 'number')))) return size;
    const limit = peers.maximumPacketSize;
    if (stryMutAct_9fa48("362") ? size <= limit : stryMutAct_9fa48("361") ? size >= limit : stryMutAct_9fa48("360") ? false : stryMutAct_9fa48("359") ? true : (stryCov_9fa48("359", "360", "361", "362"), size > limit)) return tooLarge(size, limit, stryMutAct_9fa48("363") ? {} : (stryCov_9fa48("363"), {
      ...context,
      statement: sizeRule(role)
    }));
    const problem = (stryMutAct_9fa48("366") ? type === 'subscribe' || version === 5 : stryMutAct_9fa48("365") ? false : stryMutAct_9fa48("364") ? true : (stryCov_9fa48("364", "365", "366"), (stryMutAct_9fa48("368") ? type !== 'subscribe' : stryMutAct_9fa48("367") ? true : (stryCov_9fa48("367", "368"), type === (stryMutAct_9fa48("369") ? "" : (stryCov_9fa48("369"), 'subscribe')))) && (stryMutAct_9fa48("371") ? version !== 5 : stryMutAct_9fa48("370") ? true : (stryCov_9fa48("370", "371"), version === 5)))) ? subscriptionProblem(packet, peers) : undefined;
    return (stryMutAct_9fa48("374") ? problem !== undefined : stryMutAct_9fa48("373") ? false : stryMutAct_9fa48("372") ? true : (stryCov_9fa48("372", "373", "374"), problem === undefined)) ? undefined : refusal(problem.code, problem.field, context);
  }
}

/** What a SUBSCRIBE wants and that side of the connection does not offer. */
export function subscriptionProblem(packet: Pick<SendableSubscribe, 'subscriptions' | 'properties'>, limits: Limits): {
  readonly code: SubscriptionProblem;
  readonly reasonCode: number;
  readonly field: string;
} | undefined {
  if (stryMutAct_9fa48("375")) {
    {}
  } else {
    stryCov_9fa48("375");
    const identifier = stryMutAct_9fa48("376") ? packet.properties.subscriptionIdentifier : (stryCov_9fa48("376"), packet.properties?.subscriptionIdentifier);
    if (stryMutAct_9fa48("379") ? identifier !== undefined || !limits.subscriptionIdentifierAvailable : stryMutAct_9fa48("378") ? false : stryMutAct_9fa48("377") ? true : (stryCov_9fa48("377", "378", "379"), (stryMutAct_9fa48("381") ? identifier === undefined : stryMutAct_9fa48("380") ? true : (stryCov_9fa48("380", "381"), identifier !== undefined)) && (stryMutAct_9fa48("382") ? limits.subscriptionIdentifierAvailable : (stryCov_9fa48("382"), !limits.subscriptionIdentifierAvailable)))) {
      if (stryMutAct_9fa48("383")) {
        {}
      } else {
        stryCov_9fa48("383");
        const field = stryMutAct_9fa48("384") ? "" : (stryCov_9fa48("384"), 'properties.subscriptionIdentifier');
        return stryMutAct_9fa48("385") ? {} : (stryCov_9fa48("385"), {
          code: stryMutAct_9fa48("386") ? "" : (stryCov_9fa48("386"), 'subscription-identifiers-not-supported'),
          reasonCode: 0xa1,
          field
        });
      }
    }
    if (stryMutAct_9fa48("389") ? limits.sharedSubscriptionAvailable || limits.wildcardSubscriptionAvailable : stryMutAct_9fa48("388") ? false : stryMutAct_9fa48("387") ? true : (stryCov_9fa48("387", "388", "389"), limits.sharedSubscriptionAvailable && limits.wildcardSubscriptionAvailable)) return undefined;
    for (const [index, {
      topicFilter
    }] of packet.subscriptions.entries()) {
      if (stryMutAct_9fa48("390")) {
        {}
      } else {
        stryCov_9fa48("390");
        const field = stryMutAct_9fa48("391") ? `` : (stryCov_9fa48("391"), `subscriptions[${index}].topicFilter`);
        if (stryMutAct_9fa48("394") ? !limits.sharedSubscriptionAvailable || isSharedFilter(topicFilter) : stryMutAct_9fa48("393") ? false : stryMutAct_9fa48("392") ? true : (stryCov_9fa48("392", "393", "394"), (stryMutAct_9fa48("395") ? limits.sharedSubscriptionAvailable : (stryCov_9fa48("395"), !limits.sharedSubscriptionAvailable)) && isSharedFilter(topicFilter))) {
          if (stryMutAct_9fa48("396")) {
            {}
          } else {
            stryCov_9fa48("396");
            return stryMutAct_9fa48("397") ? {} : (stryCov_9fa48("397"), {
              code: stryMutAct_9fa48("398") ? "" : (stryCov_9fa48("398"), 'shared-subscriptions-not-supported'),
              reasonCode: 0x9e,
              field
            });
          }
        }
        if (stryMutAct_9fa48("401") ? !limits.wildcardSubscriptionAvailable || /[+#]/.test(topicFilter) : stryMutAct_9fa48("400") ? false : stryMutAct_9fa48("399") ? true : (stryCov_9fa48("399", "400", "401"), (stryMutAct_9fa48("402") ? limits.wildcardSubscriptionAvailable : (stryCov_9fa48("402"), !limits.wildcardSubscriptionAvailable)) && (stryMutAct_9fa48("403") ? /[^+#]/ : (stryCov_9fa48("403"), /[+#]/)).test(topicFilter))) {
          if (stryMutAct_9fa48("404")) {
            {}
          } else {
            stryCov_9fa48("404");
            return stryMutAct_9fa48("405") ? {} : (stryCov_9fa48("405"), {
              code: stryMutAct_9fa48("406") ? "" : (stryCov_9fa48("406"), 'wildcard-subscriptions-not-supported'),
              reasonCode: 0xa2,
              field
            });
          }
        }
      }
    }
    return undefined;
  }
}
type SubscriptionProblem = 'subscription-identifiers-not-supported' | 'shared-subscriptions-not-supported' | 'wildcard-subscriptions-not-supported';

/** Why a packet may never be sent to this peer, as things stand. */
export function checkPacket(packet: SendablePacket, terms: Terms, role: Role, aliases: AliasState): MqttError | undefined {
  if (stryMutAct_9fa48("407")) {
    {}
  } else {
    stryCov_9fa48("407");
    if (stryMutAct_9fa48("410") ? packet.type === 'publish' : stryMutAct_9fa48("409") ? false : stryMutAct_9fa48("408") ? true : (stryCov_9fa48("408", "409", "410"), packet.type !== (stryMutAct_9fa48("411") ? "" : (stryCov_9fa48("411"), 'publish')))) return checkRequest(packet, terms, role);
    const size = checkPublish(packet, terms, role, aliases);
    return (stryMutAct_9fa48("414") ? typeof size !== 'number' : stryMutAct_9fa48("413") ? false : stryMutAct_9fa48("412") ? true : (stryCov_9fa48("412", "413", "414"), typeof size === (stryMutAct_9fa48("415") ? "" : (stryCov_9fa48("415"), 'number')))) ? undefined : size;
  }
}
// @ts-nocheck
// pure: the peer's messages: limits, aliases, delivery, and the acknowledgements that are due (section 4.3).
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
import type { DecodedPubrel, PubackPacket, PubrecPacket } from '../packets/acks.js';
import type { DecodedPublish } from '../packets/publish.js';
import { refusal } from '../session/failures.js';
import { FLOW_RULES, incomingMove } from '../session/flows.js';
import { sizeOf } from '../session/messages.js';
import { type IncomingFlow, incomingOf, isId, setIncoming } from '../session/state.js';
import { trieGet } from '../session/trie.js';
import type { AckProperties } from '../spec/properties.js';
import type { PubackReasonCode } from '../spec/reason-codes.js';
import { incomingTopic, learnAlias } from './aliases.js';
import { fail } from './closing.js';
import { fitted } from './fit.js';
import type { AcknowledgeInput } from './inputs.js';
import { addOwed, chainOf, decideOwed, type OwedEntry, removeOwed, UNDECIDED } from './owed.js';
import { broken, emit, hasRoomForReason, refuse, transmit, type Work } from './work.js';

/** A PUBLISH came. */
export function onPublish(w: Work, received: DecodedPublish): void {
  if (stryMutAct_9fa48("1185")) {
    {}
  } else {
    stryCov_9fa48("1185");
    if (stryMutAct_9fa48("1187") ? false : stryMutAct_9fa48("1186") ? true : (stryCov_9fa48("1186", "1187"), breaksLimits(w, received))) return;
    const alias = stryMutAct_9fa48("1188") ? received.properties.topicAlias : (stryCov_9fa48("1188"), received.properties?.topicAlias);
    const packet = (stryMutAct_9fa48("1191") ? alias !== undefined : stryMutAct_9fa48("1190") ? false : stryMutAct_9fa48("1189") ? true : (stryCov_9fa48("1189", "1190", "1191"), alias === undefined)) ? received : withTopic(w, received, alias);
    if (stryMutAct_9fa48("1194") ? packet !== undefined : stryMutAct_9fa48("1193") ? false : stryMutAct_9fa48("1192") ? true : (stryCov_9fa48("1192", "1193", "1194"), packet === undefined)) return;
    if (stryMutAct_9fa48("1197") ? packet.qos !== 0 : stryMutAct_9fa48("1196") ? false : stryMutAct_9fa48("1195") ? true : (stryCov_9fa48("1195", "1196", "1197"), packet.qos === 0)) emit(w, stryMutAct_9fa48("1198") ? {} : (stryCov_9fa48("1198"), {
      type: stryMutAct_9fa48("1199") ? "" : (stryCov_9fa48("1199"), 'deliver'),
      packet
    }));else if (stryMutAct_9fa48("1202") ? packet.qos !== 1 : stryMutAct_9fa48("1201") ? false : stryMutAct_9fa48("1200") ? true : (stryCov_9fa48("1200", "1201", "1202"), packet.qos === 1)) onQos1(w, packet, packet.packetId);else onQos2(w, packet, packet.packetId);
  }
}

/** What we said that we do not take, and what this side may not send. */
function breaksLimits(w: Work, {
  qos,
  retain,
  properties
}: DecodedPublish): boolean {
  if (stryMutAct_9fa48("1203")) {
    {}
  } else {
    stryCov_9fa48("1203");
    const {
      ours,
      version
    } = w.terms;
    const server = stryMutAct_9fa48("1206") ? w.settings.role !== 'server' : stryMutAct_9fa48("1205") ? false : stryMutAct_9fa48("1204") ? true : (stryCov_9fa48("1204", "1205", "1206"), w.settings.role === (stryMutAct_9fa48("1207") ? "" : (stryCov_9fa48("1207"), 'server')));
    if (stryMutAct_9fa48("1211") ? qos <= ours.maximumQoS : stryMutAct_9fa48("1210") ? qos >= ours.maximumQoS : stryMutAct_9fa48("1209") ? false : stryMutAct_9fa48("1208") ? true : (stryCov_9fa48("1208", "1209", "1210", "1211"), qos > ours.maximumQoS)) {
      if (stryMutAct_9fa48("1212")) {
        {}
      } else {
        stryCov_9fa48("1212");
        fail(w, broken(w, stryMutAct_9fa48("1213") ? "" : (stryCov_9fa48("1213"), 'qos-not-supported'), 0x9b, stryMutAct_9fa48("1214") ? "" : (stryCov_9fa48("1214"), 'publish'), stryMutAct_9fa48("1215") ? "" : (stryCov_9fa48("1215"), 'qos'), server ? stryMutAct_9fa48("1216") ? "" : (stryCov_9fa48("1216"), '|3.2.2-11') : undefined));
      }
    } else if (stryMutAct_9fa48("1219") ? version !== 4 : stryMutAct_9fa48("1218") ? false : stryMutAct_9fa48("1217") ? true : (stryCov_9fa48("1217", "1218", "1219"), version === 4)) return stryMutAct_9fa48("1220") ? true : (stryCov_9fa48("1220"), false);else if (stryMutAct_9fa48("1223") ? retain && server || !ours.retainAvailable : stryMutAct_9fa48("1222") ? false : stryMutAct_9fa48("1221") ? true : (stryCov_9fa48("1221", "1222", "1223"), (stryMutAct_9fa48("1225") ? retain || server : stryMutAct_9fa48("1224") ? true : (stryCov_9fa48("1224", "1225"), retain && server)) && (stryMutAct_9fa48("1226") ? ours.retainAvailable : (stryCov_9fa48("1226"), !ours.retainAvailable)))) {
      if (stryMutAct_9fa48("1227")) {
        {}
      } else {
        stryCov_9fa48("1227");
        fail(w, broken(w, stryMutAct_9fa48("1228") ? "" : (stryCov_9fa48("1228"), 'retain-not-supported'), 0x9a, stryMutAct_9fa48("1229") ? "" : (stryCov_9fa48("1229"), 'publish'), stryMutAct_9fa48("1230") ? "" : (stryCov_9fa48("1230"), 'retain'), stryMutAct_9fa48("1231") ? "" : (stryCov_9fa48("1231"), '|3.2.2-14')));
      }
    } else if (stryMutAct_9fa48("1234") ? server || properties?.subscriptionIdentifiers !== undefined : stryMutAct_9fa48("1233") ? false : stryMutAct_9fa48("1232") ? true : (stryCov_9fa48("1232", "1233", "1234"), server && (stryMutAct_9fa48("1236") ? properties?.subscriptionIdentifiers === undefined : stryMutAct_9fa48("1235") ? true : (stryCov_9fa48("1235", "1236"), (stryMutAct_9fa48("1237") ? properties.subscriptionIdentifiers : (stryCov_9fa48("1237"), properties?.subscriptionIdentifiers)) !== undefined)))) {
      if (stryMutAct_9fa48("1238")) {
        {}
      } else {
        stryCov_9fa48("1238");
        const field = stryMutAct_9fa48("1239") ? "" : (stryCov_9fa48("1239"), 'properties.subscriptionIdentifiers');
        fail(w, broken(w, stryMutAct_9fa48("1240") ? "" : (stryCov_9fa48("1240"), 'wrong-sender'), 0x82, stryMutAct_9fa48("1241") ? "" : (stryCov_9fa48("1241"), 'publish'), field, stryMutAct_9fa48("1242") ? "" : (stryCov_9fa48("1242"), '|3.3.4-6')));
      }
    } else return stryMutAct_9fa48("1243") ? true : (stryCov_9fa48("1243"), false);
    return stryMutAct_9fa48("1244") ? false : (stryCov_9fa48("1244"), true);
  }
}

/** The PUBLISH under its full topic and without its alias (section 3.3.2.3.4). */
function withTopic(w: Work, packet: DecodedPublish, alias: number): DecodedPublish | undefined {
  if (stryMutAct_9fa48("1245")) {
    {}
  } else {
    stryCov_9fa48("1245");
    const field = stryMutAct_9fa48("1246") ? "" : (stryCov_9fa48("1246"), 'properties.topicAlias');
    const server = stryMutAct_9fa48("1249") ? w.settings.role !== 'server' : stryMutAct_9fa48("1248") ? false : stryMutAct_9fa48("1247") ? true : (stryCov_9fa48("1247", "1248", "1249"), w.settings.role === (stryMutAct_9fa48("1250") ? "" : (stryCov_9fa48("1250"), 'server')));
    if (stryMutAct_9fa48("1253") ? alias < 1 && alias > w.terms.ours.topicAliasMaximum : stryMutAct_9fa48("1252") ? false : stryMutAct_9fa48("1251") ? true : (stryCov_9fa48("1251", "1252", "1253"), (stryMutAct_9fa48("1256") ? alias >= 1 : stryMutAct_9fa48("1255") ? alias <= 1 : stryMutAct_9fa48("1254") ? false : (stryCov_9fa48("1254", "1255", "1256"), alias < 1)) || (stryMutAct_9fa48("1259") ? alias <= w.terms.ours.topicAliasMaximum : stryMutAct_9fa48("1258") ? alias >= w.terms.ours.topicAliasMaximum : stryMutAct_9fa48("1257") ? false : (stryCov_9fa48("1257", "1258", "1259"), alias > w.terms.ours.topicAliasMaximum)))) {
      if (stryMutAct_9fa48("1260")) {
        {}
      } else {
        stryCov_9fa48("1260");
        const statement = server ? stryMutAct_9fa48("1261") ? "" : (stryCov_9fa48("1261"), '|3.3.2-9') : stryMutAct_9fa48("1262") ? "" : (stryCov_9fa48("1262"), '|3.3.2-11');
        fail(w, broken(w, stryMutAct_9fa48("1263") ? "" : (stryCov_9fa48("1263"), 'topic-alias-out-of-range'), 0x94, stryMutAct_9fa48("1264") ? "" : (stryCov_9fa48("1264"), 'publish'), field, statement));
        return undefined;
      }
    }
    let {
      topic
    } = packet;
    if (stryMutAct_9fa48("1267") ? topic !== '' : stryMutAct_9fa48("1266") ? false : stryMutAct_9fa48("1265") ? true : (stryCov_9fa48("1265", "1266", "1267"), topic === (stryMutAct_9fa48("1268") ? "Stryker was here!" : (stryCov_9fa48("1268"), '')))) {
      if (stryMutAct_9fa48("1269")) {
        {}
      } else {
        stryCov_9fa48("1269");
        const known = incomingTopic(w.aliases, alias);
        if (stryMutAct_9fa48("1272") ? known !== undefined : stryMutAct_9fa48("1271") ? false : stryMutAct_9fa48("1270") ? true : (stryCov_9fa48("1270", "1271", "1272"), known === undefined)) {
          if (stryMutAct_9fa48("1273")) {
            {}
          } else {
            stryCov_9fa48("1273");
            fail(w, broken(w, stryMutAct_9fa48("1274") ? "" : (stryCov_9fa48("1274"), 'unknown-topic-alias'), 0x82, stryMutAct_9fa48("1275") ? "" : (stryCov_9fa48("1275"), 'publish'), field));
            return undefined;
          }
        }
        topic = known;
      }
    } else w.aliases = learnAlias(w.aliases, alias, topic);
    const {
      topicAlias: _,
      ...properties
    } = stryMutAct_9fa48("1276") ? {} : (stryCov_9fa48("1276"), {
      ...packet.properties
    });
    return stryMutAct_9fa48("1277") ? {} : (stryCov_9fa48("1277"), {
      ...packet,
      topic,
      properties
    });
  }
}

/** Whether our Receive Maximum has a slot for one more message of the peer (section 3.3.4); ends it all if not. */
function hasSlot(w: Work): boolean {
  if (stryMutAct_9fa48("1278")) {
    {}
  } else {
    stryCov_9fa48("1278");
    if (stryMutAct_9fa48("1282") ? w.receiving >= w.terms.ours.receiveMaximum : stryMutAct_9fa48("1281") ? w.receiving <= w.terms.ours.receiveMaximum : stryMutAct_9fa48("1280") ? false : stryMutAct_9fa48("1279") ? true : (stryCov_9fa48("1279", "1280", "1281", "1282"), w.receiving < w.terms.ours.receiveMaximum)) return stryMutAct_9fa48("1283") ? false : (stryCov_9fa48("1283"), true);
    const statement = (stryMutAct_9fa48("1286") ? w.settings.role !== 'server' : stryMutAct_9fa48("1285") ? false : stryMutAct_9fa48("1284") ? true : (stryCov_9fa48("1284", "1285", "1286"), w.settings.role === (stryMutAct_9fa48("1287") ? "" : (stryCov_9fa48("1287"), 'server')))) ? stryMutAct_9fa48("1288") ? "" : (stryCov_9fa48("1288"), '|3.3.4-7') : stryMutAct_9fa48("1289") ? "" : (stryCov_9fa48("1289"), '|3.3.4-9');
    fail(w, broken(w, stryMutAct_9fa48("1290") ? "" : (stryCov_9fa48("1290"), 'receive-maximum-exceeded'), 0x93, stryMutAct_9fa48("1291") ? "" : (stryCov_9fa48("1291"), 'publish'), undefined, statement));
    return stryMutAct_9fa48("1292") ? true : (stryCov_9fa48("1292"), false);
  }
}

/** An identifier whose acknowledgement is owed for a message of the other QoS cannot be used again. */
function collides(w: Work, packetId: number, qos: 1 | 2): boolean {
  if (stryMutAct_9fa48("1293")) {
    {}
  } else {
    stryCov_9fa48("1293");
    const entry = (stryMutAct_9fa48("1296") ? w.owed.entries.size !== 0 : stryMutAct_9fa48("1295") ? false : stryMutAct_9fa48("1294") ? true : (stryCov_9fa48("1294", "1295", "1296"), w.owed.entries.size === 0)) ? undefined : trieGet(w.owed.entries, packetId);
    if (stryMutAct_9fa48("1299") ? entry === undefined && entry.qos === qos : stryMutAct_9fa48("1298") ? false : stryMutAct_9fa48("1297") ? true : (stryCov_9fa48("1297", "1298", "1299"), (stryMutAct_9fa48("1301") ? entry !== undefined : stryMutAct_9fa48("1300") ? false : (stryCov_9fa48("1300", "1301"), entry === undefined)) || (stryMutAct_9fa48("1303") ? entry.qos !== qos : stryMutAct_9fa48("1302") ? false : (stryCov_9fa48("1302", "1303"), entry.qos === qos)))) return stryMutAct_9fa48("1304") ? true : (stryCov_9fa48("1304"), false);
    fail(w, broken(w, stryMutAct_9fa48("1305") ? "" : (stryCov_9fa48("1305"), 'packet-id-in-use'), 0x82, stryMutAct_9fa48("1306") ? "" : (stryCov_9fa48("1306"), 'publish'), stryMutAct_9fa48("1307") ? "" : (stryCov_9fa48("1307"), 'packetId'), stryMutAct_9fa48("1308") ? "" : (stryCov_9fa48("1308"), '2.3.1-2|2.2.1-3')));
    return stryMutAct_9fa48("1309") ? false : (stryCov_9fa48("1309"), true);
  }
}
function onQos1(w: Work, packet: DecodedPublish, packetId: number): void {
  if (stryMutAct_9fa48("1310")) {
    {}
  } else {
    stryCov_9fa48("1310");
    if (stryMutAct_9fa48("1313") ? w.settings.acknowledgements !== 'automatic' : stryMutAct_9fa48("1312") ? false : stryMutAct_9fa48("1311") ? true : (stryCov_9fa48("1311", "1312", "1313"), w.settings.acknowledgements === (stryMutAct_9fa48("1314") ? "" : (stryCov_9fa48("1314"), 'automatic')))) {
      if (stryMutAct_9fa48("1315")) {
        {}
      } else {
        stryCov_9fa48("1315");
        if (stryMutAct_9fa48("1318") ? false : stryMutAct_9fa48("1317") ? true : stryMutAct_9fa48("1316") ? hasSlot(w) : (stryCov_9fa48("1316", "1317", "1318"), !hasSlot(w))) return;
        emit(w, stryMutAct_9fa48("1319") ? {} : (stryCov_9fa48("1319"), {
          type: stryMutAct_9fa48("1320") ? "" : (stryCov_9fa48("1320"), 'deliver'),
          packet
        }));
        transmit(w, stryMutAct_9fa48("1321") ? {} : (stryCov_9fa48("1321"), {
          type: stryMutAct_9fa48("1322") ? "" : (stryCov_9fa48("1322"), 'puback'),
          packetId
        }));
        return;
      }
    }
    if (stryMutAct_9fa48("1324") ? false : stryMutAct_9fa48("1323") ? true : (stryCov_9fa48("1323", "1324"), collides(w, packetId, 1))) return;
    const owed = stryMutAct_9fa48("1327") ? w.owed.entries.size > 0 || trieGet(w.owed.entries, packetId) !== undefined : stryMutAct_9fa48("1326") ? false : stryMutAct_9fa48("1325") ? true : (stryCov_9fa48("1325", "1326", "1327"), (stryMutAct_9fa48("1330") ? w.owed.entries.size <= 0 : stryMutAct_9fa48("1329") ? w.owed.entries.size >= 0 : stryMutAct_9fa48("1328") ? true : (stryCov_9fa48("1328", "1329", "1330"), w.owed.entries.size > 0)) && (stryMutAct_9fa48("1332") ? trieGet(w.owed.entries, packetId) === undefined : stryMutAct_9fa48("1331") ? true : (stryCov_9fa48("1331", "1332"), trieGet(w.owed.entries, packetId) !== undefined)));
    const move = incomingMove(1, owed ? stryMutAct_9fa48("1333") ? "" : (stryCov_9fa48("1333"), 'delivered') : stryMutAct_9fa48("1334") ? "" : (stryCov_9fa48("1334"), 'none'), stryMutAct_9fa48("1335") ? "" : (stryCov_9fa48("1335"), 'publish'));
    if (stryMutAct_9fa48("1338") ? move?.deliver === undefined && !hasSlot(w) : stryMutAct_9fa48("1337") ? false : stryMutAct_9fa48("1336") ? true : (stryCov_9fa48("1336", "1337", "1338"), (stryMutAct_9fa48("1340") ? move?.deliver !== undefined : stryMutAct_9fa48("1339") ? false : (stryCov_9fa48("1339", "1340"), (stryMutAct_9fa48("1341") ? move.deliver : (stryCov_9fa48("1341"), move?.deliver)) === undefined)) || (stryMutAct_9fa48("1342") ? hasSlot(w) : (stryCov_9fa48("1342"), !hasSlot(w))))) return;
    stryMutAct_9fa48("1343") ? w.receiving-- : (stryCov_9fa48("1343"), w.receiving++);
    emit(w, stryMutAct_9fa48("1344") ? {} : (stryCov_9fa48("1344"), {
      type: stryMutAct_9fa48("1345") ? "" : (stryCov_9fa48("1345"), 'deliver'),
      packet
    }));
    w.owed = addOwed(w.owed, 1, packetId, UNDECIDED);
  }
}
function onQos2(w: Work, packet: DecodedPublish, packetId: number): void {
  if (stryMutAct_9fa48("1346")) {
    {}
  } else {
    stryCov_9fa48("1346");
    if (stryMutAct_9fa48("1348") ? false : stryMutAct_9fa48("1347") ? true : (stryCov_9fa48("1347", "1348"), collides(w, packetId, 2))) return;
    const {
      connection
    } = w.session;
    const flow = incomingOf(w.session, packetId);
    const automatic = stryMutAct_9fa48("1351") ? w.settings.acknowledgements !== 'automatic' : stryMutAct_9fa48("1350") ? false : stryMutAct_9fa48("1349") ? true : (stryCov_9fa48("1349", "1350", "1351"), w.settings.acknowledgements === (stryMutAct_9fa48("1352") ? "" : (stryCov_9fa48("1352"), 'automatic')));
    if (stryMutAct_9fa48("1355") ? flow !== undefined || flow.connection === connection : stryMutAct_9fa48("1354") ? false : stryMutAct_9fa48("1353") ? true : (stryCov_9fa48("1353", "1354", "1355"), (stryMutAct_9fa48("1357") ? flow === undefined : stryMutAct_9fa48("1356") ? true : (stryCov_9fa48("1356", "1357"), flow !== undefined)) && (stryMutAct_9fa48("1359") ? flow.connection !== connection : stryMutAct_9fa48("1358") ? true : (stryCov_9fa48("1358", "1359"), flow.connection === connection)))) {
      if (stryMutAct_9fa48("1360")) {
        {}
      } else {
        stryCov_9fa48("1360");
        answerAgain(w, packetId, flow, automatic);
        return;
      }
    }
    if (stryMutAct_9fa48("1363") ? false : stryMutAct_9fa48("1362") ? true : stryMutAct_9fa48("1361") ? hasSlot(w) : (stryCov_9fa48("1361", "1362", "1363"), !hasSlot(w))) return;
    stryMutAct_9fa48("1364") ? w.receiving-- : (stryCov_9fa48("1364"), w.receiving++);
    if (stryMutAct_9fa48("1367") ? flow === undefined : stryMutAct_9fa48("1366") ? false : stryMutAct_9fa48("1365") ? true : (stryCov_9fa48("1365", "1366", "1367"), flow !== undefined)) {
      if (stryMutAct_9fa48("1368")) {
        {}
      } else {
        stryCov_9fa48("1368");
        // Seen on an earlier connection, it counts on this one from now on.
        w.session = setIncoming(w.session, packetId, stryMutAct_9fa48("1369") ? {} : (stryCov_9fa48("1369"), {
          ...flow,
          connection
        }));
        answerAgain(w, packetId, flow, automatic);
        return;
      }
    }
    emit(w, stryMutAct_9fa48("1370") ? {} : (stryCov_9fa48("1370"), {
      type: stryMutAct_9fa48("1371") ? "" : (stryCov_9fa48("1371"), 'deliver'),
      packet
    }));
    const phase = automatic ? stryMutAct_9fa48("1372") ? "" : (stryCov_9fa48("1372"), 'answered') : stryMutAct_9fa48("1373") ? "" : (stryCov_9fa48("1373"), 'delivered');
    w.session = setIncoming(w.session, packetId, stryMutAct_9fa48("1374") ? {} : (stryCov_9fa48("1374"), {
      phase,
      verdict: 0,
      connection
    }));
    if (stryMutAct_9fa48("1376") ? false : stryMutAct_9fa48("1375") ? true : (stryCov_9fa48("1375", "1376"), automatic)) transmit(w, stryMutAct_9fa48("1377") ? {} : (stryCov_9fa48("1377"), {
      type: stryMutAct_9fa48("1378") ? "" : (stryCov_9fa48("1378"), 'pubrec'),
      packetId
    }));else w.owed = addOwed(w.owed, 2, packetId, UNDECIDED);
  }
}

/** The same message came once more: it is not delivered again, and answered as soon as it can be. */
function answerAgain(w: Work, packetId: number, flow: IncomingFlow, automatic: boolean): void {
  if (stryMutAct_9fa48("1379")) {
    {}
  } else {
    stryCov_9fa48("1379");
    // Its answer is on the way in its turn.
    if (stryMutAct_9fa48("1382") ? trieGet(w.owed.entries, packetId) === undefined : stryMutAct_9fa48("1381") ? false : stryMutAct_9fa48("1380") ? true : (stryCov_9fa48("1380", "1381", "1382"), trieGet(w.owed.entries, packetId) !== undefined)) return;
    const decided = stryMutAct_9fa48("1385") ? (flow.phase === 'answered' || flow.verdict !== 0) && automatic : stryMutAct_9fa48("1384") ? false : stryMutAct_9fa48("1383") ? true : (stryCov_9fa48("1383", "1384", "1385"), (stryMutAct_9fa48("1387") ? flow.phase === 'answered' && flow.verdict !== 0 : stryMutAct_9fa48("1386") ? false : (stryCov_9fa48("1386", "1387"), (stryMutAct_9fa48("1389") ? flow.phase !== 'answered' : stryMutAct_9fa48("1388") ? false : (stryCov_9fa48("1388", "1389"), flow.phase === (stryMutAct_9fa48("1390") ? "" : (stryCov_9fa48("1390"), 'answered')))) || (stryMutAct_9fa48("1392") ? flow.verdict === 0 : stryMutAct_9fa48("1391") ? false : (stryCov_9fa48("1391", "1392"), flow.verdict !== 0)))) || automatic);
    w.owed = addOwed(w.owed, 2, packetId, decided ? flow.verdict : UNDECIDED);
    sendOwed(w, 2);
  }
}

/** Sends the acknowledgement whose turn it is, and those that waited for it. */
function answerFirst(w: Work, packetId: number, {
  qos,
  previous,
  next
}: OwedEntry, verdict: number, properties: AckProperties | undefined): void {
  if (stryMutAct_9fa48("1393")) {
    {}
  } else {
    stryCov_9fa48("1393");
    w.owed = removeOwed(w.owed, packetId);
    sendVerdict(w, packetId, stryMutAct_9fa48("1394") ? {} : (stryCov_9fa48("1394"), {
      qos,
      verdict,
      properties,
      previous,
      next
    }));
    if (stryMutAct_9fa48("1397") ? next !== 0 || w.phase !== 'closed' : stryMutAct_9fa48("1396") ? false : stryMutAct_9fa48("1395") ? true : (stryCov_9fa48("1395", "1396", "1397"), (stryMutAct_9fa48("1399") ? next === 0 : stryMutAct_9fa48("1398") ? true : (stryCov_9fa48("1398", "1399"), next !== 0)) && (stryMutAct_9fa48("1401") ? w.phase === 'closed' : stryMutAct_9fa48("1400") ? true : (stryCov_9fa48("1400", "1401"), w.phase !== (stryMutAct_9fa48("1402") ? "" : (stryCov_9fa48("1402"), 'closed')))))) sendOwed(w, qos);
  }
}

/** Sends the acknowledgements whose turn it is. */
function sendOwed(w: Work, qos: 1 | 2): void {
  if (stryMutAct_9fa48("1403")) {
    {}
  } else {
    stryCov_9fa48("1403");
    if (stryMutAct_9fa48("1404")) {
      for (; false;) {
        const packetId = chainOf(w.owed, qos).first;
        const entry = packetId === 0 ? undefined : trieGet(w.owed.entries, packetId);
        if (entry === undefined || entry.verdict === UNDECIDED) return;
        w.owed = removeOwed(w.owed, packetId);
        sendVerdict(w, packetId, entry);
        if (w.phase === 'closed') return;
      }
    } else {
      stryCov_9fa48("1404");
      for (;;) {
        if (stryMutAct_9fa48("1405")) {
          {}
        } else {
          stryCov_9fa48("1405");
          const packetId = chainOf(w.owed, qos).first;
          const entry = (stryMutAct_9fa48("1408") ? packetId !== 0 : stryMutAct_9fa48("1407") ? false : stryMutAct_9fa48("1406") ? true : (stryCov_9fa48("1406", "1407", "1408"), packetId === 0)) ? undefined : trieGet(w.owed.entries, packetId);
          if (stryMutAct_9fa48("1411") ? entry === undefined && entry.verdict === UNDECIDED : stryMutAct_9fa48("1410") ? false : stryMutAct_9fa48("1409") ? true : (stryCov_9fa48("1409", "1410", "1411"), (stryMutAct_9fa48("1413") ? entry !== undefined : stryMutAct_9fa48("1412") ? false : (stryCov_9fa48("1412", "1413"), entry === undefined)) || (stryMutAct_9fa48("1415") ? entry.verdict !== UNDECIDED : stryMutAct_9fa48("1414") ? false : (stryCov_9fa48("1414", "1415"), entry.verdict === UNDECIDED)))) return;
          w.owed = removeOwed(w.owed, packetId);
          sendVerdict(w, packetId, entry);
          if (stryMutAct_9fa48("1418") ? w.phase !== 'closed' : stryMutAct_9fa48("1417") ? false : stryMutAct_9fa48("1416") ? true : (stryCov_9fa48("1416", "1417", "1418"), w.phase === (stryMutAct_9fa48("1419") ? "" : (stryCov_9fa48("1419"), 'closed')))) return;
        }
      }
    }
  }
}
function sendVerdict(w: Work, packetId: number, {
  qos,
  verdict,
  properties
}: OwedEntry): void {
  if (stryMutAct_9fa48("1420")) {
    {}
  } else {
    stryCov_9fa48("1420");
    const told = FLOW_RULES[w.terms.version].reasonCodes;
    const flow = (stryMutAct_9fa48("1423") ? qos !== 2 : stryMutAct_9fa48("1422") ? false : stryMutAct_9fa48("1421") ? true : (stryCov_9fa48("1421", "1422", "1423"), qos === 2)) ? incomingOf(w.session, packetId) : undefined;
    const phase = (stryMutAct_9fa48("1426") ? flow !== undefined : stryMutAct_9fa48("1425") ? false : stryMutAct_9fa48("1424") ? true : (stryCov_9fa48("1424", "1425", "1426"), flow === undefined)) ? stryMutAct_9fa48("1427") ? "" : (stryCov_9fa48("1427"), 'delivered') : flow.phase;
    const event = (stryMutAct_9fa48("1430") ? phase !== 'answered' : stryMutAct_9fa48("1429") ? false : stryMutAct_9fa48("1428") ? true : (stryCov_9fa48("1428", "1429", "1430"), phase === (stryMutAct_9fa48("1431") ? "" : (stryCov_9fa48("1431"), 'answered')))) ? stryMutAct_9fa48("1432") ? "" : (stryCov_9fa48("1432"), 'publish') : (stryMutAct_9fa48("1435") ? told || verdict >= 0x80 : stryMutAct_9fa48("1434") ? false : stryMutAct_9fa48("1433") ? true : (stryCov_9fa48("1433", "1434", "1435"), told && (stryMutAct_9fa48("1438") ? verdict < 0x80 : stryMutAct_9fa48("1437") ? verdict > 0x80 : stryMutAct_9fa48("1436") ? true : (stryCov_9fa48("1436", "1437", "1438"), verdict >= 0x80)))) ? stryMutAct_9fa48("1439") ? "" : (stryCov_9fa48("1439"), 'rejected') : stryMutAct_9fa48("1440") ? "" : (stryCov_9fa48("1440"), 'accepted');
    // What is owed was delivered, and for that every event has its move.
    const {
      next
    } = incomingMove(qos, phase, event)!;
    if (stryMutAct_9fa48("1443") ? next !== 'none' : stryMutAct_9fa48("1442") ? false : stryMutAct_9fa48("1441") ? true : (stryCov_9fa48("1441", "1442", "1443"), next === (stryMutAct_9fa48("1444") ? "" : (stryCov_9fa48("1444"), 'none')))) stryMutAct_9fa48("1445") ? w.receiving++ : (stryCov_9fa48("1445"), w.receiving--);
    if (stryMutAct_9fa48("1448") ? flow !== undefined || next === 'none' : stryMutAct_9fa48("1447") ? false : stryMutAct_9fa48("1446") ? true : (stryCov_9fa48("1446", "1447", "1448"), (stryMutAct_9fa48("1450") ? flow === undefined : stryMutAct_9fa48("1449") ? true : (stryCov_9fa48("1449", "1450"), flow !== undefined)) && (stryMutAct_9fa48("1452") ? next !== 'none' : stryMutAct_9fa48("1451") ? true : (stryCov_9fa48("1451", "1452"), next === (stryMutAct_9fa48("1453") ? "" : (stryCov_9fa48("1453"), 'none')))))) w.session = setIncoming(w.session, packetId, undefined);else if (stryMutAct_9fa48("1456") ? flow !== undefined || next !== flow.phase : stryMutAct_9fa48("1455") ? false : stryMutAct_9fa48("1454") ? true : (stryCov_9fa48("1454", "1455", "1456"), (stryMutAct_9fa48("1458") ? flow === undefined : stryMutAct_9fa48("1457") ? true : (stryCov_9fa48("1457", "1458"), flow !== undefined)) && (stryMutAct_9fa48("1460") ? next === flow.phase : stryMutAct_9fa48("1459") ? true : (stryCov_9fa48("1459", "1460"), next !== flow.phase)))) {
      if (stryMutAct_9fa48("1461")) {
        {}
      } else {
        stryCov_9fa48("1461");
        w.session = setIncoming(w.session, packetId, stryMutAct_9fa48("1462") ? {} : (stryCov_9fa48("1462"), {
          phase: stryMutAct_9fa48("1463") ? "" : (stryCov_9fa48("1463"), 'answered'),
          verdict: 0,
          connection: flow.connection
        }));
      }
    }
    if (stryMutAct_9fa48("1466") ? !told && verdict === 0 && properties === undefined : stryMutAct_9fa48("1465") ? false : stryMutAct_9fa48("1464") ? true : (stryCov_9fa48("1464", "1465", "1466"), (stryMutAct_9fa48("1467") ? told : (stryCov_9fa48("1467"), !told)) || (stryMutAct_9fa48("1469") ? verdict === 0 || properties === undefined : stryMutAct_9fa48("1468") ? false : (stryCov_9fa48("1468", "1469"), (stryMutAct_9fa48("1471") ? verdict !== 0 : stryMutAct_9fa48("1470") ? true : (stryCov_9fa48("1470", "1471"), verdict === 0)) && (stryMutAct_9fa48("1473") ? properties !== undefined : stryMutAct_9fa48("1472") ? true : (stryCov_9fa48("1472", "1473"), properties === undefined)))))) {
      if (stryMutAct_9fa48("1474")) {
        {}
      } else {
        stryCov_9fa48("1474");
        transmit(w, (stryMutAct_9fa48("1477") ? qos !== 1 : stryMutAct_9fa48("1476") ? false : stryMutAct_9fa48("1475") ? true : (stryCov_9fa48("1475", "1476", "1477"), qos === 1)) ? stryMutAct_9fa48("1478") ? {} : (stryCov_9fa48("1478"), {
          type: stryMutAct_9fa48("1479") ? "" : (stryCov_9fa48("1479"), 'puback'),
          packetId
        }) : stryMutAct_9fa48("1480") ? {} : (stryCov_9fa48("1480"), {
          type: stryMutAct_9fa48("1481") ? "" : (stryCov_9fa48("1481"), 'pubrec'),
          packetId
        }));
        return;
      }
    }
    const reasonCode = verdict as PubackReasonCode;
    const packet: PubackPacket<5> | PubrecPacket<5> = (stryMutAct_9fa48("1484") ? qos !== 1 : stryMutAct_9fa48("1483") ? false : stryMutAct_9fa48("1482") ? true : (stryCov_9fa48("1482", "1483", "1484"), qos === 1)) ? stryMutAct_9fa48("1485") ? {} : (stryCov_9fa48("1485"), {
      type: stryMutAct_9fa48("1486") ? "" : (stryCov_9fa48("1486"), 'puback'),
      packetId,
      reasonCode,
      properties
    }) : stryMutAct_9fa48("1487") ? {} : (stryCov_9fa48("1487"), {
      type: stryMutAct_9fa48("1488") ? "" : (stryCov_9fa48("1488"), 'pubrec'),
      packetId,
      reasonCode,
      properties
    });
    const fit = fitted(packet, w.terms, w.settings.role);
    if (stryMutAct_9fa48("1490") ? false : stryMutAct_9fa48("1489") ? true : (stryCov_9fa48("1489", "1490"), (stryMutAct_9fa48("1491") ? "" : (stryCov_9fa48("1491"), 'type')) in fit)) transmit(w, fit);else fail(w, fit);
  }
}

/** A PUBREL came: the identifier is free again, and the peer hears so whether it was held or not. */
export function onPubrel(w: Work, {
  packetId
}: DecodedPubrel): void {
  if (stryMutAct_9fa48("1492")) {
    {}
  } else {
    stryCov_9fa48("1492");
    const flow = incomingOf(w.session, packetId);
    if (stryMutAct_9fa48("1495") ? flow !== undefined : stryMutAct_9fa48("1494") ? false : stryMutAct_9fa48("1493") ? true : (stryCov_9fa48("1493", "1494", "1495"), flow === undefined)) {
      if (stryMutAct_9fa48("1496")) {
        {}
      } else {
        stryCov_9fa48("1496");
        transmit(w, hasRoomForReason(w) ? stryMutAct_9fa48("1497") ? {} : (stryCov_9fa48("1497"), {
          type: stryMutAct_9fa48("1498") ? "" : (stryCov_9fa48("1498"), 'pubcomp'),
          packetId,
          reasonCode: 0x92
        }) : stryMutAct_9fa48("1499") ? {} : (stryCov_9fa48("1499"), {
          type: stryMutAct_9fa48("1500") ? "" : (stryCov_9fa48("1500"), 'pubcomp'),
          packetId
        }));
        return;
      }
    }
    if (stryMutAct_9fa48("1503") ? flow.connection !== w.session.connection : stryMutAct_9fa48("1502") ? false : stryMutAct_9fa48("1501") ? true : (stryCov_9fa48("1501", "1502", "1503"), flow.connection === w.session.connection)) stryMutAct_9fa48("1504") ? w.receiving++ : (stryCov_9fa48("1504"), w.receiving--);
    w.session = setIncoming(w.session, packetId, undefined);
    transmit(w, stryMutAct_9fa48("1505") ? {} : (stryCov_9fa48("1505"), {
      type: stryMutAct_9fa48("1506") ? "" : (stryCov_9fa48("1506"), 'pubcomp'),
      packetId
    }));
    if (stryMutAct_9fa48("1509") ? w.owed.pubrecs.first !== 0 : stryMutAct_9fa48("1508") ? false : stryMutAct_9fa48("1507") ? true : (stryCov_9fa48("1507", "1508", "1509"), w.owed.pubrecs.first === 0)) return;
    w.owed = removeOwed(w.owed, packetId);
    // It may have been what others waited for.
    sendOwed(w, 2);
  }
}

/** The application's verdict on a message. */
export function acknowledge(w: Work, input: AcknowledgeInput): void {
  if (stryMutAct_9fa48("1510")) {
    {}
  } else {
    stryCov_9fa48("1510");
    const {
      packetId,
      properties
    } = input;
    const verdict = stryMutAct_9fa48("1511") ? input.reasonCode && 0 : (stryCov_9fa48("1511"), input.reasonCode ?? 0);
    const {
      version
    } = w.terms;
    const context = {
      version,
      packetType: 'puback'
    } as const;
    const entry = isId(packetId) ? trieGet(w.owed.entries, packetId) : undefined;
    const earlier = (stryMutAct_9fa48("1514") ? entry !== undefined : stryMutAct_9fa48("1513") ? false : stryMutAct_9fa48("1512") ? true : (stryCov_9fa48("1512", "1513", "1514"), entry === undefined)) ? incomingOf(w.session, packetId) : undefined;
    const waiting = (stryMutAct_9fa48("1517") ? entry !== undefined : stryMutAct_9fa48("1516") ? false : stryMutAct_9fa48("1515") ? true : (stryCov_9fa48("1515", "1516", "1517"), entry === undefined)) ? isUndecided(earlier) : stryMutAct_9fa48("1520") ? entry.verdict !== UNDECIDED : stryMutAct_9fa48("1519") ? false : stryMutAct_9fa48("1518") ? true : (stryCov_9fa48("1518", "1519", "1520"), entry.verdict === UNDECIDED);
    if (stryMutAct_9fa48("1523") ? w.phase === 'closed' && !waiting : stryMutAct_9fa48("1522") ? false : stryMutAct_9fa48("1521") ? true : (stryCov_9fa48("1521", "1522", "1523"), (stryMutAct_9fa48("1525") ? w.phase !== 'closed' : stryMutAct_9fa48("1524") ? false : (stryCov_9fa48("1524", "1525"), w.phase === (stryMutAct_9fa48("1526") ? "" : (stryCov_9fa48("1526"), 'closed')))) || (stryMutAct_9fa48("1527") ? waiting : (stryCov_9fa48("1527"), !waiting)))) {
      if (stryMutAct_9fa48("1528")) {
        {}
      } else {
        stryCov_9fa48("1528");
        refuse(w, refusal((stryMutAct_9fa48("1531") ? w.phase !== 'closed' : stryMutAct_9fa48("1530") ? false : stryMutAct_9fa48("1529") ? true : (stryCov_9fa48("1529", "1530", "1531"), w.phase === (stryMutAct_9fa48("1532") ? "" : (stryCov_9fa48("1532"), 'closed')))) ? stryMutAct_9fa48("1533") ? "" : (stryCov_9fa48("1533"), 'not-connected') : stryMutAct_9fa48("1534") ? "" : (stryCov_9fa48("1534"), 'unknown-packet-id'), stryMutAct_9fa48("1535") ? "" : (stryCov_9fa48("1535"), 'packetId'), context));
        return;
      }
    }
    if (stryMutAct_9fa48("1538") ? verdict !== 0 && properties !== undefined : stryMutAct_9fa48("1537") ? false : stryMutAct_9fa48("1536") ? true : (stryCov_9fa48("1536", "1537", "1538"), (stryMutAct_9fa48("1540") ? verdict === 0 : stryMutAct_9fa48("1539") ? false : (stryCov_9fa48("1539", "1540"), verdict !== 0)) || (stryMutAct_9fa48("1542") ? properties === undefined : stryMutAct_9fa48("1541") ? false : (stryCov_9fa48("1541", "1542"), properties !== undefined)))) {
      if (stryMutAct_9fa48("1543")) {
        {}
      } else {
        stryCov_9fa48("1543");
        const error = verdictProblem(packetId, verdict, properties);
        if (stryMutAct_9fa48("1546") ? error !== undefined && verdict === 0x10 && w.settings.role === 'client' : stryMutAct_9fa48("1545") ? false : stryMutAct_9fa48("1544") ? true : (stryCov_9fa48("1544", "1545", "1546"), (stryMutAct_9fa48("1548") ? error === undefined : stryMutAct_9fa48("1547") ? false : (stryCov_9fa48("1547", "1548"), error !== undefined)) || (stryMutAct_9fa48("1550") ? verdict === 0x10 || w.settings.role === 'client' : stryMutAct_9fa48("1549") ? false : (stryCov_9fa48("1549", "1550"), (stryMutAct_9fa48("1552") ? verdict !== 0x10 : stryMutAct_9fa48("1551") ? true : (stryCov_9fa48("1551", "1552"), verdict === 0x10)) && (stryMutAct_9fa48("1554") ? w.settings.role !== 'client' : stryMutAct_9fa48("1553") ? true : (stryCov_9fa48("1553", "1554"), w.settings.role === (stryMutAct_9fa48("1555") ? "" : (stryCov_9fa48("1555"), 'client')))))))) {
          if (stryMutAct_9fa48("1556")) {
            {}
          } else {
            stryCov_9fa48("1556");
            refuse(w, stryMutAct_9fa48("1557") ? error && refusal('wrong-sender', 'reasonCode', context) : (stryCov_9fa48("1557"), error ?? refusal(stryMutAct_9fa48("1558") ? "" : (stryCov_9fa48("1558"), 'wrong-sender'), stryMutAct_9fa48("1559") ? "" : (stryCov_9fa48("1559"), 'reasonCode'), context)));
            return;
          }
        }
      }
    }
    if (stryMutAct_9fa48("1562") ? entry !== undefined || chainOf(w.owed, entry.qos).first === packetId : stryMutAct_9fa48("1561") ? false : stryMutAct_9fa48("1560") ? true : (stryCov_9fa48("1560", "1561", "1562"), (stryMutAct_9fa48("1564") ? entry === undefined : stryMutAct_9fa48("1563") ? true : (stryCov_9fa48("1563", "1564"), entry !== undefined)) && (stryMutAct_9fa48("1566") ? chainOf(w.owed, entry.qos).first !== packetId : stryMutAct_9fa48("1565") ? true : (stryCov_9fa48("1565", "1566"), chainOf(w.owed, entry.qos).first === packetId)))) {
      if (stryMutAct_9fa48("1567")) {
        {}
      } else {
        stryCov_9fa48("1567");
        answerFirst(w, packetId, entry, verdict, properties);
        return;
      }
    }
    if (stryMutAct_9fa48("1570") ? entry === undefined : stryMutAct_9fa48("1569") ? false : stryMutAct_9fa48("1568") ? true : (stryCov_9fa48("1568", "1569", "1570"), entry !== undefined)) w.owed = decideOwed(w.owed, packetId, entry, verdict, properties);
    const flow = (stryMutAct_9fa48("1573") ? entry?.qos !== 1 : stryMutAct_9fa48("1572") ? false : stryMutAct_9fa48("1571") ? true : (stryCov_9fa48("1571", "1572", "1573"), (stryMutAct_9fa48("1574") ? entry.qos : (stryCov_9fa48("1574"), entry?.qos)) === 1)) ? undefined : incomingOf(w.session, packetId);
    if (stryMutAct_9fa48("1577") ? flow === undefined : stryMutAct_9fa48("1576") ? false : stryMutAct_9fa48("1575") ? true : (stryCov_9fa48("1575", "1576", "1577"), flow !== undefined)) keepVerdict(w, packetId, flow, verdict);
  }
}

/**
 * Keeps a verdict that cannot be told yet with the session: its turn has not come, or no PUBLISH of this connection
 * asks for it. Should the connection go before, the peer hears it when it sends the message again.
 */
function keepVerdict(w: Work, packetId: number, flow: IncomingFlow, verdict: number): void {
  if (stryMutAct_9fa48("1578")) {
    {}
  } else {
    stryCov_9fa48("1578");
    const rejected = stryMutAct_9fa48("1581") ? FLOW_RULES[w.terms.version].reasonCodes || verdict >= 0x80 : stryMutAct_9fa48("1580") ? false : stryMutAct_9fa48("1579") ? true : (stryCov_9fa48("1579", "1580", "1581"), FLOW_RULES[w.terms.version].reasonCodes && (stryMutAct_9fa48("1584") ? verdict < 0x80 : stryMutAct_9fa48("1583") ? verdict > 0x80 : stryMutAct_9fa48("1582") ? true : (stryCov_9fa48("1582", "1583", "1584"), verdict >= 0x80)));
    const phase = rejected ? stryMutAct_9fa48("1585") ? "" : (stryCov_9fa48("1585"), 'delivered') : stryMutAct_9fa48("1586") ? "" : (stryCov_9fa48("1586"), 'answered');
    w.session = setIncoming(w.session, packetId, stryMutAct_9fa48("1587") ? {} : (stryCov_9fa48("1587"), {
      ...flow,
      phase,
      verdict: rejected ? verdict : 0
    }));
  }
}
function isUndecided(flow: IncomingFlow | undefined): boolean {
  if (stryMutAct_9fa48("1588")) {
    {}
  } else {
    stryCov_9fa48("1588");
    return stryMutAct_9fa48("1591") ? flow !== undefined && flow.phase === 'delivered' || flow.verdict === 0 : stryMutAct_9fa48("1590") ? false : stryMutAct_9fa48("1589") ? true : (stryCov_9fa48("1589", "1590", "1591"), (stryMutAct_9fa48("1593") ? flow !== undefined || flow.phase === 'delivered' : stryMutAct_9fa48("1592") ? true : (stryCov_9fa48("1592", "1593"), (stryMutAct_9fa48("1595") ? flow === undefined : stryMutAct_9fa48("1594") ? true : (stryCov_9fa48("1594", "1595"), flow !== undefined)) && (stryMutAct_9fa48("1597") ? flow.phase !== 'delivered' : stryMutAct_9fa48("1596") ? true : (stryCov_9fa48("1596", "1597"), flow.phase === (stryMutAct_9fa48("1598") ? "" : (stryCov_9fa48("1598"), 'delivered')))))) && (stryMutAct_9fa48("1600") ? flow.verdict !== 0 : stryMutAct_9fa48("1599") ? true : (stryCov_9fa48("1599", "1600"), flow.verdict === 0)));
  }
}
function verdictProblem(packetId: number, reasonCode: number, properties: AckProperties | undefined): Exclude<ReturnType<typeof sizeOf>, number> | undefined {
  if (stryMutAct_9fa48("1601")) {
    {}
  } else {
    stryCov_9fa48("1601");
    const size = sizeOf(stryMutAct_9fa48("1602") ? {} : (stryCov_9fa48("1602"), {
      type: stryMutAct_9fa48("1603") ? "" : (stryCov_9fa48("1603"), 'puback'),
      packetId,
      reasonCode,
      properties
    }), 5);
    return (stryMutAct_9fa48("1606") ? typeof size !== 'number' : stryMutAct_9fa48("1605") ? false : stryMutAct_9fa48("1604") ? true : (stryCov_9fa48("1604", "1605", "1606"), typeof size === (stryMutAct_9fa48("1607") ? "" : (stryCov_9fa48("1607"), 'number')))) ? undefined : size;
  }
}
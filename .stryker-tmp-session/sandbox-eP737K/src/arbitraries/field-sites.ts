// @ts-nocheck
// pure: what can be wrong with the fields of each packet, properties and reason codes apart.
import * as fc from 'fast-check';
import type { PacketType, ProtocolVersion } from '../errors.js';
import * as faults from './faults.js';
import { type Loose, type Site, withFields, withProperties, withWill } from './sites.js';
import { packetId } from './values.js';

const withoutAlias = withProperties({ topicAlias: undefined });
const atQoS1 = withFields({ qos: 1, packetId: 1 });
const withUsername = withFields({ username: '' });

const OPTIONS = ['noLocal', 'retainAsPublished', 'retainHandling'];

/** The fields that a packet has in both versions. */
export function fieldSites(type: PacketType, version: ProtocolVersion): Site[] {
  const id: Site[] = [[['packetId'], [...faults.whole(1, 65_535), ...faults.MISSING]]];
  switch (type) {
    case 'connect':
      return [
        [
          ['protocolVersion'],
          [['value-out-of-range', fc.constantFrom<unknown[]>(9 - version, 3, '5', null, undefined)]],
        ],
        [['clientId'], [...faults.TEXT, ...faults.MISSING]],
        [['cleanStart'], faults.FLAG, withFields({ clientId: 'a' })],
        [['keepAlive'], [...faults.whole(0, 65_535), ...faults.MISSING]],
        [['will'], [['wrong-type', fc.constantFrom<unknown[]>(null, 'a', 7, true)]]],
        [['will', 'topic'], [...faults.TOPIC, ...faults.MISSING], withWill],
        [['will', 'payload'], faults.BYTES_OR_TEXT, withWill],
        [['will', 'qos'], faults.QOS, withWill],
        [['will', 'retain'], faults.FLAG, withWill],
        [['username'], faults.TEXT],
        [['password'], faults.BYTES_OR_TEXT, withUsername],
        ...(version === 4 ? CONNECT_4 : []),
      ];
    case 'connack':
      return [
        [['sessionPresent'], faults.FLAG],
        [
          ['sessionPresent'],
          [['session-present-with-refusal', fc.constant(true)]],
          withFields({ reasonCode: version === 4 ? 3 : 0x83 }),
        ],
      ];
    case 'publish':
      return [
        [['topic'], [...faults.TOPIC, ...faults.MISSING], version === 4 ? undefined : withoutAlias],
        [['payload'], faults.PAYLOAD],
        [['qos'], faults.QOS],
        [['retain'], faults.FLAG],
        [['dup'], faults.FLAG, atQoS1],
        [['dup'], [['dup-with-qos-0', fc.constant(true)]], withFields({ qos: 0, packetId: undefined })],
        [['packetId'], [...faults.whole(1, 65_535), ...faults.MISSING], atQoS1],
        [
          ['packetId'],
          [['not-in-this-packet', fc.oneof(packetId, fc.constantFrom(0, null))]],
          withFields({ qos: 0, dup: false }),
        ],
      ];
    case 'subscribe':
      return [...id, [['subscriptions'], [...faults.LIST, ...faults.MISSING]], ...subscriptionSites(version)];
    case 'unsubscribe':
      return [
        ...id,
        [['topicFilters'], [...faults.LIST, ...faults.MISSING]],
        [
          ['topicFilters', 'last'],
          [...faults.topicFilterFaults(version), ...faults.MISSING],
        ],
      ];
    case 'pingreq':
    case 'pingresp':
    case 'disconnect':
    case 'auth':
      return [];
    default:
      return id;
  }
}

const CONNECT_4: Site[] = [
  [
    ['password'],
    [['password-without-username', fc.constantFrom('', new Uint8Array(1))]],
    withFields({ username: undefined }),
  ],
  [['clientId'], [['value-out-of-range', fc.constant('')]], withFields({ cleanStart: false })],
];

function subscriptionSites(version: ProtocolVersion): Site[] {
  const last = ['subscriptions', 'last'];
  const sites: Site[] = [
    // Without No Local: with it, some of these filters would be wrong twice.
    [
      [...last, 'topicFilter'],
      [...faults.topicFilterFaults(version), ...faults.MISSING],
      withSubscription({}),
    ],
    [[...last, 'qos'], faults.QOS],
  ];
  if (version === 4)
    return [...sites, ...OPTIONS.map((name): Site => [[...last, name], faults.NOT_IN_VERSION_4])];
  const shared = withSubscription({ topicFilter: '$share/g/a' });
  return [
    ...sites,
    [[...last, 'noLocal'], faults.FLAG],
    [[...last, 'retainAsPublished'], faults.FLAG],
    [[...last, 'retainHandling'], faults.whole(0, 2)],
    [[...last, 'noLocal'], [['no-local-on-shared-subscription', fc.constant(true)]], shared],
  ];
}

const withSubscription =
  (more: Loose) =>
  (packet: Loose): Loose => {
    const subscriptions = [...(packet['subscriptions'] as Loose[]), { topicFilter: 'a', qos: 0, ...more }];
    return { ...packet, subscriptions };
  };

// @ts-nocheck
import type { DecodedPacket } from '../../src/index.js';
import type { Version } from './mosquitto.js';
import type { CuttingProxy, Passing, Side, Verdict } from './proxy.js';

/** A packet of an exchange. */
export type Stage = 'publish' | 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';

/** Where the connection is cut. */
export interface Case {
  readonly version: Version;
  readonly qos: 1 | 2;
  readonly stage: Stage;
  readonly cut: 'before' | 'within' | 'after';
}

const STAGES: readonly (readonly [1 | 2, Stage])[] = [
  [1, 'publish'],
  [1, 'puback'],
  [2, 'publish'],
  [2, 'pubrec'],
  [2, 'pubrel'],
  [2, 'pubcomp'],
];

/** Every cut of every exchange, with a title. */
export const CASES: readonly (readonly [string, Case])[] = ([4, 5] as const).flatMap((version) =>
  STAGES.flatMap(([qos, stage]) =>
    (['before', 'within', 'after'] as const).map((cut) => {
      const title = `version ${version}, QoS ${qos}, ${cut} ${stage.toUpperCase()}`;
      return [title, { version, qos, stage, cut }] as const;
    }),
  ),
);

/** What the sender knows after the cut: whether the receiver has taken the message, or has even let go of it. */
export function progress({ stage, cut }: Case): 'sent' | 'received' | 'over' {
  const read = cut === 'after';
  if (stage === 'publish') return 'sent';
  if (stage === 'puback') return read ? 'over' : 'sent';
  if (stage === 'pubrec') return read ? 'received' : 'sent';
  return stage === 'pubcomp' && read ? 'over' : 'received';
}

/** Cuts once, at that stage of the message `two`, whose packet identifier it gives back. */
export function cutAt(proxy: CuttingProxy, sender: Side, { stage, cut }: Case): { packetId(): number } {
  let packetId = 0;
  let done = false;
  proxy.judge = ({ from, packet }: Passing) => {
    if (done) return 'pass';
    if (packet.type === 'publish' && from === sender && new TextDecoder().decode(packet.payload) === 'two') {
      packetId = packet.packetId ?? 0;
    }
    if (packet.type !== stage || packetId === 0 || packet.packetId !== packetId) return 'pass';
    done = true;
    return cut;
  };
  return { packetId: () => packetId };
}

/** Each message once: the first time it came. */
export const firsts = (list: readonly string[]): string[] => [...new Set(list)];

/** The packet identifiers of all packets of a type. */
export const idsOf = (packets: readonly DecodedPacket[], type: Stage): number[] =>
  packets.flatMap((packet) =>
    packet.type === type && packet.packetId !== undefined ? [packet.packetId] : [],
  );

const WAYS: readonly Verdict[] = ['before', 'within', 'after', 'reset'];

/** Cuts the first connections, each at a packet and in a way that the dice choose. */
export function cutAtRandom(proxy: CuttingProxy, roll: (limit: number) => number, cuts: number): void {
  let left = 0;
  let connection = 0;
  proxy.judge = (passing) => {
    if (passing.connection > cuts) return 'pass';
    if (passing.connection !== connection) {
      connection = passing.connection;
      left = 1 + roll(24);
    }
    return --left === 0 ? WAYS[roll(WAYS.length)]! : 'pass';
  };
}

/** The most messages of QoS 1 and 2 that one side had under way on one connection. */
export function mostUnderWay({ passed }: CuttingProxy, sender: Side): number {
  let connection = 0;
  let most = 0;
  const ids = new Set<number>();
  for (const { connection: number, from, packet } of passed) {
    if (number !== connection) ids.clear();
    connection = number;
    if (!('packetId' in packet) || packet.packetId === undefined) continue;
    if (from === sender && (packet.type === 'publish' || packet.type === 'pubrel')) ids.add(packet.packetId);
    if (from !== sender && (packet.type === 'puback' || packet.type === 'pubcomp'))
      ids.delete(packet.packetId);
    most = Math.max(most, ids.size);
  }
  return most;
}

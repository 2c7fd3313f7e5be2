// @ts-nocheck
import type { DeliverAction, Outcome } from '../../src/connection/index.js';
import type { Token } from '../../src/session/index.js';
import type { HostKind } from './hosts.js';
import { type Message, numberOf, type QoS } from './setup.js';
import { demand } from './violation.js';

/** A message that the application of this side has sent, and how it ended. */
export interface Sent {
  readonly message: Message;
  readonly outcome?: Outcome['kind'];
  /** How far it had come when the session was lost. */
  readonly progress?: string;
}

/** A message of the peer that this side's application got. */
export interface Delivered {
  readonly qos: QoS;
  /** How often it got it, not counting the times that it refused it. */
  readonly times: number;
  readonly packetId: number;
}

/** What the world outside has seen of one side: nothing in it is ever forgotten, whatever crashes. */
export interface Ledger {
  readonly sent: Readonly<Record<number, Sent>>;
  readonly delivered: Readonly<Record<number, Delivered>>;
  /** The last message delivered on this connection, by QoS. */
  readonly latest: Readonly<Record<QoS, number>>;
  /** The last message that was delivered for the first time, by QoS. */
  readonly highest: Readonly<Record<QoS, number>>;
  readonly crashed: boolean;
  /** Whether the session was once lost with its store. */
  readonly forgot: boolean;
}

const NONE_YET = { 0: -1, 1: -1, 2: -1 };

export const EMPTY_LEDGER: Ledger = {
  sent: {},
  delivered: {},
  latest: NONE_YET,
  highest: NONE_YET,
  crashed: false,
  forgot: false,
};

/** A connection is over. */
export const connectionOver = (ledger: Ledger): Ledger => ({ ...ledger, latest: NONE_YET });

/** The process died. */
export const crashed = (ledger: Ledger): Ledger => ({ ...connectionOver(ledger), crashed: true });

/** The session is lost with its store, and the host tells the application so. */
export function forgotten(ledger: Ledger): Ledger {
  const sent = Object.entries(ledger.sent).map(([number, row]): [string, Sent] => [
    number,
    row.outcome === undefined ? { ...row, outcome: 'session-lost' } : row,
  ]);
  return { ...ledger, sent: Object.fromEntries(sent), forgot: true };
}

/** The application handed a message over. */
export function recordSent(ledger: Ledger, message: Message): Ledger {
  return { ...ledger, sent: { ...ledger.sent, [message.number]: { message } } };
}

/** Something sent has come to its end, for the first and last time. */
export function recordSettled(ledger: Ledger, token: Token | undefined, outcome: Outcome): Ledger {
  if (typeof token !== 'number') return ledger;
  const row = ledger.sent[token];
  demand(row !== undefined, `m${token} is settled and was never sent`);
  demand(row.outcome === undefined, `m${token} is settled twice: ${row.outcome}, then ${outcome.kind}`);
  const progress = outcome.kind === 'session-lost' ? { progress: outcome.progress } : {};
  return { ...ledger, sent: { ...ledger.sent, [token]: { ...row, outcome: outcome.kind, ...progress } } };
}

/** The application refused a message that it had got: it is as if it had not. */
export function recordRejected(ledger: Ledger, number: number): Ledger {
  const row = ledger.delivered[number];
  if (row === undefined) return ledger;
  return { ...ledger, delivered: { ...ledger.delivered, [number]: { ...row, times: row.times - 1 } } };
}

/** The application got a message: not twice where that is promised, and in order. */
export function recordDelivered(ledger: Ledger, { packet }: DeliverAction, host: HostKind): Ledger {
  const number = numberOf(packet.payload);
  const { qos } = packet;
  const before = ledger.delivered[number];
  const times = (before?.times ?? 0) + 1;
  const mayRepeat =
    qos === 1 || (qos === 2 && (ledger.forgot || (host === 'deliver-first' && ledger.crashed)));
  demand(times === 1 || mayRepeat, `m${number} of QoS ${qos} is delivered twice`);
  demand(number > ledger.latest[qos], `m${number} of QoS ${qos} is out of order on its connection`);
  const isNext = before !== undefined || number > ledger.highest[qos];
  demand(isNext || ledger.forgot, `m${number} of QoS ${qos} comes late`);
  return {
    ...ledger,
    // More than two is no different from two, and bounds the number of states.
    delivered: {
      ...ledger.delivered,
      [number]: { qos, times: Math.min(times, 2), packetId: packet.packetId ?? 0 },
    },
    latest: { ...ledger.latest, [qos]: number },
    highest: { ...ledger.highest, [qos]: Math.max(number, ledger.highest[qos]) },
  };
}

/** Whether each message of one side came to its end, and to the other side as often as it had to. */
export function balance(sender: Ledger, receiver: Ledger, host: HostKind): void {
  for (const { message, outcome, progress } of Object.values(sender.sent)) {
    const { number, qos } = message;
    const times = receiver.delivered[number]?.times ?? 0;
    const name = `m${number} of QoS ${qos}`;
    demand(outcome !== undefined, `${name} is never settled`);
    const lost = host === 'store-first' && receiver.crashed && qos === 2;
    if ((outcome === 'acknowledged' || progress === 'received') && !lost) {
      demand(times > 0, `${name} is acknowledged and was never delivered`);
    }
    const never = outcome === 'expired' || progress === 'queued';
    demand(!never || times === 0, `${name} is delivered and was never sent`);
    const again = qos === 1 || receiver.forgot || (host === 'deliver-first' && receiver.crashed);
    demand(outcome !== 'refused' || again || times === 0, `${name} was refused and is delivered`);
  }
}

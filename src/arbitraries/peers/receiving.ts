// owned: messages that the peer under test sends, and whether it may send them so.
import type { Sender } from '../../bytes/settings.js';
import type { DecodedPublish } from '../../packets/publish.js';
import type { Trial } from './trial.js';
import { payloadWords } from './words.js';

/** A message of QoS 1 or 2 of the peer, by its Packet Identifier. */
interface Flow {
  readonly content: string;
  readonly line: string;
  readonly qos: 1 | 2;
  /** The place of its first PUBLISH that was seen. */
  readonly order: number;
  /** The last connection on which the peer sent something of it. */
  seen: number;
  /** `answered`: PUBREC was sent; `released`: PUBREL has come; `closed`: the last acknowledgement was sent. */
  phase: 'open' | 'answered' | 'released' | 'closed';
}

/** What a PUBLISH is: a message that was not there, or one that was. */
export type News = 'new' | 'again';

const contentOf = ({ topic, qos, payload }: DecodedPublish): string =>
  `${qos} ${topic} ${String.fromCharCode(...payload.subarray(0, 1_000))}`;

/** The receiver's side of QoS 1 and 2; it knows what a sender may do, over all connections of a session. */
export class Receiving {
  #flows = new Map<number, Flow>();
  #connection = 0;
  /** Whether the session is older than the connection. */
  #isResumed = false;
  #order = 0;
  /** The highest order among what was resent on this connection, by what has to be in order. */
  #resent = new Map<string, number>();
  /** Identifiers of PUBRECs sent on this connection whose PUBREL has not come. */
  #recs: number[] = [];
  /** Identifiers that were published on this connection and are not done. */
  #inFlight = new Set<number>();
  receiveMaximum = 65_535;

  constructor(
    readonly trial: Trial,
    readonly who: string,
    readonly peer: Sender,
  ) {}

  /** A connection stands, with the session of the last one or with a new one. */
  begin(isResumed: boolean, receiveMaximum: number | undefined): void {
    if (!isResumed) this.#flows.clear();
    this.#connection++;
    this.#isResumed = isResumed;
    this.#resent.clear();
    this.#recs = [];
    this.#inFlight.clear();
    this.receiveMaximum = receiveMaximum ?? 65_535;
  }

  /** What we have acknowledged to the end. */
  closed(): readonly number[] {
    return [...this.#flows].filter(([, { phase }]) => phase === 'closed').map(([id]) => id);
  }

  /** The peer has surely read the acknowledgements of those. */
  confirm(ids: readonly number[]): void {
    for (const id of ids) if (this.#flows.get(id)?.phase === 'closed') this.#flows.delete(id);
  }

  /** A PUBLISH of QoS 1 or 2 has come, while those identifiers are taken by requests of the peer. */
  publish(packet: DecodedPublish, requests: ReadonlySet<number> = new Set()): News {
    const { qos, packetId, dup } = packet;
    if (qos === 0) return 'new';
    const { trial, who } = this;
    const name = `PUBLISH ${payloadWords(packet.payload)} of identifier ${packetId}`;
    if (requests.has(packetId)) trial.accuse('packet-id-in-use', `${who} gets ${name}, which a request has`);
    const content = contentOf(packet);
    const known = this.#flows.get(packetId);
    const isOver = known === undefined || (known.phase === 'closed' && !this.#mayReturn(known, packet));
    this.#inFlight.add(packetId);
    const most = this.receiveMaximum;
    trial.demand(
      this.#inFlight.size <= most,
      'receive-maximum',
      `${who} gets ${name}: ${this.#inFlight.size} messages are not acknowledged, and ${most} may be`,
    );
    if (isOver) {
      const mayBeSecond = !dup || this.#isResumed;
      const isLost = this.peer === 'client' && this.#connection > 1;
      trial.demand(
        mayBeSecond,
        isLost ? 'discards-a-lost-session' : 'no-dup-on-a-first-send',
        `${who} gets ${name} with DUP, and the session is a new one`,
      );
      const line = this.peer === 'client' ? '' : `${qos} ${packet.topic}`;
      const order = ++this.#order;
      this.#flows.set(packetId, { content, line, qos, order, seen: this.#connection, phase: 'open' });
      if (dup) this.#checkOrder(name, line, order);
      return 'new';
    }
    this.#checkResend(known, content, name, dup);
    known.seen = this.#connection;
    if (known.phase === 'closed') known.phase = 'open';
    return 'again';
  }

  /** Whether our acknowledgement may be lost, so that a message comes again which was over for us. */
  #mayReturn(flow: Flow, packet: DecodedPublish): boolean {
    const isEarlier = flow.seen < this.#connection;
    return isEarlier && packet.dup && flow.qos === 1 && flow.content === contentOf(packet);
  }

  #checkResend(flow: Flow, content: string, name: string, dup: boolean): void {
    const { trial, who } = this;
    if (flow.content !== content) {
      const rule = dup ? 'resends-the-same' : 'packet-id-in-use';
      trial.accuse(rule, `${who} gets ${name}, which another message has: ${flow.content}`);
      return;
    }
    if (flow.phase === 'released') {
      trial.accuse('no-publish-after-pubrel', `${who} gets ${name}, for which PUBREL has come`);
    }
    trial.demand(dup, 'dup-on-a-resend', `${who} gets ${name} again, without DUP`);
    if (flow.seen < this.#connection) this.#checkOrder(name, flow.line, flow.order);
    else if (trial.version === 5) {
      trial.accuse('no-resend-otherwise', `${who} gets ${name} twice on one connection`);
    }
  }

  #checkOrder(name: string, line: string, order: number): void {
    const before = this.#resent.get(line) ?? 0;
    this.#resent.set(line, Math.max(before, order));
    const rule = this.peer === 'client' ? 'resend-order' : 'message-order';
    this.trial.demand(
      order > before,
      rule,
      `${this.who} gets ${name} again behind one that was first sent later`,
    );
  }

  /** A PUBREL has come. */
  pubrel(id: number): void {
    const flow = this.#flows.get(id);
    const { trial, who } = this;
    if (flow === undefined || flow.qos === 1 || flow.phase === 'open') {
      trial.accuse('pubrel-without-pubrec', `${who} gets PUBREL ${id}, and no PUBREC was sent`);
      return;
    }
    const isAgain = flow.phase !== 'answered' && flow.seen === this.#connection;
    if (isAgain && trial.version === 5) {
      trial.accuse('no-resend-otherwise', `${who} gets PUBREL ${id} twice on one connection`);
    }
    flow.seen = this.#connection;
    if (flow.phase === 'answered') flow.phase = 'released';
    const place = this.#recs.indexOf(id);
    if (place > 0 && this.peer === 'client') {
      trial.accuse('pubrel-order', `${who} gets PUBREL ${id} where ${this.#recs[0]} is due first`);
    }
    if (place >= 0) this.#recs.splice(place, 1);
  }

  /** We acknowledge, or refuse: PUBACK, PUBREC or PUBCOMP goes out. */
  acknowledge(type: 'puback' | 'pubrec' | 'pubcomp', id: number, refuses: boolean): void {
    const flow = this.#flows.get(id);
    if (flow === undefined) return;
    if (type === 'pubrec' && !refuses) {
      if (flow.phase === 'open') flow.phase = 'answered';
      this.#recs.push(id);
      return;
    }
    flow.phase = 'closed';
    this.#inFlight.delete(id);
  }

  /** The identifiers that the peer has in use. */
  isTaken(id: number): boolean {
    const phase = this.#flows.get(id)?.phase;
    return phase !== undefined && phase !== 'closed';
  }

  /** What the peer has begun and owes something of: a resend after a resumption, or PUBREL. */
  unfinished(): { readonly id: number; readonly rule: 'resends-on-resume' | 'sends-pubrel' }[] {
    return [...this.#flows]
      .filter(
        ([, { phase, seen }]) => phase === 'answered' || (phase !== 'closed' && seen < this.#connection),
      )
      .map(([id, { seen }]) => ({
        id,
        rule: seen < this.#connection ? 'resends-on-resume' : 'sends-pubrel',
      }));
  }
}

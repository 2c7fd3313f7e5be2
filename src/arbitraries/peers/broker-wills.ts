// owned: the wills of one client of the test: of the connection that stands, and of one that is over.
import type { Message, WillRule, WillState } from './broker-messages.js';
import type { PeerRule } from './rules.js';

/** Why a will may not come, as long as it has not to. */
export const NOT_YET: Readonly<Partial<Record<WillState, readonly [PeerRule, string]>>> = {
  standing: ['will-while-connected', 'a will, and the connection of its client stands'],
  waiting: ['will-delay', 'a will whose delay is not over'],
  deleted: ['will-after-disconnect', 'a will that was deleted by DISCONNECT'],
  cancelled: ['will-after-return', 'a will whose client was back before its delay was over'],
};

export class ClientWills {
  #standing: Message | undefined;
  /** One whose delay runs while its client is away. */
  #waiting: Message | undefined;

  constructor(readonly become: (will: Message, state: WillState) => void) {}

  #change(message: Message | undefined, from: WillState, to: WillState): void {
    if (message?.will?.state === from) this.become(message, to);
  }

  /** The connection is over otherwise than by DISCONNECT 0x00, or will be when the broker has read what was sent. */
  left(keepsSession: boolean, rule: WillRule): void {
    const { will } = this.#standing ?? {};
    if (will?.state === 'standing') will.rule = rule;
    const waits = keepsSession && will?.hasDelay === true;
    if (waits) this.#waiting = this.#standing;
    this.#change(this.#standing, 'standing', waits ? 'waiting' : 'due');
  }

  /** DISCONNECT 0x00 goes out. */
  deleted(): void {
    this.#change(this.#standing, 'standing', 'deleted');
  }

  /** Nobody knows what the broker has read. */
  unsettle(): void {
    this.#change(this.#standing, 'deleted', 'possible');
    this.#change(this.#waiting, 'waiting', 'possible');
  }

  /** A CONNECT goes out, which ends a session where it begins with a clean one. */
  returns(cleanStart: boolean, will: Message | undefined): void {
    if (cleanStart) this.#change(this.#waiting, 'waiting', 'due');
    this.#standing = will;
  }

  /** CONNACK has come. */
  admitted(sessionPresent: boolean): void {
    this.#change(this.#waiting, 'waiting', sessionPresent ? 'cancelled' : 'possible');
    this.#waiting = undefined;
  }

  /** The will that has to be published by now, if one has. */
  get due(): Message | undefined {
    return this.#standing?.will?.state === 'due' ? this.#standing : undefined;
  }
}

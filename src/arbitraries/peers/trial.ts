// owned: one test of a peer: what was said, the first rule that was broken, and how long anybody waits.
import type { ProtocolVersion } from '../../errors.js';
import { type PeerRule, PeerViolation, statementOf } from './rules.js';

/** How a peer is tested, beside the commands. */
export interface TrialOptions {
  /** Waits so many milliseconds: in most places `(ms) => new Promise((done) => setTimeout(done, ms))`. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** How long an answer may take, in milliseconds. Absent: 2,000. */
  readonly patience?: number | undefined;
  /** Rules that the peer is known to break: they are not demanded. */
  readonly except?: readonly PeerRule[] | undefined;
}

/** So much of what was said stands in the message of a violation. */
const TOLD = 60;
const STEPS = 100;

export class Trial {
  /** The first rule that was broken. */
  failure: Error | undefined;
  #tick = 0;
  readonly lines: string[] = [];
  readonly #options: TrialOptions;
  #wake: (() => void)[] = [];

  constructor(
    readonly version: ProtocolVersion,
    options: TrialOptions,
  ) {
    this.#options = options;
  }

  /** A number behind all that were given before: it tells before from after. */
  time(): number {
    return ++this.#tick;
  }

  /** Something was said or done. */
  note(line: string): void {
    this.lines.push(line);
    this.wake();
  }

  /** Something has changed that somebody may wait for. */
  wake(): void {
    for (const each of this.#wake.splice(0)) each();
  }

  /** Whether the peer is known to break a rule. */
  isExcused(rule: PeerRule): boolean {
    return this.#options.except?.includes(rule) === true;
  }

  /** The peer has broken a rule, unless that is excused. */
  accuse(rule: PeerRule, reason: string, statement?: string): void {
    if (this.isExcused(rule)) {
      this.note(`(excused: ${reason})`);
      return;
    }
    const cited = statement ?? statementOf(rule, this.version);
    this.fail(new PeerViolation(rule, reason, cited, this.lines.slice(-TOLD)));
  }

  demand(holds: boolean, rule: PeerRule, reason: string): void {
    if (!holds) this.accuse(rule, reason);
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  /** Throws what has been found so far. */
  check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  sleep(milliseconds: number): Promise<void> {
    return this.#options.sleep(milliseconds);
  }

  /** Waits until something holds, and tells whether it came to hold in time. Throws what has been found. */
  async waited(holds: () => boolean, patience: number = this.#options.patience ?? 2_000): Promise<boolean> {
    const step = Math.max(1, patience / STEPS);
    for (let left = patience; ; ) {
      this.check();
      if (holds()) return true;
      if (left <= 0) return false;
      let isLate = false;
      const changed = new Promise<void>((done) => this.#wake.push(done));
      const slept = this.#options.sleep(step).then(() => {
        isLate = true;
      });
      await Promise.race([changed, slept]);
      if (isLate) left -= step;
    }
  }

  /** Waits until something holds: the rule says that it has to. */
  async until(holds: () => boolean, rule: PeerRule, reason: () => string): Promise<void> {
    if (await this.waited(holds)) return;
    this.accuse(rule, reason());
    this.check();
  }
}

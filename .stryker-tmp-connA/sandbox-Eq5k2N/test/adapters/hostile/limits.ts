/** What the hostile peers are up against. */
// @ts-nocheck

export const LIMITS = { packet: 65_536, connect: 16_384, receive: 20, aliases: 10 } as const;

/** What the server measured. */
export interface Measure {
  /** Bytes in use, garbage collected. */
  readonly memory: number;
  /** The longest that its event loop was held up, in milliseconds of processor time, and by the clock. */
  readonly longest: number;
  readonly longestByTheClock: number;
  readonly connections: number;
  readonly delivered: number;
  readonly refused: number;
}

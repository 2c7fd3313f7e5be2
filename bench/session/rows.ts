// The rows of the benchmark, by what they are called and what they have to reach.

/** An exchange through `step`, or messages from bytes to bytes. */
export type Work =
  | {
      readonly kind: 'exchange';
      readonly qos: 1 | 2;
      readonly inFlight: 10 | 65_535;
      readonly version: 4 | 5;
      readonly acknowledgements: 'automatic' | 'manual';
    }
  | { readonly kind: 'end-to-end'; readonly version: 4 | 5 }
  | { readonly kind: 'yardstick' };

/** One row. */
export interface Row {
  readonly title: string;
  readonly work: Work;
  /** The rate to reach, in shares of the yardstick's. */
  readonly share?: number;
  /** The row that it may cost one and a half times as much as. */
  readonly against?: string;
}

const WORDS = { automatic: 'by the connection', manual: 'by the host' } as const;
const SHARES = { 1: 0.7, 2: 0.35 } as const;

function exchangeRow(
  qos: 1 | 2,
  acknowledgements: 'automatic' | 'manual',
  inFlight: 10 | 65_535,
  version: 4 | 5,
): Row {
  const title = (count: number): string => {
    const steps = { automatic: [3, 5], manual: [4, 6] }[acknowledgements][qos - 1];
    const name = `QoS ${qos} through ${steps} steps, acknowledged ${WORDS[acknowledgements]}`;
    return `${name}, ${count.toLocaleString('en')} in flight${version === 4 ? ', 3.1.1' : ''}`;
  };
  const work: Work = { kind: 'exchange', qos, inFlight, version, acknowledgements };
  if (inFlight === 65_535) return { title: title(inFlight), work, against: title(10) };
  return { title: title(inFlight), work, share: SHARES[qos] };
}

export const YARDSTICK = 'mqtt-packet encodes a PUBLISH of QoS 0 with 16 bytes';

export const ROWS: readonly Row[] = [
  { title: YARDSTICK, work: { kind: 'yardstick' } },
  ...([1, 2] as const).flatMap((qos) =>
    (['manual', 'automatic'] as const).flatMap((acknowledgements) =>
      ([10, 65_535] as const).map((inFlight) => exchangeRow(qos, acknowledgements, inFlight, 5)),
    ),
  ),
  exchangeRow(1, 'manual', 10, 4),
  exchangeRow(2, 'manual', 10, 4),
  ...([5, 4] as const).map(
    (version): Row => ({
      title: `QoS 1, bytes to bytes through two Endpoints, ${version === 5 ? '5.0' : '3.1.1'}`,
      work: { kind: 'end-to-end', version },
      share: 0.2,
    }),
  ),
];

import { type PeerRule, PeerViolation } from '../../../src/arbitraries/index.js';
import { Trial } from '../../../src/arbitraries/peers/trial.js';
import type { DecodedPublish } from '../../../src/packets/publish.js';

/** The first rule that is broken in what is done to a trial; undefined: none is. */
export function broken(
  act: (trial: Trial) => void,
  version: 4 | 5 = 5,
  except: readonly PeerRule[] = [],
): PeerRule | undefined {
  const trial = new Trial(version, { sleep: async () => {}, except });
  act(trial);
  const { failure } = trial;
  if (failure !== undefined && !(failure instanceof PeerViolation)) throw failure;
  return failure?.rule;
}

interface Fields {
  readonly topic?: string;
  readonly payload?: string;
  readonly qos?: 0 | 1 | 2;
  readonly packetId?: number;
  readonly dup?: boolean;
  readonly retain?: boolean;
  readonly properties?: object;
}

/** A PUBLISH as it was read. */
export function heard({
  payload = '1 .',
  qos = 0,
  packetId = 1,
  properties = {},
  ...rest
}: Fields): DecodedPublish {
  const bytes = new TextEncoder().encode(payload);
  const fields = {
    type: 'publish',
    topic: 'x',
    dup: false,
    retain: false,
    properties,
    ...rest,
    payload: bytes,
  };
  return (qos === 0 ? { ...fields, qos } : { ...fields, qos, packetId }) as DecodedPublish;
}

// The promises of `step` and of an Endpoint, whatever happens to them: by the models of the tests.
import type { Arbitrary } from 'fast-check';
import { type Attack, attack, checkAttack } from '../../test/model/attack.js';
import { checkStep } from '../../test/model/contract.js';
import { Guard } from '../../test/model/guard.js';
import { alien } from '../../test/model/inputs.js';
import { anyLife, live } from '../../test/model/lives.js';
import type { Role } from '../../test/model/setup.js';
import { checkSiege, type Siege, siege } from '../../test/model/siege.js';
import { pick } from './demand.js';
import { diceOf } from './mutate.js';
import { valueFrom } from './parametric.js';

interface Side {
  readonly version: 4 | 5;
  readonly role: Role;
}

const SIDES: readonly Side[] = ([5, 4] as const).flatMap((version) =>
  (['client', 'server'] as const).map((role) => ({ version, role })),
);

const lives = SIDES.map(({ version, role }) => anyLife(version, role));
const alienLives = SIDES.map(({ version, role }) => anyLife(version, role, alien(version)));

export function stepTarget(input: Uint8Array): void {
  const mode = input[0] ?? 0;
  const isAlien = (mode & 0x1c) === 0x1c;
  const life = valueFrom(pick(isAlien ? alienLives : lives, mode & 3), input.subarray(1));
  const guard = new Guard();
  live(life, (state, each) => {
    const [after, actions] = guard.step(state, each);
    if (!isAlien) checkStep(state, each, after, actions);
    return after;
  });
  guard.check();
}

const attacks: readonly Arbitrary<Attack>[] = SIDES.map(({ version, role }) => attack(version, role));

/** The first byte says whom to attack, and whether the rest is choices or what the peer writes after the handshake. */
export function endpointTarget(input: Uint8Array): void {
  const mode = input[0] ?? 0;
  const { version, role } = pick(SIDES, mode & 3);
  const arbitrary = pick(attacks, mode & 3);
  if ((mode & 8) !== 0) {
    checkAttack(valueFrom(arbitrary, input.subarray(1)), version, role);
    return;
  }
  // Two bytes choose the victim, the next how the stream is split.
  const dice = diceOf(input[3] ?? 0);
  const { start, polite } = valueFrom(arbitrary, input.subarray(1, 3));
  const split = Array.from({ length: 1 + dice(6) }, () => 1 + dice(40));
  checkAttack({ start, polite, split, pieces: [input.slice(4)] }, version, role);
}

/** The first bytes of raw inputs to the Endpoint: a client of that version, or a server. */
export const endpointMode = (version: 4 | 5, role: Role): number =>
  SIDES.findIndex((side) => side.version === version && side.role === role);

const sieges: readonly Arbitrary<Siege>[] = SIDES.map(({ version, role }) => siege(version, role));

/** A hostile peer, an application and a host that stores the Endpoint in between; the first byte says on which side. */
export function siegeTarget(input: Uint8Array): void {
  const mode = input[0] ?? 0;
  const { version, role } = pick(SIDES, mode & 3);
  if ((mode & 8) !== 0) {
    checkSiege(valueFrom(pick(sieges, mode & 3), input.subarray(1)), version, role);
    return;
  }
  // Two bytes choose the victim and its life; what is left arrives in the middle of it.
  const { start, polite, moves } = valueFrom(pick(sieges, mode & 3), input.subarray(1, 3));
  const bytes = input.slice(3);
  const half = moves.length >> 1;
  const between = { type: 'bytes', bytes, sizes: [1 + (mode >> 4)] } as const;
  const all = [...moves.slice(0, half), between, { type: 'sleep' } as const, ...moves.slice(half)];
  checkSiege({ start, polite, moves: all }, version, role);
}

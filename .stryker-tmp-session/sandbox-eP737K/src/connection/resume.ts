// @ts-nocheck
// pure: taking a session up again on a new connection (section 4.4).
import { flowsInOrder, isDurable, type PublishFlow } from '../session/state.js';
import { drain, sendAgain, slots } from './outgoing.js';
import { transmit, type Work } from './work.js';

/**
 * Sends again what was not acknowledged, in the order in which it was sent: PUBREL for what the peer has, PUBLISH
 * with DUP for the rest. Every exchange holds a slot of the peer's Receive Maximum, and of our own. PUBRELs go out whatever it is;
 * PUBLISHes that find none wait, and what comes later waits behind them.
 *
 * Exchanges from `until` on belong to this connection already.
 */
export function resume(w: Work, until: number): void {
  const older = flowsInOrder(w.session)
    .filter(isDurable)
    .filter((flow) => flow.order < until);
  const held: PublishFlow[] = [];
  // A receiver may count the identifiers that it holds: they get their slots before any PUBLISH does.
  w.sending += older.filter((flow) => flow.phase === 'awaiting-pubcomp').length;
  for (const flow of older) {
    if (flow.phase === 'awaiting-pubcomp') transmit(w, { type: 'pubrel', packetId: flow.packetId });
    else {
      const free = w.sending < slots(w) && !w.details.blocked;
      if (free) sendAgain(w, flow);
      else held.push(flow);
    }
  }
  if (held.length > 0) w.details = { ...w.details, resend: { flows: held, at: 0 } };
  drain(w);
}

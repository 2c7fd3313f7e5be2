// pure: one input, one new state, and what is to be done.

import type { Action } from './actions.js';
import { authenticate } from './auth.js';
import { disconnect, onClosed } from './closing.js';
import { openClient } from './handshake-client.js';
import { accept, openServer, refuse } from './handshake-server.js';
import { acknowledge } from './incoming.js';
import type { Input } from './inputs.js';
import { ping, timerFired } from './keep-alive.js';
import { drain, send, withdraw } from './outgoing.js';
import { parseFailed, receive, takeHeld } from './receive.js';
import { answer } from './requests.js';
import type { ConnectionState } from './state.js';
import { begin, finish, type Work } from './work.js';

/**
 * What an input does to a connection: the state after it, and what the host has to do and to know, in order.
 *
 * Never throws on typed input, reads no clock and changes nothing that it was given: an old state stays valid for
 * ever. An input that cannot be carried out gives one `refused` action and the same state object. A connection that
 * has ended ignores what still comes.
 *
 * @example
 * const connect = { type: 'connect', protocolVersion: 4, clientId: 'a', cleanStart: true, keepAlive: 60 } as const;
 * const [opened] = step(clientConnection({ connect }), { type: 'opened', now: 0 });
 * const connack = { type: 'connack', sessionPresent: false, reasonCode: 0 } as const;
 * const [state] = step(opened, { type: 'packetReceived', packet: connack, size: 4, now: 20 });
 * const packet = { type: 'publish', topic: 'a', payload: 'hi', qos: 1 } as const;
 * const [, actions] = step(state, { type: 'send', packet, token: 'first', now: 30 });
 * actions.map((action) => action.type); // => ['transmit']
 */
export function step(state: ConnectionState, input: Input): readonly [ConnectionState, readonly Action[]] {
  const w = begin(state, input);
  run(w, input);
  return finish(w);
}

function run(w: Work, input: Input): void {
  switch (input.type) {
    case 'packetReceived':
      receive(w, input.packet, input.size);
      return;
    case 'send':
      send(w, input);
      return;
    case 'withdraw':
      withdraw(w, input.token);
      return;
    case 'acknowledge':
      acknowledge(w, input);
      return;
    case 'answer':
      answer(w, input);
      return;
    case 'timerFired':
      timerFired(w);
      return;
    case 'ping':
      ping(w);
      return;
    case 'blocked':
      if (w.phase !== 'closed' && !w.details.blocked) w.details = { ...w.details, blocked: true };
      return;
    case 'writable':
      if (!w.details.blocked) return;
      w.details = { ...w.details, blocked: false };
      drain(w);
      return;
    case 'opened':
      if (w.phase !== 'idle') return;
      w.received = true;
      if (w.settings.role === 'client') openClient(w);
      else openServer(w);
      return;
    case 'parseFailed':
      parseFailed(w, input.error);
      return;
    case 'accept': {
      const { held } = w.details;
      accept(w, input);
      takeHeld(w, held);
      return;
    }
    case 'refuse':
      refuse(w, input);
      return;
    case 'authenticate':
      authenticate(w, input);
      return;
    case 'disconnect':
      disconnect(w, input);
      return;
    case 'closed':
      onClosed(w);
  }
}

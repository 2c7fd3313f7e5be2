// @ts-nocheck
import { check, endedBy, equal } from './check.js';
import { Client } from './client.js';
import type { Case } from './kit.js';

export const WEBSOCKET: readonly Case[] = [
  {
    name: 'no subprotocol',
    promise: 'a WebSocket server that does not choose `mqtt` is left',
    async run(kit) {
      const client = new Client(kit, 'no-protocol');
      endedBy(kit, await client.closed(), 'websocket');
      check(!client.events.some(({ type }) => type === 'connected'), 'it connected');
      return undefined;
    },
  },
  {
    name: 'text frame',
    promise: 'a text frame closes the connection',
    async run(kit) {
      const client = new Client(kit, 'text');
      endedBy(kit, await client.closed(), 'websocket');
      equal(client.messages.length, 0, 'messages');
      return undefined;
    },
  },
];

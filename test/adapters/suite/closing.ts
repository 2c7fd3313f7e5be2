import { check, endedBy, equal } from './check.js';
import { Client, reportOf } from './client.js';
import type { Case } from './kit.js';

export const CLOSING: readonly Case[] = [
  {
    name: 'server closes first',
    promise: 'a server that closes without a word ends with the cause `peer`',
    async run(kit) {
      const client = await Client.connected(kit, 'closer');
      endedBy(kit, await client.closed(), 'peer');
      equal(client.events.at(-1)?.type, 'ended', 'last event');
      return undefined;
    },
  },
  {
    name: 'client closes first',
    promise: '`disconnect` is heard as DISCONNECT and the end of the stream; `destroy` says nothing',
    async run(kit) {
      const polite = await Client.connected(kit, 'sink');
      polite.link.disconnect();
      endedBy(kit, await polite.closed(), 'ended', 'disconnected');
      const report = await reportOf(kit, polite.clientId, 'closed', ({ closed }) => closed);
      equal(report.packets, ['connect', 'disconnect'], 'packets');
      const rude = await Client.connected(kit, 'sink');
      rude.link.destroy(new Error('enough'));
      const end = await rude.closed();
      endedBy(kit, end, 'destroyed');
      equal(String(end.error), 'Error: enough', 'error');
      equal(
        (await reportOf(kit, rude.clientId, 'closed', ({ closed }) => closed)).packets,
        ['connect'],
        'packets',
      );
      return undefined;
    },
  },
  {
    name: 'reset in mid-packet',
    promise: 'a reset ends with the cause `reset`, and half a message is not delivered',
    async run(kit) {
      const client = await Client.connected(kit, 'resetter');
      endedBy(kit, await client.closed(), 'reset');
      equal(client.messages.length, 0, 'messages');
      return undefined;
    },
  },
  {
    name: 'half-open',
    promise: 'a server that closes its half alone is answered with a close, whatever was still to be sent',
    async run(kit) {
      const client = await Client.connected(kit, 'half-open');
      endedBy(kit, await client.closed(3_000), 'peer');
      const report = await reportOf(kit, client.clientId, 'ended', ({ ended }) => ended);
      check(!report.reset, 'it was reset');
      return undefined;
    },
  },
  {
    name: 'DISCONNECT flushed',
    promise: 'all that was sent before DISCONNECT arrives, also at a slow reader, and DISCONNECT last',
    async run(kit) {
      const count = 100;
      const client = await Client.connected(kit, 'slow');
      const payload = new Uint8Array(32_768);
      for (let i = 0; i < count; i++) {
        if (client.link.blocked) await client.link.whenWritable();
        client.link.send({ type: 'publish', topic: 't', payload, qos: 0 });
      }
      client.link.disconnect();
      endedBy(kit, await client.closed(), 'ended', 'disconnected');
      const report = await reportOf(kit, client.clientId, 'closed', ({ closed }) => closed);
      equal(report.packets.filter((type) => type === 'publish').length, count, 'messages');
      equal(report.packets.at(-1), 'disconnect', 'last packet');
      check(!report.reset, 'it was reset');
      return undefined;
    },
  },
  {
    name: 'keep-alive timeout',
    promise:
      'a server that no longer answers PINGREQ is left, with the cause `ended` and the reason `failed`',
    async run(kit) {
      const started = kit.now();
      const client = await Client.connected(kit, 'mute', { keepAlive: 1, pingTimeout: 300 });
      endedBy(kit, await client.closed(), 'ended', 'failed');
      const milliseconds = kit.now() - started;
      check(milliseconds > 1_200 && milliseconds < 15_000, `after ${milliseconds} ms`);
      const { packets } = await reportOf(kit, client.clientId, 'closed', ({ closed }) => closed);
      check(packets.includes('pingreq'), `no PINGREQ, but ${packets.join()}`);
      return { milliseconds: Math.round(milliseconds) };
    },
  },
  {
    name: 'close timeout',
    promise: 'a server that does not read cannot hold up a close for longer than `closeTimeout`',
    async run(kit) {
      const client = await Client.connected(kit, 'deaf', { closeTimeout: 300 });
      const payload = new Uint8Array(65_536);
      for (let i = 0; i < 1_000 && !client.link.blocked; i++) {
        client.link.send({ type: 'publish', topic: 't', payload, qos: 0 });
        await kit.delay(0);
      }
      check(client.link.blocked, 'never blocked');
      const started = kit.now();
      client.link.disconnect();
      endedBy(kit, await client.closed(), 'ended', 'disconnected');
      const milliseconds = kit.now() - started;
      // Without it, it would be five seconds.
      check(milliseconds < 4_500, `after ${milliseconds} ms`);
      return { milliseconds: Math.round(milliseconds) };
    },
  },
];

/** A server on the adapter for Node in a process of its own, with small limits. */
import { listen } from '../../../src/adapters/node.js';
import { Endpoint, type EndpointEvent, serverConnection } from '../../../src/index.js';
import { LIMITS } from './limits.js';
import { answerMeasures } from './measuring.js';

const announced = {
  maximumPacketSize: LIMITS.packet,
  receiveMaximum: LIMITS.receive,
  topicAliasMaximum: LIMITS.aliases,
};
let delivered = 0;
let refused = 0;

const server = await listen({ listen: { host: '127.0.0.1', port: 0 } }, () => ({
  endpoint: new Endpoint(serverConnection({ announced }), { maximumConnectSize: LIMITS.connect }),
  handler: (events: readonly EndpointEvent[], link) => {
    for (const event of events) {
      if (event.type === 'connectRequested') link.accept();
      else if (event.type === 'requestReceived') {
        const { packet } = event;
        const asked = packet.type === 'subscribe' ? packet.subscriptions : packet.topicFilters;
        link.answer(
          packet.packetId,
          asked.map(() => 0),
        );
      } else if (event.type === 'deliver') delivered += 1;
      else if (event.type === 'fail') refused += 1;
    }
  },
}));

answerMeasures(server.port, () => ({ connections: server.links.size, delivered, refused }));

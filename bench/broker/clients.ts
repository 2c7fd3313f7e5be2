// Clients of the broker bench: puremqtt's Link over node:net, and MQTT.js.
import { connect as connectMqttJs } from 'mqtt';
import { connect } from '../../src/adapters/node.js';
import { clientConnection, Endpoint } from '../../src/index.js';
import type { BenchClient } from './work.js';

/** Whatever is waited for, by token. */
type Waiting = Map<number, () => void>;

export function puremqttClient(port: number, onMessage: () => void): Promise<BenchClient> {
  return new Promise((resolve) => {
    const waiting: Waiting = new Map();
    let next = 0;
    const packet = {
      type: 'connect',
      protocolVersion: 4,
      clientId: '',
      cleanStart: true,
      keepAlive: 0,
    } as const;
    const endpoint = new Endpoint(clientConnection({ connect: packet, queue: { messages: 60_000 } }));
    const target = { transport: 'tcp', hostname: '127.0.0.1', port } as const;
    const link = connect(endpoint, target, (events) => {
      for (const event of events) {
        if (event.type === 'deliver') onMessage();
        else if (event.type === 'settled') {
          const token = Number(event.token);
          const done = waiting.get(token);
          waiting.delete(token);
          done?.();
        } else if (event.type === 'refused') throw event.error;
        else if (event.type === 'connected') resolve(client);
      }
    });
    const send = (message: Parameters<typeof link.send>[0], done: () => void): void => {
      const token = ++next;
      waiting.set(token, done);
      link.send(message, { token });
    };
    const client: BenchClient = {
      subscribe: (topicFilter, qos) =>
        new Promise((done) => send({ type: 'subscribe', subscriptions: [{ topicFilter, qos }] }, done)),
      publish(topic, payload, qos, done) {
        const message = { type: 'publish', topic, payload, qos } as const;
        // QoS 0 is refused while the socket is full.
        if (qos > 0) send(message, done);
        else if (link.blocked) void link.whenWritable().then(() => client.publish(topic, payload, qos, done));
        else {
          link.send(message);
          done();
        }
      },
      close: () => link.destroy(),
    };
  });
}

export function mqttJsClient(port: number, onMessage: () => void): Promise<BenchClient> {
  return new Promise((resolve) => {
    const js = connectMqttJs({
      host: '127.0.0.1',
      port,
      protocolVersion: 4,
      keepalive: 0,
      reconnectPeriod: 0,
    });
    js.on('message', onMessage);
    js.once('connect', () =>
      resolve({
        subscribe: (topic, qos) =>
          new Promise((done, failed) =>
            js.subscribe(topic, { qos }, (error) => (error ? failed(error) : done())),
          ),
        publish: (topic, payload, qos, done) => {
          js.publish(topic, Buffer.from(payload.buffer, payload.byteOffset, payload.length), { qos }, () =>
            done(),
          );
        },
        close: () => js.end(true),
      }),
    );
  });
}

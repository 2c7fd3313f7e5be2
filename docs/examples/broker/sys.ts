/** What the broker says about itself, as retained messages below `$SYS/`, which no client may publish to. */
import type { Broker } from './broker.js';

/** Publishes now and every so many seconds; the function it gives ends it. */
export function publishSys(broker: Broker, seconds: number): () => void {
  const started = Date.now();
  const publish = (): void => {
    const values = {
      version: 'puremqtt example broker',
      uptime: `${Math.round((Date.now() - started) / 1_000)} seconds`,
      'clients/total': broker.sessions.size,
      'clients/connected': broker.sessions.online,
      'subscriptions/count': broker.subscriptions.size,
      'retained messages/count': broker.retained.size,
      'publish/messages/received': broker.published,
    };
    for (const [name, value] of Object.entries(values)) {
      broker.say(`$SYS/broker/${name}`, String(value), { qos: 0, retain: true });
    }
  };
  publish();
  const timer = setInterval(publish, seconds * 1_000).unref();
  return () => clearInterval(timer);
}

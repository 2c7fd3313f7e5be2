import mqtt, { type IClientOptions, type IConnackPacket, type IPublishPacket, type MqttClient } from 'mqtt';
import type { Version } from './mosquitto.js';
import { until } from './wait.js';

/** A client made of MQTT.js, which connects again by itself. */
export class Foreign {
  readonly client: MqttClient;
  readonly messages: { readonly topic: string; readonly text: string; readonly packet: IPublishPacket }[] =
    [];
  readonly connacks: IConnackPacket[] = [];
  readonly errors: Error[] = [];
  readonly disconnects: (number | undefined)[] = [];
  closed = 0;

  constructor(version: Version, clientId: string, port: number, options: IClientOptions = {}) {
    this.client = mqtt.connect({
      host: '127.0.0.1',
      port,
      protocolVersion: version,
      clientId,
      clean: false,
      reconnectPeriod: 10,
      connectTimeout: 30_000,
      ...options,
      ...(version === 5 ? { properties: { sessionExpiryInterval: 3_600, ...options.properties } } : {}),
    });
    this.client.on('packetreceive', (packet) => {
      if (packet.cmd === 'connack') this.connacks.push(packet);
      if (packet.cmd === 'disconnect') this.disconnects.push(packet.reasonCode);
    });
    this.client.on('message', (topic, payload, packet) => {
      this.messages.push({ topic, text: payload.toString(), packet });
    });
    this.client.on('error', (error) => this.errors.push(error as Error));
    this.client.on('close', () => this.closed++);
  }

  async connected(times = 1): Promise<this> {
    await until('MQTT.js to be connected', () => this.client.connected && this.connacks.length >= times);
    return this;
  }

  texts(): string[] {
    return this.messages.map(({ text }) => text);
  }

  async end(): Promise<void> {
    await this.client.endAsync(true);
  }
}

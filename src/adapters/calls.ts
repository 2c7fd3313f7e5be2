// owned: the calls of an application that go straight to the Endpoint, with the time.
import type {
  AcceptInput,
  ConnectionState,
  Endpoint,
  EndpointResult,
  SendablePacket,
  SendOptions,
} from '../connection/index.js';
import { type Clock, timeOf } from './timer.js';

/** The half of a Link that needs no network connection. */
export abstract class Calls {
  protected readonly endpoint: Endpoint;
  readonly #clock: Clock;

  protected constructor(endpoint: Endpoint, clock: Clock) {
    this.endpoint = endpoint;
    this.#clock = clock;
  }

  /** Carries out what came of a call. */
  protected abstract run(result: EndpointResult): void;

  protected now(): number {
    return timeOf(this.#clock);
  }

  get state(): ConnectionState {
    return this.endpoint.state;
  }

  send(packet: SendablePacket, options?: SendOptions): void {
    this.run(this.endpoint.send(packet, this.now(), options));
  }

  withdraw(token: Parameters<Endpoint['withdraw']>[0]): void {
    this.run(this.endpoint.withdraw(token, this.now()));
  }

  acknowledge(packetId: number, verdict?: Parameters<Endpoint['acknowledge']>[2]): void {
    this.run(this.endpoint.acknowledge(packetId, this.now(), verdict));
  }

  answer(
    packetId: number,
    reasonCodes: Parameters<Endpoint['answer']>[1],
    properties?: Parameters<Endpoint['answer']>[3],
  ): void {
    this.run(this.endpoint.answer(packetId, reasonCodes, this.now(), properties));
  }

  accept(options?: Omit<AcceptInput, 'type' | 'now'>): void {
    this.run(this.endpoint.accept(this.now(), options));
  }

  refuse(reasonCode: number, properties?: Parameters<Endpoint['refuse']>[2]): void {
    this.run(this.endpoint.refuse(reasonCode, this.now(), properties));
  }

  ping(): void {
    this.run(this.endpoint.ping(this.now()));
  }

  authenticate(properties?: Parameters<Endpoint['authenticate']>[1]): void {
    this.run(this.endpoint.authenticate(this.now(), properties));
  }
}

/** Enhanced authentication (MQTT 5.0 section 4.12), as far as the host has a part in it. */
import type { Link } from '../../../src/adapters/streams.js';
import type { ConnectedAction, DecodedAuth, DecodedConnack } from '../../../src/index.js';
import { ConnectionError } from './errors.js';
import type { Authentication } from './options.js';
import { deferred } from './subscription.js';

export class Authenticator {
  readonly #how: Authentication | undefined;
  /** The server is not to be trusted, or we are not able to answer. */
  readonly #giveUp: (error: unknown) => void;
  #again: ReturnType<typeof deferred<void>> | undefined;

  constructor(how: Authentication | undefined, giveUp: (error: unknown) => void) {
    this.#how = how;
    this.#giveUp = giveUp;
  }

  async again(link: Link | undefined): Promise<void> {
    if (this.#how === undefined) throw new Error('no authentication method was chosen');
    if (link === undefined || this.#again !== undefined)
      throw new Error('this is not the time to authenticate again');
    const again = deferred<void>();
    this.#again = again;
    try {
      link.authenticate({ authenticationData: await this.#how.start() });
      await again.promise;
    } finally {
      this.#again = undefined;
    }
  }

  received(packet: DecodedAuth, link: Link | undefined): void {
    if (packet.reasonCode === 0x18) void this.#answer(packet, link).catch(this.#giveUp);
    else void this.#finish(packet).then(() => this.#again?.resolve(), this.#giveUp);
  }

  async #answer(packet: DecodedAuth, link: Link | undefined): Promise<void> {
    link?.authenticate({ authenticationData: await this.#how?.answer(packet) });
  }

  connected({ packet }: ConnectedAction): void {
    if (packet !== undefined) void this.#finish(packet).catch(this.#giveUp);
  }

  async #finish(packet: DecodedAuth | DecodedConnack): Promise<void> {
    await this.#how?.finish?.(packet);
  }

  lost(): void {
    this.#again?.reject(new ConnectionError('the connection was lost', true));
  }
}

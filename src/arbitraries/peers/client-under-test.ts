// pure: what a client under test has to offer, and what it is asked to do.
import type { ProtocolVersion } from '../../errors.js';
import type { NetworkConnection } from './network.js';
import type { TrialOptions } from './trial.js';

/** A will that a client under test is asked to leave. */
export interface TestedWill {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** The Will Delay Interval, in seconds: MQTT 5.0 only. */
  readonly delay: number | undefined;
}

/** How a client under test is asked to connect. */
export interface ClientSettings {
  readonly version: ProtocolVersion;
  readonly clientId: string;
  readonly cleanStart: boolean;
  /** In seconds; 0: none. */
  readonly keepAlive: number;
  /** In seconds: MQTT 5.0 only, where it is 0 or so long that it does not matter. */
  readonly sessionExpiryInterval: number;
  readonly will: TestedWill | undefined;
}

/** A message that a client under test is asked to publish. */
export interface ClientMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** In seconds: MQTT 5.0 only. */
  readonly messageExpiryInterval: number | undefined;
  /** The Topic Alias that the application wishes for, which the server may not take: MQTT 5.0 only. */
  readonly topicAlias: number | undefined;
}

/**
 * A client under test, as its author makes it usable: what it is told to do, and what it hands to the application.
 * Except for `connect` nobody waits for the promises, and none has to be kept: an operation may last for ever.
 */
export interface TestedClient {
  /**
   * Connects, and gives the server's end of the network connection. Where there was one before, it is closed already;
   * the session of the client goes on, unless `cleanStart` or an expired session says otherwise.
   */
  connect(settings: ClientSettings): Promise<NetworkConnection>;
  publish(message: ClientMessage): Promise<unknown>;
  subscribe(topicFilter: string, qos: 0 | 1 | 2): Promise<unknown>;
  unsubscribe(topicFilter: string): Promise<unknown>;
  /** Says goodbye and closes. */
  disconnect(): Promise<unknown>;
  /** Every message that the application got, over all connections. */
  readonly received: readonly { readonly topic: string; readonly payload: Uint8Array }[];
  /** The test is over. */
  end?(): Promise<unknown>;
}

/** A client to be tested, and how. */
export interface ClientUnderTest extends TrialOptions {
  /** The version that is spoken. */
  readonly version: ProtocolVersion;
  /** Makes a client without any session: one for each run. */
  readonly create: () => TestedClient | Promise<TestedClient>;
  /** The Keep Alive in seconds, whose pings are then waited for in `sleep`. Absent: 0, none. */
  readonly keepAlive?: number | undefined;
}

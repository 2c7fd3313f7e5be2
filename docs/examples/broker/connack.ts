/** What a client is told in CONNACK (section 3.2.2.3), beside what the broker announces to everybody. */
import {
  type ConnackProperties,
  type ConnectionState,
  type DecodedConnect,
  step,
} from '../../../src/index.js';
import type { BrokerOptions, Limits } from './options.js';

export function connackOf(
  options: BrokerOptions,
  { sessionExpiry }: Limits,
  connect: DecodedConnect,
  clientId: string,
): ConnackProperties {
  const { serverKeepAlive, shortestKeepAlive = 0, responsePrefix } = options;
  const properties: ConnackProperties = {};
  if (serverKeepAlive !== undefined && (connect.keepAlive === 0 || connect.keepAlive > serverKeepAlive)) {
    properties.serverKeepAlive = serverKeepAlive;
  } else if (connect.keepAlive > 0 && connect.keepAlive < shortestKeepAlive) {
    properties.serverKeepAlive = shortestKeepAlive;
  }
  // Sent to those alone who have asked for it.
  if (responsePrefix !== undefined) {
    properties.responseInformation = `${responsePrefix}${encodeURIComponent(clientId)}`;
  }
  if ((connect.properties?.sessionExpiryInterval ?? 0) > sessionExpiry) {
    properties.sessionExpiryInterval = sessionExpiry;
  }
  return properties;
}

/**
 * Whether the CONNACK fits the client's Maximum Packet Size. One that does not would leave nobody connected, so that
 * neither the session nor an older connection of the client may have changed for it.
 */
export function connackFits(
  state: ConnectionState,
  clientId: string,
  properties: ConnackProperties,
): boolean {
  const [after] = step(state, { type: 'accept', now: Date.now(), clientId, properties });
  return after.phase === 'connected';
}

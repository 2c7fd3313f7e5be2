// @ts-nocheck
// pure: what every adapter's entry exports besides its own.
export type {
  AbortSignalLike,
  Acceptance,
  CloseCause,
  Link,
  LinkClosed,
  LinkHandler,
  LinkOptions,
  Listener,
} from './surface.js';
export type { Clock } from './timer.js';
export { type MqttUrl, parseMqttUrl, type Target, type Transport } from './url.js';

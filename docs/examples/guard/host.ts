/**
 * Which brokers a program may be sent to by its users: all but those that give away a cloud's secrets.
 *
 * Private and loopback addresses are allowed, since brokers live on local networks. Refused are the addresses and
 * names under which clouds serve instance metadata, in whatever spelling, other schemes, and URLs that cannot be read.
 */
import { type MqttUrl, parseMqttUrl, type Transport } from '../../../src/adapters/common.js';

/** The broker is out of bounds, or the URL is none. */
export class GuardError extends Error {
  override readonly name = 'GuardError';
}

const METADATA_ADDRESSES: ReadonlySet<string> = new Set([
  '169.254.169.254', // AWS, Azure, Google, Oracle, DigitalOcean, OpenStack
  '169.254.169.253', // AWS: the resolver
  '169.254.170.2', // AWS: credentials of containers
  '169.254.170.23', // AWS: credentials of pods
  '168.63.129.16', // Azure: the host
  '100.100.100.200', // Alibaba
  '192.0.0.192', // Oracle
  'fd00:ec2::254', // AWS
  'fd00:ec2::23',
  'fd20:ce::254', // Google
]);

const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'instance-data',
  'instance-data.ec2.internal',
  'rancher-metadata',
]);

/**
 * Reads the URL of a broker and checks what can be checked before its name is resolved.
 *
 * Throws GuardError, which says why and never repeats credentials.
 */
export function checkBrokerUrl(text: string, transports: readonly Transport[] = ['tcp', 'tls']): MqttUrl {
  let url: MqttUrl;
  try {
    url = parseMqttUrl(text);
  } catch (error) {
    throw new GuardError((error as TypeError).message);
  }
  if (!transports.includes(url.transport)) {
    throw new GuardError(`broker URL: ${transports.join(' or ')} is allowed, not ${url.transport}`);
  }
  checkHost(url.hostname);
  return url;
}

/** Checks a host name, or an IP address in any spelling. Throws GuardError. */
export function checkHost(hostname: string): void {
  const name = hostname.toLowerCase().replace(/\.+$/, '');
  if (METADATA_NAMES.has(name)) throw new GuardError(`broker URL: ${name} serves a cloud's metadata`);
  const address = canonicalAddress(name);
  if (address !== undefined) checkAddress(address);
}

/** Checks an IP address as the system spells it. Throws GuardError. */
export function checkAddress(address: string): void {
  const canonical = canonicalAddress(address.replace(/%.*$/, ''));
  if (canonical === undefined) throw new GuardError('broker URL: the address cannot be read');
  for (const one of [canonical, ...embedded(canonical)]) {
    if (METADATA_ADDRESSES.has(one)) throw new GuardError(`broker URL: ${one} serves a cloud's metadata`);
  }
}

/** The usual spelling of an IP address, or undefined for a name. `URL` knows all the unusual ones. */
function canonicalAddress(text: string): string | undefined {
  const isSix = text.includes(':');
  try {
    const { hostname } = new URL(isSix ? `ws://[${text}]` : `ws://${text}`);
    if (isSix) return hostname.slice(1, -1);
    return /^\d+(\.\d+){3}$/.test(hostname) ? hostname : undefined;
  } catch {
    return undefined;
  }
}

/** The IPv4 addresses that an IPv6 address stands for: mapped, compatible, translated, 6to4 and both of Teredo's. */
function embedded(address: string): string[] {
  if (!address.includes(':')) return [];
  const groups = groupsOf(address);
  const startsWith = (...start: readonly number[]): boolean =>
    start.every((group, at) => groups[at] === group);
  const four = (at: number, mask = 0): string =>
    groups
      .slice(at, at + 2)
      .flatMap((group) => [(group ^ mask) >> 8, (group ^ mask) & 0xff])
      .join('.');
  if (startsWith(0, 0, 0, 0) || startsWith(0x64, 0xff9b)) return [four(6)];
  if (startsWith(0x2002)) return [four(1)];
  if (startsWith(0x2001, 0)) return [four(2), four(6, 0xffff)];
  return [];
}

/** The eight groups of an IPv6 address in its usual spelling. */
function groupsOf(address: string): number[] {
  const sides = address.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const [front = [], back = []] = sides;
  const gap = Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...gap, ...back].map((group) => Number.parseInt(group, 16));
}

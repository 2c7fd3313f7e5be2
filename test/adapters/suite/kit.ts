import type { CloseCause, Link, LinkHandler, LinkOptions, Target } from '../../../src/adapters/streams.js';
import type { Endpoint } from '../../../src/index.js';

/** The scripted servers that a suite talks to; `peers/behaviours.ts` says what each does. */
export type PeerName =
  | 'echo'
  | 'mute'
  | 'closer'
  | 'resetter'
  | 'half-open'
  | 'drip'
  | 'flood'
  | 'blob'
  | 'slow'
  | 'deaf'
  | 'sink'
  | 'report'
  /** Asks the client to authenticate, and says CONNACK and a message behind that in the same write. */
  | 'asking'
  /** Takes the connection and says nothing, not even TLS's or WebSocket's first word. */
  | 'stall'
  /** Nobody listens on this port. */
  | 'refused'
  /** Its certificate is of an authority that nobody knows. */
  | 'untrusted'
  /** Wants a certificate of the client. */
  | 'mutual'
  /** A WebSocket server that chooses no subprotocol. */
  | 'no-protocol'
  /** A WebSocket server that answers CONNECT with a text frame. */
  | 'text';

/** A certificate and its key, in PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** Where the peers listen, and the certificates that go with them: what a runtime is told before it starts. */
export interface Peers {
  /** By `transport/name`, as `tls/echo`. */
  readonly ports: Readonly<Record<string, number>>;
  /** The authority that the servers' certificates are from, in PEM. */
  readonly ca: string;
  /** A client's certificate from the same authority. */
  readonly client: Identity;
}

/** What a case may ask of a connection. */
export interface SuiteOptions extends LinkOptions {
  /** The authority to trust for TLS, in PEM. */
  readonly ca?: string | undefined;
  /** The client's own certificate. */
  readonly identity?: Identity | undefined;
}

/** How a runtime connects, and what it can do: all that a case knows of where it runs. */
export interface Kit {
  /** The transports that this adapter has, unencrypted and encrypted. */
  readonly plain: 'tcp' | 'ws';
  readonly secure: 'tls' | 'wss';
  readonly peers: Peers;
  connect(endpoint: Endpoint, target: Target, handler: LinkHandler, options: SuiteOptions): Link;
  /** Causes that this runtime cannot tell from others, and what it says instead. */
  readonly says?: Readonly<Partial<Record<CloseCause, readonly CloseCause[]>>>;
  delay(milliseconds: number): Promise<void>;
  /** Milliseconds that only grow. */
  now(): number;
  /** Bytes in use, garbage left out as far as possible; absent where nobody knows. */
  memory?(): number;
}

/** Numbers that a case measured, by name. */
export type Measured = Readonly<Record<string, number>>;

/** One case of the suite. */
export interface Case {
  readonly name: string;
  /** What holds when it passes, for the documentation. */
  readonly promise: string;
  /** Resolves when all is as it should be; rejects with what is not. */
  run(kit: Kit): Promise<Measured | undefined>;
}

/** What became of a case: one line of JSON on the way home. */
export interface Result {
  readonly case: string;
  readonly ok: boolean;
  readonly error?: string;
  readonly milliseconds: number;
  readonly measured?: Measured;
}

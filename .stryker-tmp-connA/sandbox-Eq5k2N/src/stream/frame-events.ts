// @ts-nocheck
// pure: what FrameParser tells of a stream.
import type { MalformedPacketError, PacketType, ProtocolVersion } from '../errors.js';
import type { DecodedPublish } from '../packets/publish.js';

/** The beginning of a frame. */
export interface FrameHead {
  readonly type: 'head';
  readonly packetType: PacketType;
  /** The low four bits of the first byte (section 2.1.3). */
  readonly flags: number;
  /** How many bytes follow the fixed header. */
  readonly remainingLength: number;
  /** The size of the whole packet in bytes, fixed header included. */
  readonly size: number;
  /** The bytes of the fixed header, as they came. */
  readonly bytes: Uint8Array;
}

/** A PUBLISH as it was decoded, but for its payload. */
export type PublishHead<V extends ProtocolVersion = ProtocolVersion> = WithoutPayload<DecodedPublish<V>>;

type WithoutPayload<P> = P extends unknown ? Omit<P, 'payload'> : never;

/** The beginning of a PUBLISH, where `publishHeads` asks for it; the frame's body is then the payload alone. */
export interface FramePublish {
  readonly type: 'publish';
  readonly packet: PublishHead;
  /** How many bytes of payload follow. */
  readonly payloadLength: number;
  /** The size of the whole packet in bytes, fixed header included. */
  readonly size: number;
  /** The bytes of the fixed header and the variable header, as they came. */
  readonly bytes: Uint8Array;
}

/** A piece of a frame's body; pieces are as large as the chunks make them, and never empty. */
export interface FrameBody {
  readonly type: 'body';
  readonly bytes: Uint8Array;
  /** How many bytes of the body are still to come. */
  readonly remaining: number;
}

/** The frame is complete. */
export interface FrameEnd {
  readonly type: 'end';
}

/** The stream ended within a frame: what came of it has been handed out, and nothing more will come. */
export interface FrameAborted {
  readonly type: 'aborted';
  readonly error: MalformedPacketError;
}

/**
 * What FrameParser tells: for each frame a `head` (or a `publish`), its `body` in any number of
 * pieces, and its `end`; or `aborted`, when the stream was cut. All `bytes` in a row are the stream.
 */
export type FrameEvent = FrameHead | FramePublish | FrameBody | FrameEnd | FrameAborted;

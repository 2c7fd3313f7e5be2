// @ts-nocheck
// pure: what the streaming floor offers.
export type {
  FrameAborted,
  FrameBody,
  FrameEnd,
  FrameEvent,
  FrameHead,
  FramePublish,
  PublishHead,
} from './frame-events.js';
export { DEFAULT_MAXIMUM_PUBLISH_HEAD_SIZE, FrameParser, type FrameParserOptions } from './frame-parser.js';
export { PacketParser, type PacketParserOptions } from './packet-parser.js';

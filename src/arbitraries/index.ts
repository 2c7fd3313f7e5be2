// pure: the entry puremqtt/arbitraries; fast-check is its peer.

export type { Due } from './cases.js';
export { auth, connack, connect, disconnect, pingreq, pingresp } from './connecting.js';
export type { PacketOptions } from './fields.js';
export { type InvalidBytes, invalidBytes } from './invalid-bytes.js';
export { type InvalidPacket, invalidPacket } from './invalid-packets.js';
export { chunking, mutatedBytes } from './mutations.js';
export { packet, packetBytes } from './packets.js';
export { brokerCommands, runBrokerCommands } from './peers/broker-commands.js';
export type { BrokerCommand, BrokerCommandOptions } from './peers/broker-draws.js';
export type { BrokerUnderTest } from './peers/broker-run.js';
export {
  type ClientCommand,
  type ClientCommandOptions,
  clientCommands,
  runClientCommands,
} from './peers/client-commands.js';
export type {
  ClientMessage,
  ClientSettings,
  ClientUnderTest,
  TestedClient,
  TestedWill,
} from './peers/client-under-test.js';
export {
  type InvalidVector,
  type Malformed,
  type MalformedDue,
  type MalformedOptions,
  malformedBytes,
  malformedCorpus,
} from './peers/malformed.js';
export { connectionPair, type NetworkConnection } from './peers/network.js';
export { PEER_RULES, type PeerRule, PeerViolation } from './peers/rules.js';
export type { TrialOptions } from './peers/trial.js';
export { puback, pubcomp, publish, pubrec, pubrel } from './publishing.js';
export {
  type RawFrameOptions,
  type RawOptions,
  type RawPiece,
  rawBytes,
  rawFourBytes,
  rawFrame,
  rawProperties,
  rawProperty,
  rawString,
  rawTwoBytes,
  rawVariableByteInteger,
} from './raw.js';
export { suback, subscribe, unsuback, unsubscribe } from './subscribing.js';
export { binary, text, topicFilter, topicName } from './values.js';

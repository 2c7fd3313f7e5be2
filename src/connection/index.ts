// pure: the floor of connections, and the entry puremqtt/connection.
export type {
  Action,
  AuthReceivedAction,
  CloseAction,
  ConnectedAction,
  ConnectRefusedAction,
  ConnectRequestedAction,
  DeliverAction,
  DisconnectReceivedAction,
  EndedAction,
  EndReason,
  FailAction,
  Outcome,
  PingAnsweredAction,
  RefusedAction,
  ReplyAction,
  RequestReceivedAction,
  SessionDiscardedAction,
  SettledAction,
  TransmitAction,
  WillDiscardedAction,
  WillDueAction,
} from './actions.js';
export type { AliasState, OutgoingAlias } from './aliases.js';
export { AUTH_RECEIVED, AUTH_SENT, type AuthEvent, type AuthMoves } from './auth.js';
export {
  type ClientOptions,
  type ConnectionOptions,
  clientConnection,
  type ServerOptions,
  serverConnection,
} from './create.js';
export { Endpoint } from './endpoint.js';
export type { EndpointEvent, EndpointOptions, EndpointResult, StoredEndpoint } from './endpoint-types.js';
export type {
  AcceptInput,
  AcknowledgeInput,
  AnswerInput,
  AuthenticateInput,
  BlockedInput,
  ClosedInput,
  DisconnectInput,
  Input,
  OpenedInput,
  PacketReceivedInput,
  ParseFailedInput,
  PingInput,
  RefuseInput,
  SendablePacket,
  SendableSubscribe,
  SendableUnsubscribe,
  SendInput,
  SendOptions,
  TimerFiredInput,
  WithdrawInput,
  WritableInput,
} from './inputs.js';
export { deadline } from './keep-alive.js';
export type { Limits } from './limits.js';
export type { Chain, Owed, OwedEntry } from './owed.js';
export { awaitsAnswer, canSend, sendQuota } from './queries.js';
export { ADMISSIONS, type Admission } from './receive.js';
export { importConnection } from './restore.js';
export type {
  AuthTurn,
  ConnectionState,
  Details,
  HeldPacket,
  PeerRequest,
  Phase,
  Resend,
  Role,
  Settings,
  Terms,
  Traffic,
} from './state.js';
export { step } from './step.js';
export {
  type AliasRow,
  exportConnection,
  type StoredConnection,
  type StoredOwed,
  type StoredStatus,
} from './stored.js';

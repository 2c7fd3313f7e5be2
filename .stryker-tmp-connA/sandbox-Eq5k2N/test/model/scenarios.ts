// @ts-nocheck
import { step } from '../../src/connection/index.js';
import type { HostKind } from './hosts.js';
import type { Message, QoS, Role } from './setup.js';
import type { Scenario } from './sides.js';

/** What a family of scenarios has in common. */
export type Bounds = Pick<Scenario, 'cuts' | 'crashes'>;

const VERSIONS = [4, 5] as const;
const QOS: readonly QoS[] = [0, 1, 2];
export const HOSTS = ['atomic', 'deliver-first', 'store-first'] as const satisfies readonly HostKind[];

/** A flow: who sends a message, and with which QoS. */
export interface Flow {
  readonly from: Role;
  readonly qos: QoS;
}

const FLOWS: readonly Flow[] = (['client', 'server'] as const).flatMap((from) =>
  QOS.map((qos): Flow => ({ from, qos })),
);

/** Lists of flows of that length. Which of two comes first matters only where one side sends both. */
export function flowsOf(length: number): readonly (readonly Flow[])[] {
  if (length === 0) return [[]];
  return flowsOf(length - 1).flatMap((flows) =>
    FLOWS.filter(({ from }) => from === 'server' || flows.every((flow) => flow.from === 'client')).map(
      (flow) => [...flows, flow],
    ),
  );
}

/** Flows as the messages of both sides. */
export function messagesOf(flows: readonly Flow[]): Scenario['messages'] {
  const from = (role: Role): Message[] =>
    flows.flatMap((flow, number) => (flow.from === role ? [{ number, qos: flow.qos }] : []));
  return { client: from('client'), server: from('server') };
}

/** Every combination of version, host and way to acknowledge, with every list of flows of that length. */
export function everyPair(bounds: Bounds, length = 2, hosts: readonly HostKind[] = HOSTS): Scenario[] {
  return hosts.flatMap((host) =>
    VERSIONS.flatMap((version) =>
      (['automatic', 'manual'] as const).flatMap((acknowledgements) =>
        flowsOf(length).map(
          (flows): Scenario => ({ host, version, acknowledgements, messages: messagesOf(flows), ...bounds }),
        ),
      ),
    ),
  );
}

const acknowledged = (scenario: Scenario, least: number): boolean =>
  [...scenario.messages.client, ...scenario.messages.server].filter(({ qos }) => qos > 0).length >= least;

/** Both sides take one message at a time (MQTT 5.0). */
export function oneAtATime(bounds: Bounds, length = 2): Scenario[] {
  return everyPair(bounds, length, ['atomic'])
    .filter((scenario) => scenario.version === 5 && acknowledged(scenario, length))
    .map((scenario) => ({ ...scenario, receiveMaximum: [1] }));
}

/** Both sides send one message at a time, though neither has said that it takes no more. */
export function oneAtATimeByChoice(bounds: Bounds, length = 2): Scenario[] {
  return everyPair(bounds, length, ['atomic'])
    .filter((scenario) => acknowledged(scenario, length))
    .map((scenario) => ({ ...scenario, maximumInFlight: 1 }));
}

/** Both sides take less on every connection than on the one before (MQTT 5.0). */
export function lessAndLess(bounds: Bounds, length = 2): Scenario[] {
  return oneAtATime(bounds, length).map((scenario) => ({ ...scenario, receiveMaximum: [length, 1] }));
}

/** The application may refuse every message (MQTT 5.0). */
export function withRefusals(bounds: Bounds, length = 2): Scenario[] {
  return everyPair(bounds, length, ['atomic'])
    .filter(({ version, acknowledgements }) => version === 5 && acknowledgements === 'manual')
    .filter((scenario) => acknowledged(scenario, length))
    .map((scenario) => ({ ...scenario, refusals: true }));
}

/** Nobody has a session yet. */
export function firstConnection(bounds: Bounds, length = 2): Scenario[] {
  return everyPair(bounds, length, ['atomic'])
    .filter((scenario) => acknowledged(scenario, length))
    .map((scenario) => ({ ...scenario, fresh: true }));
}

/** The client sends before CONNACK, and the server takes its time. */
export function pipelined(bounds: Bounds, length = 2): Scenario[] {
  return everyPair(bounds, length, ['atomic'])
    .filter(({ messages }) => messages.client.length > 0)
    .map((scenario) => ({ ...scenario, pipelining: true }));
}

/** A step whose session always gives the lowest free Packet Identifier, so that each is used again at once. */
const lowestFirst: typeof step = (state, input) => {
  const [after, actions] = step(state, input);
  const { session } = after;
  if (after === state || session.nextPacketId === 1) return [after, actions];
  return [{ ...after, session: { ...session, nextPacketId: 1 } }, actions];
};

/** One Packet Identifier is used again and again. */
export function withOneIdentifier(bounds: Bounds, length = 2): Scenario[] {
  return everyPair(bounds, length, ['atomic'])
    .filter((scenario) => acknowledged(scenario, length))
    .map((scenario) => ({ ...scenario, step: lowestFirst }));
}

/** A scenario in a few words. */
export function describeScenario(scenario: Scenario): string {
  const { version, acknowledgements, host, messages, cuts, crashes, receiveMaximum, maximumInFlight } =
    scenario;
  const flows = (role: Role): string =>
    messages[role].map(({ qos }) => `QoS ${qos}`).join(' and ') || 'nothing';
  const more = [
    receiveMaximum === undefined ? '' : `, Receive Maximum ${receiveMaximum.join(' then ')}`,
    maximumInFlight === undefined ? '' : `, at most ${maximumInFlight} in flight`,
    scenario.refusals === true ? ', refusals' : '',
    scenario.step === undefined ? '' : ', identifiers used again',
    scenario.fresh === true ? ', first connection' : '',
    scenario.pipelining === true ? ', pipelining' : '',
  ].join('');
  return (
    `${version === 4 ? '3.1.1' : '5.0'}, ${host} host, ${acknowledgements} acknowledgement${more}: ` +
    `the client sends ${flows('client')}, the server ${flows('server')}; ${cuts} cuts, ${crashes} crashes a side`
  );
}

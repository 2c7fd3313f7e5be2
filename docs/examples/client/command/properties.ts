/** Properties of MQTT 5.0 on the command line: `-D publish content-type text/plain`. */
import type {
  ConnectProperties,
  DisconnectProperties,
  PublishProperties,
  SubscribeProperties,
  UnsubscribeProperties,
  UserProperty,
  WillProperties,
} from '../../../../src/index.js';
import { UsageError } from './arguments.js';

export interface PropertiesByCommand {
  readonly connect?: ConnectProperties;
  readonly publish?: PublishProperties;
  readonly subscribe?: SubscribeProperties;
  readonly unsubscribe?: UnsubscribeProperties;
  readonly disconnect?: DisconnectProperties;
  readonly will?: WillProperties;
}

type Command = keyof PropertiesByCommand;

const MESSAGE = [
  'content-type',
  'correlation-data',
  'message-expiry-interval',
  'payload-format-indicator',
  'response-topic',
];

/** Which command has which, user-property apart, which all have. */
const NAMES: Readonly<Record<Command, readonly string[]>> = {
  connect: [
    ...['authentication-data', 'authentication-method', 'maximum-packet-size', 'receive-maximum'],
    ...['request-problem-information', 'request-response-information', 'session-expiry-interval'],
    'topic-alias-maximum',
  ],
  publish: [...MESSAGE, 'topic-alias'],
  subscribe: [],
  unsubscribe: [],
  disconnect: ['session-expiry-interval'],
  will: [...MESSAGE, 'will-delay-interval'],
};

const TEXTS = ['authentication-method', 'content-type', 'response-topic'];
const BINARIES = ['authentication-data', 'correlation-data'];

/** Takes every -D with what belongs to it out of the arguments. Throws UsageError. */
export function takeProperties(args: readonly string[]): {
  readonly rest: readonly string[];
  readonly properties: PropertiesByCommand;
} {
  const rest: string[] = [];
  const properties: Partial<Record<Command, Record<string, unknown>>> = {};
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg !== '-D' && arg !== '--property') {
      rest.push(arg);
      continue;
    }
    const [command = '', name = '', ...values] = args.slice(at + 1, at + 5);
    const takes = name === 'user-property' ? 2 : 1;
    if (!isCommand(command)) {
      const known = Object.keys(NAMES).join(', ');
      throw new UsageError(`-D takes one of ${known} first, not ${JSON.stringify(command)}`);
    }
    if (takes === 1 && !NAMES[command].includes(name)) {
      throw new UsageError(`-D ${command} has no property ${JSON.stringify(name)}`);
    }
    if (values.length < takes) {
      throw new UsageError(`-D ${command} ${name} takes ${takes === 2 ? 'a name and a value' : 'a value'}`);
    }
    properties[command] ??= {};
    add(properties[command], command, name, values);
    at += 2 + takes;
  }
  return { rest, properties: properties as PropertiesByCommand };
}

function add(to: Record<string, unknown>, command: string, name: string, values: readonly string[]): void {
  const [value = '', second = ''] = values;
  if (name === 'user-property') {
    const pairs = (to['userProperties'] ?? []) as readonly UserProperty[];
    to['userProperties'] = [...pairs, [value, second]];
    return;
  }
  const key = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  if (key in to) throw new UsageError(`-D ${command} ${name} is given twice`);
  if (TEXTS.includes(name)) to[key] = value;
  else if (BINARIES.includes(name)) to[key] = new TextEncoder().encode(value);
  else if (/^\d+$/.test(value)) to[key] = Number(value);
  else throw new UsageError(`-D ${command} ${name} takes a number, not ${JSON.stringify(value)}`);
}

function isCommand(name: string): name is Command {
  return Object.hasOwn(NAMES, name);
}

/** What is to be published, as the user says it. All of these throw UsageError. */
import type { PublishProperties, UserProperty } from '../../../src/index.js';
import { contents, UsageError } from '../client/command/arguments.js';
import { firstWord, qos, readFields, text, type Values, whole, yesNo } from './input.js';

const FIELDS = {
  qos,
  retain: yesNo,
  expiry: whole(0, 0xffffffff),
  'content-type': text,
  'response-topic': text,
  correlation: text,
};

export interface Publication extends Pick<Values<typeof FIELDS>, 'qos' | 'retain'> {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly properties: PublishProperties;
}

/** Reads `topic field=value ... format payload`, where the payload is the rest of the line as it stands. */
export function publicationOf(line: string): Publication {
  const [topic, ...rest] = firstWord(line);
  const pairs: string[] = [];
  let [word, after] = firstWord(rest[0]);
  for (; /^[^=\s]+=/.test(word); [word, after] = firstWord(after)) pairs.push(word);
  const users = pairs.filter((pair) => pair.startsWith('user:'));
  const fields = readFields(
    pairs.filter((pair) => !pair.startsWith('user:')),
    FIELDS,
  );
  const { expiry, correlation, 'content-type': contentType, 'response-topic': responseTopic } = fields;
  const properties: PublishProperties = {
    ...(expiry !== undefined && { messageExpiryInterval: expiry }),
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlation !== undefined && { correlationData: new TextEncoder().encode(correlation) }),
    ...(users.length > 0 && { userProperties: users.map(userProperty) }),
  };
  const payload = payloadOf(word, after.replace(/^\s/, ''));
  return { topic, payload, properties, qos: fields.qos, retain: fields.retain };
}

function userProperty(pair: string): UserProperty {
  const [, name = '', value = ''] = /^user:([^=]*)=(.*)$/s.exec(pair) ?? [];
  if (name === '') throw new UsageError('user: has to be user:NAME=VALUE');
  return [name, value];
}

function payloadOf(format: string, typed: string): Uint8Array {
  const bare = typed.replace(/\s/g, '');
  switch (format) {
    case 'text':
      return new TextEncoder().encode(typed);
    case 'json':
      checkJson(typed);
      return new TextEncoder().encode(typed);
    case 'hex':
      if (!/^([\da-f]{2})*$/i.test(bare)) throw new UsageError('payload: no hexadecimal');
      return new Uint8Array(Buffer.from(bare, 'hex'));
    case 'base64':
      if (!/^[a-z\d+/]*={0,2}$/i.test(bare) || bare.length % 4 !== 0) {
        throw new UsageError('payload: no Base64');
      }
      return new Uint8Array(Buffer.from(bare, 'base64'));
    case 'file':
      return contents(firstWord(typed)[0], 'payload');
    case 'nothing':
      return new Uint8Array();
    default:
      throw new UsageError('payload: say text, json, hex, base64, file or nothing before it');
  }
}

function checkJson(typed: string): void {
  try {
    JSON.parse(typed);
  } catch (error) {
    throw new UsageError(`payload: no JSON: ${(error as Error).message}`);
  }
}

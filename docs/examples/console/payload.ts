/** What is to be published, as the user says it. All of these throw FieldError or UsageError. */
import type { PublishProperties, UserProperty } from '../../../src/index.js';
import { contents } from '../client/command/arguments.js';
import { FieldError, fromBase64, own } from '../fields/fields.js';
import { fieldsOf, firstWord } from './input.js';

/** Reads `topic field=value ... format payload`, where the payload is the rest of the line as it stands. */
export function publicationOf(line: string) {
  const [topic, ...rest] = firstWord(line);
  const pairs: string[] = [];
  const users: string[] = [];
  let [word, after] = firstWord(rest[0]);
  for (; /^[^=\s]+=/.test(word); [word, after] = firstWord(after))
    (word.startsWith('user:') ? users : pairs).push(word);
  const fields = fieldsOf(pairs);
  const [qos, retain] = [fields.qos('qos'), fields.flag('retain') ?? false];
  const correlation = fields.text('correlation');
  const properties: PublishProperties = {
    messageExpiryInterval: fields.integer('expiry', 0, 0xffffffff),
    contentType: fields.text('contentType'),
    responseTopic: fields.text('responseTopic'),
    correlationData: correlation === undefined ? undefined : new TextEncoder().encode(correlation),
    userProperties: users.length === 0 ? undefined : users.map(userProperty),
  };
  fields.allRead();
  return { topic, payload: payloadOf(word, after.replace(/^\s/, '')), qos, retain, properties };
}

function userProperty(pair: string): UserProperty {
  const [, name = '', value = ''] = /^user:([^=]*)=(.*)$/s.exec(pair) ?? [];
  if (name === '') throw new FieldError('user', 'it has to be user:NAME=VALUE');
  return [name, value];
}

/** The bytes that are typed in a format; undefined: it is not in that format. */
const FORMATS: Readonly<Record<string, (typed: string) => Uint8Array | undefined>> = {
  text: (typed) => new TextEncoder().encode(typed),
  json(typed) {
    try {
      JSON.parse(typed);
    } catch (error) {
      throw new FieldError('payload', `no JSON: ${(error as Error).message}`);
    }
    return new TextEncoder().encode(typed);
  },
  hex(typed) {
    const bare = typed.replace(/\s/g, '');
    return /^([\da-f]{2})*$/i.test(bare) ? Uint8Array.from(Buffer.from(bare, 'hex')) : undefined;
  },
  base64: (typed) => fromBase64(typed) ?? undefined,
  file: (typed) => contents(firstWord(typed)[0], 'payload'),
  nothing: () => new Uint8Array(),
};

function payloadOf(format: string, typed: string): Uint8Array {
  const read = own(FORMATS, format);
  if (read === undefined)
    throw new FieldError('payload', `say one of ${Object.keys(FORMATS).join(', ')} before it`);
  const payload = read(typed);
  if (payload === undefined) throw new FieldError('payload', `this is no ${format}`);
  return payload;
}

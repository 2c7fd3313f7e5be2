/** Hooks for what the command line can say about who may do what. A broker of your own asks a database. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type DecodedConnect, parseSharedFilter, topicMatches } from '../../../src/index.js';
import type { BrokerOptions, Who } from './options.js';

export interface Access {
  /** `name:password` of those who are let in; none: everybody is. */
  readonly users: readonly string[];
  /** Topic Filters that nobody may subscribe to, shared or not. */
  readonly refusedFilters: readonly string[];
  /** Filters of topics that nobody may publish to. */
  readonly refusedTopics: readonly string[];
  /** What clients of MQTT 5.0 hear of a refused filter. Default: 0x87 (not authorized). */
  readonly refusalCode?: 0x80 | 0x87 | undefined;
}

const NOT_AUTHORIZED = 0x87;

export function hooks(access: Access): BrokerOptions {
  const { users, refusedFilters, refusedTopics, refusalCode = NOT_AUTHORIZED } = access;
  const passwords = new Map(
    users.map((user) => {
      const [name = '', ...password] = user.split(':');
      return [name, digest(Buffer.from(password.join(':')))] as const;
    }),
  );
  return {
    authenticate({ username, password }: DecodedConnect): number {
      if (passwords.size === 0) return 0x00;
      const known = username === undefined ? undefined : passwords.get(username);
      const isRight = known !== undefined && timingSafeEqual(known, digest(password ?? new Uint8Array()));
      return isRight ? 0x00 : 0x86;
    },
    ...(refusedTopics.length > 0 && {
      authorizePublish: (_who: Who, topic: string) =>
        refusedTopics.some((filter) => topicMatches(filter, topic)) ? NOT_AUTHORIZED : 0x00,
    }),
    authorizeSubscribe: (_who, filter) =>
      refusedFilters.includes(parseSharedFilter(filter)?.topicFilter ?? filter) ? refusalCode : 0x00,
  };
}

function digest(password: Uint8Array): Uint8Array {
  return createHash('sha256').update(password).digest();
}

/**
 * Who may read and write which topics, by rules in the form that mosquitto's ACL files have:
 *
 *     topic read news/#             # clients without a user name
 *     user anna
 *     topic readwrite rooms/+/anna  # this user
 *     topic deny rooms/secret/#
 *     pattern read inbox/%u/+       # everybody; %u is the user name, %c the Client Identifier
 *
 * The access may be left out and is then `readwrite`. What no rule allows is forbidden, and `deny` goes before all.
 */
import { isValidTopicFilter, topicMatches } from '../../../src/index.js';

type Access = 'read' | 'write' | 'readwrite' | 'deny';

interface Rule {
  readonly access: Access;
  readonly filter: string;
}

/** Of whom a rule may speak. */
export interface Principal {
  readonly username: string | undefined;
  readonly clientId: string;
}

/** What one client may do. */
export interface Permissions {
  mayRead(topic: string): boolean;
  mayWrite(topic: string): boolean;
  /** Whether there is anything under this Topic Filter that the client may ever read. */
  maySubscribe(topicFilter: string): boolean;
}

/** A line that is no rule; the message names the line. */
export class AclError extends Error {
  override readonly name = 'AclError';
}

export class Acl {
  readonly #anonymous: Rule[] = [];
  readonly #users = new Map<string, Rule[]>();
  readonly #patterns: Rule[] = [];

  /** Reads rules. Throws AclError for the first line that is none. */
  constructor(text: string) {
    let current = this.#anonymous;
    for (const [at, line] of text.split(/\r?\n/).entries()) {
      const [, keyword, rest = ''] = /^\s*([^\s#]+)\s*(.*?)\s*$/.exec(line) ?? [];
      if (keyword === undefined) continue;
      const complain = (what: string): AclError => new AclError(`line ${at + 1}: ${what}`);
      if (keyword === 'user') {
        if (rest === '') throw complain('a user name is missing');
        current = this.#users.get(rest) ?? [];
        this.#users.set(rest, current);
      } else if (keyword === 'topic') current.push(ruleOf(rest, complain));
      else if (keyword === 'pattern') this.#patterns.push(ruleOf(rest, complain));
      else throw complain(`${JSON.stringify(keyword)} is not user, topic or pattern`);
    }
  }

  /** What this client may do, found out once for all its messages. */
  permissionsOf(principal: Principal): Permissions {
    const own =
      principal.username === undefined ? this.#anonymous : (this.#users.get(principal.username) ?? []);
    const rules = [...own, ...this.#patterns.flatMap((pattern) => filledIn(pattern, principal))];
    const denied = rules.filter(({ access }) => access === 'deny');
    const readable = rules.filter(({ access }) => access === 'read' || access === 'readwrite');
    const writable = rules.filter(({ access }) => access === 'write' || access === 'readwrite');
    const isIn = (some: readonly Rule[], topic: string): boolean =>
      some.some(({ filter }) => topicMatches(filter, topic, 5));
    return {
      mayRead: (topic) => !isIn(denied, topic) && isIn(readable, topic),
      mayWrite: (topic) => !isIn(denied, topic) && isIn(writable, topic),
      maySubscribe: (topicFilter) => {
        const wanted = topicFilter.replace(/^\$share\/[^/]+\//, '');
        return readable.some(({ filter }) => overlap(filter.split('/'), wanted.split('/')));
      },
    };
  }
}

const RULE = /^(?:(read|write|readwrite|deny)\s+)?(\S.*)$/;

function ruleOf(text: string, complain: (what: string) => AclError): Rule {
  const [, access = 'readwrite', filter] = RULE.exec(text) ?? [];
  if (filter === undefined) throw complain('a topic is missing');
  if (!isValidTopicFilter(filter, 5)) throw complain(`${JSON.stringify(filter)} is no Topic Filter`);
  return { access: access as Access, filter };
}

/** The rule for this client; none where a name is missing, or holds what would reach beyond its own level. */
function filledIn({ access, filter }: Rule, { username, clientId }: Principal): Rule[] {
  const names: Readonly<Record<string, string | undefined>> = { '%u': username, '%c': clientId };
  const used = filter.match(/%[uc]/g) ?? [];
  if (used.some((mark) => !/^[^+#/]+$/.test(names[mark] ?? ''))) return [];
  return [{ access, filter: filter.replace(/%[uc]/g, (mark) => names[mark] ?? '') }];
}

/** Whether there is a topic that both filters match, level by level. */
function overlap([a, ...restA]: readonly string[], [b, ...restB]: readonly string[]): boolean {
  // Also where the other one has come to its end: `x/#` matches `x`.
  if (a === '#' || b === '#') return true;
  if (a === undefined && b === undefined) return true;
  if (a === undefined || b === undefined) return false;
  const isSame = a === b || a === '+' || b === '+';
  return isSame && overlap(restA, restB);
}

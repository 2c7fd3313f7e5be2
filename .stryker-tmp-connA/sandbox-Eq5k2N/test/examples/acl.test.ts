// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { Acl, AclError } from '../../docs/examples/acl/acl.js';

const acl = new Acl(`
# for clients without a user name
topic read news/#

user anna
topic rooms/+/anna
topic read rooms/#
topic deny rooms/secret/#

user   two words
topic write a topic with spaces

pattern read inbox/%u/+
pattern write outbox/%c
`);

const anna = acl.permissionsOf({ username: 'anna', clientId: 'a1' });
const nobody = acl.permissionsOf({ username: undefined, clientId: 'x' });

describe('Rules in the form of ACL files', () => {
  it('give what they allow, and nothing else', () => {
    expect(anna.mayWrite('rooms/1/anna')).toBe(true);
    expect(anna.mayWrite('rooms/1/ben')).toBe(false);
    expect(anna.mayRead('rooms/1/ben')).toBe(true);
    expect(anna.mayRead('other')).toBe(false);
  });

  it('let deny go before whatever else matches, in whatever order', () => {
    expect(anna.mayRead('rooms/secret/1')).toBe(false);
    expect(anna.mayWrite('rooms/secret/anna')).toBe(false);
  });

  it('keep the rules before the first user for clients without a name', () => {
    expect(nobody.mayRead('news/today')).toBe(true);
    expect(nobody.mayWrite('news/today')).toBe(false);
    expect(anna.mayRead('news/today')).toBe(false);
  });

  it('fill user name and Client Identifier into patterns', () => {
    expect(anna.mayRead('inbox/anna/1')).toBe(true);
    expect(anna.mayRead('inbox/ben/1')).toBe(false);
    expect(anna.mayWrite('outbox/a1')).toBe(true);
    expect(nobody.mayWrite('outbox/x')).toBe(true);
  });

  it('fill in no name that would reach beyond its level', () => {
    for (const username of ['+', '#', 'a/b', '']) {
      const evil = acl.permissionsOf({ username, clientId: '#' });
      expect(evil.mayRead('inbox/anna/1')).toBe(false);
      expect(evil.mayRead('inbox/+/1')).toBe(false);
      expect(evil.mayWrite('outbox/a1')).toBe(false);
    }
  });

  it('take user names and topics with spaces', () => {
    const two = acl.permissionsOf({ username: 'two words', clientId: 'x' });
    expect(two.mayWrite('a topic with spaces')).toBe(true);
    expect(two.mayRead('a topic with spaces')).toBe(false);
  });

  it('let a client subscribe where there is anything to read', () => {
    expect(anna.maySubscribe('#')).toBe(true);
    expect(anna.maySubscribe('rooms')).toBe(true);
    expect(anna.maySubscribe('rooms/1')).toBe(true);
    expect(anna.maySubscribe('+/anna/+')).toBe(true);
    expect(anna.maySubscribe('$share/group/inbox/anna/+')).toBe(true);
    expect(anna.maySubscribe('inbox/ben/+')).toBe(false);
    expect(anna.maySubscribe('news/#')).toBe(false);
    expect(anna.maySubscribe('inbox/anna')).toBe(false);
  });

  it.each([
    ['publish a', 'line 1: "publish" is not user, topic or pattern'],
    ['\nuser', 'line 2: a user name is missing'],
    ['topic', 'line 1: a topic is missing'],
    ['pattern read a/#/b', 'line 1: "a/#/b" is no Topic Filter'],
  ])('refuse %j, naming the line', (text, message) => {
    expect(() => new Acl(text)).toThrow(new AclError(message));
  });
});

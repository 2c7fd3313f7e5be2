// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { causeOf } from '../../src/adapters/closes.js';

const withCode = (code: string): Error => Object.assign(new Error(code), { code });
const named = (name: string): Error => Object.assign(new Error(name), { name });

describe('causeOf', () => {
  it.each([
    [withCode('ECONNREFUSED'), 'refused'],
    [withCode('ECONNRESET'), 'reset'],
    [withCode('EPIPE'), 'reset'],
    [withCode('ENOTFOUND'), 'unreachable'],
    [withCode('EHOSTUNREACH'), 'unreachable'],
    [withCode('ETIMEDOUT'), 'timeout'],
    [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls'],
    [withCode('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'tls'],
    [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls'],
    [withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'tls'],
    [withCode('CERT_HAS_EXPIRED'), 'tls'],
    [named('ConnectionRefused'), 'refused'],
    [named('UnexpectedEof'), 'reset'],
    [named('InvalidData'), 'tls'],
    [new AggregateError([withCode('ENETUNREACH'), withCode('ECONNREFUSED')]), 'unreachable'],
    [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'refused'],
    [new AggregateError([]), 'network'],
    [new Error('something'), 'network'],
    [named('constructor'), 'network'],
    [withCode('__proto__'), 'network'],
    [{ code: 7, name: 7 }, 'network'],
    ['ECONNRESET', 'network'],
    [null, 'network'],
    [undefined, 'network'],
  ])('%s is %s', (error, cause) => {
    expect(causeOf(error)).toBe(cause);
  });
});

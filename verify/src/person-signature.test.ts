import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { decodeBase64 } from './base64.ts';
import { encodePreAuth, openEnvelope, sealEnvelope, statementPayloadType } from './dsse.ts';
import { formatPersonKey } from './person-key.ts';
import { signStatement, verifySigned } from './person-signature.ts';
import { alice, alicePem, sharedLogKey, testKey, testLogKey } from './sample-bundle.fixture.ts';

const statement = { format: 'tminus/waiver/1', person: 'alice', reason: 'why' };
const signed = signStatement(statement, 'alice', alicePem);
const publicKey = formatPersonKey(alice);

describe('person signatures', () => {
  it('O02 holds for the person, the key and the bytes that were signed, whatever the order of keys', () => {
    expect(() => verifySigned(signed, publicKey)).not.toThrow();
    const reordered = { reason: 'why', person: 'alice', format: 'tminus/waiver/1' };
    expect(() => verifySigned({ ...signed, statement: reordered }, publicKey)).not.toThrow();
  });

  it.each([
    ['a changed statement', { ...signed, statement: { ...statement, reason: 'other' } }, publicKey, 'does not hold'],
    ['another declared key', signed, formatPersonKey(testKey('bob')), 'key: expected ed25519:'],
    [
      'a key of another algorithm',
      signed,
      publicKey.replace('ed25519', 'rsa'),
      'expected "ed25519:", "webauthn-es256:RPID:"',
    ],
    ['a short key', signed, 'ed25519:AAAA', 'expected 32 bytes, got 3 bytes'],
    ['another signer', { ...signed, signature: { ...signed.signature, person: 'bob' } }, publicKey, 'signer: expected'],
    ['another person', { ...signed, statement: { ...statement, person: 'bob' } }, publicKey, 'signer: expected'],
    [
      'a signature of 63 bytes',
      { ...signed, signature: { ...signed.signature, value: Buffer.alloc(63).toString('base64') } },
      publicKey,
      'expected 64 bytes, got 63 bytes',
    ],
    [
      'base64 without padding',
      { ...signed, signature: { ...signed.signature, value: signed.signature.value.slice(0, -2) } },
      publicKey,
      'canonical base64',
    ],
  ])('A34 refuses %s', (_, value, key, message) => {
    expect(() => verifySigned(value, key)).toThrow(message);
  });

  it('A34 refuses to sign for someone else, and with a key of another algorithm', () => {
    expect(() => signStatement(statement, 'bob', alicePem)).toThrow('expected a statement of "bob", got "alice"');
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' });
    expect(() => signStatement(statement, 'alice', rsa.toString())).toThrow('private key: expected Ed25519, got ec');
  });
});

describe('base64', () => {
  it.each(['A', 'AA', 'AA=', 'AB==', 'AAA', 'AA==\n', ' AA==', 'A_8=', '===='])('refuses %j', (text) => {
    expect(() => decodeBase64(text, 'x')).toThrow('x: expected canonical base64');
  });

  it('reads the one spelling', () => {
    expect([...decodeBase64('AA==', 'x')]).toEqual([0]);
    expect(decodeBase64('', 'x')).toHaveLength(0);
  });
});

describe('DSSE envelopes', () => {
  const key = sharedLogKey();
  const envelope = sealEnvelope({ hello: 'world' }, key);
  const fields = JSON.parse(envelope) as {
    payload: string;
    payloadType: string;
    signatures: { keyid: string; sig: string }[];
  };
  const changed = (change: object): string => JSON.stringify({ ...fields, ...change });

  it('signs the pre-authentication encoding of the DSSE protocol', () => {
    expect(encodePreAuth('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
    expect(encodePreAuth('ä', Buffer.from('ö')).toString()).toBe('DSSEv1 2 ä 2 ö');
  });

  it('opens what it sealed, with signatures of unknown keys beside', () => {
    expect(openEnvelope(envelope, key)).toEqual({ hello: 'world' });
    const cosigned = changed({ signatures: [{ keyid: 'other', sig: 'AAAA' }, ...fields.signatures] });
    expect(openEnvelope(cosigned, key)).toEqual({ hello: 'world' });
  });

  it.each([
    ['another payload', changed({ payload: Buffer.from('{"hello":"mars"}').toString('base64') }), 'does not hold'],
    ['another payload type', changed({ payloadType: 'text/plain' }), `expected ${statementPayloadType}`],
    ['no signature', changed({ signatures: [] }), '1 to 16 signatures'],
    ['a signature of another key', sealEnvelope({ hello: 'world' }, testLogKey('other')), 'got none'],
    ['an unknown field', changed({ zzz: 1 }), 'another shape'],
    ['white space', `${envelope}\n`, 'canonical JSON'],
  ])('refuses %s', (_, text, message) => {
    expect(() => openEnvelope(text, key)).toThrow(message);
  });
});

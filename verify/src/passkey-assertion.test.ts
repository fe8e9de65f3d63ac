import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { canonicalize } from './canonicalize.ts';
import { challengeOf, encodeAssertion, maxSignatureValue } from './passkey-assertion.ts';
import type { PasskeyAssertion } from './passkey-assertion.ts';
import { newPasskey } from './passkey.fixture.ts';
import type { Answer } from './passkey.fixture.ts';
import { formatPasskey, formatPersonKey, parsePersonKey } from './person-key.ts';
import { signStatement, verifySigned } from './person-signature.ts';
import type { Signed } from './record.ts';
import { alice, alicePem } from './sample-bundle.fixture.ts';

const statement = { format: 'tminus/approval/1', person: 'alice', vote: 'go', comment: 'read' };
const passkey = newPasskey();
const signed = passkey.sign(statement);
type Said = Signed<{ person: string }>;

const withValue = (value: string): Said => ({ ...signed, signature: { ...signed.signature, value } });
const partsOf = (): PasskeyAssertion =>
  JSON.parse(Buffer.from(signed.signature.value, 'base64').toString()) as PasskeyAssertion;
const withParts = (change: { [part: string]: unknown }): Said =>
  withValue(Buffer.from(canonicalize({ ...partsOf(), ...change })).toString('base64'));
/** The bytes of one part, changed. */
const changed = (part: keyof PasskeyAssertion, change: (bytes: Buffer) => Buffer): Said =>
  withParts({ [part]: change(Buffer.from(partsOf()[part], 'base64url')).toString('base64url') });
const flip = (at: number, bit: number) => (bytes: Buffer) => {
  const other = Buffer.from(bytes);
  other.writeUInt8(other.readUInt8(at) ^ bit, at);
  return other;
};

describe('signatures by passkey', () => {
  it.each(['es256', 'ed25519'] as const)('O21 holds for the statement that was shown (%s)', (algorithm) => {
    const own = newPasskey('tminus.example', algorithm);
    const reordered = { vote: 'go', comment: 'read', person: 'alice', format: 'tminus/approval/1' };
    expect(() => verifySigned(own.sign(statement), own.key)).not.toThrow();
    expect(() => verifySigned({ ...own.sign(statement), statement: reordered }, own.key)).not.toThrow();
  });

  it.each<[string, Partial<Answer>]>([
    ['from a page of a subdomain, on another port', { clientData: { origin: 'https://night.tminus.example:8443' } }],
    ['with what a browser adds', { clientData: { crossOrigin: undefined, other_keys_can_be_added_here: {} } }],
    ['in a frame of the same site', { clientData: { topOrigin: 'https://tminus.example' } }],
    ['of a passkey that cannot be backed up', { flags: 0x05 }],
    ['of a counter at zero', { counter: 0 }],
    ['of a counter that went back, which only the server can see', { counter: 1 }],
  ])('A25 takes an answer %s', (_, change) => {
    expect(() => verifySigned(passkey.sign(statement, change), passkey.key)).not.toThrow();
  });

  it('A25 takes plain http on this very machine, and nowhere else', () => {
    const local = newPasskey('localhost');
    const answer = (origin: string) => local.sign(statement, { clientData: { origin } });
    expect(() => verifySigned(answer('http://localhost:4000'), local.key)).not.toThrow();
    expect(() => verifySigned(answer('http://localhost.example'), local.key)).toThrow('.origin: expected');
  });

  it.each<[string, Partial<Answer>, string]>([
    ['nobody was present', { flags: 0x04 }, 'a person who was present (flag UP), got none'],
    ['nobody was verified', { flags: 0x01 }, 'a person whom the authenticator verified (flag UV), got none'],
    ['neither', { flags: 0x00 }, 'flag UP'],
    ['it is backed up and may not be', { flags: 0x15 }, 'no BS without BE'],
    ['a key is attested', { flags: 0x45, behind: Buffer.alloc(20) }, 'flags AT, ED'],
    ['there are extensions', { flags: 0x85, behind: Buffer.of(0xa0) }, 'flags AT, ED'],
    ['there are bytes behind', { behind: Buffer.of(0) }, 'expected 37 bytes, got 38 bytes'],
    ['it is of another site', { rpId: 'evil.example' }, 'the digest of tminus.example, got that of another site'],
    ['it was made, not used', { clientData: { type: 'webauthn.create' } }, '.type: expected "webauthn.get"'],
    ['it was a payment', { clientData: { type: 'payment.get' } }, '.type: expected "webauthn.get"'],
    ['the page is another', { clientData: { origin: 'https://evil.example' } }, '.origin: expected an origin of'],
    ['the page only ends so', { clientData: { origin: 'https://evil-tminus.example' } }, '.origin: expected'],
    ['the page is above the site', { clientData: { origin: 'https://example' } }, '.origin: expected'],
    ['the page came over http', { clientData: { origin: 'http://tminus.example' } }, '.origin: expected'],
    ['the origin has a path', { clientData: { origin: 'https://tminus.example/x' } }, '.origin: expected'],
    ['the origin has a name in it', { clientData: { origin: 'https://tminus.example@evil.example' } }, '.origin:'],
    ['the origin is that of an app', { clientData: { origin: 'android:apk-key-hash:AAAA' } }, '.origin: expected'],
    ['the origin is null', { clientData: { origin: 'null' } }, '.origin: expected'],
    ['the origin is a list', { clientData: { origin: ['https://tminus.example'] } }, '.origin: expected'],
    ['it came from a foreign frame', { clientData: { crossOrigin: true } }, '.crossOrigin: expected false, got "true"'],
    ['the frame is a word', { clientData: { crossOrigin: 'false' } }, '.crossOrigin: expected false'],
    ['the page around it is another', { clientData: { topOrigin: 'https://evil.example' } }, '.topOrigin: expected'],
    ['the challenge is another', { clientData: { challenge: challengeOf({ vote: 'go' }) } }, '.challenge: expected'],
    ['the challenge is missing', { clientData: { challenge: undefined } }, '.challenge: expected'],
    ['the client data is a list', { clientDataText: '[]' }, 'clientDataJSON: expected an object'],
    ['the client data is no JSON', { clientDataText: '{' }, 'clientDataJSON: expected JSON'],
    [
      'a name stands twice',
      {
        clientDataText: `{"type":"webauthn.get","challenge":"x","\\u0063hallenge":"${challengeOf(statement)}","origin":"https://tminus.example"}`,
      },
      'expected each name once, got "challenge" twice',
    ],
  ])('A25 refuses a true signature where %s', (_, change, message) => {
    expect(() => verifySigned(passkey.sign(statement, change), passkey.key)).toThrow(message);
  });

  it.each<[string, () => Said, string]>([
    ['flag UP turned', () => changed('authenticatorData', flip(32, 0x01)), 'flag UP'],
    ['flag UV turned', () => changed('authenticatorData', flip(32, 0x04)), 'flag UV'],
    ['a reserved flag turned', () => changed('authenticatorData', flip(32, 0x02)), 'one that does not hold'],
    ['the backup flags turned', () => changed('authenticatorData', flip(32, 0x18)), 'one that does not hold'],
    ['the counter turned', () => changed('authenticatorData', flip(36, 1)), 'one that does not hold'],
    ['authenticator data cut', () => changed('authenticatorData', (bytes) => bytes.subarray(0, 36)), 'got 36 bytes'],
    ['the client data respelled', () => changed('clientDataJSON', spaced), 'one that does not hold'],
    ['the signature cut', () => changed('signature', (bytes) => bytes.subarray(0, -1)), 'one that does not hold'],
    ['a byte behind the signature', () => changed('signature', padded), 'one that does not hold'],
    ['DER in another spelling', () => changed('signature', longForm), 'one that does not hold'],
    ['a turned bit of the signature', () => changed('signature', flip(40, 1)), 'one that does not hold'],
    ['an empty signature', () => withParts({ signature: '' }), 'canonical base64url'],
    ['a number in place of a part', () => withParts({ signature: 7 }), 'canonical base64url without padding, got none'],
    ['padding', () => withParts({ authenticatorData: `${partsOf().authenticatorData}=` }), 'canonical base64url'],
    ['a fourth part', () => withParts({ userHandle: 'AAAA' }), 'alone, got "userHandle"'],
    ['another order of the parts', () => withValue(toBase64(JSON.stringify(backwards()))), 'canonical JSON (RFC 8785)'],
    ['a list', () => withValue(toBase64('[]')), 'canonical base64url'],
    ['null', () => withValue(toBase64('null')), 'canonical base64url'],
    ['bytes behind the value', () => withValue(`${signed.signature.value}A`), 'canonical base64'],
    ['a value that is too long', () => withValue('A'.repeat(maxSignatureValue + 4)), 'at most 8192 characters'],
    ['another statement', () => ({ ...signed, statement: { ...statement, vote: 'no-go' } }), '.challenge: expected'],
    ['one byte more in the statement', () => ({ ...signed, statement: { ...statement, comment: 'read.' } }), '.chall'],
    ['another person', () => ({ ...signed, statement: { ...statement, person: 'bob' } }), 'signer: expected'],
    ['the value of a key file', keyFileValue, 'expected valid UTF-8, got other bytes'],
  ])('A25 A34 refuses %s', (_, make, message) => {
    expect(() => verifySigned(make(), passkey.key)).toThrow(message);
  });

  it('A25 refuses the answer of another passkey of the same site, also where it names the declared one', () => {
    const clone = newPasskey();
    expect(() => verifySigned(clone.sign(statement), passkey.key)).toThrow('key: expected webauthn-es256');
    const named = { ...clone.sign(statement), signature: { ...clone.sign(statement).signature, key: passkey.key } };
    expect(() => verifySigned(named, passkey.key)).toThrow('one that does not hold');
  });

  it('A34 refuses the answer of a passkey under the key of a file, and of one algorithm under the other', () => {
    const fileKey = formatPersonKey(alice);
    const asFile = { ...signed, signature: { ...signed.signature, key: fileKey } };
    expect(() => verifySigned(asFile, fileKey)).toThrow('expected 64 bytes');
    const other = newPasskey('tminus.example', 'ed25519');
    const swapped = { ...signed, signature: { ...signed.signature, key: other.key } };
    expect(() => verifySigned(swapped, other.key)).toThrow('one that does not hold');
    const back = { ...other.sign(statement), signature: { ...other.sign(statement).signature, key: passkey.key } };
    expect(() => verifySigned(back, passkey.key)).toThrow('one that does not hold');
  });
});

describe('declared passkeys', () => {
  const point = passkey.key.split(':')[2] ?? '';
  const offCurve = Buffer.from(point, 'base64').fill(1, 1).toString('base64');

  it('A25 are read back as they are written', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = formatPasskey('a.b-c.example', publicKey);
    expect(key).toMatch(/^webauthn-es256:a\.b-c\.example:[A-Za-z0-9+/]{87}=$/u);
    expect(parsePersonKey(key)).toMatchObject({ kind: 'passkey', algorithm: 'es256', rpId: 'a.b-c.example' });
  });

  it.each([
    ['a site with a port', `webauthn-es256:a.example:443:${point}`, 'expected "ed25519:"'],
    ['no site', `webauthn-es256::${point}`, 'a domain in lower case'],
    ['a site in capitals', `webauthn-es256:A.example:${point}`, 'a domain in lower case'],
    ['an address', `webauthn-es256:127.0.0.1:${point}`, 'a domain in lower case'],
    ['an endless site', `webauthn-es256:${'a.'.repeat(130)}example:${point}`, 'a domain in lower case'],
    ['an empty label', `webauthn-es256:a..example:${point}`, 'a domain in lower case'],
    ['a point off the curve', `webauthn-es256:a.example:${offCurve}`, 'a point that is not on the curve'],
    ['a compressed point', `webauthn-es256:a.example:${Buffer.alloc(33, 2).toString('base64')}`, 'got 33 bytes'],
    ['an ed25519 key as es256', `webauthn-es256:a.example:${Buffer.alloc(32).toString('base64')}`, 'got 32 bytes'],
    ['a point as ed25519', `webauthn-ed25519:a.example:${point}`, 'expected 32 bytes, got 65 bytes'],
    ['base64url', `webauthn-es256:a.example:${point.replace(/.=$/u, '_=')}`, 'canonical base64'],
    ['another algorithm', `webauthn-rs256:a.example:${point}`, 'expected "ed25519:"'],
  ])('A34 refuse %s', (_, key, message) => {
    expect(() => parsePersonKey(key)).toThrow(message);
  });

  it('A34 are not made of a key of another curve', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(() => formatPasskey('a.example', publicKey)).toThrow('passkey: expected an uncompressed point of P-256');
  });
});

function keyFileValue(): Said {
  const { value } = signStatement(statement, 'alice', alicePem).signature;
  return withValue(value);
}

/** The same numbers with the length of the sequence in the long form, which DER forbids (X.690, section 10.1). */
function longForm(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x30, 0x81, bytes.length - 2), bytes.subarray(2)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.of(0)]);
}

function spaced(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString().replace('{', '{ '));
}

function backwards(): { [part: string]: string } {
  return Object.fromEntries(Object.entries(partsOf()).toReversed());
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

it('encodes an answer in one way only', () => {
  expect(encodeAssertion(partsOf())).toBe(signed.signature.value);
});

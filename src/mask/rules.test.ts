import { describe, expect, it } from 'vitest';

import { createMasker, type Masker } from './masker.ts';
import { contextShapes, tokenShapes } from './rules/built-in-rules.ts';
import { readShape, shapeClasses } from './rules/token-shape.ts';
import type { SinkProfile } from './rules/personal-rules.ts';
import { seeded } from './secret-forms.fixture.ts';

const maskerFor = (profile: SinkProfile): Masker => createMasker({ secrets: [], rules: [], profile, now: new Date(0) });
const masker = maskerFor('log');
const random = seeded(11);

function charactersOf(name: string): string {
  return Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at))
    .filter((char) => new RegExp(`[${shapeClasses[name]}]`).test(char))
    .filter((char) => /[A-Za-z0-9]/.test(char))
    .join('');
}

/** A canary of the shape: made up, of the least length, ending in a letter or digit. */
function canary(shape: string): string {
  return readShape(shape)
    .map((piece) => {
      const characters = charactersOf(piece.class || 'a');
      return piece.class === ''
        ? piece.text
        : Array.from({ length: piece.least }, () => characters[Math.floor(random() * characters.length)]!).join('');
    })
    .join('');
}

const pem = (kind: string, header = ''): string =>
  `-----BEGIN ${kind}-----\n${header}${`${canary('{b64}')}\n`.repeat(3)}-----END ${kind}-----`;
const encrypted = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0123456789ABCDEF\n\n';

/** The 13 patterns of O09 and what else has to go, each with the part that has to be gone. */
const positives: readonly (readonly [string, string])[] = [
  ['password=hunter2x', 'hunter2x'],
  ['"password": "correct horse"', 'correct horse'],
  [String.raw`{\"password\":\"S3cret!x\"}`, 'S3cret!x'],
  ["passwd: 'geheim'", 'geheim'],
  ['PGPASSWORD=geheimnis psql -h db', 'geheimnis'],
  ['+ export DB_PASSWORD=tr0ub4dor', 'tr0ub4dor'],
  ['api_key=abcdef123456789', 'abcdef123456789'],
  ['X-API-Key: 9f8e7d6c5b4a3f2e1d', '9f8e7d6c5b4a3f2e1d'],
  ['token: "a1B2c3D4e5F6g7H8i9J0"', 'a1B2c3D4e5F6g7H8i9J0'],
  ['Authorization: Bearer abcDEF123456ghiJKL7890', 'abcDEF123456ghiJKL7890'],
  ['curl -H "Authorization: Basic YWRtaW46aHVudGVyMg=="', 'YWRtaW46aHVudGVyMg'],
  ['AKIAQ3EGMR7XK2LPW9TZ is the key', 'AKIAQ3EGMR7XK2LPW9TZ'],
  ['aws_secret_access_key = kR8mZq2LxV5nTj7wBc9pYd4sFh6gAe1uKi3oMb0Q', 'kR8mZq2LxV5nTj7wBc9p'],
  [pem('RSA PRIVATE KEY'), 'MII'],
  [pem('RSA PRIVATE KEY', encrypted), 'DEK-Info'],
  [pem('ENCRYPTED PRIVATE KEY'), 'BEGIN'],
  [pem('OPENSSH PRIVATE KEY'), 'BEGIN'],
  [pem('PGP PRIVATE KEY BLOCK', 'Version: GnuPG v2\n\n'), 'GnuPG'],
  [JSON.stringify({ private_key: pem('PRIVATE KEY') }), 'BEGIN'],
  [`ssh-rsa AAAAB3NzaC1yc2E${canary('{a200}')} me@host`, 'AAAAB3Nza'],
  [`ssh-ed25519 AAAAC3NzaC1lZDI1NTE5${canary('{a44}')}`, 'AAAAC3Nza'],
  ...['postgresql', 'postgres', 'mysql', 'mongodb+srv', 'redis', 'rediss', 'amqp', 'amqps', 'https', 'ftp', 'ldap'].map(
    (scheme) => [`${scheme}://app:s3cr%40t-x@db.internal:5432/shop?x=1`, 's3cr%40t-x'] as const,
  ),
  ['redis://:onlyPassw0rd@cache:6379/0', 'onlyPassw0rd'],
  ['Error: connect failed\n    at connect (postgres://u:p4ss%21@db/x:1:2)', 'p4ss%21'],
  ['mail to alice.smith+test@mail.example.co.uk now', 'alice'],
  ['card 4242 4242 4242 4242 declined', '4242 4242'],
  ['card=378282246310005', '378282246310005'],
  ['ssn 123-45-6789', '123-45-6789'],
  [`client_secret: ${canary('{a40}')}7x`, '7x'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk is it', 'eyJzdWIi'],
  ['GET /cb?code=1&access_token=9aB8cD7eF6gH5iJ4kL3mN2 HTTP/1.1', '9aB8cD7eF6'],
  ['https://s3/x?X-Amz-Signature=5d41402abc4b2a76b9719d911017c592ab', '5d41402abc'],
  ['Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark', '8f14e45f'],
  ['AccountKey=' + canary('{b86}') + '==;EndpointSuffix=core.windows.net', '=='],
];

const negatives: readonly string[] = [
  'password: string;',
  'the password is in the vault, see docs',
  'const password = readPassword(stdin);',
  'password: ${DB_PASSWORD}',
  'DB_PASSWORD=$DB_PASSWORD make deploy',
  'password=<your password>',
  'token: null, apiKey: undefined',
  'token = process.env.GITHUB_TOKEN',
  'Authorization: Bearer ${TOKEN}',
  'tokens: 12345, tokenizer: cl100k_base_tokenizer_v2',
  'commit 0a431fc5358f2a7e19c0d1b4e164e9343092aa01 by ci',
  'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'id 550e8400-e29b-41d4-a716-446655440000 done in 12 ms',
  'http://localhost:5432/path@2x.png and https://host:8443/@scope/pkg',
  'import x from "@scope/name"; npm i left-pad@1.3.0',
  'order 4242 4242 4242 4241 is not a card, 2026-03-01 12:00:00.123 is a time',
  'AKIA is a prefix, ghp_ is one, sk-ant- too; eyJ begins a JWT',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY----- is not private',
  'version 1.2.3.4-rc1 build 20260301120000 rows=123456789012',
  'basic authentication is off, bearer tokens are on, cookie: none',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk',
];

describe('rules for unknown secrets', () => {
  it('S4 there are more than 222, and each finds a made-up token of its shape, alone, in quotes and with an escape sequence inside', () => {
    expect(tokenShapes.length + contextShapes.length).toBeGreaterThan(222);
    const missed = tokenShapes.flatMap(([id, shape]) => {
      const token = canary(shape);
      const cut = Math.floor(token.length / 2);
      const lines = [
        `got ${token} back`,
        `{"value":"${token}"}`,
        `got ${token.slice(0, cut)}\u001b[1m${token.slice(cut)} back`,
      ];
      return lines.filter((line) => masker.maskText(line).includes(token.slice(-6))).map((line) => [id, line]);
    });
    expect(missed).toEqual([]);
  });

  it('S4 each name of a vendor makes a value of its shape a secret', () => {
    const missed = contextShapes.flatMap(([vendor, shape]) => {
      const value = canary(shape);
      const lines = [`${vendor.toUpperCase()}_API_TOKEN=${value}`, `"${vendor}.key": "${value}"`];
      return lines.filter((line) => masker.maskText(line).includes(value.slice(-6))).map((line) => [vendor, line]);
    });
    expect(missed).toEqual([]);
  });

  it.each(positives)('O09 masks %j', (line, secret) => {
    const masked = masker.maskText(line);
    expect(masked).toContain('[masked:');
    expect(masked).not.toContain(secret);
    expect(masker.maskText(masked), 'masking again changes nothing').toBe(masked);
  });

  it.each(negatives)('O09 lets %j stand', (line) => {
    expect(masker.maskText(line)).toBe(line);
  });

  it('O09 a rule without its condition is caught by the lines that have to stand (negative control)', () => {
    const careless = (text: string): string =>
      text.replaceAll(/(password|token|authorization)\s*[:=]\s*\S+/gi, '[masked:x]');
    expect(negatives.filter((line) => careless(line) !== line).length).toBeGreaterThan(5);
    expect(positives.filter(([line, secret]) => careless(line).includes(secret)).length).toBeGreaterThan(20);
  });

  it('O09 addresses of people and machines are masked by sink', () => {
    const line = 'bob@example.com from 192.0.2.17 and 2001:db8::17 at 10:00:00';
    const masked = (['log', 'event', 'export', 'message', 'audit'] as const).map((sink) =>
      maskerFor(sink).maskText(line),
    );
    const inside = '[masked:email] from 192.0.2.17 and 2001:db8::17 at 10:00:00';
    const outside = '[masked:email] from [masked:ip] and [masked:ip] at 10:00:00';
    expect(masked).toEqual([inside, inside, outside, outside, line]);
  });

  it('A1 every rule says the same in a stream, at every split point', () => {
    const lines = [...positives.map(([line]) => line), ...negatives].map((line) => Buffer.from(`x ${line}\nnext\n`));
    for (const raw of lines) {
      const whole = masker.maskText(raw.toString());
      for (let at = 0; at <= raw.length; at += raw.length > 400 ? 7 : 1) {
        const stream = masker.createMaskStream();
        const parts = [stream.write(raw.subarray(0, at)), stream.write(raw.subarray(at)), stream.flush()];
        expect(Buffer.concat(parts).toString()).toBe(whole);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';

import { readTsigKey } from './tsig-key.ts';

const secret = Buffer.from('//0123456789abcdef//', 'base64');
const base64 = secret.toString('base64');
const wanted = { hash: 'sha512', algorithm: 'hmac-sha512', name: 'cutover.example.org', secret };

describe('a TSIG key as text', () => {
  it.each([
    ['a line', `hmac-sha512:Cutover.example.org.:${base64}\n`],
    [
      'a file of BIND',
      `// made by tsig-keygen\nkey "cutover.example.org" {\n\talgorithm HMAC-SHA512;\n\tsecret "${base64}";\n};\n`,
    ],
    ['a file without quotes', `# ours\nkey cutover.example.org. { secret ${base64}; algorithm hmac-sha512; }`],
  ])('O06 is read from %s, with a secret that holds two slashes', (_, text) => {
    expect(base64).toContain('//');
    expect(readTsigKey(text)).toEqual({ ok: true, key: wanted });
  });

  it.each([
    ['', 'another form'],
    [`hmac-sha256:key`, 'another form'],
    [`hmac-sha256:key:${base64}:more`, 'another form'],
    [`hmac-md5:key:${base64}`, 'an algorithm of'],
    [`hmac-sha256:a b:${base64}`, 'a domain name'],
    ['hmac-sha256:key:', 'base64'],
    ['hmac-sha256:key:not base64!', 'base64'],
    [`key "a" { secret "${base64}"; };`, 'another form'],
    [`key "a" { algorithm hmac-sha256; secret "${base64}"; }; key "b" { };`, 'another form'],
  ])('refuses what is none and repeats nothing of it: %j', (text, reason) => {
    const read = readTsigKey(text);
    expect(read).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(read)).not.toContain(base64);
  });
});

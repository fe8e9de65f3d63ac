import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { addParts, createSecretSet, type SecretSet } from '../find-secrets.ts';
import { admitSecrets } from '../known-secret.ts';
import { generateSecrets, secretForms, seeded } from '../secret-forms.fixture.ts';
import { sweep } from './sweep.ts';

function setOf(values: readonly string[]): SecretSet {
  const set = createSecretSet();
  const secrets = values.map((value, at) => ({ name: `s${at}`, value, retiredAt: null, allowWeak: false }));
  addParts(set, admitSecrets(secrets, new Date(0)).parts);
  return set;
}

const toBase32 = (bytes: Buffer): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(group.padEnd(5, '0'), 2)]!).join('');
};
const quoted = (bytes: Buffer): string =>
  (
    Array.from(bytes, (byte) =>
      byte === 0x3d || byte > 0x7e || byte < 0x20
        ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
      .join('')
      .match(/(?:=..|.){1,70}/gs) ?? []
  ).join('=\r\n');
const unicode = (bytes: Buffer): string =>
  Array.from(
    { length: bytes.toString().length },
    (_, at) => `\\u${bytes.toString().charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** The encodings that a sweep undoes. */
const encodings: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  base64: (bytes) => Buffer.from(bytes.toString('base64')),
  base64url: (bytes) => Buffer.from(bytes.toString('base64url')),
  base32: (bytes) => Buffer.from(toBase32(bytes)),
  hex: (bytes) => Buffer.from(bytes.toString('hex')),
  percent: (bytes) => Buffer.from(encodeURIComponent(bytes.toString())),
  unicode: (bytes) => Buffer.from(unicode(bytes)),
  'quoted-printable': (bytes) => Buffer.from(quoted(bytes)),
  gzip: (bytes) => Buffer.from(gzipSync(bytes).toString('base64')),
  'utf-16': (bytes) => Buffer.from(bytes.toString(), 'utf16le'),
  reversed: (bytes) => Buffer.from(bytes.toReversed()),
};

const names = Object.keys(encodings);
const chains = (depth: number): string[][] =>
  depth === 0 ? [[]] : chains(depth - 1).flatMap((chain) => names.map((name) => [...chain, name]));
const encode = (chain: readonly string[], text: string): Buffer =>
  chain.reduce<Buffer>((bytes, name) => encodings[name]!(bytes), Buffer.from(text));
const inLog = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from('12:00 step says: '), bytes, Buffer.from('\nnext line\n')]);

const values = generateSecrets(32, 21);
const secrets = setOf(values);
const forms = Object.entries(secretForms);

async function missed(cases: readonly { chain: string[]; form: number; value: number }[]): Promise<string[]> {
  const out: string[] = [];
  for (const { chain, form, value } of cases) {
    const [name, write] = forms[form]!;
    const { hits } = await sweep(inLog(encode(chain, write(values[value]!))), { secrets });
    if (!hits.some((hit) => hit.class === 'known' && hit.name === `s${value}`))
      out.push(`${chain.join(' > ')} of ${name}: ${values[value]}`);
  }
  return out;
}

describe('the sweep', () => {
  it('S3 finds each of 32 forms within each of 10 encodings', async () => {
    const cases = chains(1).flatMap((chain) => forms.map((_, form) => ({ chain, form, value: form })));
    expect(cases.length).toBe(320);
    expect(await missed(cases)).toEqual([]);
  });

  it('S3 finds a secret within each of 1,110 compositions of up to 3 encodings, three forms each, in turns', async () => {
    const all = [...chains(1), ...chains(2), ...chains(3)];
    const cases = [0, 7, 19].flatMap((step) =>
      all.map((chain, at) => ({ chain, form: (at + step) % 31, value: (at + step) % 32 })),
    );
    expect(cases.length).toBe(3330);
    expect(await missed(cases)).toEqual([]);
  }, 180_000);

  it('S3 says where, by which way and whose, and never the value', async () => {
    const written = inLog(encode(['hex', 'base64'], values[4]!));
    const { hits, unread, swept } = await sweep(written, { secrets });
    expect(hits.find(({ path }) => path.join(' ') === 'base64')).toEqual({
      class: 'known',
      name: 's4',
      at: 17,
      path: ['base64'],
    });
    expect([unread, swept]).toEqual([[], written.length]);
    expect(JSON.stringify(hits)).not.toContain(values[4]!.slice(0, 6));
  });

  it('S3 finds what has the shape of a secret and nobody handed out, in another class', async () => {
    const token = `ghp_${'aB3xY9'.repeat(6)}`;
    const { hits } = await sweep(inLog(encode(['base64', 'base32'], token)), { secrets });
    expect(hits.map(({ class: kind, name, path }) => [kind, name, path])).toContainEqual([
      'unknown',
      'github-token',
      ['base32', 'base64'],
    ]);
  });

  it('S3 goes as deep as it is told (negative control: one step less finds nothing)', async () => {
    const written = inLog(encode(['base32', 'hex', 'base32'], values[4]!));
    expect((await sweep(written, { secrets, depth: 2 })).hits).toEqual([]);
    expect((await sweep(written, { secrets })).hits.length).toBe(1);
    expect((await sweep(inLog(Buffer.from('nothing')), { secrets })).hits).toEqual([]);
  });

  it('S3 finds nothing in 2 MB of random text, words and encoded words', async () => {
    const random = seeded(5);
    const words = ['order', 'finished', 'GET', '/api/v1', 'rows=12', '%20', 'ms', '\\u00e4', '=3D', '\n', '0x3f'];
    const pieces = Array.from({ length: 40_000 }, (_, at) => {
      const noise = Buffer.from(Array.from({ length: 60 }, () => Math.floor(random() * 256)));
      const text = Array.from({ length: 8 }, () => words[Math.floor(random() * words.length)]!).join(' ');
      return at % 3 === 0 ? noise.toString('base64') : at % 3 === 1 ? text : Buffer.from(text).toString('base64');
    });
    const written = Buffer.from(pieces.join(' '));
    expect(written.length).toBeGreaterThan(2_000_000);
    const { hits, unread } = await sweep(written, { secrets });
    expect([hits, unread]).toEqual([[], []]);
  }, 180_000);

  it('S3 finds what stands across the border of two chunks and of two windows', async () => {
    const encoded = Buffer.from(`${encode(['hex', 'base64', 'base32'], values[4]!).toString()} `);
    const filler = Buffer.alloc(1024 * 1024, 'quiet line\n');
    for (const before of [filler.length - 20, filler.length - 65_536 - 20, filler.length - 5]) {
      const written = Buffer.concat([filler.subarray(0, before), encoded, filler]);
      async function* chunks(): AsyncGenerator<Buffer> {
        for (let at = 0; at < written.length; at += 50_001) yield written.subarray(at, at + 50_001);
      }
      const { hits, swept } = await sweep(chunks(), { secrets });
      expect(hits.map(({ name }) => name)).toContain('s4');
      expect(swept).toBe(written.length);
    }
  });

  it('S3 tells of what was handed out though a thousand shapes of others, and another secret everywhere, came before', async () => {
    const others = Array.from({ length: 1500 }, (_, at) => `ghp_${String(at).padStart(6, 'x')}${'aB3xY9'.repeat(5)}`);
    const written = [...others, ...Array<string>(300).fill(`${values[5]!}${' '.repeat(600)}`), values[4]!].join('\n');
    const { hits } = await sweep(Buffer.from(written), { secrets });
    expect(hits.filter(({ class: kind }) => kind === 'unknown')).toHaveLength(100);
    expect(new Set(hits.filter(({ class: kind }) => kind === 'known').map(({ name }) => name))).toEqual(
      new Set(['s4', 's5']),
    );
  });

  it('S3 says what it could not read: a bomb, and more packed stretches than it opens', async () => {
    const packed = (size: number): string => gzipSync(Buffer.alloc(size)).toString('base64');
    const many = Array.from({ length: 80 }, (_, at) => gzipSync(`x${at}`).toString('base64')).join('"');
    for (const text of [packed(30_000_000), Array(40).fill(packed(4_000_000)).join('"'), many])
      expect((await sweep(inLog(Buffer.from(text)), { secrets })).unread.length).toBeGreaterThan(0);
    expect((await sweep(inLog(Buffer.from(packed(4_000_000))), { secrets })).unread).toEqual([]);
  });
});

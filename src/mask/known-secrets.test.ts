import { describe, expect, it } from 'vitest';

import { createMasker, type Masker } from './masker.ts';
import type { KnownSecret } from './known-secret.ts';
import type { MaskStream } from './mask-stream.ts';
import { generateSecrets, secretForms, seeded, type WriteForm } from './secret-forms.fixture.ts';

const now = new Date('2026-03-01T12:00:00Z');
const known = (value: string, index = 0): KnownSecret => ({
  name: `s${index}`,
  value,
  retiredAt: null,
  allowWeak: false,
});
const maskerOf = (...values: string[]): Masker =>
  createMasker({ secrets: values.map((value, index) => known(value, index)), rules: [], profile: 'log', now });

const before = 'step "copy" says <';
const after = '> and goes on\n';
/** The stretches of four characters, two of them more than blanks and quotes, that only this secret explains: the same form of another secret of its length does not have them. */
function tellingStretches(write: WriteForm, secret: string): string[] {
  const stretchesOf = (text: string): string[] =>
    Array.from({ length: Math.max(0, text.length - 3) }, (_, at) => text.slice(at, at + 4));
  const others = new Set(stretchesOf(write('Zz'.repeat(secret.length).slice(0, secret.length))));
  return stretchesOf(write(secret)).filter((stretch) => !others.has(stretch) && /[^\s"'\\].*[^\s"'\\]/s.test(stretch));
}

/** Whether the text shows that something was masked, and nothing of the secret. */
function isMasked(masked: string, write: WriteForm, secret: string): boolean {
  const left = masked.replaceAll(/\[masked:[^\]]+\]/g, '\u0000');
  return left !== masked && !tellingStretches(write, secret).some((stretch) => left.includes(stretch));
}

type MaskText = (text: string) => string;

function share(maskText: MaskText, values: readonly string[], write: WriteForm): number {
  const masked = values.filter((secret) => isMasked(maskText(before + write(secret) + after), write, secret));
  return masked.length / values.length;
}

/** Text that goes through a stream in chunks of these sizes, the last one until the end. */
function streamed(chunks: readonly Uint8Array[], stream: MaskStream): Buffer {
  return Buffer.concat([...chunks.map((chunk) => stream.write(chunk)), stream.flush()]);
}

function fullShare(maskText: MaskText): string[] {
  return Object.entries(secretForms).flatMap(([name, write]) => (share(maskText, secrets, write) < 1 ? [name] : []));
}

const secrets = generateSecrets(200, 7);
const masker = maskerOf(...secrets);

const maskAll: MaskText = (text) => masker.maskText(text);

describe('known secrets', () => {
  it('S2 are masked in 31 of 32 forms, 200 of 200 each, and cut to 12 where 6 of those are more than quotes and blanks', () => {
    const matrix = Object.entries(secretForms).map(([name, write]) => [name, share(maskAll, secrets, write)] as const);
    process.stdout.write(
      matrix
        .map(([name, masked]) => `${(masked * 100).toFixed(1).padStart(5)} %  ${name}`)
        .join('\n')
        .concat('\n'),
    );
    expect(matrix.length).toBe(32);
    expect(matrix.filter(([name, masked]) => masked < (name === 'truncated to 12' ? 0.99 : 1))).toEqual([]);
  });

  it('S2 planted faults: each faulty masker is caught by the matrix (negative control)', () => {
    const plainly: MaskText = (text) => secrets.reduce((left, secret) => left.replaceAll(secret, '[masked:x]'), text);
    const faulty: Record<string, MaskText> = {
      'masks nothing': (text) => text,
      'plain values only': plainly,
      'plain and base64': (text) =>
        secrets.reduce(
          (left, secret) => left.replaceAll(Buffer.from(secret).toString('base64'), '[masked:x]'),
          plainly(text),
        ),
      'line by line': (text) => text.split('\n').map(maskAll).join('\n'),
      'leaves the last character': (text) =>
        secrets.reduce((left, secret) => left.replaceAll(secret.slice(0, -4), '[masked:x]'), text),
      'byte after byte': (text) =>
        [...Buffer.from(text)].map((byte) => masker.maskText(String.fromCharCode(byte))).join(''),
    };
    const caught = Object.entries(faulty).map(([name, maskText]) => [name, fullShare(maskText).length > 0]);
    expect(caught).toEqual(Object.keys(faulty).map((name) => [name, true]));
  });

  it('A1 come out the same at every split point, byte for byte, in all forms and between UTF-8 bytes', () => {
    const odd = ['pä55wörd-ünïcode-€9', ...secrets.slice(0, 4)];
    const small = maskerOf(...odd);
    for (const [index, [name, write]] of Object.entries(secretForms).entries()) {
      const raw = Buffer.from(
        `größe <${write(odd[index % odd.length]!)}> ghp_${'aB3'.repeat(12)} bob@example.com\nnext €\n`,
      );
      const whole = streamed([raw], small.createMaskStream());
      for (let at = 0; at <= raw.length; at += 1) {
        const split = streamed([raw.subarray(0, at), raw.subarray(at)], small.createMaskStream());
        expect(split.equals(whole) ? '' : `${name} at ${at}: ${split.toString()}`).toBe('');
      }
      const single = streamed(
        Array.from(raw, (_, at) => raw.subarray(at, at + 1)),
        small.createMaskStream(),
      );
      expect([name, single.toString()]).toEqual([name, whole.toString()]);
    }
  });

  it('A1 a masker that looks at each chunk by itself is caught (negative control)', () => {
    const secret = secrets[0]!;
    const apart = [secret.slice(0, 6), secret.slice(6)].map((chunk) =>
      streamed([Buffer.from(chunk)], masker.createMaskStream()),
    );
    expect(isMasked(Buffer.concat(apart).toString(), (text) => text, secret)).toBe(false);
  });

  it('A1 are held apart where two streams of one step are written in turns', () => {
    const [one, other] = [masker.createMaskStream(), masker.createMaskStream()];
    const secret = secrets[0]!;
    const out = [one.write(Buffer.from(secret.slice(0, 6))), other.write(Buffer.from(secrets[4]!.slice(0, 7)))];
    out.push(
      one.write(Buffer.from(`${secret.slice(6)}\n`)),
      other.write(Buffer.from(`${secrets[4]!.slice(7)}\n`)),
      one.flush(),
      other.flush(),
    );
    expect(Buffer.concat(out).toString()).toBe('[masked:s0]\n[masked:s4]\n');
  });

  it('A1 do not show their length', () => {
    const [short, long] = ['x7Kq9Zb2', 'x7Kq9Zb2'.repeat(1) + generateSecrets(3, 1).join('')];
    expect(maskerOf(short).maskText(`<${short}>`)).toBe('<[masked:s0]>');
    expect(maskerOf(long).maskText(`<${long}>`)).toBe('<[masked:s0]>');
  });

  it('A1 bytes that are not masked come out as they were, valid UTF-8 or not', () => {
    const raw = Buffer.from([0xff, 0xc3, 0x28, 0x00, 0x41, 0xe2, 0x82, 0x0a, 0x80]);
    expect(streamed([raw], masker.createMaskStream())).toEqual(raw);
  });

  it('A2 a beginning of 8 characters is masked, one of 7 is not', () => {
    const secret = 'q7Rz-81Lm.pW3xT0';
    expect(maskerOf(secret).maskText(`got ${secret.slice(0, 8)}`)).toBe('got [masked:s0]');
    expect(maskerOf(secret).maskText(`got ${secret.slice(0, 7)}`)).toBe(`got ${secret.slice(0, 7)}`);
  });

  it('A2 the beginning that all tokens of a family share masks no other token', () => {
    const masked = maskerOf('postgres://app:xY8kq2Lw@db/shop').maskText(
      'postgres is up, postgres://app: is its scheme',
    );
    expect(masked).toBe('postgres is up, postgres://app: is its scheme');
  });

  it('A3 lines of a multi-line secret and leaves of a JSON secret are masked, braces and short leaves are not', () => {
    const pem =
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5v\nbmUAAAAEbm9uZ7x1QkLzP9wVtB2f\n-----END OPENSSH PRIVATE KEY-----';
    const json = JSON.stringify({ user: 'Y', port: 5432, nested: [{ password: 'tr0ub4dor&3xyz' }] }, null, 2);
    const multi = maskerOf(pem, json);
    expect(multi.maskText('x bmUAAAAEbm9uZ7x1QkLzP9wVtB2f y')).toBe('x [masked:s0] y');
    expect(multi.maskText('login tr0ub4dor&3xyz ok')).toBe('login [masked:s1] ok');
    expect(multi.maskText('{ "Y": 5432, Yes }')).toBe('{ "Y": 5432, Yes }');
  });

  it('A3 a long secret is masked to its last character, in pieces', () => {
    const long = generateSecrets(150, 3).join('').replaceAll(/[^\w]/g, '');
    expect(long.length).toBeGreaterThan(2500);
    for (const write of [
      secretForms['plain']!,
      secretForms['hex lower']!,
      secretForms['base64']!,
      secretForms['hex upper']!,
    ])
      expect(isMasked(maskerOf(long).maskText(`<${write(long)}>`), write, long)).toBe(true);
  });

  it('A4 a retired secret stays masked for 24 hours, and a secret that is handed out later is masked in an open stream', () => {
    const old = (retiredAt: string): KnownSecret => ({ ...known('oldV4lue-1234567'), retiredAt });
    const at = (secret: KnownSecret) =>
      createMasker({ secrets: [secret], rules: [], profile: 'log', now }).maskText('oldV4lue-1234567');
    expect(at(old('2026-02-28T12:00:01Z'))).toBe('[masked:s0]');
    expect(at(old('2026-02-28T11:59:59Z'))).toBe('oldV4lue-1234567');
    expect(at(old('not a time'))).toBe('[masked:s0]');
    const rotating = maskerOf('firstV4lue-123456');
    const stream = rotating.createMaskStream();
    const out = [stream.write(Buffer.from('firstV4lue-123456\n'))];
    rotating.replaceSecrets(
      [{ ...known('firstV4lue-123456'), retiredAt: now.toISOString() }, known('secondV4lue-7890', 1)],
      now,
    );
    out.push(stream.write(Buffer.from('firstV4lue-123456 secondV4lue-7890\n')), stream.flush());
    expect(Buffer.concat(out).toString()).toBe('[masked:s0]\n[masked:s0] [masked:s1]\n');
  });

  it('S4 a value that would mask ordinary text is refused by name, unless it was allowed', () => {
    const weak = (value: string, allowWeak = false): Masker =>
      createMasker({ secrets: [{ ...known(value), allowWeak }], rules: [], profile: 'log', now });
    expect(weak('abc12').refused).toEqual([
      { name: 's0', reason: 'expected at least 6 characters without white space and quotes, got 5' },
    ]);
    expect(weak('aaaaaaaabb').refused).toEqual([
      { name: 's0', reason: 'expected at least 2.5 bits a character, got 0.7' },
    ]);
    expect(weak('abc12').maskText('abc12')).toBe('abc12');
    expect(weak('abc12', true).maskText('say abc12')).toBe('say [masked:s0]');
    expect(weak('abc', true).refused.length).toBe(1);
  });

  it('A5 are masked in a query, a Basic header, a cookie, arguments, an environment, a trace of a shell and a stack', () => {
    const secret = 'Wq3/x+7Lz=Kp9&v2';
    const basic = Buffer.from(`admin:${secret}`).toString('base64');
    const lines = [
      `GET /login?user=a&key=${encodeURIComponent(secret)}&next=1 HTTP/1.1`,
      `> Authorization: Basic ${basic}`,
      `Set-Cookie: sid=${secret}; Path=/`,
      `1234 pts/0 S+ 0:00 mysql -p${secret} shop`,
      `HOME=/root\0DB_PASS=${secret}\0PATH=/bin`,
      `+ curl -u 'admin:${secret}' https://host`,
      `Error: cannot connect\n    at connect (https://admin:${encodeURIComponent(secret)}@host/x.js:1:2)`,
    ];
    const masked = lines.map((line) => maskerOf(secret).maskText(line));
    for (const line of masked) {
      expect(line).toContain('[masked:');
      for (const form of [secret, encodeURIComponent(secret), basic.slice(10, 22)]) expect(line).not.toContain(form);
    }
    expect(masked[2]).toMatch(/^Set-Cookie: sid=.*; Path=\/$|^Set-Cookie: \[masked/);
  });

  it('S2 none of 20,000 lines with secrets without escapes leaks from one stream that is written in chunks of any size', () => {
    const plainly = secrets.filter((secret) => !/[%&\\]/.test(secret));
    const random = seeded(99);
    const pick = (below: number): number => Math.floor(random() * below);
    const forms = Object.entries(secretForms).filter(([name]) => !/dump|gzip|truncated/.test(name));
    const leaked = (lines: readonly string[], expected: readonly { write: WriteForm; secret: string }[]): number =>
      lines.filter((line, at) => !isMasked(line, expected[at]!.write, expected[at]!.secret)).length;
    const wanted = Array.from({ length: 20_000 }, () => ({
      write: forms[pick(forms.length)]![1],
      secret: plainly[pick(plainly.length)]!,
    }));
    const raw = Buffer.from(
      wanted.map(({ write, secret }) => `at ${pick(1000)} <${write(secret)}> ok\n`).join('\u241e'),
    );
    const stream = masker.createMaskStream();
    const out: Buffer[] = [];
    for (let at = 0; at < raw.length;) {
      const size = pick(3) === 0 ? pick(40_000) : pick(2000);
      out.push(stream.write(raw.subarray(at, at + size)));
      at += size;
    }
    const lines = Buffer.concat([...out, stream.flush()])
      .toString()
      .split('\u241e');
    expect(lines.length).toBe(wanted.length);
    expect(leaked(lines, wanted)).toBe(0);
    expect(leaked(raw.toString().split('\u241e'), wanted), 'the raw lines').toBe(wanted.length);
  });

  it('A1 a dump is looked at as one, wherever the stream is cut and whatever follows', () => {
    const secret = 'kXOl4XL9zMTtscn3uuUyybimwczeC4QAj7TYoXLh9';
    const dump = maskerOf(secret);
    const raw = Buffer.from(`at <${secretForms['hex dump']!(secret)}>\nnext line\nand one more\n`);
    for (let at = 0; at <= raw.length; at += 3) {
      const out = streamed([raw.subarray(0, at), raw.subarray(at)], dump.createMaskStream()).toString();
      expect(out).not.toMatch(/59 6f 58|YoXL|6c 34 58/);
    }
  });

  it('S2 packed content is opened also where words follow it, and where it was cut off', () => {
    const secret = 'kXOl4XL9zMTtscn3uuUyybimwczeC4QAj7TYoXLh9';
    const packed = [secret, `${secret}.`, `${secret}..`].map((text) => secretForms['gzip in base64']!(text));
    for (const text of packed)
      for (const written of [text, text.replaceAll('=', ''), text.slice(0, -14)])
        expect(maskerOf(secret).maskText(`got ${written}\nnext line\n`)).toMatch(/^got \[masked:packed-secret\]\n/);
  });

  it('A6 O06 everything is masked from the first byte, whatever the sink', () => {
    for (const profile of ['log', 'event', 'export', 'message', 'audit'] as const) {
      const first = createMasker({ secrets: [known(secrets[0]!)], rules: [], profile, now });
      expect(streamed([Buffer.from(secrets[0]!)], first.createMaskStream()).toString()).toBe('[masked:s0]');
    }
  });
});

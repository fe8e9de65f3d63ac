import { gzipSync } from 'node:zlib';

/** One way in which a secret turns up in a log, by name. */
export type WriteForm = (secret: string) => string;

const bytesOf = (text: string): number[] => [...Buffer.from(text, 'utf8')];
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const wrap = (text: string, width: number): string => text.match(new RegExp(`.{1,${width}}`, 'gs'))?.join('\n') ?? '';

/** What `hexdump -C` prints of a file in which the secret does not begin at a row. */
function dump(secret: string): string {
  const bytes = bytesOf(`DB_PASSWORD='${secret}'\n`);
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.slice(at, at + 16);
    const pairs = row.map(hex);
    const columns = `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`.padEnd(48);
    const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    rows.push(`${at.toString(16).padStart(8, '0')}  ${columns}  |${text}|`);
  }
  return rows.join('\n');
}

/** What `printf %q` prints. */
const escapeForShell = (text: string): string => text.replaceAll(/[^A-Za-z0-9_/.:=@%+-]/g, String.raw`\$&`);

/** The 32 forms. */
export const secretForms: Readonly<Record<string, WriteForm>> = {
  plain: (secret) => secret,
  base64: (secret) => base64(secret),
  'base64 after 1 byte': (secret) => base64(`u${secret}:x`),
  'base64 after 2 bytes': (secret) => base64(`u:${secret}`),
  'base64 url-safe': (secret) => Buffer.from(secret, 'utf8').toString('base64url'),
  'base64 twice': (secret) => base64(base64(`token=${secret}&x=1`)),
  'base64 wrapped': (secret) => wrap(base64(`{"aws":{"region":"eu"},"value":"${secret}","kept":true}`), 20),
  'hex lower': (secret) => bytesOf(secret).map(hex).join(''),
  'hex upper': (secret) => bytesOf(secret).map(hex).join('').toUpperCase(),
  'hex colon': (secret) => bytesOf(secret).map(hex).join(':'),
  'hex dump': dump,
  percent: (secret) => encodeURIComponent(secret),
  'percent, every byte': (secret) =>
    bytesOf(secret)
      .map((byte) => `%${hex(byte)}`)
      .join(''),
  'form field': (secret) => new URLSearchParams({ q: secret }).toString().slice(2),
  'JSON string': (secret) => JSON.stringify(JSON.stringify({ secret })),
  '\\uXXXX': (secret) =>
    Array.from({ length: secret.length }, (_, at) => `\\u${secret.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
      '',
    ),
  'URL userinfo': (secret) => new URL(`https://${encodeURIComponent(secret)}@host/`).href,
  'shell, single quotes': (secret) => `'${secret.replaceAll("'", String.raw`'\''`)}'`,
  'shell, double quotes': (secret) => `"${secret.replaceAll(/["$`\\]/g, String.raw`\$&`)}"`,
  'shell, backslashes': escapeForShell,
  "shell, $'...'": (secret) => `$'${secret.replaceAll(/['\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}'`,
  'XML entities': (secret) => secret.replaceAll(/[&<>"'a]/g, (char) => `&#${char.charCodeAt(0)};`),
  'base64 of UTF-16': (secret) => Buffer.from(secret, 'utf16le').toString('base64'),
  'ANSI inside': (secret) =>
    `${secret.slice(0, 3)}\u001b[1;31m${secret.slice(3, 7)}\u001b]8;;http://x\u0007${secret.slice(7)}\u001b[0m`,
  'wrapped over two lines': (secret) => `${secret.slice(0, 5)}\n    ${secret.slice(5)}`,
  'truncated to 12': (secret) => `${secret.slice(0, 12)}…`,
  'upper case': (secret) => secret.toUpperCase(),
  reversed: (secret) => [...secret].toReversed().join(''),
  'one character a line': (secret) => [...secret].join('\n'),
  spaced: (secret) => [...secret].join(' '),
  'NULs between (UTF-16 raw)': (secret) => Buffer.from(secret, 'utf16le').toString('latin1'),
  'gzip in base64': (secret) =>
    gzipSync(`{"name":"db","secret":${JSON.stringify(secret)},"region":"eu-central-1"}`).toString('base64'),
};

const alphabets = [
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  'abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*()+/=.,:;~',
  'ABCdef0123456789 "\'\\<>&%',
] as const;

/** A generator of numbers below 1 that gives the same ones again (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const again = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((again ^ (again >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Secrets of 14 to 45 characters over four alphabets, among them quotes, blanks, percent signs and backslashes. */
export function generateSecrets(count: number, seed: number): string[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const alphabet = alphabets[index % alphabets.length]!;
    const length = 14 + Math.floor(random() * 32);
    const body = Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]!).join('');
    return `k${body.trim()}9`;
  });
}

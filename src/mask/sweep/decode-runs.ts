import type { SqueezedText } from '../squeeze.ts';
import type { Decoded } from './layer.ts';

/** An alphabet in which bytes are written as runs of characters. */
export interface RunCode {
  name: string;
  /** 1 for each byte that a run is made of. */
  alphabet: Uint8Array;
  /** Shortest run that is worth a look: six bytes of text. */
  least: number;
  /** How many characters stand for how many bytes. */
  characters: number;
  bytes: number;
  decode: (run: string) => Uint8Array;
}

const alphabetOf = (characters: string): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (characters.includes(String.fromCharCode(byte)) ? 1 : 0));

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const base64Alphabet = `${upper}${upper.toLowerCase()}0123456789+/-_`;

/** The codes of RFC 4648: base64 and its url-safe form, base32 (upper case), hex; hex also with `:`, `,` and `0x` between. */
export const runCodes: readonly RunCode[] = [
  {
    name: 'base64',
    alphabet: alphabetOf(base64Alphabet),
    least: 8,
    characters: 4,
    bytes: 3,
    decode: (run) => Buffer.from(run, 'base64'),
  },
  {
    name: 'hex',
    alphabet: alphabetOf('0123456789abcdefABCDEFxX:,'),
    least: 12,
    characters: 2,
    bytes: 1,
    decode: (run) => Buffer.from(run.replaceAll(/0x|[^0-9a-f]/gi, ''), 'hex'),
  },
  {
    name: 'base32',
    alphabet: alphabetOf(`${upper}234567`),
    least: 10,
    characters: 8,
    bytes: 5,
    decode: decodeBase32,
  },
];

function decodeBase32(run: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((run.length * 5) / 8));
  let bits = 0;
  let count = 0;
  let out = 0;
  for (let at = 0; at < run.length; at += 1) {
    const code = run.charCodeAt(at);
    bits = ((bits << 5) | (code >= 0x41 ? code - 0x41 : code - 0x18)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes[out] = (bits >>> count) & 0xff;
    out += 1;
  }
  return bytes;
}

/** What is written in a code, wherever it begins: every run is read from each place at which a group of characters can begin. */
export function decodeRuns(code: RunCode, text: SqueezedText): Decoded[] {
  const decoded: Decoded[] = [];
  const view = Buffer.from(text.bytes.buffer, text.bytes.byteOffset, text.length);
  const { alphabet, least } = code;
  for (let from = 0; from < text.length; from += 1) {
    if (alphabet[view[from]!] === 0) continue;
    let to = from + 1;
    while (to < text.length && alphabet[view[to]!] === 1) to += 1;
    if (to - from >= least) decodeRun(code, { text, from, run: view.toString('latin1', from, to) }, decoded);
    from = to;
  }
  return decoded;
}

function decodeRun(
  code: RunCode,
  { text, from, run }: { text: SqueezedText; from: number; run: string },
  into: Decoded[],
): void {
  for (let shift = 0; shift < code.characters && run.length - shift >= code.least; shift += 1)
    into.push({
      bytes: code.decode(shift === 0 ? run : run.slice(shift)),
      sourceOf: (index) =>
        text.starts[Math.min(text.length - 1, from + shift + Math.floor((index * code.characters) / code.bytes))]!,
    });
}

/** Shortest stretch of text that is kept: a secret has at least six characters. */
const leastText = 6;

/** The stretches of what was decoded that read as text (ASCII, UTF-8, UTF-16 of it); the rest is what decoding of ordinary words comes to. */
export function readableStretches(decoded: readonly Decoded[]): Decoded[] {
  const stretches: Decoded[] = [];
  for (const { bytes, sourceOf } of decoded) {
    for (let from = 0; from < bytes.length; from += 1) {
      let to = from;
      for (let step = textLength(bytes, to); step > 0; step = textLength(bytes, to)) to += step;
      if (to - from >= leastText)
        stretches.push({ bytes: bytes.subarray(from, to), sourceOf: shifted(sourceOf, from) });
      from = to;
    }
  }
  return stretches;
}

function shifted(sourceOf: Decoded['sourceOf'], by: number): Decoded['sourceOf'] {
  return (index) => sourceOf(index + by);
}

/** Length of the character at `at`; 0 where there is none that text would have. */
function textLength(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) return 0;
  if (byte < 0x80) return byte >= 0x20 || byte === 0 || (byte >= 0x07 && byte <= 0x0d) || byte === 0x1b ? 1 : 0;
  const length =
    byte >= 0xc2 && byte <= 0xdf ? 2 : byte >= 0xe0 && byte <= 0xef ? 3 : byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
  for (let next = 1; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

import { encodeBase64 } from '@tminus/verify';

import { squeezeText } from './squeeze.ts';

/** One way in which a secret can stand in squeezed text. */
export interface SecretForm {
  /** Index of the secret. */
  secret: number;
  /** The squeezed text of the form. */
  text: Uint8Array;
  /** How many of its first bytes are enough to mask: what 8 characters of the secret come to in this form. */
  anchor: number;
  /** Squeezed bytes on each side that carry a few bits of the secret, too: base64 mixes neighbours into one character. */
  slack: number;
}

/** Longest form that is looked for as one; what lies behind it is found as a line or piece of its own. */
const longestForm = 4096;
/** Quotes and blanks that squeezing takes out of an anchor are made up for, so that it never reads like any three letters. */
const leastAnchor = 6;

interface Written {
  text: Uint8Array;
  anchor: number;
  slack: number;
}

/**
 * Every form of a secret that one literal search can find in squeezed text: as it is, reversed, as base64 in its three alignments, as base64 of that, as base64 of UTF-16,
 * and as hex, bare, with colons, or as a list of `0x` bytes. Case, white space, escapes and quoting need no form of their own, since squeezing has undone them.
 */
export function toSecretForms(secret: number, value: Uint8Array, anchor: number): SecretForm[] {
  const text = toText(value);
  const plain = [...new Set([text, JSON.stringify(text), encodeLiterally(value), encodeURIComponentOf(value)])]
    .flatMap((written) => [...new Set([written, written.replaceAll(/ |%20/g, '+')])])
    .map((written) => ({ text: toBytes(written), anchor: Number.NaN, slack: 0 }));
  const once = encodeBase64Aligned(value, anchor, 1);
  const written: Written[] = [
    ...once,
    ...once.flatMap((inner) => encodeBase64Aligned(inner.text, inner.anchor, 2)),
    ...encodeBase64Aligned(toUtf16(value), anchor * 2, 1),
    ...encodeHex(value, anchor),
  ];
  const reversed = { text: value.toReversed(), anchor: Math.min(value.length, Math.max(anchor, 8)), slack: 0 };
  const share = squeezeText(value.subarray(0, anchor)).length;
  return distinct([
    ...plain.map((form) => toForm(secret, form, share)),
    ...[...written, reversed].map((form) =>
      toForm(secret, form, squeezeText(form.text.subarray(0, form.anchor)).length),
    ),
  ]);
}

function toForm(secret: number, { text, slack }: Written, anchor: number): SecretForm {
  const squeezed = squeezeText(text).subarray(0, longestForm);
  return { secret, text: squeezed, anchor: Math.min(Math.max(anchor, leastAnchor), squeezed.length), slack };
}

function distinct(forms: readonly SecretForm[]): SecretForm[] {
  const byText = new Map(forms.map((form) => [toText(form.text), form]));
  return [...byText.values()].filter(({ anchor }) => anchor >= 4);
}

/**
 * The characters of base64 that the value alone decides, for each of the three places that it can have within a group of three bytes (RFC 4648 section 4).
 * The characters at the border depend on the neighbours as well and are left to `slack`.
 */
function encodeBase64Aligned(value: Uint8Array, anchor: number, slack: number): Written[] {
  return [0, 1, 2].map((offset) => {
    const shifted = new Uint8Array(offset + value.length);
    shifted.set(value, offset);
    const first = [0, 2, 3][offset] ?? 0;
    const text = encodeBase64(shifted).slice(first, Math.floor((8 * shifted.length) / 6));
    return { text: toBytes(text), anchor: Math.floor((8 * (offset + anchor)) / 6) - first, slack };
  });
}

function encodeHex(value: Uint8Array, anchor: number): Written[] {
  const pairs = Array.from(value, (byte) => byte.toString(16).padStart(2, '0'));
  return [
    { text: toBytes(pairs.join('')), anchor: anchor * 2, slack: 0 },
    { text: toBytes(pairs.join(':')), anchor: anchor * 3 - 1, slack: 0 },
    { text: toBytes(`0x${pairs.join(',0x')}`), anchor: anchor * 5 - 1, slack: 0 },
  ];
}

/** Each byte as `%XX`: squeezing reads it back exactly, so that escapes which stand in the secret itself are not undone. */
function encodeLiterally(value: Uint8Array): string {
  return Array.from(value, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function encodeURIComponentOf(value: Uint8Array): string {
  return toText(value).replaceAll(/[^A-Za-z0-9\-_.!~*'()\x80-\xff]/g, (char) => encodeLiterally(toBytes(char)));
}

function toUtf16(value: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(value).toString('utf8'), 'utf16le');
}

/** Bytes as a string with one character a byte, and back. */
function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

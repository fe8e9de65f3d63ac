import { isUtf8 } from 'node:buffer';

import { bitsPerCharacter } from './bits-per-character.ts';
import { tokenShapes } from './rules/built-in-rules.ts';
import { readShape } from './rules/token-shape.ts';
import { squeezeText } from './squeeze.ts';

/** A value that was handed out and must not be seen again. */
export interface KnownSecret {
  /** What stands in its place: the name of its reference, which is no secret. */
  name: string;
  /** Text, or bytes where it is no valid UTF-8. */
  value: string | Uint8Array;
  /** When it was replaced by a newer value, as RFC 3339; it stays masked for 24 hours from then. Null while in use. */
  retiredAt: string | null;
  /** Masks the value although it is so short or so regular that ordinary text would be masked with it. */
  allowWeak: boolean;
}

/** A value, or a rule, that is not masked, and why. Whoever hands out a refused secret has to be told. */
export interface Refusal {
  name: string;
  reason: string;
}

/** One text to look for: a whole secret, or a line, leaf or piece of one. */
export interface SecretPart {
  name: string;
  value: Uint8Array;
  /** How many of its first bytes are enough to mask. */
  anchor: number;
}

/** How long a retired secret stays masked. */
export const retiredForMs = 24 * 3600 * 1000;
const leastLength = 6;
const leastLengthWeak = 4;
const leastBits = 2.5;
const leastAnchor = 8;
const longestPart = 1024;
const guessableUpTo = 16;

/** Beginnings that say nothing of the value: schemes and users of URLs, headers of keys and of JWTs. */
const publicBeginning =
  /^(?:[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^\s:@/]{1,40}:)?|-----BEGIN [A-Z ]{1,40}-----\s*|eyJ[\w-]{1,60}\.|(?:Bearer|Basic) |ssh-[a-z0-9]+ )/;
/** And the literal beginnings of tokens: everyone's tokens of a family have them. */
const familyBeginnings = tokenShapes.flatMap(([, shape]) => {
  const first = readShape(shape)[0];
  return first === undefined || first.class !== '' ? [] : [first.text];
});

/** The texts to look for at the moment `now`, and the secrets that cannot be masked without masking ordinary text. */
export function admitSecrets(secrets: readonly KnownSecret[], now: Date): { parts: SecretPart[]; refused: Refusal[] } {
  const live = secrets.filter(({ retiredAt }) => retiredAt === null || isStillMasked(retiredAt, now));
  const refused: Refusal[] = [];
  const parts = live.flatMap((secret) => {
    const value = readValue(secret.value);
    if (typeof value !== 'string') return admitBytes(secret, value, refused);
    const reason = weakness(value, secret.allowWeak);
    const found = partsOf(value).filter((text) => weakness(text, secret.allowWeak && text === value) === null);
    if (reason !== null && found.length === 0) refused.push({ name: secret.name, reason });
    return found.map((text) => toPart(secret.name, text));
  });
  return { parts, refused };
}

function readValue(value: string | Uint8Array): string | Uint8Array {
  return typeof value !== 'string' && isUtf8(value) ? Buffer.from(value).toString('utf8') : value;
}

/** Bytes that are no text have no lines, leaves or public beginnings: they are looked for as they are. */
function admitBytes({ name, allowWeak }: KnownSecret, value: Uint8Array, refused: Refusal[]): SecretPart[] {
  const reason = weakness(Buffer.from(value).toString('latin1'), allowWeak);
  if (reason !== null) refused.push({ name, reason });
  return reason === null ? [{ name: toLabel(name), value, anchor: Math.min(value.length, leastAnchor) }] : [];
}

/** A time that cannot be read masks for ever: the other way would show the value. */
function isStillMasked(retiredAt: string, now: Date): boolean {
  const age = now.getTime() - Date.parse(retiredAt);
  return Number.isNaN(age) || age < retiredForMs;
}

function weakness(text: string, allowWeak: boolean): string | null {
  const { length } = squeezeText(Buffer.from(text, 'utf8'));
  const least = allowWeak ? leastLengthWeak : leastLength;
  if (length < least) return `expected at least ${least} characters without white space and quotes, got ${length}`;
  const bits = bitsPerCharacter(text);
  if (bits >= leastBits || allowWeak) return null;
  return `expected at least ${leastBits} bits a character, got ${bits.toFixed(1)}`;
}

function partsOf(value: string): string[] {
  const lines = value.split(/\r\n|[\r\n]/).map((line) => line.trim());
  const all = [value, ...lines, ...jsonLeaves(value), ...urlPasswords(value)].filter(
    (text) => !/^-----(?:BEGIN|END) [A-Z ]+-----$/.test(text),
  );
  return [...new Set(all.flatMap((text) => [text, ...piecesOf(text)]))];
}

/** A text beyond the longest part is looked for piece by piece as well, so that no stretch of it stands unmasked. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; text.length > longestPart && at < text.length; at += longestPart)
    pieces.push(text.slice(at, at + longestPart));
  return pieces;
}

function jsonLeaves(value: string): string[] {
  if (!/^\s*[[{]/.test(value)) return [];
  try {
    return leavesOf(JSON.parse(value) as unknown, 0);
  } catch {
    return [];
  }
}

function leavesOf(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value, ...value.split('\n').map((line) => line.trim())];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null || depth > 100) return [];
  return Object.values(value).flatMap((item) => leavesOf(item, depth + 1));
}

/** The password of a URL, as written and as it is handed to the server. */
function urlPasswords(value: string): string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:([^\s@]+)@/i.exec(value)?.[1];
  if (password === undefined) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

function toPart(name: string, text: string): SecretPart {
  const value = Buffer.from(text, 'utf8');
  return { name: toLabel(name), value, anchor: anchorLength(text, value.length) };
}

function toLabel(name: string): string {
  return /^[\w./:#-]{1,80}$/.test(name) ? name : 'secret';
}

/** 8 characters behind the public beginning; a beginning that reads like a word or a date counts only when it is longer. */
function anchorLength(text: string, length: number): number {
  const family = familyBeginnings
    .filter((beginning) => text.startsWith(beginning))
    .map((beginning) => beginning.length);
  const shared = Math.max(publicBeginning.exec(text)?.[0].length ?? 0, ...family);
  let anchor = shared + leastAnchor;
  while (
    anchor < Math.min(length, shared + guessableUpTo) &&
    /^(?:[A-Z]?[a-z ]+|[A-Z ]+|\d+)$/.test(text.slice(shared, anchor))
  )
    anchor += 1;
  return Math.min(length, anchor);
}

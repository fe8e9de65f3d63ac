import { canonicalize } from './canonicalize.ts';
import { FormatError, quoteShort } from './format-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text behind bytes that must be valid UTF-8; a byte order mark stays and is refused by whoever parses. */
export function decodeUtf8(bytes: Uint8Array, where: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new FormatError({ where, expected: 'valid UTF-8', got: 'other bytes' });
  }
}

/**
 * The value behind JSON that must already stand in its RFC 8785 form.
 * One rule refuses duplicate keys, `__proto__`, other spellings of one value, white space and trailing text at once.
 */
export function parseStrictJson(text: string, where: string): unknown {
  let value: unknown;
  let canonical: string;
  try {
    value = JSON.parse(text);
    canonical = canonicalize(value);
  } catch (error) {
    const got = error instanceof FormatError ? error.message : quoteShort(text);
    throw new FormatError({ where, expected: 'canonical JSON (RFC 8785)', got });
  }
  if (canonical !== text) {
    const expected = 'canonical JSON (RFC 8785)';
    throw new FormatError({ where, expected, got: `${quoteAround(text, canonical)} instead of the canonical form` });
  }
  return value;
}

/** A piece of `text` from where it first leaves `other`. */
function quoteAround(text: string, other: string): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at += 1;
  return `${quoteShort(text.slice(at), 24)} at character ${at + 1}`;
}

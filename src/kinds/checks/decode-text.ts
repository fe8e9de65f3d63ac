import { Unreadable } from './unreadable.ts';

/** Returns the text of UTF-8 or, where a byte order mark says so, UTF-16. Throws `Unreadable` on any byte that does not belong to it. */
export function decodeText(bytes: Uint8Array): string {
  return decodeAs(bytes, encodingOfMark(bytes) ?? 'utf-8');
}

/**
 * Returns the text of an XML document by its byte order mark, else by its declaration, else as UTF-8 (XML 1.0, 4.3.3 and appendix F).
 * A declaration that the bytes themselves disprove is refused: it is a fatal error there, and guessing would read another text.
 */
export function decodeXml(bytes: Uint8Array): string {
  const marked = encodingOfMark(bytes) ?? encodingOfShape(bytes);
  const declared = declaredEncoding(marked === null ? bytes : new TextEncoder().encode(decodeAs(bytes, marked)));
  if (marked === null) return decodeAs(bytes, requireOneByte(declared ?? 'utf-8'));
  if (declared !== null && declared !== marked && !(declared === 'utf-16' && marked.startsWith('utf-16')))
    throw new Unreadable('encoding', `the XML declaration says ${declared}, the byte order mark says ${marked}`);
  return decodeAs(bytes, marked);
}

function encodingOfMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

function encodingOfShape(bytes: Uint8Array): string | null {
  if (bytes[0] === 0x3c && bytes[1] === 0) return 'utf-16le';
  return bytes[0] === 0 && bytes[1] === 0x3c ? 'utf-16be' : null;
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200)).replace(/^\u00EF\u00BB\u00BF/, '');
  const found = /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(start);
  return found ? found[1]!.toLowerCase() : null;
}

function requireOneByte(encoding: string): string {
  if (encoding.startsWith('utf-16'))
    throw new Unreadable('encoding', `the XML declaration says ${encoding}, the bytes are not UTF-16`);
  return encoding;
}

function decodeAs(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw new Unreadable('encoding', `expected a known encoding, got ${encoding}`);
    throw new Unreadable('encoding', `expected ${encoding} text, got bytes that are not`);
  }
}

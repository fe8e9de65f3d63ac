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
  const seen = encodingOfMark(bytes) ?? encodingOfShape(bytes);
  if (seen === null) {
    const declared = declaredEncoding(new TextDecoder('latin1').decode(bytes.subarray(0, 200))) ?? 'utf-8';
    if (declared.startsWith('utf-16')) refuseDeclaration(declared, 'are not UTF-16');
    return decodeAs(bytes, declared);
  }
  const text = decodeAs(bytes, seen);
  const declared = declaredEncoding(text);
  const family = seen.startsWith('utf-16') ? 'utf-16' : seen;
  if (declared !== null && !declared.startsWith(family)) refuseDeclaration(declared, `are ${seen}`);
  return text;
}

function refuseDeclaration(declared: string, bytes: string): never {
  throw new Unreadable('encoding', `the XML declaration says ${declared}, the bytes ${bytes}`);
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

/** In the one spelling of the Encoding Standard: `UTF8`, `utf-8` and `Utf-8` are one. */
function declaredEncoding(text: string): string | null {
  const written = /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(text.slice(0, 200))?.[1];
  if (written === undefined) return null;
  try {
    return new TextDecoder(written).encoding;
  } catch {
    throw new Unreadable('encoding', `expected a known encoding, got ${written}`);
  }
}

function decodeAs(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('encoding', `expected ${encoding} text, got bytes that are not`);
  }
}

/** Text of a document with what had to be done to get it. Places are offsets into `text`. */
export interface DecodedBytes {
  /** No byte order mark, LF line ends; bytes that are not UTF-8 stand as U+FFFD. */
  text: string;
  byteOrderMark: boolean;
  utf16: boolean;
  carriageReturns: number;
  firstCarriageReturn: number;
  /** Bytes that no UTF-8 decoder accepts: how many stretches, the first one's byte offset and where it stands in `text`. */
  invalid: { count: number; byteOffset: number; byte: number; offset: number } | null;
  nul: { count: number; offset: number } | null;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Decodes a document's bytes; never throws, whatever they are. */
export function decodeBytes(bytes: Uint8Array): DecodedBytes {
  const utf16 = utf16Encoding(bytes);
  const decoded = utf16 === null ? decodeUtf8(bytes) : { text: new TextDecoder(utf16).decode(bytes), invalidAt: null };
  const byteOrderMark = utf16 !== null || decoded.text.startsWith('\uFEFF');
  const raw = decoded.text.startsWith('\uFEFF') ? decoded.text.slice(1) : decoded.text;
  const firstReturn = raw.indexOf('\r');
  const text = firstReturn === -1 ? raw : raw.replace(/\r\n?/g, '\n');
  return {
    text,
    byteOrderMark,
    utf16: utf16 !== null,
    carriageReturns: firstReturn === -1 ? 0 : countOf(raw, '\r'),
    firstCarriageReturn: Math.max(firstReturn, 0),
    invalid: decoded.invalidAt === null ? null : describeInvalid(bytes, decoded.invalidAt, text),
    nul: text.includes('\0') ? { count: countOf(text, '\0'), offset: text.indexOf('\0') } : null,
  };
}

function utf16Encoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}

function decodeUtf8(bytes: Uint8Array): { text: string; invalidAt: number | null } {
  try {
    return { text: strict.decode(bytes), invalidAt: null };
  } catch {
    return { text: lenient.decode(bytes), invalidAt: firstInvalidByte(bytes) };
  }
}

/** Halves the range until one byte is left: decoding a prefix as a stream fails exactly when it holds the invalid byte. */
function firstInvalidByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isValidPrefix(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return isValidPrefix(bytes.subarray(0, bad)) ? bytes.length - 1 : bad - 1;
}

function isValidPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function describeInvalid(bytes: Uint8Array, byteOffset: number, text: string): DecodedBytes['invalid'] {
  const before = lenient
    .decode(bytes.subarray(0, byteOffset))
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n');
  const offset = text.indexOf('\uFFFD', Math.max(0, before.length - 1));
  const genuine = countOf(before, '\uFFFD');
  return {
    count: Math.max(1, countOf(text, '\uFFFD') - genuine),
    byteOffset,
    byte: bytes[byteOffset] ?? 0,
    offset: Math.max(0, offset),
  };
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}

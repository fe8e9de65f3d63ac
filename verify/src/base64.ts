import { FormatError, quoteShort } from './format-error.ts';

/**
 * The bytes behind standard base64 (RFC 4648 section 4), in its one canonical spelling.
 * Padding must be there and unused bits must be zero: otherwise one signature would have several spellings.
 */
export function decodeBase64(text: string, where: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) {
    throw new FormatError({ where, expected: 'canonical base64 with padding', got: quoteShort(text) });
  }
  return bytes;
}

/** Bytes as standard base64 with padding (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

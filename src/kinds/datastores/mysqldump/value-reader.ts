import { decodeUtf8 } from '../../../core/dataset/canon/to-canon-text.ts';
import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import type { CanonColumn } from '../../../core/dataset/canon.ts';
import type { ColumnShape } from '../../../core/dataset/datastore-kind.ts';
import type { DumpSettings } from './dump-settings.ts';
import type { Tuple } from './scan-tuple.ts';
import { unescapeString } from './unescape-string.ts';

/** Returns the text of one value of a row as the text protocol of the server gives it, bytes in hex; null for NULL. Throws `UnreadableValue`. */
export type ReadValue = (tuple: Tuple, index: number, text: string) => string | null;

/** MySQL's latin1 is windows-1252 (MySQL, West European Character Sets). */
const decoders: { readonly [charset: string]: string } = {
  latin1: 'windows-1252',
  latin2: 'iso-8859-2',
  latin7: 'iso-8859-13',
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  cp1257: 'windows-1257',
  koi8r: 'koi8-r',
  greek: 'iso-8859-7',
  hebrew: 'iso-8859-8',
};

/** Returns how values of a column are read that is asked for as `wanted`. */
export function createValueReader(
  column: ColumnShape & { charset: string | null },
  wanted: CanonColumn,
  settings: DumpSettings,
): ReadValue {
  if (column.type === 'bytes') return readBytesAs(wanted, settings);
  if (column.nativeType.startsWith('bit')) return readBits(settings);
  const charset = settings.charset === 'binary' ? (column.charset ?? 'utf8mb4') : settings.charset;
  const decode = toDecoder(charset);
  const zone = column.type === 'timestamptz' && wanted.type === 'timestamptz' ? (settings.zone ?? '') : '';
  return (tuple, index, text) => {
    const kind = tuple.kinds[index];
    if (kind === 'null') return null;
    const written = text.slice(tuple.starts[index], tuple.ends[index]);
    if (kind === 'hex') return decode(Buffer.from(written, 'hex').toString('latin1'));
    if (kind === 'bits') return String(BigInt(`0b${written}`));
    if (kind === 'plain') return written;
    const plain = tuple.escaped[index] === true ? unescape(text, tuple, index, settings) : written;
    return (tuple.foreign[index] === true ? decode(plain) : plain) + zone;
  };
}

function readBytesAs(wanted: CanonColumn, settings: DumpSettings): ReadValue {
  return (tuple, index, text) => {
    const bytes = readBytes(tuple, index, { text, settings });
    if (bytes === null) return null;
    return wanted.type === 'bytes' || wanted.type === 'uuid' ? bytes.toString('hex') : decodeUtf8(bytes);
  };
}

/** Bits are a number, most significant byte first, in whichever way a dump writes them. */
function readBits(settings: DumpSettings): ReadValue {
  return (tuple, index, text) => {
    if (tuple.kinds[index] === 'plain') return text.slice(tuple.starts[index], tuple.ends[index]);
    const bytes = readBytes(tuple, index, { text, settings });
    return bytes === null ? null : String(BigInt(`0x${bytes.toString('hex') || '0'}`));
  };
}

function readBytes(
  tuple: Tuple,
  index: number,
  { text, settings }: { text: string; settings: DumpSettings },
): Buffer | null {
  const written = text.slice(tuple.starts[index], tuple.ends[index]);
  switch (tuple.kinds[index]) {
    case 'null':
      return null;
    case 'hex':
      return Buffer.from(written.padStart(written.length + (written.length % 2), '0'), 'hex');
    case 'bits':
      return bitsToBytes(written);
    case 'quoted':
      return Buffer.from(tuple.escaped[index] === true ? unescape(text, tuple, index, settings) : written, 'latin1');
    default:
      throw new UnreadableValue('bytes');
  }
}

/** As a column of `BIT` hands them out: most significant byte first. */
function bitsToBytes(bits: string): Buffer {
  const digits = Math.ceil(bits.length / 8) * 2;
  return Buffer.from(bits === '' ? '' : BigInt(`0b${bits}`).toString(16).padStart(digits, '0'), 'hex');
}

function unescape(text: string, tuple: Tuple, index: number, { backslashEscapes }: DumpSettings): string {
  const start = tuple.starts[index] ?? 0;
  return unescapeString(text.slice(start, tuple.ends[index]), text[start - 1] ?? "'", backslashEscapes);
}

/** Twice as fast as the strict decoder, which is left to say what is wrong where anything is. */
function decodeLenient(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  const decoded = bytes.toString('utf8');
  return decoded.includes('\uFFFD') ? decodeUtf8(bytes) : decoded;
}

function toDecoder(charset: string): (text: string) => string {
  if (/^(?:utf8(?:mb[34])?|ascii)$/.test(charset)) return decodeLenient;
  const name = decoders[charset];
  if (name === undefined) throw new UnreadableValue(`a character set that is known here instead of ${charset}`);
  const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  return (text) => decoder.decode(Buffer.from(text, 'latin1'));
}

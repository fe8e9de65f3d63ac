import type { Place } from '../../core/launch/place.ts';
import type { DecodedBytes } from './decode-bytes.ts';
import type { ReadingFinding } from './document.ts';
import { findMergeMarkers } from './find-merge-markers.ts';
import { measureHostility, readingLimits } from './measure-hostility.ts';
import type { Repair } from './repair-mojibake.ts';

interface Reading {
  decoded: DecodedBytes;
  text: string;
  repairs: Repair[];
  place: (offset: number) => Place;
}

const saveAsUtf8 = 'save the file as UTF-8';

/** Returns what the bytes brought to light, in the order of the file. */
export function describeReading(reading: Reading): ReadingFinding[] {
  return [...describeEncoding(reading), ...describeMojibake(reading), ...describeMerge(reading)];
}

function describeEncoding({ decoded, place }: Reading): ReadingFinding[] {
  const { invalid, nul, carriageReturns } = decoded;
  const found: ReadingFinding[] = [];
  const add = (offset: number, finding: Omit<ReadingFinding, 'at'>): void => {
    found.push({ ...finding, at: place(offset) });
  };
  if (decoded.utf16) add(0, utf16);
  else if (decoded.byteOrderMark) add(0, byteOrderMark);
  if (carriageReturns > 0) {
    const got = `${carriageReturns} carriage returns`;
    add(decoded.firstCarriageReturn, { ...carriageReturn, got, count: carriageReturns });
  }
  if (invalid !== null) {
    const got = `0x${invalid.byte.toString(16).padStart(2, '0')} at byte ${invalid.byteOffset}`;
    add(invalid.offset, { ...invalidUtf8, got, count: invalid.count });
  }
  if (nul !== null) add(nul.offset, { ...nulByte, got: `${nul.count} NUL`, count: nul.count });
  return found;
}

const utf16 = {
  code: 'utf-16',
  weight: 'damage',
  message: 'the file is UTF-16',
  expected: 'UTF-8',
  got: 'UTF-16 with a byte order mark',
  hint: saveAsUtf8,
  count: 1,
} as const;

const byteOrderMark = {
  code: 'byte-order-mark',
  weight: 'harmless',
  message: 'the file begins with a byte order mark',
  expected: 'UTF-8 without one',
  got: 'EF BB BF',
  hint: 'save the file without a byte order mark',
  count: 1,
} as const;

const carriageReturn = {
  code: 'carriage-return',
  weight: 'harmless',
  message: 'lines end in CR',
  expected: 'LF',
  hint: 'convert the line ends to LF',
} as const;

const invalidUtf8 = {
  code: 'invalid-utf8',
  weight: 'damage',
  message: 'the file is not valid UTF-8',
  expected: 'UTF-8',
  hint: saveAsUtf8,
} as const;

const nulByte = {
  code: 'nul-byte',
  weight: 'damage',
  message: 'the file holds NUL bytes',
  expected: 'text',
  hint: 'remove the NUL bytes; if this is not a text file, take it out of the launch',
} as const;

function describeMojibake({ repairs, place }: Reading): ReadingFinding[] {
  const first = repairs[0];
  if (first === undefined) return [];
  const guessed = repairs.filter((repair) => repair.guessed).length;
  return [
    {
      code: 'mojibake',
      weight: 'damage',
      message: `text was encoded twice${guessed > 0 ? `; ${guessed} of ${repairs.length} places lost a byte and are read as the likeliest sign` : ''}`,
      expected: first.repaired,
      got: first.damaged,
      hint: 'restore the text from its source and save it as UTF-8',
      at: place(first.offset),
      count: repairs.length,
    },
  ];
}

function describeMerge({ text, place }: Reading): ReadingFinding[] {
  return findMergeMarkers(text).map((offset) => ({
    code: 'merge-marker',
    weight: 'damage',
    message: 'an unresolved merge conflict stands in the file',
    expected: 'one side',
    got: text.slice(offset, offset + 60).split('\n', 1)[0] ?? '',
    hint: 'resolve the conflict and remove the <<<<<<<, ======= and >>>>>>> lines',
    at: place(offset),
    count: 1,
  }));
}

/** Returns the refusal of a document that is larger than any launch document has a reason to be. */
export function refuseLarge(file: string, size: number): ReadingFinding {
  return {
    code: 'document-too-large',
    weight: 'refusal',
    message: 'the document is too large to be read',
    expected: `at most ${readingLimits.documentBytes} bytes`,
    got: `${size} bytes`,
    hint: 'split the document, or move its data into files of their own',
    at: { file, line: 1, column: 1 },
    count: 1,
  };
}

const refusals = {
  'line-too-long': ['a line is too long to be read', readingLimits.lineLength, 'characters'],
  'too-many-lines': ['the document has too many lines to be read', readingLimits.lines, 'lines'],
  'nesting-too-deep': ['lists or quotes are nested too deeply', readingLimits.nesting, 'levels'],
  'nesting-too-much': [
    'the document nests lists or quotes too often',
    readingLimits.nestingInDocument,
    'levels over all lines',
  ],
  'markup-too-dense': ['one paragraph holds too much markup', readingLimits.markupInParagraph, 'signs such as [ or *'],
  'markup-too-much': ['the document holds too much markup', readingLimits.markupInDocument, 'signs such as [ or *'],
} as const;

/** Returns the refusal of a text that would take the parser too long or too deep, or null. */
export function refuseHostile(text: string, place: (offset: number) => Place): ReadingFinding | null {
  const hostile = measureHostility(text);
  if (hostile === null) return null;
  const [message, limit, unit] = refusals[hostile.code];
  return {
    code: hostile.code,
    weight: 'refusal',
    message,
    expected: `at most ${limit} ${unit}`,
    got: `${hostile.got} or more`,
    hint: 'split the document at this place, or move its data into files of their own',
    at: place(hostile.offset),
    count: 1,
  };
}

import type { Severity } from './finding.ts';

/** What reading the bytes of a document can bring to light, for the reference page; `src/spec/document` finds it. */
export const readingRules: readonly { code: string; severity: Severity; summary: string; why: string }[] = [
  {
    code: 'merge-marker',
    severity: 'blocking',
    summary: 'An unresolved merge conflict stands in the file.',
    why: 'The document holds two procedures, and nobody decided which one holds.',
  },
  {
    code: 'mojibake',
    severity: 'warning',
    summary: 'Text was encoded twice; it is repaired for reading.',
    why: 'Ticks and warnings are unreadable on the day.',
  },
  {
    code: 'invalid-utf8',
    severity: 'warning',
    summary: 'The file is not valid UTF-8.',
    why: 'Some of it was lost and nobody knows which part.',
  },
  {
    code: 'nul-byte',
    severity: 'warning',
    summary: 'The file holds NUL bytes.',
    why: 'It was damaged, or is no text.',
  },
  { code: 'utf-16', severity: 'warning', summary: 'The file is UTF-16.', why: 'Most tools show it as damaged.' },
  {
    code: 'byte-order-mark',
    severity: 'info',
    summary: 'The file begins with a byte order mark.',
    why: 'Some tools miss the first heading or the front matter.',
  },
  {
    code: 'carriage-return',
    severity: 'info',
    summary: 'Lines end in CR.',
    why: 'Commands copied from it fail with a strange message.',
  },
  {
    code: 'document-too-large',
    severity: 'blocking',
    summary: 'The document is too large to be read.',
    why: 'Nothing in it was looked at.',
  },
  {
    code: 'line-too-long',
    severity: 'blocking',
    summary: 'A line is too long to be read.',
    why: 'Nothing in the document was looked at.',
  },
  {
    code: 'nesting-too-deep',
    severity: 'blocking',
    summary: 'Lists or quotes are nested too deeply.',
    why: 'Nothing in the document was looked at.',
  },
  {
    code: 'markup-too-dense',
    severity: 'blocking',
    summary: 'One paragraph holds too much markup to be read.',
    why: 'Nothing in the document was looked at.',
  },
];

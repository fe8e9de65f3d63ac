import type { ByteWindow } from '../records/byte-window.ts';
import { findStatementEnd } from './find-statement-end.ts';
import { namePattern, readNames } from './names.ts';
import { DumpFault, createTuple, scanTuple } from './scan-tuple.ts';
import type { StringRules, Tuple } from './scan-tuple.ts';
import { skipSpace } from './skip-space.ts';

/** What an `INSERT` says before its rows. */
export interface InsertHead {
  /** With the database before it where the statement names one. */
  names: string[];
  /** Empty where the rows have all columns. */
  columns: string[];
}

/** Who is told what a dump holds. Statements come with comments for certain servers unwrapped and as bytes in characters; `at` is a position in the text of the window. */
export interface DumpVisitor {
  rules: StringRules;
  comment(text: string): void;
  statement(text: string, at: number): void;
  /** Who takes the rows of this statement. */
  insert(head: InsertHead, at: number): (tuple: Tuple, text: string, at: number) => void;
  /** Called when a stretch of rows has been told; a good time to hand them on. */
  isFull(): boolean;
}

const insertHead = new RegExp(
  `(?:INSERT|REPLACE)\\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\\s+)*(?:INTO\\s+)?(${namePattern})\\s*(\\(\\s*${namePattern}(?:\\s*,\\s*${namePattern})*\\s*\\)\\s*)?VALUES?\\s*(?=[^\\s])`,
  'iy',
);
const delimiterLine = /delimiter[ \t]+(\S+)[ \t]*\r?(?:\n|$)/iy;
/** The head of an insert names each column once: more than this is something else. */
const largestHead = 1024 ** 2;

/** Walks a dump from its beginning; yields whenever the visitor is full, and once at the end. */
export async function* walkDump(window: ByteWindow, visitor: DumpVisitor): AsyncGenerator<void> {
  let delimiter = ';';
  for (;;) {
    await skipToWord(window, visitor);
    if (window.at >= window.text.length && window.isLast) break;
    const changed = await matchHere(window, delimiterLine, 'DELIMITER');
    if (changed) delimiter = changed[1]!;
    else if (window.text.startsWith(delimiter, window.at)) window.at += delimiter.length;
    else if (/^(?:INSERT|REPLACE)\s/i.test(window.text.slice(window.at, window.at + 8)))
      yield* walkRows(window, visitor, delimiter);
    else await takeStatement(window, visitor, delimiter);
  }
  yield;
}

async function skipToWord(window: ByteWindow, visitor: DumpVisitor): Promise<void> {
  for (;;) {
    const space = skipSpace(window.text, window.at, window.isLast);
    if (space.end !== -1) {
      space.comments.forEach((text) => visitor.comment(text));
      window.at = space.end;
      return;
    }
    await window.more();
  }
}

async function matchHere(window: ByteWindow, pattern: RegExp, word: string): Promise<RegExpExecArray | null> {
  if (window.text.slice(window.at, window.at + word.length).toUpperCase() !== word) return null;
  for (;;) {
    pattern.lastIndex = window.at;
    const match = pattern.exec(window.text);
    const isWhole = match !== null && (window.isLast || pattern.lastIndex < window.text.length);
    if (isWhole || window.isLast || window.text.length - window.at > largestHead) {
      if (match) window.at = pattern.lastIndex;
      return match;
    }
    await window.more();
  }
}

async function takeStatement(window: ByteWindow, visitor: DumpVisitor, delimiter: string): Promise<void> {
  for (;;) {
    const end = findStatementEnd(window.text, window.at, delimiter, visitor.rules);
    if (end !== -1 || window.isLast) {
      const text = window.text.slice(window.at, end === -1 ? undefined : end);
      visitor.statement(unwrap(text), window.at);
      if (end === -1)
        throw new DumpFault(
          window.at,
          `expected ${delimiter} at the end of a statement, got the end of the file`,
          'truncated',
        );
      window.at = end + delimiter.length;
      return;
    }
    await window.more();
  }
}

/** The statement that a server of today sees. */
function unwrap(text: string): string {
  return text
    .replaceAll(/\/\*(?!M?!)[\s\S]*?\*\//g, ' ')
    .replaceAll(/\/\*M?!\d*|\*\//g, ' ')
    .trim();
}

async function* walkRows(window: ByteWindow, visitor: DumpVisitor, delimiter: string): AsyncGenerator<void> {
  const match = await matchHere(
    window,
    insertHead,
    window.text
      .slice(window.at, window.at + 6)
      .toUpperCase()
      .trim(),
  );
  if (!match) throw new DumpFault(window.at, 'expected INSERT INTO table VALUES, got another kind of insert', 'insert');
  const take = visitor.insert({ names: readNames(match[1]!), columns: readNames(match[2] ?? '') }, window.at);
  const tuple = createTuple();
  for (;;) {
    // Rows are nearly always apart by commas and white space alone: no promise is made for them.
    const stop = takeRows(window, { visitor, tuple, take });
    if (stop === 'full') yield;
    else if (stop === 'more') await window.more();
    else {
      await skipToWord(window, visitor);
      if (window.text.startsWith(delimiter, window.at)) break;
      const code = window.text.charCodeAt(window.at);
      if (code !== comma && code !== parenthesis)
        throw new DumpFault(window.at, `expected a row, a comma or ${delimiter}, got something else`, 'insert');
    }
  }
  window.at += delimiter.length;
}

const comma = 44;
const parenthesis = 40;

interface RowScene {
  visitor: DumpVisitor;
  tuple: Tuple;
  take: (tuple: Tuple, text: string, at: number) => void;
}

/** Takes rows up to the end of the text, to what is no row, or until the visitor is full. */
function takeRows(window: ByteWindow, { visitor, tuple, take }: RowScene): 'more' | 'full' | 'other' {
  const { text } = window;
  for (;;) {
    let here = window.at;
    let code = text.charCodeAt(here);
    while (code <= 32 || code === comma) code = text.charCodeAt((here += 1));
    if (code !== parenthesis) {
      window.at = here;
      return 'other';
    }
    const end = scanTuple(text, here, tuple, visitor.rules);
    window.at = end === -1 ? here : end;
    if (end === -1) return 'more';
    take(tuple, text, here);
    if (visitor.isFull()) return 'full';
  }
}

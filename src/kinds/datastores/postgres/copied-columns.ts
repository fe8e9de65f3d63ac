import { escapeIdentifier } from 'pg';

import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import { toCanonText } from '../../../core/dataset/canon/to-canon-text.ts';
import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import type { CanonColumn } from '../../../core/dataset/canon.ts';
import type { RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { unreadableIn } from '../unreadable-in.ts';
import type { PgColumn, PgTable } from './describe.ts';
import { findColumn, shorten, toExpression } from './expressions.ts';

const [tab, lineFeed, blank, hyphen, zero, letterT, letterZ, point, plus] = [9, 10, 32, 45, 48, 84, 90, 46, 43];
const [nine, backslash] = [57, 92];
/** Length of a date and time without a fraction. */
const wholeSeconds = 19;

/** How a field of `COPY` becomes canonical: a moment in UTC or without a zone, or a text without the blanks at its end. */
interface Form {
  kind: 'utc' | 'local' | 'padded';
  /** Digits of a second. */
  digits: number;
  wanted: CanonColumn;
}

/** Columns as they are asked for in `COPY`, and what is left to do with its bytes. */
interface CopiedColumns {
  sql: string;
  /** Whole lines in, the same lines canonical out. */
  finish: (lines: Buffer) => Buffer;
}

/**
 * Returns how whole rows are copied. Where the server would have to put moments and padded texts into form, the bytes that it has anyway are taken and put into form here: `to_char`
 * alone takes it as long as all the rest of a row. Null where no column gains by it.
 */
export function copyColumns(query: Pick<RowQuery, 'columns' | 'key' | 'table'>, table: PgTable): CopiedColumns | null {
  const found = query.columns.map((wanted) => ({ wanted, column: findColumn(table, wanted.name) }));
  const forms = found.map(({ wanted, column }) => toForm(column, wanted));
  if (forms.every((form) => form === null)) return null;
  const sql = found.map(({ wanted, column }, at) =>
    forms[at] ? shortenMoment(column, wanted) : toExpression(column, wanted).sql,
  );
  return { sql: sql.join(', '), finish: (lines) => finishLines(lines, forms, query) };
}

function toForm(column: PgColumn, wanted: CanonColumn): Form | null {
  if (column.type === 'text' && wanted.type === 'text' && column.base === 'bpchar')
    return { kind: 'padded', digits: 0, wanted };
  if (column.type !== wanted.type || wanted.scale === null) return null;
  const digits = Math.min(wanted.scale, 6);
  if (wanted.type === 'timestamptz') return { kind: 'utc', digits, wanted };
  return wanted.type === 'timestamp' ? { kind: 'local', digits, wanted } : null;
}

function shortenMoment(column: PgColumn, wanted: CanonColumn): string {
  return wanted.type === 'text' ? escapeIdentifier(column.name) : shorten(column, wanted.scale);
}

/** Bytes that are written to, and where the next one goes. */
interface Output {
  bytes: Buffer;
  at: number;
}

/** Only separators are tabs and line feeds here: within values `COPY` escapes them. */
function finishLines(
  lines: Buffer,
  forms: readonly (Form | null)[],
  query: Parameters<typeof unreadableIn>[0],
): Buffer {
  // A moment of 19 bytes becomes one of 26 at most.
  const out: Output = { bytes: Buffer.allocUnsafe(Math.ceil(lines.length * 1.4) + 64), at: 0 };
  let [at, column, line] = [0, 0, 0];
  while (at < lines.length) {
    const form = forms[column] ?? null;
    at = form === null ? copyField(lines, at, out) : finishField({ lines, from: at, line, query }, form, out);
    const isEnd = lines[at] === lineFeed;
    out.bytes[out.at++] = isEnd ? lineFeed : tab;
    at += 1;
    column = isEnd ? 0 : column + 1;
    if (isEnd) line = at;
  }
  return out.bytes.subarray(0, out.at);
}

/** Copies a field as it is and returns where it ends. */
function copyField(lines: Buffer, from: number, out: Output): number {
  const { bytes } = out;
  let [at, to] = [from, out.at];
  for (let byte = lines[at]!; byte !== tab && byte !== lineFeed; byte = lines[++at]!) bytes[to++] = byte;
  out.at = to;
  return at;
}

interface Place {
  lines: Buffer;
  from: number;
  /** Where the line begins. */
  line: number;
  query: Parameters<typeof unreadableIn>[0];
}

/** Writes a field in its form and returns where it ends in the lines. */
function finishField({ lines, from, line, query }: Place, form: Form, out: Output): number {
  let end = from;
  while (lines[end] !== tab && lines[end] !== lineFeed) end += 1;
  if (form.kind === 'padded') {
    let last = end;
    while (last > from && lines[last - 1] === blank) last -= 1;
    out.at += lines.copy(out.bytes, out.at, from, last);
    return end;
  }
  // Null stays as it is.
  if (lines[from] === backslash) copyField(lines, from, out);
  else if (!writeMoment(lines, { from, end }, form, out)) {
    try {
      out.at += out.bytes.write(toCanonText(lines.toString('latin1', from, end), form.wanted), out.at, 'latin1');
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      const row = parseCanonLine(lines.toString('utf8', line, lines.indexOf(lineFeed, line)));
      throw unreadableIn(query, row, form.wanted.name, error);
    }
  }
  return end;
}

/** Writes a moment as the server gives nearly all of them: `2026-11-21 13:05:09.12+00`, without zeros at its end. False, and nothing written, where it is another one. */
function writeMoment(lines: Buffer, { from, end }: { from: number; end: number }, form: Form, out: Output): boolean {
  const isUtc = form.kind === 'utc';
  if (isUtc && (lines[end - 3] !== plus || lines[end - 2] !== zero || lines[end - 1] !== zero)) return false;
  const close = isUtc ? end - 3 : end;
  const fraction = from + wholeSeconds;
  const given = close - fraction - 1;
  if (close < fraction || given > form.digits || given === 0 || lines[from + 10] !== blank) return false;
  if (lines[from + 4] !== hyphen || (given > 0 && lines[fraction] !== point)) return false;
  // `BC` may stand there.
  if (lines[close - 1]! > nine) return false;
  const { bytes } = out;
  let to = out.at;
  for (let at = from; at < fraction; at += 1) bytes[to++] = lines[at]!;
  bytes[out.at + 10] = letterT;
  if (form.digits > 0) bytes[to++] = point;
  for (let at = 0; at < form.digits; at += 1) bytes[to++] = at < given ? lines[fraction + 1 + at]! : zero;
  if (isUtc) bytes[to++] = letterZ;
  out.at = to;
  return true;
}

import type { JsonObject, JsonValue } from '@tminus/verify';

import type { ObservedSource, Reading } from '../../../core/check/check.ts';
import { parseJson } from '../parse-json.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { isSqlResult, resultName } from './sql-result.ts';
import type { Cell, SqlResult } from './sql-result.ts';

/**
 * Facts of an answer: `columns`, `rowCount`, `rows`, `value` and `holds`.
 *
 * `value` is the first cell of the only row, absent where there are none or several: the first of many rows is whichever came first.
 * `holds` is whether the only cell of the answer is true, or 1 in databases that have no booleans.
 */
export function parseResult(spec: JsonObject, sources: readonly ObservedSource[]): Reading {
  return toReading(() => {
    const source = sources.find(({ name }) => name === resultName);
    if (!source || sources.length !== 1) throw new Unreadable('missing', `expected the source ${resultName}, got none`);
    return toFacts(readResult(source.bytes), Number(spec['maxRows']));
  });
}

function readResult(bytes: Uint8Array): SqlResult {
  const value = parseJson(bytes);
  if (!isSqlResult(value))
    throw new Unreadable('malformed', 'expected a result of tminus/sql-result/1, got other JSON');
  return value as unknown as SqlResult;
}

function toFacts({ columns, rows }: SqlResult, maxRows: number): JsonObject {
  if (rows.length > maxRows) throw new Unreadable('too_large', `expected at most ${maxRows} rows, got ${rows.length}`);
  const twice = columns.find((name, index) => name === '__proto__' || columns.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Unreadable(
      'columns',
      `expected columns of distinct names, got ${JSON.stringify(twice)} twice; name them with as`,
    );
  }
  const facts: JsonObject = {
    columns,
    rowCount: rows.length,
    rows: rows.map((row) => toRow(columns, row)),
    holds: holds(rows),
  };
  if (rows.length === 1 && columns.length > 0) facts['value'] = toValue(rows[0]![0]!);
  return facts;
}

function toRow(columns: readonly string[], row: readonly Cell[]): JsonObject {
  return Object.fromEntries(columns.map((name, index) => [name, toValue(row[index]!)]));
}

function holds(rows: readonly (readonly Cell[])[]): boolean {
  if (rows.length !== 1 || rows[0]!.length !== 1) return false;
  const value = toValue(rows[0]![0]!);
  return value === true || value === 1;
}

/** A number only where the number means exactly what the text says; everything else stays text. */
function toValue(cell: Cell): JsonValue {
  if (cell === null) return null;
  const [type, text] = cell;
  if (type === 'bool') return text === 't' || text === 'true';
  if (type === 'text' || type === 'bytes') return text;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) return text;
  if (type === 'float') return number + 0;
  if (type === 'int') return Number.isSafeInteger(number) ? number + 0 : text;
  return String(number) === canonicalDecimal(text) ? number : text;
}

/** `0.10` as `0.1`, `5.00` as `5`, so that only digits that count are compared. */
function canonicalDecimal(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}

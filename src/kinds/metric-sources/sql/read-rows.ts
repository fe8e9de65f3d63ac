import type { Measure } from '../../../core/rollout/rollout.ts';
import type { Cell, SqlResult } from '../../checks/sql/sql-result.ts';
import { Unreadable } from '../../checks/unreadable.ts';
import type { CounterAnswer } from '../counter-series.ts';
import { columns } from './to-statement.ts';

/** Returns the counts of an answer. Throws `Unreadable` for a row of no arm, a value that is no number, and a time without a zone. */
export function readRows({ columns: names, rows }: SqlResult, { by }: Measure, askedAtMs: number): CounterAnswer {
  const answer: CounterAnswer = { askedAtMs, arms: { stable: { total: [], bad: [] }, canary: { total: [], bad: [] } } };
  for (const row of rows) {
    const text = (column: string): string => textOf(row[names.indexOf(column)] ?? null);
    const arm = text(columns.arm);
    if (arm !== 'stable' && arm !== 'canary')
      throw new Unreadable('malformed', `arm: expected stable or canary, got ${arm || 'nothing'}`);
    const part = text(columns.part) === 'bad' ? 'bad' : 'total';
    const labels = {
      ...(by === null ? {} : { [by]: text(by) }),
      ...(names.includes(columns.le) ? { le: toBound(text(columns.le)) } : {}),
    };
    const value = text(columns.value) === '' ? Number.NaN : Number(text(columns.value));
    answer.arms[arm][part].push({ name: part, labels, target: 'database', value, atMs: toInstant(text(columns.at)) });
  }
  return answer;
}

function textOf(cell: Cell): string {
  return cell === null ? '' : cell[1].trim();
}

/** Databases write an infinite bound in their own words. */
function toBound(text: string): string {
  return /^\+?inf(?:inity)?$/i.test(text) ? '+Inf' : text;
}

/** Seconds since 1970, or a timestamp with its offset from UTC: without one it is another moment in every office. */
function toInstant(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const zoned = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}(?::?\d{2})?)$/.test(text);
  const at = zoned ? Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00')) : Number.NaN;
  if (Number.isNaN(at))
    throw new Unreadable(
      'malformed',
      `at: expected seconds since 1970 or a timestamp with its offset, got ${text || 'nothing'}`,
    );
  return at;
}

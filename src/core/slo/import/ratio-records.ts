import type { JsonObject } from '@tminus/verify';

import { toScalarText } from '../../rollout/import/field-ledger.ts';
import { readQuery } from '../../rollout/import/read-query.ts';
import type { DraftObjective } from './imported-objectives.ts';
import { readGoal } from './read-goal.ts';
import { readCounter } from './to-bad.ts';
import { toCounted } from './to-counted.ts';

/** A recorded share of two rates; which of both is the good one, only alerts tell. */
export interface RatioRecord {
  record: string;
  over: string;
  under: string;
}

/** Returns the share that a rule records; none where it records something else. */
export function listRatioRecords(rule: JsonObject): RatioRecord[] {
  const counted = readQuery(toScalarText(rule['expr']));
  if (counted?.bad === undefined || counted.total === undefined) return [];
  return [{ record: toScalarText(rule['record']), over: counted.bad, under: counted.total }];
}

/** Returns the objective that a record is of, without its id, by the alerts that ask for it; or why nobody can tell. Taken the wrong way round, it would call every error good. */
export function toObjectiveOf(
  { record, over, under }: RatioRecord,
  alerts: readonly string[],
): DraftObjective | string {
  const bounds = alerts.flatMap((alert) => listBounds(alert, record));
  const [total, counted] = [readCounter(under), readCounter(over)];
  if (total === null || counted === null) return 'its counters are no raw counters: write total and bad';
  const sides = new Set(bounds.map(({ side }) => side));
  if (sides.size !== 1) return 'no alert says whether it counts what is good or what is bad: write total and bad';
  const side = sides.has('above') ? { bad: over } : toCounted(total, counted, false);
  if (side === null) return 'it counts what is good, and may be no part of the total: write good, or bad for the rest';
  const budgets = new Set(bounds.flatMap(({ budget }) => budget ?? []));
  const goal = budgets.size === 1 ? readGoal(Number((100 - [...budgets][0]! * 100).toPrecision(12))) : null;
  return { id: record, title: record, total: under, ...side, ...(goal === null ? {} : { goal }) };
}

interface RecordBound {
  side: 'above' | 'below';
  /** The share that may be bad, where it is multiplied by a burn rate: `> (14.4 * 0.001)`. */
  budget: number | null;
}

const sample = String.raw`(?:\{[^}]*\})?(?:\s+offset\s+\w+)?\s*\)*`;

function listBounds(alert: string, record: string): RecordBound[] {
  const escaped = record.replaceAll(/[^\w:]/g, String.raw`\$&`);
  const comparison = new RegExp(
    String.raw`(?<![\w:])${escaped}(?![\w:])${sample}\s*(>=?|<=?)\s*\(*\s*(?:([\d.]+)\s*\*\s*\(*\s*(1\s*-\s*)?([\d.]+))?`,
    'g',
  );
  return [...alert.matchAll(comparison)].map(([, sign = '', factor, less, number]) => ({
    side: sign.startsWith('>') ? 'above' : 'below',
    budget:
      factor === undefined || number === undefined ? null : less === undefined ? Number(number) : 1 - Number(number),
  }));
}

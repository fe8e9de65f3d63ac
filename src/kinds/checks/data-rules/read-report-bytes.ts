import { z } from 'zod';

import type { ObservedSource } from '../../../core/check/check.ts';
import { canonVersion } from '../../../core/dataset/canon.ts';
import { rulesReportFormat } from '../../../core/dataset/rules/rules-report.ts';
import type { RulesReport } from '../../../core/dataset/rules/rules-report.ts';
import { parseJson } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

export const reportName = 'rules.json';

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const rule = z.looseObject({
  rule: z.string(),
  kind: z.enum(['orphans', 'unique', 'implies', 'accepted', 'sum', 'sequence', 'count', 'at-most']),
  checked: count.nullable(),
  applies: count.nullable(),
  violations: count.nullable(),
  samples: z.array(z.array(z.string().nullable())),
  note: z.string().nullable(),
});

/** What a verdict rests on; everything else of a report is for people, and is kept as it is. */
const shape = z.looseObject({
  format: z.literal(rulesReportFormat),
  canon: z.literal(canonVersion),
  dataset: z.string(),
  rows: count,
  rules: z.array(rule),
});

/** Returns the report of a source, or throws `Unreadable`: a report whose own numbers contradict each other, or about other rules, proves nothing. */
export function readReportBytes(
  sources: readonly ObservedSource[],
  { dataset, rules }: { dataset: string; rules: readonly string[] | null },
): RulesReport {
  const [source] = sources;
  if (source === undefined || sources.length !== 1 || source.name !== reportName)
    throw new Unreadable('missing', `expected the source ${reportName}, got ${sources.length} sources`);
  const read = shape.safeParse(parseJson(source.bytes));
  if (!read.success) throw new Unreadable('malformed', `expected a report of ${rulesReportFormat}, got other JSON`);
  const report = read.data as unknown as RulesReport;
  if (report.dataset !== dataset)
    throw new Unreadable('other_dataset', `expected a report of ${dataset}, got one of another dataset`);
  const missing = rules?.find((name) => !report.rules.some((one) => one.rule === name));
  if (missing !== undefined) throw new Unreadable('missing', `expected rule ${missing}, got a report without it`);
  refuseContradictions(report);
  return report;
}

const isTotal = (kind: string): boolean => kind === 'sum' || kind === 'sequence' || kind === 'count';

function refuseContradictions({ rows, rules }: RulesReport): void {
  const contradicts = rules.some(
    ({ kind, checked, applies, violations }) =>
      (checked !== null && checked !== rows) ||
      (checked === null) !== (violations === null) ||
      (applies === null && violations !== null) ||
      (violations ?? 0) > (isTotal(kind) ? 1 : (applies ?? 0)),
  );
  if (contradicts || new Set(rules.map(({ rule: id }) => id)).size !== rules.length)
    throw new Unreadable('contradiction', 'expected counts that agree with each other, got some that do not');
}

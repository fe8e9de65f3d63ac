import type { JsonObject } from '@tminus/verify';

import type { CanonRow } from '../canon.ts';
import type { DataRule } from '../dataset.ts';

export const rulesReportFormat = 'tminus/data-rules-report/1';

/** What one rule came to. */
export interface RuleResult {
  rule: string;
  kind: DataRule['kind'];
  /** As the document says it. */
  text: string;
  /** Rows that were looked at, and those of them that the rule is about; null where it could not be asked. */
  checked: number | null;
  applies: number | null;
  violations: number | null;
  /** Keys of the first rows that break it; `[redacted]` where the key is hidden. */
  samples: CanonRow[];
  /** `pass`: counted with all other rules of the table in one statement. `question`: in one of its own. `stream`: row by row. */
  how: 'pass' | 'question' | 'stream';
  /** Why it could not be asked, or what was found beside rows; null where there is nothing to say. */
  note: string | null;
}

/** What the rules of a dataset came to; the bytes of a `data-rules` check. */
export interface RulesReport {
  format: typeof rulesReportFormat;
  canon: string;
  dataset: string;
  on: string;
  table: string;
  versions: JsonObject;
  startedAt: string;
  endedAt: string;
  /** Rows of the table. */
  rows: number;
  /** Columns of the key, as samples have them. */
  key: string[];
  rules: RuleResult[];
}

/** What a report amounts to. */
export interface RulesVerdict {
  verdict: 'holds' | 'violated' | 'inconclusive';
  reason: string;
}

/** Returns the verdict that a report's own numbers carry. A rule that looked at nothing, or could not be asked, is inconclusive; so is a report without rules. */
export function judgeRules({ rules }: Pick<RulesReport, 'rules'>): RulesVerdict {
  const broken = rules.filter(({ violations }) => violations !== null && violations > 0);
  if (broken.length > 0)
    return {
      verdict: 'violated',
      reason: broken.map(({ rule, violations }) => `${rule}: ${violations}`).join(', '),
    };
  if (rules.length === 0) return { verdict: 'inconclusive', reason: 'the dataset has no rules' };
  const unasked = rules.find(({ checked, violations }) => checked === null || violations === null);
  if (unasked !== undefined)
    return { verdict: 'inconclusive', reason: `${unasked.rule}: ${unasked.note ?? 'it could not be asked'}` };
  const empty = rules.find(({ checked }) => checked === 0);
  if (empty !== undefined) return { verdict: 'inconclusive', reason: `${empty.rule}: no rows were looked at` };
  return { verdict: 'holds', reason: `${rules.length} rules hold` };
}

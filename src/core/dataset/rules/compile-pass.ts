import type { CanonColumn, CanonRow } from '../canon.ts';
import type { ReadRule } from './read-data-rule.ts';
import { toConditionSql } from './rule-dialect.ts';
import type { RuleDialect } from './rule-dialect.ts';

/** What a pass counts for one rule. */
export interface PassCount {
  applies: number;
  violations: number;
  /** Of a rule about a sum, the sum; of one about a sequence, the greatest value; null for every other one, and where there are no rows. */
  total: string | null;
}

/** One statement for every rule of a table that looks at one row at a time. */
export interface CompiledPass {
  statement: string;
  /** Rules that the statement answers; the others have to be streamed, or asked alone. */
  rules: ReadRule[];
  read(answer: CanonRow): { rows: number; counts: Map<string, PassCount> };
}

/** What is asked for a rule: how many rows it is about, how many break it, and a total. */
interface Terms {
  rule: ReadRule;
  applies: string;
  breaks: string;
  total: string;
}

/** Returns the one pass over a table that answers all of these rules that can be asked of this engine. */
export function compilePass(
  rules: readonly ReadRule[],
  { table, columns }: { table: string; columns: readonly CanonColumn[] },
  dialect: RuleDialect,
): CompiledPass {
  const terms = rules.map((rule) => toTerms(rule, columns, dialect)).filter((one) => one !== null);
  const asked = terms.flatMap(({ applies, breaks, total }) => [applies, breaks, total]);
  return {
    statement: `select ${['count(*)', ...asked].join(', ')} from ${dialect.quoteTable(table)}`,
    rules: terms.map(({ rule }) => rule),
    read: (answer) => ({
      rows: Number(answer[0]),
      counts: new Map(
        terms.map(({ rule }, at) => {
          const [applies, violations, total] = answer.slice(1 + at * 3, 4 + at * 3);
          return [rule.id, { applies: Number(applies), violations: Number(violations), total: total ?? null }];
        }),
      ),
    }),
  };
}

function toTerms(rule: ReadRule, columns: readonly CanonColumn[], dialect: RuleDialect): Terms | null {
  const where = toConditionSql(rule.where, columns, dialect);
  if (where === null) return null;
  const applies = dialect.countWhere(where);
  if (rule.kind === 'count') return { rule, applies, breaks: '0', total: 'null' };
  if (rule.kind === 'implies') {
    const holds = toConditionSql(rule.demands, columns, dialect);
    // Both sides are true or false, never null: each condition says what a missing value means.
    return holds === null
      ? null
      : { rule, applies, breaks: dialect.countWhere(`${where} and not (${holds})`), total: 'null' };
  }
  if (rule.kind !== 'sum' && rule.kind !== 'sequence') return null;
  const column = columns.find(({ name }) => name === rule.column);
  const isExact = column?.type === 'integer' || (column?.type === 'decimal' && dialect.exactDecimals);
  if (column === undefined || !isExact) return null;
  const total = rule.kind === 'sum' ? 'sum' : 'max';
  return { rule, applies, breaks: '0', total: `${total}(case when ${where} then ${dialect.quote(column.name)} end)` };
}

import type { ReadRule } from '../../../core/dataset/rules/read-data-rule.ts';
import { toComparable, toConditionSql } from '../../../core/dataset/rules/rule-dialect.ts';
import type { FoundRows } from './find-violations.ts';
import { askOne, findRuledColumn } from './rule-table.ts';
import type { RuleTable } from './rule-table.ts';

type Counted = Pick<FoundRows, 'applies' | 'violations'>;

/** Counts rows that share their values with too many others, where the engine decides that as `canon/1` does; null where it does not. */
export async function askRepeated(
  table: RuleTable,
  rule: Extract<ReadRule, { kind: 'unique' | 'at-most' }>,
): Promise<Counted | null> {
  const { dialect, columns } = table;
  const read = rule.columns.map((name) => findRuledColumn(table, name));
  if (dialect === null) return null;
  const values = read.map((column) => toComparable(column, dialect));
  const where = toConditionSql(rule.where, columns, dialect);
  if (where === null || values.includes(null)) return null;
  const there = read.map(({ name }) => `${dialect.quote(name)} is not null`).join(' and ');
  const groups = `select count(*) as n from ${dialect.quoteTable(table.table)} where ${where} and ${there} group by ${values.join(', ')}`;
  const statement = `select coalesce(sum(n), 0), coalesce(sum(case when n > ${rule.rows} then n else 0 end), 0) from (${groups}) as repeated`;
  const [applies, violations] = await askOne(table, statement);
  return { applies: Number(applies), violations: Number(violations) };
}

/** Counts rows whose parent is not there, where both tables lie in one datastore and keys compare as `canon/1` says; null where not. */
export async function askOrphans(
  child: RuleTable,
  parent: RuleTable,
  { rule, parentColumn }: { rule: Extract<ReadRule, { kind: 'orphans' }>; parentColumn: string },
): Promise<Counted | null> {
  const { dialect } = child;
  const [from, to] = [findRuledColumn(child, rule.column), findRuledColumn(parent, parentColumn)];
  if (dialect === null || child.session !== parent.session || from.type !== to.type) return null;
  const [own, theirs] = [toComparable(from, dialect, 'child.'), toComparable(to, dialect, 'parent.')];
  const where = toConditionSql(rule.where, child.columns, dialect);
  if (own === null || theirs === null || where === null) return null;
  const there = `child.${dialect.quote(from.name)} is not null`;
  const orphan = `not exists (select 1 from ${dialect.quoteTable(parent.table)} as parent where ${theirs} = ${own})`;
  const source = `from ${dialect.quoteTable(child.table)} as child where ${where} and ${there}`;
  const [applies, violations] = await askOne(
    child,
    `select (select count(*) ${source}), (select count(*) ${source} and ${orphan})`,
  );
  return { applies: Number(applies), violations: Number(violations) };
}

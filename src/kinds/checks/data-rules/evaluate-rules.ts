import { canonVersion } from '../../../core/dataset/canon.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { DataAccess } from '../../../core/dataset/data-access.ts';
import type { DataRule, Dataset } from '../../../core/dataset/dataset.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { readDataRule } from '../../../core/dataset/rules/read-data-rule.ts';
import type { ReadRule } from '../../../core/dataset/rules/read-data-rule.ts';
import { rulesReportFormat } from '../../../core/dataset/rules/rules-report.ts';
import type { RuleResult, RulesReport } from '../../../core/dataset/rules/rules-report.ts';
import { countRows } from './count-rows.ts';
import type { CountedRule } from './count-rows.ts';
import { judgeTotals } from './judge-totals.ts';
import { findBroken, findRepeated, MixedKeys } from './find-violations.ts';
import { lookForOrphans, lookForRepeats } from './look-across-rows.ts';
import { hiddenColumns, openRuleTable } from './rule-table.ts';
import type { RuleTable } from './rule-table.ts';

/** Which rules are asked, and how much is kept of what breaks them. */
export interface RuleOptions {
  /** Null for all of the dataset. */
  rules: readonly string[] | null;
  /** Keys of each rule that the report shows. */
  samples: number;
  /** Keys of each rule that are kept, for repairs. */
  keep: number;
}

/** What evaluating rules needs of the world. */
export interface RuleScene extends DataAccess {
  now(): number;
  signal: AbortSignal;
  progress(done: number, total: number | null, text: string): void;
}

/** A report, with the keys of the rows that break each rule: never shown, only repaired. */
export interface EvaluatedRules {
  report: RulesReport;
  keys: Map<string, CanonRow[]>;
}

interface Work {
  dataset: Dataset;
  options: RuleOptions;
  scene: RuleScene;
  table: RuleTable;
}

const redacted = '[redacted]';

/**
 * Holds the rows of a dataset against its rules, in its target or, where it has none, in its source. All rules that look at one row at a time are one statement where
 * the engine answers questions. Trouble of a datastore is thrown; a rule that cannot be asked stands in the report as such.
 */
export async function evaluateRules(dataset: Dataset, options: RuleOptions, scene: RuleScene): Promise<EvaluatedRules> {
  const startedAt = new Date(scene.now()).toISOString();
  const table = await openRuleTable(dataset, scene.open, { signal: scene.signal });
  try {
    const work: Work = { dataset, options, scene, table };
    const { rows, results, keys } = await evaluate(work, chooseRules(dataset, options.rules));
    const { on, key, session } = table;
    const report: RulesReport = {
      format: rulesReportFormat,
      canon: canonVersion,
      dataset: dataset.id,
      on,
      table: table.table,
      versions: session.versions,
      startedAt,
      endedAt: new Date(scene.now()).toISOString(),
      rows,
      key: [...key],
      rules: results,
    };
    return { report, keys };
  } finally {
    await table.session.close();
  }
}

function chooseRules({ id, rules }: Dataset, wanted: readonly string[] | null): readonly DataRule[] {
  const strange = wanted?.find((name) => !rules.some((rule) => rule.id === name));
  if (strange !== undefined)
    throw new DatastoreTrouble(
      'configuration',
      `${id}: expected one of the rules ${rules.map((rule) => rule.id).join(', ') || '(none)'}, got ${strange}`,
    );
  return wanted === null ? rules : rules.filter((rule) => wanted.includes(rule.id));
}

async function evaluate(
  work: Work,
  declared: readonly DataRule[],
): Promise<{ rows: number; results: RuleResult[]; keys: Map<string, CanonRow[]> }> {
  const readings = declared.map((rule) => ({ declared: rule, reading: readDataRule(rule) }));
  const rules = readings.flatMap(({ reading }) =>
    reading.ok ? [{ ...reading.rule, where: withPlace(work.table, reading.rule) }] : [],
  );
  work.scene.progress(0, null, 'counting rows');
  const counted = await countRows(work.table, rules);
  const keys = new Map<string, CanonRow[]>();
  const results: RuleResult[] = [];
  for (const [at, { declared: rule, reading }] of readings.entries()) {
    work.scene.signal.throwIfAborted();
    work.scene.progress(at, readings.length, `rule ${rule.id}`);
    const read = rules.find(({ id }) => id === rule.id);
    const found =
      read === undefined
        ? { ...unasked, note: reading.ok ? '' : `expected ${reading.expected}` }
        : await evaluateOne(work, read, counted.rules.get(rule.id) ?? null);
    keys.set(rule.id, found.keys);
    results.push(toResult(work, rule, { ...found, text: read?.text ?? rule.kind, rows: counted.rows }));
  }
  return { rows: counted.rows, results, keys };
}

function withPlace({ where }: RuleTable, rule: ReadRule): ReadRule['where'] {
  return rule.kind === 'sequence' ? rule.where : [...where, ...rule.where];
}

interface Found {
  applies: number | null;
  violations: number | null;
  keys: CanonRow[];
  how: RuleResult['how'];
  note: string | null;
}

const unasked: Found = { applies: null, violations: null, keys: [], how: 'question', note: null };

async function evaluateOne(work: Work, rule: ReadRule, counted: CountedRule | null): Promise<Found> {
  const { table, options, scene } = work;
  const { keep } = options;
  if (rule.kind === 'orphans') return { note: null, ...(await lookForOrphans(work, rule, keep).catch(refuseMixed)) };
  if (rule.kind === 'unique' || rule.kind === 'at-most') {
    const found = await lookForRepeats(table, rule);
    if (found?.violations === 0) return { ...found, keys: [], how: 'question', note: null };
    return { ...(await findRepeated(table, rule, keep)), how: found === null ? 'stream' : 'question', note: null };
  }
  if (counted === null) return unasked;
  if (rule.kind !== 'implies') return { keys: [], ...counted, ...(await judgeTotals(table, rule, { counted, scene })) };
  const keys = counted.violations > 0 ? await findBroken(table, rule, keep) : [];
  return { ...counted, keys, note: null };
}

function refuseMixed(error: unknown): Omit<Found, 'note'> & { note: string } {
  if (error instanceof MixedKeys)
    return { ...unasked, note: 'the reference and the key are of different types, whose orders differ' };
  throw error;
}

function toResult(
  { dataset, options, table }: Work,
  { id, kind }: DataRule,
  { applies, violations, keys, how, note, text, rows }: Found & { text: string; rows: number },
): RuleResult {
  const hidden = hiddenColumns(dataset);
  const isHidden = table.key.map((name) => hidden.has(name));
  const samples = keys
    .slice(0, options.samples)
    .map((key) => key.map((value, at) => (isHidden[at] ? redacted : value)));
  const checked = violations === null ? null : rows;
  return { rule: id, kind, text, checked, applies, violations, samples, how, note };
}

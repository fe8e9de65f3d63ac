import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { FixWish } from '../../../core/dataset/fix/decide-changes.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { RowDifference } from '../../../core/dataset/reconcile/difference.ts';
import { judgeReconcile } from '../../../core/dataset/reconcile/reconcile-report.ts';
import { evaluateRules } from '../../../kinds/checks/data-rules/evaluate-rules.ts';
import { compareDataset } from '../../../kinds/checks/reconcile/compare-dataset.ts';
import { refuseFix } from './fix-setting.ts';
import type { FixSetting } from './fix-setting.ts';

/** Keys of each rule that one plan takes up; the next plan takes up what is left. */
const keptKeys = 100_000;
const options = {
  strategy: 'auto',
  full: true,
  sampleSize: 500,
  seed: 1,
  samples: 0,
  rechecks: [],
  previous: null,
} as const;

/** What is wrong with a dataset now. */
export interface GatheredWishes {
  wishes: FixWish[];
  notes: string[];
}

/** Compares both sides and asks the rules. Throws `fix_refused` where either could not be done: what nobody looked at is not repaired, and not called clean. */
export async function gatherWishes(setting: FixSetting, dataset: Dataset): Promise<GatheredWishes> {
  const differences = dataset.target === null ? { wishes: [], notes: [] } : await gatherDifferences(setting, dataset);
  const broken = dataset.rules.length === 0 ? { wishes: [], notes: [] } : await gatherViolations(setting, dataset);
  return { wishes: [...differences.wishes, ...broken.wishes], notes: [...differences.notes, ...broken.notes] };
}

async function gatherDifferences(setting: FixSetting, dataset: Dataset): Promise<GatheredWishes> {
  const { data, now, signal, progress } = setting;
  const { report, rows, cut } = await compareDataset(dataset, options, { open: data.open, now, signal, progress });
  const { verdict, reason } = judgeReconcile(report);
  const isEmpty = report.counts.source === 0 && report.counts.target === 0;
  if (verdict === 'inconclusive' && !isEmpty)
    throw refuseFix(`dataset ${dataset.id}`, [reason], 'see "tminus reconcile": both sides have to be compared first');
  const names = report.columns.map(({ target }) => target);
  return {
    wishes: rows.flatMap((row) => toWishes(row, names)),
    notes: cut ? [`only the first ${rows.length} rows that differ are in this plan`] : [],
  };
}

function toWishes(row: RowDifference, names: readonly string[]): FixWish[] {
  const base = { key: row.key, kind: row.kind, rule: null, column: null, source: {} };
  if (row.kind === 'missing')
    return [{ ...base, repairs: 'missing', source: named(row.source, names), reason: 'missing in the target' }];
  if (row.kind === 'extra') return [{ ...base, repairs: 'extra', reason: 'not in the source' }];
  return row.values.map(({ column, class: cause, source }) => ({
    ...base,
    repairs: cause,
    column,
    source: { [column]: source },
    reason: `${column} differs (${cause})`,
  }));
}

function named(row: CanonRow, names: readonly string[]): FixWish['source'] {
  return Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]));
}

async function gatherViolations(setting: FixSetting, dataset: Dataset): Promise<GatheredWishes> {
  const { data, now, signal, progress } = setting;
  const scene = { ...data, now, signal, progress };
  const { report, keys } = await evaluateRules(dataset, { rules: null, samples: 0, keep: keptKeys }, scene);
  const unasked = report.rules.find(({ violations }) => violations === null);
  if (unasked !== undefined)
    throw refuseFix(
      `dataset ${dataset.id}`,
      [`rule ${unasked.rule}: ${unasked.note ?? 'not asked'}`],
      'see "tminus rules"',
    );
  const cut = report.rules.filter(
    ({ rule, violations }) => (violations ?? 0) > keptKeys && keys.get(rule)?.length === keptKeys,
  );
  return {
    wishes: report.rules.flatMap(({ rule, kind, violations }): FixWish[] => {
      const base = {
        kind: 'rule' as const,
        repairs: rule,
        rule: kind,
        column: null,
        source: {},
        reason: `breaks rule ${rule}`,
      };
      const found = keys.get(rule) ?? [];
      if (found.length === 0 && (violations ?? 0) > 0) return [{ ...base, key: null }];
      return found.map((key) => ({ ...base, key }));
    }),
    notes: cut.map(({ rule }) => `only the first ${keptKeys} rows that break rule ${rule} are in this plan`),
  };
}

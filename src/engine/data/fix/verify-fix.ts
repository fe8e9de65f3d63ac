import { nameOfKey } from '../../../core/dataset/fix/decide-changes.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { FixPlan } from '../../../core/dataset/fix/fix-plan.ts';
import { compareRows } from '../../../core/dataset/reconcile/compare-rows.ts';
import { evaluateRules } from '../../../kinds/checks/data-rules/evaluate-rules.ts';
import { openComparison } from '../../../kinds/checks/reconcile/open-comparison.ts';
import type { StoredFix } from '../../../store/fix-plan.ts';
import { findRepaired } from './fix-setting.ts';
import type { FixSetting } from './fix-setting.ts';
import { closeSides, readSide } from './read-sides.ts';

/** Whether what a fix was for has gone. */
export interface FixVerification {
  outcome: 'pass' | 'fail' | 'unknown';
  reason: string;
}

/** Looks again at the rows that a fix changed: both sides are compared for their keys, and the rules that it was for are asked again. */
export async function verifyFix(setting: FixSetting, { dataset: id, plan }: StoredFix): Promise<FixVerification> {
  const dataset = findRepaired(setting, id);
  const rules = dataset.rules
    .map((rule) => rule.id)
    .filter((rule) => plan.changes.some(({ repairs }) => repairs.includes(rule)));
  const ofRules = new Set(rules);
  const isDifference = plan.changes.some(({ repairs }) => repairs.some((cause) => !ofRules.has(cause)));
  const differing = isDifference ? await countDiffering(setting, dataset, { plan, ofRules }) : 0;
  const breaking = rules.length > 0 ? await countBreaking(setting, dataset, { plan, rules }) : 0;
  if (differing + breaking === 0)
    return { outcome: 'pass', reason: `${plan.changes.length} rows are as they should be` };
  return { outcome: 'fail', reason: `${differing} rows still differ and ${breaking} still break a rule` };
}

/** A fix says what it repairs, and nothing else is asked of it: a row may differ in another way that is left to people. */
async function countDiffering(
  { data, signal }: FixSetting,
  dataset: Dataset,
  { plan, ofRules }: { plan: FixPlan; ofRules: ReadonlySet<string> },
): Promise<number> {
  const comparison = await openComparison(dataset, data.open, { seed: 1, signal });
  try {
    const chosen = plan.changes.filter(({ repairs }) => repairs.some((cause) => !ofRules.has(cause)));
    const written = new Map(
      chosen.map(({ key, values }) => [nameOfKey(key), new Set(values.map(({ column }) => column))]),
    );
    const keys = chosen.map(({ key }) => key);
    const [from, to] = await Promise.all([readSide(comparison, 'source', keys), readSide(comparison, 'target', keys)]);
    return [...written].filter(([name, columns]) => {
      const [here, there] = [from.get(name) ?? null, to.get(name) ?? null];
      if (here === null || there === null) return here !== there;
      const { values } = compareRows(here, there, { columns: comparison.columns, tolerances: dataset.tolerances });
      return values.some(({ column }) => columns.has(column));
    }).length;
  } finally {
    await closeSides(comparison);
  }
}

async function countBreaking(
  { data, now, signal, progress }: FixSetting,
  dataset: Dataset,
  { plan, rules }: { plan: FixPlan; rules: readonly string[] },
): Promise<number> {
  const scene = { ...data, now, signal, progress };
  const { keys } = await evaluateRules(dataset, { rules, samples: 0, keep: 100_000 }, scene);
  const changed = new Set(plan.changes.map(({ key }) => nameOfKey(key)));
  return [...keys.values()].flat().filter((key) => changed.has(nameOfKey(key))).length;
}

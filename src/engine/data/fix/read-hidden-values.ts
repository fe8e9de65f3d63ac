import { toCanonText } from '../../../core/dataset/canon/to-canon-text.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { nameOfKey } from '../../../core/dataset/fix/decide-changes.ts';
import type { FixChange, FixPlan } from '../../../core/dataset/fix/fix-plan.ts';
import { openComparison } from '../../../kinds/checks/reconcile/open-comparison.ts';
import type { ChangeBatch } from './apply-changes.ts';
import { refuseFix, sha256Of } from './fix-setting.ts';
import type { FixSetting } from './fix-setting.ts';
import { closeSides, readSide } from './read-sides.ts';
import { planAgain } from './guarded-rows.ts';

/** Reads from the source what the plan does not hold because no page may show it, and gives it out where it still has the digest that was planned. */
export async function readHiddenValues(
  setting: FixSetting,
  dataset: Dataset,
  plan: FixPlan,
): Promise<ChangeBatch['hiddenValue']> {
  const wanting = plan.changes.filter(({ values }) => values.some(({ sha256 }) => sha256 !== null));
  const rows =
    wanting.length === 0 ? new Map<string, Map<string, string | null>>() : await readSource(setting, dataset, wanting);
  return (change, { column, sha256 }) => {
    const found = plan.columns.find(({ name }) => name === column);
    const text = rows.get(nameOfKey(change.key))?.get(column) ?? null;
    const value = text === null || found === undefined ? null : toCanonText(text, found);
    if (value !== null && sha256Of(value) === sha256) return value;
    throw refuseFix(
      `fix of ${dataset.id}`,
      [`${column} of a record of the source has changed since it was planned`],
      planAgain,
    );
  };
}

async function readSource(
  { data, signal }: FixSetting,
  dataset: Dataset,
  changes: readonly FixChange[],
): Promise<Map<string, Map<string, string | null>>> {
  const comparison = await openComparison(dataset, data.open, { seed: 1, signal });
  try {
    const keys = changes.map(({ key }) => key);
    const rows = await readSide(comparison, 'source', keys);
    return new Map(
      [...rows].map(([name, row]) => [
        name,
        new Map(comparison.columns.map((column, at) => [column.name, row[at] ?? null])),
      ]),
    );
  } finally {
    await closeSides(comparison);
  }
}

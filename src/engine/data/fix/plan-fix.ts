import { canonVersion } from '../../../core/dataset/canon.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import { toCanonText } from '../../../core/dataset/canon/to-canon-text.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { decideChanges, nameOfKey } from '../../../core/dataset/fix/decide-changes.ts';
import type { FixGround, FixWish } from '../../../core/dataset/fix/decide-changes.ts';
import { fixPlanFormat, fixPlanSha256 } from '../../../core/dataset/fix/fix-plan.ts';
import type { FixPlan } from '../../../core/dataset/fix/fix-plan.ts';
import { hiddenColumns, openRuleTable } from '../../../kinds/checks/data-rules/rule-table.ts';
import type { RuleTable } from '../../../kinds/checks/data-rules/rule-table.ts';
import { insertFix, readStoredFix } from '../../../store/fix-plan.ts';
import type { StoredFix } from '../../../store/fix-plan.ts';
import type { Store } from '../../../store/open-store.ts';
import { countCascades, orderForReferences } from './count-cascades.ts';
import { findRepaired, refuseFix, sha256Of } from './fix-setting.ts';
import type { FixSetting } from './fix-setting.ts';
import { gatherWishes } from './gather-wishes.ts';

/**
 * Looks at a dataset and keeps a plan of what its declared fixes would change, row by row. Changes nothing but Tminus's own store. Throws `fix_refused` where no policy
 * is declared, where there is no key, or where what is wrong could not be found out.
 */
export async function planFix(
  store: Store,
  setting: FixSetting,
  { dataset: id, requester }: { dataset: string; requester: string },
): Promise<StoredFix> {
  const plan = await computeFixPlan(setting, findRepaired(setting, id));
  const { launch, environment, planHash, candidateSha256 } = setting.scene.binding;
  const kept = await insertFix(store, {
    launch,
    environment,
    dataset: id,
    planHash,
    candidateSha256,
    requester,
    plan,
    planSha256: fixPlanSha256(plan),
  });
  const stored = await readStoredFix(store, kept);
  if (stored === null) throw new Error(`fix ${kept}: expected it to be kept, got nothing`);
  return stored;
}

/** The plan itself; keeps nothing. */
export async function computeFixPlan(setting: FixSetting, dataset: Dataset): Promise<FixPlan> {
  const policy = dataset.fixPolicy;
  if (policy === null)
    throw refuseFix(`dataset ${dataset.id}`, ['it has no policy of repairs'], 'declare fixPolicy: "1" beside fixes:');
  const { wishes, notes } = await gatherWishes(setting, dataset);
  const table = await openRuleTable(dataset, setting.data.open, { signal: setting.signal });
  try {
    if (table.key.length === 0)
      throw refuseFix(`dataset ${dataset.id}`, ['its table has no key'], 'name its key: only named rows are repaired');
    const ground = await readGround(table, dataset, wishes);
    const { changes, review } = decideChanges(wishesInColumns(wishes, ground), ground);
    const ordered = await orderForReferences(table, changes);
    const { launch, environment } = setting.scene.binding;
    return {
      format: fixPlanFormat,
      canon: canonVersion,
      launch,
      environment,
      dataset: dataset.id,
      on: table.on,
      table: table.table,
      policy,
      review,
      notes,
      columns: [...ground.columns],
      key: [...ground.key],
      hidden: [...ground.hidden],
      changes: ordered,
      cascades: await countCascades(table, ordered, ground),
    };
  } finally {
    await table.session.close();
  }
}

async function readGround(table: RuleTable, dataset: Dataset, wishes: readonly FixWish[]): Promise<FixGround> {
  const { session, key } = table;
  const shape = await session.describe(table.table);
  const own = shape.columns
    .filter(({ generated }) => !generated)
    .map(({ name, type, scale }) => ({ name, type, scale }));
  const columns = [
    ...key.flatMap((name) => own.find((column) => column.name === name) ?? []),
    ...own.filter(({ name }) => !key.includes(name)),
  ];
  const query: RowQuery = { table: table.table, columns, key, where: [], order: 'any', after: null };
  const ground = { columns, key, hidden: hiddenColumns(dataset), fixes: dataset.fixes, hash: sha256Of };
  const keys = wishesInColumns(wishes, ground).flatMap((wish) => (wish.key === null ? [] : [wish.key]));
  const unique = [...new Map(keys.map((one) => [nameOfKey(one), one])).values()];
  const found = unique.length === 0 ? [] : await session.rows(query, unique);
  return { ...ground, rows: new Map(found.map((row) => [nameOfKey(row.slice(0, key.length)), row])) };
}

/** Keys as the columns of the table have them: both sides of a comparison may have agreed on another form. */
function wishesInColumns(wishes: readonly FixWish[], { columns }: Pick<FixGround, 'columns'>): FixWish[] {
  const inColumns = (key: CanonRow): CanonRow =>
    key.map((value, at) =>
      value === null ? null : toCanonText(value, columns[at] ?? { name: '', type: 'text', scale: null }),
    );
  return wishes.map((wish) => ({ ...wish, key: wish.key === null ? null : inColumns(wish.key) }));
}

import type { RuleReference } from '../../../core/dataset/rules/read-data-rule.ts';
import type { RuleScene } from './evaluate-rules.ts';
import { ruledColumn, ruledPlace, toRuleTable } from './rule-table.ts';
import type { RuleTable } from './rule-table.ts';

/** The other side of a rule, open. */
export interface OpenedReference {
  table: RuleTable;
  /** The key that is referred to. */
  column: string;
  close(): Promise<void>;
}

/** Opens what a rule refers to: a table of the same datastore in the same session, one of another in its own, or that of a dataset. */
export async function openReference(
  table: RuleTable,
  { on, table: name, column }: RuleReference,
  scene: Pick<RuleScene, 'datasets' | 'open' | 'signal'>,
): Promise<OpenedReference> {
  // A column that is left out is the key of a dataset; `to` may name a table too, where there is no such dataset.
  const dataset = on === null ? scene.datasets.find(({ id }) => id === name) : undefined;
  const place = dataset === undefined ? { on: on ?? table.on, table: name } : ruledPlace(dataset);
  const isHere = place.on === table.on;
  const session = isHere ? table.session : await scene.open(place.on, 'read', scene.signal);
  const close = async (): Promise<void> => {
    if (!isHere) await session.close();
  };
  try {
    const where = dataset?.target ? dataset.targetWhere : [];
    const opened = await toRuleTable(session, { ...place, key: [], where });
    const named = dataset === undefined || column === null ? column : ruledColumn(dataset, column);
    const key = named ?? (dataset === undefined ? opened.key[0] : ruledColumn(dataset, dataset.key[0] ?? ''));
    return { table: opened, column: key ?? '', close };
  } catch (error) {
    await close();
    throw error;
  }
}

import { hasLedger } from './ledger.ts';
import type { ImportGround } from './open-ground.ts';
import { countEntries } from './read-ledger.ts';
import type { Untouched } from './scan.ts';

/** Returns what need not be looked up record by record, since there is nothing: the first import of a dataset is the longest one. */
export async function findUntouched(ground: ImportGround): Promise<Untouched> {
  const { target, writeTarget } = ground;
  const ledger = !(await hasLedger(target)) || (await countEntries(ground)) === 0;
  const rows = await target.count({ table: writeTarget.table, key: writeTarget.key, where: [] });
  return { ledger, target: rows === 0 };
}

import { moveFix, statesBeforeFix } from '../../../core/dataset/fix/fix-state.ts';
import type { FixMove } from '../../../core/dataset/fix/fix-state.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { readStoredFix, writeFixMove } from '../../../store/fix-plan.ts';
import type { StoredFix } from '../../../store/fix-plan.ts';
import type { Store } from '../../../store/open-store.ts';
import { refuseFix } from './fix-setting.ts';

/** Moves a fix, keeps who did it and why, and returns it as it stands then; throws `fix_refused` where it does not stand where that is possible. */
export async function makeFixMove(
  store: Store,
  fix: Pick<StoredFix, 'id' | 'state'>,
  {
    move,
    ...rest
  }: { move: FixMove; person: string | null; detail: string; write?: { approval?: object; result?: object } },
): Promise<StoredFix> {
  const to = moveFix(fix.state, move);
  if (to !== null && (await writeFixMove(store, fix.id, { ...rest, from: fix.state, to })))
    return await findFix(store, fix.id);
  const got = to === null ? fix.state : 'somewhere else by now';
  throw refuseFix(
    `fix ${fix.id}`,
    [`it has to be ${statesBeforeFix(move).join(' or ')}, and is ${got}`],
    'look at it with "tminus fix show"',
  );
}

/** Returns a fix; throws `fix_unknown`. */
export async function findFix(store: Store, id: string): Promise<StoredFix> {
  const found = await readStoredFix(store, id);
  if (found) return found;
  throw new ProductError('fix_unknown', `fix ${id}: expected one that was planned, got none of that id`, {
    hint: 'run "tminus fix plan", or look at "tminus fix show"',
  });
}

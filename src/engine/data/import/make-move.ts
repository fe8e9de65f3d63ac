import { moveBatch, statesBefore } from '../../../core/dataset/import/batch.ts';
import type { BatchMove } from '../../../core/dataset/import/batch.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { writeMove } from '../../../store/import-batch.ts';
import type { ImportBatch, MoveWrite } from '../../../store/import-batch.ts';
import type { Store } from '../../../store/open-store.ts';

/** Moves a batch and keeps who did it and why; throws `import_refused` where it does not stand where that is possible. */
export async function makeMove(
  store: Store,
  batch: Pick<ImportBatch, 'id' | 'state'>,
  { move, ...rest }: { move: BatchMove; person: string | null; detail: string; write?: MoveWrite },
): Promise<void> {
  const to = moveBatch(batch.state, move);
  if (to !== null && (await writeMove(store, batch.id, { ...rest, from: batch.state, to }))) return;
  throw new ProductError(
    'import_refused',
    `import ${batch.id}: expected one that is ${statesBefore(move).join(' or ')}, got one that is ${to === null ? batch.state : 'somewhere else by now'}`,
    {
      hint: 'look at it with "tminus import status"',
    },
  );
}

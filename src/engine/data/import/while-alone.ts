import { ProductError } from '../../../core/error/product-error.ts';
import type { ImportBatch } from '../../../store/import-batch.ts';
import type { Store } from '../../../store/open-store.ts';

/**
 * Does `work` while no other process imports or repairs the dataset of the batch; throws `import_running` where one does. The lock is that of a connection of the store, so it
 * ends with its process, however that ends. Who was only slow is told apart by the token in the target.
 */
export async function whileAlone<T>(
  store: Store,
  batch: Pick<ImportBatch, 'launch' | 'environment' | 'dataset'>,
  work: () => Promise<T>,
): Promise<T> {
  const client = await store.database.pool.connect();
  const name = `tminus-import ${batch.launch} ${batch.environment} ${batch.dataset}`;
  let taken = false;
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(hashtextextended($1, 0)) as taken`,
      [name],
    );
    taken = rows[0]?.taken === true;
    if (!taken)
      throw new ProductError(
        'import_running',
        `dataset ${batch.dataset}: expected nobody else to write to it, got a process that does`,
        {
          hint: 'wait for it, or stop it; what it has finished stays',
        },
      );
    return await work();
  } finally {
    // A server notices the end of a connection later: what follows at once, such as taking the batch back, would be refused.
    if (taken) await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => undefined);
    // Not given back to the pool: a session that was kept would keep the lock.
    client.release(true);
  }
}

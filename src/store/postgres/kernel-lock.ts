import { DatabaseSync } from 'node:sqlite';

import { ProductError } from '../../core/error/product-error.ts';

export interface KernelLock {
  release(): void;
}

/**
 * How a lock goes with others on the same file: `shared` with shared ones and with one `single`, `single` with shared ones, `whole` with none.
 * They are SQLite's SHARED, RESERVED and EXCLUSIVE (https://sqlite.org/lockingv3.html), taken on a file that stays empty.
 */
export type LockStrength = 'shared' | 'single' | 'whole';

const statements: Record<LockStrength, string> = {
  // The read is what takes the lock: `begin` alone takes none.
  shared: 'begin; select 1 from sqlite_schema',
  single: 'begin immediate',
  whole: 'begin exclusive',
};
/** Result codes of SQLite. */
const sqlite = { busy: 5, full: 13 } as const;

/**
 * Returns a lock on a file, or null while others stand against it. `blockMs` lets the whole process wait for it: only for the last breath of one.
 *
 * It is a lock of the kernel (fcntl, by way of SQLite, since Node has no call for it): it ends with its process, so there is no stale lock to judge
 * and no pid that another container may have given away again. The file must be opened in no other way: closing it would end all locks of the process.
 */
export function tryKernelLock(file: string, strength: LockStrength, blockMs = 0): KernelLock | null {
  let connection: DatabaseSync | null = null;
  try {
    const opened = (connection = new DatabaseSync(file, { timeout: blockMs }));
    opened.exec(statements[strength]);
    return { release: () => opened.close() };
  } catch (error) {
    connection?.close();
    const { errcode } = error as { errcode?: number };
    if (errcode === sqlite.busy) return null;
    const detail = { hint: 'check the owner and the free space of the data directory', cause: error };
    const code = errcode === sqlite.full ? 'disk_full' : 'store_unavailable';
    throw new ProductError(
      code,
      `${file}: expected a file that can be locked, got ${(error as Error).message}`,
      detail,
    );
  }
}

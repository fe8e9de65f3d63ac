import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

import { ProductError } from '../../core/error/product-error.ts';

/** Who holds a data directory; only told to people, never decided on. */
export interface Holder {
  pid: number;
  command: string;
  startedAt: string;
}

export interface StoreLock {
  release(): void;
}

const retryMs = 25;
/** Result codes of SQLite. */
const sqlite = { busy: 5, full: 13 } as const;

/**
 * Returns the lock of a data directory, waiting up to `waitMs`; throws `store_in_use` with the holder's pid and command.
 *
 * The lock is a kernel lock (fcntl, by way of SQLite, since Node has no call for it) on an empty file: it ends with its process, so
 * there is no stale lock to judge and no pid that another container may have given away again.
 */
export async function lockStore(dataDirectory: string, command: string, waitMs: number): Promise<StoreLock> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const lock = tryLock(join(dataDirectory, 'store.lock'));
    if (lock !== null) {
      const holder: Holder = { pid: process.pid, command, startedAt: new Date(performance.timeOrigin).toISOString() };
      writeFileSync(toHolderFile(dataDirectory), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
      return lock;
    }
    if (performance.now() >= deadline) throw inUse(dataDirectory, readHolder(dataDirectory), waitMs);
    await pause(retryMs);
  }
}

function tryLock(file: string): StoreLock | null {
  let connection: DatabaseSync | null = null;
  try {
    const opened = (connection = new DatabaseSync(file));
    opened.exec('begin exclusive');
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

function toHolderFile(dataDirectory: string): string {
  return join(dataDirectory, 'store.holder.json');
}

/** Returns who wrote its name last, or null where nobody did. */
export function readHolder(dataDirectory: string): Holder | null {
  try {
    return JSON.parse(readFileSync(toHolderFile(dataDirectory), 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function inUse(dataDirectory: string, holder: Holder | null, waitMs: number): ProductError {
  const who =
    holder === null ? 'another process' : `process ${holder.pid} ("${holder.command}", since ${holder.startedAt})`;
  return new ProductError(
    'store_in_use',
    `${dataDirectory}: expected it to be free within ${waitMs} ms, got ${who} at work in it`,
    {
      hint: 'wait for that process to end, or let both use one Postgres by DATABASE_URL',
    },
  );
}

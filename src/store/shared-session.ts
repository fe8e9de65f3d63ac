import { randomUUID } from 'node:crypto';

import type { Pool, PoolClient } from 'pg';

import { ProductError } from '../core/error/product-error.ts';

/** A pooler may hand out its sessions in turn: so often it is asked before they are taken for one's own. */
const rounds = 8;

/**
 * Throws a ProductError where a pooler gives every transaction another session of the server: advisory locks, LISTEN and prepared statements would
 * then be those of somebody else. A pooler whose sessions stay with their client is fine.
 */
export async function assertOwnSessions(pool: Pool): Promise<void> {
  const first = await pool.connect();
  try {
    if (await isDirect(first)) return;
    const second = await pool.connect();
    try {
      for (let round = 0; round < rounds; round += 1) if (await isShared(first, second)) throw sharedError();
    } finally {
      second.release(true);
    }
  } finally {
    first.release(true);
  }
}

/** A pooler answers the start of a connection itself, and names a process that is not the one that works. */
async function isDirect(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid === (client as unknown as { processID: number | null }).processID;
}

/** What one client leaves in its session is seen by another, or gone for itself. */
async function isShared(first: PoolClient, second: PoolClient): Promise<boolean> {
  const mark = randomUUID();
  await first.query(`select set_config('tminus.session', $1, false)`, [mark]);
  await second.query('begin');
  const seen = await readMark(second);
  const own = await readMark(first);
  await second.query('rollback');
  return seen === mark || own !== mark;
}

async function readMark(client: PoolClient): Promise<string | null> {
  const { rows } = await client.query<{ mark: string | null }>(
    `select current_setting('tminus.session', true) as mark`,
  );
  return rows[0]?.mark ?? null;
}

function sharedError(): ProductError {
  return new ProductError(
    'store_unavailable',
    'database: expected sessions of its own, got a pooler that shares them between transactions',
    {
      hint: 'point DATABASE_URL at the server itself, or at a pool in session mode: locks and notifications belong to a session',
    },
  );
}

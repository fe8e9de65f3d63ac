import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ClientBase, Pool } from 'pg';

import { ProductError } from '../core/error/product-error.ts';
import { failpoint } from './failpoint.ts';

/** One numbered step of the schema. It is never edited once it was released: its digest is recorded where it ran. */
export interface Migration {
  number: number;
  name: string;
  sql: string;
  sha256: string;
}

interface Applied {
  number: number;
  name: string;
  sha256: string;
}

const folder = fileURLToPath(new URL('migrations', import.meta.url));
/** Any fixed number that no other program takes: two starts must not migrate at once. */
const advisoryKey = '8390876194215';

/** Returns the migrations of a folder in order; numbers run from 1 without a gap. */
export function readMigrations(directory: string = folder): Migration[] {
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  return names.map((name, position) => {
    const number = Number(/^(\d{6})_[a-z0-9_]+\.sql$/.exec(name)?.[1]);
    if (number !== position + 1)
      throw new Error(`migration ${name}: expected number ${position + 1} and a lower-case name, got ${number}`);
    const sql = readFileSync(join(directory, name), 'utf8');
    return { number, name: name.slice(0, -4), sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

/**
 * Brings a database to the schema of this code and returns how many migrations ran.
 * Each runs with its record in one transaction, so that a kill leaves the schema before it or after it, never between.
 * Throws `store_version` for a schema that is newer, or that was made by a migration that has been changed since.
 */
export async function migrate(pool: Pool, migrations: readonly Migration[] = readMigrations()): Promise<number> {
  if (selectPending(await readApplied(pool), migrations).length === 0) return 0;
  const client = await pool.connect();
  try {
    // Session-wide, because the lock has to outlive the transactions; it ends with the connection at the latest.
    await client.query('select pg_advisory_lock($1)', [advisoryKey]);
    const pending = selectPending(await readApplied(client), migrations);
    for (const migration of pending) await applyMigration(client, migration);
    await client.query('select pg_advisory_unlock($1)', [advisoryKey]);
    client.release();
    return pending.length;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function readApplied(client: Pick<ClientBase, 'query'>): Promise<Applied[]> {
  const { rows: known } = await client.query<{ there: boolean }>(
    `select to_regclass('tminus.schema_migration') is not null as there`,
  );
  if (known[0]?.there !== true) return [];
  const sql = `select number, name, encode(sha256, 'hex') as sha256 from tminus.schema_migration order by number`;
  return (await client.query<Applied>(sql)).rows;
}

function selectPending(applied: readonly Applied[], migrations: readonly Migration[]): Migration[] {
  for (const [position, row] of applied.entries()) {
    const own = migrations[position];
    if (own === undefined) {
      throw new ProductError(
        'store_version',
        `schema of the store: expected at most migration ${migrations.length}, got ${row.number} (${row.name})`,
        {
          hint: 'run the newer version of tminus that made this store',
        },
      );
    }
    if (own.number !== row.number || own.sha256 !== row.sha256) {
      throw new ProductError(
        'store_version',
        `migration ${row.number} of the store: expected ${own.name} ${own.sha256.slice(0, 12)}, got ${row.name} ${row.sha256.slice(0, 12)}`,
        {
          hint: 'run the version of tminus that made this store; a released migration is never edited',
        },
      );
    }
  }
  return migrations.slice(applied.length);
}

async function applyMigration(client: ClientBase, migration: Migration): Promise<void> {
  failpoint('migrate.before');
  await client.query('begin');
  await client.query(`
    create schema if not exists tminus;
    create table if not exists tminus.schema_migration (
      number integer primary key check (number > 0),
      name text not null,
      sha256 bytea not null check (octet_length(sha256) = 32),
      applied_at timestamptz not null default clock_timestamp()
    )`);
  failpoint('migrate.begun');
  await client.query(migration.sql);
  failpoint('migrate.between');
  await client.query(`insert into tminus.schema_migration (number, name, sha256) values ($1, $2, decode($3, 'hex'))`, [
    migration.number,
    migration.name,
    migration.sha256,
  ]);
  failpoint('migrate.before-commit');
  await client.query('commit');
  failpoint('migrate.committed');
}

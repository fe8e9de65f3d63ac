import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { startChild } from './child.ts';
import { makeFolder, removeFolder } from './temporary-folder.ts';

const source = join(import.meta.dirname, '../../src/store/migrations');
let database: TestDatabase;
let folder: string;
let pool: Pool;

beforeEach(async () => {
  database = await createTestDatabase();
  folder = join(makeFolder(), 'migrations');
  cpSync(source, folder, { recursive: true });
  pool = new Pool({ connectionString: database.url });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
  removeFolder(join(folder, '..'));
});

const next = (sql: string, name = 'next') =>
  writeFileSync(join(folder, `${String(readMigrations(source).length + 1).padStart(6, '0')}_${name}.sql`), sql);
const tables = async () =>
  (
    await pool.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'tminus'::regnamespace and relkind = 'r' order by 1`,
    )
  ).rows.map((row) => row.name);

describe('migrate', () => {
  it('runs each migration once, and nothing on a schema that is up to date', async () => {
    expect(await migrate(pool, readMigrations(folder))).toBe(0);
    next('create table tminus.extra (id int)');
    expect(await migrate(pool, readMigrations(folder))).toBe(1);
    expect(await migrate(pool, readMigrations(folder))).toBe(0);
    expect(await tables()).toContain('extra');
  });

  it('two starts at once: one migrates, the other finds it done', async () => {
    next('create table tminus.extra (id int)');
    const ran = await Promise.all([1, 2, 3].map(() => migrate(pool, readMigrations(folder))));
    expect(ran.toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
  });

  it('a migration that fails leaves the schema before it, and the reason', async () => {
    next('create table tminus.extra (id int); select 1 / 0');
    const before = await tables();
    await expect(migrate(pool, readMigrations(folder))).rejects.toMatchObject({ code: '22012' });
    expect(await tables()).toEqual(before);
    next('create table tminus.extra (id int)');
    expect(await migrate(pool, readMigrations(folder))).toBe(1);
  });

  it('F2 killed in the middle of a migration: the schema is the old one, and the next start makes the new one', async () => {
    next('create table tminus.extra (id int); select pg_advisory_xact_lock(77); create table tminus.more (id int)');
    const before = await tables();
    const gate = await pool.connect();
    await gate.query('select pg_advisory_lock(77)');
    const child = startChild('migrate-forever.ts', [database.url, folder]);
    const waiting = `select pid from pg_stat_activity where application_name = 'migrating' and wait_event = 'advisory' and datname = current_database()`;
    await expect.poll(async () => (await pool.query(waiting)).rowCount, { timeout: 60_000, interval: 20 }).toBe(1);
    child.process.kill('SIGKILL');
    expect(await child.ended).toBe('SIGKILL');
    await gate.query('select pg_advisory_unlock(77)');
    gate.release();
    await expect
      .poll(
        async () =>
          (
            await pool.query(
              `select from pg_stat_activity where application_name = 'migrating' and datname = current_database()`,
            )
          ).rowCount,
        { timeout: 60_000, interval: 20 },
      )
      .toBe(0);
    // The backend may have finished its statement, but never the transaction: nobody was there to send COMMIT.
    expect(await tables()).toEqual(before);
    expect(await migrate(pool, readMigrations(folder))).toBe(1);
    expect(await tables()).toEqual([...before, 'extra', 'more'].toSorted());
  });

  it('a migration that was edited after it ran is store_version, with both digests', async () => {
    const edited = readMigrations(folder).map((one) => ({ ...one, sha256: 'f'.repeat(64) }));
    await expect(migrate(pool, edited)).rejects.toMatchObject({
      code: 'store_version',
      message: /migration 1 of the store: expected 000001_evidence_log ffffffffffff, got/,
    });
  });

  it('a schema newer than the code is store_version, also when the store is opened', async () => {
    next('create table tminus.extra (id int)');
    await migrate(pool, readMigrations(folder));
    await expect(migrate(pool, readMigrations(source))).rejects.toMatchObject({
      code: 'store_version',
      hint: /newer version/,
    });
    await expect(openStore({ dataDirectory: database.dataDirectory, databaseUrl: database.url })).rejects.toMatchObject(
      { code: 'store_version' },
    );
  });

  it('a gap in the numbers, or a name of another form, is refused', () => {
    mkdirSync(join(folder, '..', 'odd'));
    writeFileSync(join(folder, '..', 'odd', '000002_late.sql'), '');
    expect(() => readMigrations(join(folder, '..', 'odd'))).toThrow(/expected number 1/);
    writeFileSync(join(folder, 'Wrong Name.sql'), '');
    expect(() => readMigrations(folder)).toThrow(/lower-case name/);
  });
});

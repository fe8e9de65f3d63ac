import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import mysql from 'mysql2/promise';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { stepContext } from '../../../../tests/contract/step-context.ts';
import type { Surroundings } from '../../../../tests/contract/step-context.ts';
import { stepKindContract } from '../../../../tests/contract/step-kind.ts';
import { startMariaDb } from '../../../../tests/servers/start-mariadb.ts';
import { startPostgres } from '../../../../tests/servers/start-postgres.ts';
import type { TestDatabase } from '../../../../tests/servers/start-postgres.ts';
import { sqlStepKind } from './kind.ts';

const [postgres, mariadb] = [await startPostgres(), await startMariaDb()];
const workspace = mkdtempSync(join(tmpdir(), 'tminus-step-sql-'));
const tables = ['create table orders (id integer primary key)'];
let arrangements = 0;

interface Engine {
  name: string;
  server: TestDatabase | null;
  missing: string | null;
  url: string;
  away: string;
  slow: string;
  ask(sql: string): Promise<unknown[]>;
}

const noServer = { password: '', port: 1 };
const pg = postgres.state === 'missing' ? noServer : postgres;
const maria = mariadb.state === 'missing' ? noServer : mariadb;
const engines: Engine[] = [
  {
    name: 'Postgres',
    server: postgres.state === 'missing' ? null : postgres,
    missing: postgres.state === 'missing' ? postgres.reason : null,
    url: `postgres://postgres@127.0.0.1:${pg.port}/postgres`,
    away: 'postgres://postgres@127.0.0.1:1/postgres',
    slow: 'select pg_sleep(100)',
    ask: askPostgres,
  },
  {
    name: 'MariaDB',
    server: mariadb.state === 'missing' ? null : mariadb,
    missing: mariadb.state === 'missing' ? mariadb.reason : null,
    url: `mariadb://root@127.0.0.1:${maria.port}/shop`,
    away: 'mariadb://root@127.0.0.1:1/shop',
    slow: 'select sleep(100)',
    ask: askMariaDb,
  },
  {
    name: 'SQLite',
    server: null,
    missing: null,
    url: 'sqlite:shop.db',
    away: 'sqlite:missing.db',
    slow: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
    ask: askSqlite,
  },
];

async function askPostgres(sql: string): Promise<unknown[]> {
  if (postgres.state === 'missing') return [];
  const { host, port, user, password, database } = postgres;
  const client = new Client({ host, port, user, password, database });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

async function askMariaDb(sql: string): Promise<unknown[]> {
  if (mariadb.state === 'missing') return [];
  const { host, port, user, password, database } = mariadb;
  const connection = await mysql.createConnection({ host, port, user, password, database });
  const [rows] = await connection.query(sql);
  await connection.end();
  return Array.isArray(rows) ? rows : [];
}

/** Waits for a lock in turns: SQLite itself would wait on this thread, and whoever holds the lock may be ended by it. */
async function askSqlite(sql: string, turns = 1_200): Promise<unknown[]> {
  const database = new DatabaseSync(join(workspace, 'shop.db'), { timeout: 0 });
  try {
    return database.prepare(sql).all();
  } catch (error) {
    if (turns === 0 || (error as Error & { errcode: number }).errcode !== 5) throw error;
  } finally {
    database.close();
  }
  await pause(50);
  return await askSqlite(sql, turns - 1);
}

afterAll(async () => {
  for (const server of [postgres, mariadb]) if (server.state === 'started') await server.stop();
  rmSync(workspace, { recursive: true, force: true });
});

describe.each(engines)('sql step on $name', (engine) => {
  const count = async (): Promise<number> => (await engine.ask('select id from orders')).length;
  const secrets = { 'shop/db': engine.server?.password ?? 'unused' };
  const given = (): Surroundings => {
    arrangements += 1;
    return { workspace, allow: ['127.0.0.1'], secrets, idempotencyKey: `run:${arrangements}` };
  };
  const base = { url: engine.url, ...(engine.server === null ? {} : { password: '{{ secret "shop/db" }}' }) };
  const insert = { ...base, statements: ['insert into orders (id) values (1)'], expectRows: 1 };
  const empty = async (): Promise<void> => void (await engine.ask('delete from orders'));
  const specOf = (written: object) => {
    const read = sqlStepKind.readSpec(written as never);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    return read.spec;
  };
  const run = async (written: object, more: Surroundings = {}) =>
    await sqlStepKind.run(specOf(written), stepContext({ ...given(), ...more }).context);

  describe.skipIf(engine.missing !== null)(`a real server ${engine.missing ?? ''}`, () => {
    beforeAll(async () => {
      for (const statement of tables) await engine.ask(statement);
    });

    stepKindContract({
      kind: sqlStepKind,
      keyed: true,
      success: async () => {
        await empty();
        return { written: { ...insert, undo: ['delete from orders'] }, given: given(), target: 'orders' };
      },
      trouble: () => ({ written: { ...insert, url: engine.away }, given: given() }),
      slow: () => ({ written: { ...base, statements: [engine.slow], timeout: '5m' }, given: given() }),
      misspelt: { written: { ...insert, expectRow: 1 }, wrong: 'expectRow', meant: 'expectRows' },
      forbidden:
        engine.server === null
          ? { none: 'a file has no host' }
          : () => ({ written: insert, given: { ...given(), forbidden: ['127.0.0.1'] }, touched: count }),
      secret:
        engine.server === null
          ? { none: 'a file has no password' }
          : async () => {
              await empty();
              return {
                written: insert,
                given: given(),
                canary: secrets['shop/db'],
                arrived: async () => (await count()) === 1,
              };
            },
      probe: async () => {
        await empty();
        return {
          written: insert,
          given: given(),
          effects: count,
          unreachable: { written: { ...insert, url: engine.away }, given: given() },
        };
      },
    });

    it('O13 two attempts at the same time take effect once', async () => {
      await empty();
      const same = given();
      const ends = await Promise.all([run(insert, same), run(insert, same)]);
      expect(ends.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
      expect(await count()).toBe(1);
    });

    it('O13 an attempt that is stopped in the middle leaves nothing, and the probe says so', async () => {
      await empty();
      const abort = new AbortController();
      const same = given();
      setTimeout(() => abort.abort(), 500);
      const half = { ...base, statements: ['insert into orders (id) values (1)', engine.slow], timeout: '5m' };
      expect(await run(half, { ...same, signal: abort.signal })).toMatchObject({ outcome: 'stopped' });
      expect(await count()).toBe(0);
      // The server has let go of the rows, too: the same row can be had at once.
      const startedAt = performance.now();
      expect(await sqlStepKind.probe!(specOf(half), stepContext(same).context)).toMatchObject({
        result: 'not_applied',
      });
      expect(await run(insert, same)).toMatchObject({ outcome: 'done' });
      expect(performance.now() - startedAt).toBeLessThan(60_000);
    });

    it('takes everything back where another number of rows is affected, or one statement fails', async () => {
      await empty();
      expect(await run({ ...insert, expectRows: 2 })).toMatchObject({ outcome: 'failed', facts: { rows: 1 } });
      const second = { ...insert, statements: [...insert.statements, 'insert into nowhere values (1)'] };
      expect(await run(second)).toMatchObject({ outcome: 'failed' });
      expect(await count()).toBe(0);
      expect(await run(insert)).toMatchObject({ outcome: 'done', facts: { rows: 1 } });
    });

    it('A13 a value is a value, whatever stands in it', async () => {
      await empty();
      const mark = engine.name === 'Postgres' ? '$1' : '?';
      const variables = { TMINUS_ID: `7'); drop table orders; --` };
      const by = {
        ...base,
        statements: [`delete from orders where cast(id as char(60)) = ${mark}`],
        values: ['{{ id }}'],
      };
      expect(await run(by, { variables })).toMatchObject({ outcome: 'done', facts: { rows: 0 } });
      expect(await count()).toBe(0);
    });
  });
});

describe('what may be written for an sql step', () => {
  const base = { url: 'mysql://u@db.test/shop' };
  it.each([
    { ...base, statements: ['commit'] },
    { ...base, statements: ['delete from a; delete from b'] },
    { ...base, statements: ['delete from a where id = {{ candidate.version }}'] },
    { url: 'mysql://u:secret@db.test/shop', statements: ['delete from a'] },
    { ...base, statements: ['delete from a', 'delete from b'], values: [1] },
    { ...base, statements: ['-- nothing'] },
  ])('%j is refused', (written) => {
    expect(sqlStepKind.readSpec(written).ok).toBe(false);
  });

  it('reads a fence as one transaction', () => {
    const text = "update a set b = 'x;y';\n-- and\ndelete from c;";
    const fence = { language: 'sql', attributes: { url: 'sqlite:a.db', expectRows: '3' }, text };
    expect(sqlStepKind.readFence(fence)).toMatchObject({
      ok: true,
      spec: { statements: ["update a set b = 'x;y'", '-- and\ndelete from c'], expectRows: 3 },
    });
  });

  it('MySQL keeps no ledger with what it commits by itself', async () => {
    const read = sqlStepKind.readSpec({ ...base, statements: ['drop table a'] });
    const end = await sqlStepKind.run(read.ok ? read.spec : {}, stepContext({ allow: ['db.test'] }).context);
    expect(end).toMatchObject({ outcome: 'failed', facts: { trouble: 'configuration' } });
  });
});

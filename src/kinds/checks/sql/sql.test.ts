import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import mysql from 'mysql2/promise';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkKindContract, run } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { findFreePort } from '../../../../tests/servers/server-process.ts';
import { startMariaDb } from '../../../../tests/servers/start-mariadb.ts';
import { startPostgres } from '../../../../tests/servers/start-postgres.ts';
import { sqlKind } from './kind.ts';

const [postgres, mariadb] = [await startPostgres(), await startMariaDb()];
const workspace = mkdtempSync(join(tmpdir(), 'tminus-sql-'));
const seed = [
  'create table orders (id integer primary key, customer varchar(100), total decimal(10,2))',
  ...Array.from({ length: 20 }, (_, part) => {
    const rows = Array.from({ length: 1000 }, (__, row) => `(${part * 1000 + row + 1}, 'Zoë ${row}', ${row}.50)`);
    return `insert into orders values ${rows.join(', ')}`;
  }),
];

interface Engine {
  name: string;
  /** Reason why it is not here, or null. */
  missing: string | null;
  url: string;
  passwordEnv?: string;
  big: string;
  slow: string;
  /** A write that looks like reading, so that only the server can refuse it; null where the language has none. */
  write: string | null;
  seed(): Promise<void>;
}

const noDatabase = 'postgres://nobody@127.0.0.1:1/none';
const engines: Engine[] = [
  {
    name: 'Postgres',
    missing: postgres.state === 'missing' ? postgres.reason : null,
    url: postgres.state === 'missing' ? noDatabase : `postgres://postgres@127.0.0.1:${postgres.port}/postgres`,
    passwordEnv: 'TMINUS_TEST_POSTGRES',
    big: 'select 9007199254740993::bigint as big, 1.10::numeric as price, 12345678901234567.89::numeric as exact',
    slow: 'select pg_sleep(100)',
    write: 'with gone as (delete from orders returning 1) select count(*) from gone',
    seed: seedPostgres,
  },
  {
    name: 'MariaDB',
    missing: mariadb.state === 'missing' ? mariadb.reason : null,
    url: mariadb.state === 'missing' ? noDatabase : `mariadb://root@127.0.0.1:${mariadb.port}/shop`,
    passwordEnv: 'TMINUS_TEST_MARIADB',
    big: 'select cast(9007199254740993 as signed) as big, cast(1.10 as decimal(10,2)) as price, cast(12345678901234567.89 as decimal(30,2)) as exact',
    slow: 'select count(*) from orders a, orders b, orders c, orders d where a.total + b.total + c.total + d.total < 0',
    write: 'select next_order()',
    seed: seedMariaDb,
  },
  {
    name: 'SQLite',
    missing: null,
    url: 'sqlite:shop.db',
    big: "select 9007199254740993 as big, 1.1 as price, '12345678901234567.89' as exact",
    slow: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
    write: null,
    seed: seedSqlite,
  },
];

async function seedPostgres(): Promise<void> {
  if (postgres.state === 'missing') return;
  process.env['TMINUS_TEST_POSTGRES'] = postgres.password;
  const { host, port, user, password, database } = postgres;
  const client = new Client({ host, port, user, password, database });
  await client.connect();
  for (const statement of seed) await client.query(statement);
  await client.end();
}

async function seedMariaDb(): Promise<void> {
  if (mariadb.state === 'missing') return;
  const { host, port, user, password, database } = mariadb;
  process.env['TMINUS_TEST_MARIADB'] = password;
  const connection = await mysql.createConnection({ host, port, user, password, database });
  for (const statement of seed) await connection.query(statement);
  await connection.query(
    'create function next_order() returns int deterministic modifies sql data begin delete from orders; return 1; end',
  );
  await connection.end();
}

async function seedSqlite(): Promise<void> {
  const database = new DatabaseSync(join(workspace, 'shop.db'));
  for (const statement of seed) database.exec(statement);
  database.close();
}

afterAll(async () => {
  for (const server of [postgres, mariadb]) if (server.state === 'started') await server.stop();
  rmSync(workspace, { recursive: true, force: true });
});

function ask(engine: Engine, query: string, more: { [key: string]: string | number } = {}): ContractCase {
  const { url, passwordEnv } = engine;
  return { written: { url, ...(passwordEnv ? { passwordEnv } : {}), query, ...more }, workspace, allow: ['127.0.0.1'] };
}

describe.each(engines)('sql on $name', (engine) => {
  describe.skipIf(engine.missing !== null)(`a real server ${engine.missing ?? ''}`, () => {
    beforeAll(() => engine.seed());

    checkKindContract({
      kind: sqlKind,
      success: () => ask(engine, 'select count(*) = 20000 as complete from orders'),
      refusal: () => ask(engine, 'select count(*) = 19999 as complete from orders'),
      slow: () => ask(engine, engine.slow, { timeout: '1m' }),
      garbage: () => ask(engine, 'select nothing from nowhere'),
      huge: () => ask(engine, 'select * from orders'),
      misspelt: { written: { url: engine.url, quarry: 'select 1' }, wrong: 'quarry', meant: 'query' },
    });

    it('reads one value, and rows with their names', async () => {
      const { record } = await run(sqlKind, ask(engine, 'select id, customer from orders where id = 2'));
      const row = { id: 2, customer: 'Zoë 1' };
      const facts = { columns: ['id', 'customer'], rowCount: 1, rows: [row], value: 2, holds: false };
      expect([record.trouble, record.facts]).toEqual([null, facts]);
    });

    it('keeps every digit: numbers that a double cannot hold stay text', async () => {
      const { record } = await run(sqlKind, ask(engine, engine.big));
      expect([record.trouble, record.facts?.['rows']]).toEqual([
        null,
        [{ big: '9007199254740993', price: 1.1, exact: '12345678901234567.89' }],
      ]);
    });

    it('has no value for no row, and none for several', async () => {
      for (const where of ['id < 0', 'id < 3']) {
        const { record } = await run(sqlKind, ask(engine, `select id from orders where ${where} order by id`));
        expect([record.trouble, Object.keys(record.facts ?? {})]).toEqual([
          null,
          ['columns', 'rowCount', 'rows', 'holds'],
        ]);
        expect(record.judgement.outcome).toBe('fail');
      }
    });

    it('is cut by the server when it takes too long', async () => {
      const start = performance.now();
      const { record } = await run(sqlKind, ask(engine, engine.slow, { timeout: '300ms' }));
      expect(record.trouble?.code).toBe('timeout');
      expect(performance.now() - start).toBeLessThan(60_000);
    });

    it('refuses 20,000 rows, and 11 where 10 are allowed', async () => {
      const all = await run(sqlKind, ask(engine, 'select * from orders'));
      expect(all.record.trouble).toMatchObject({ code: 'too_large' });
      const few = await run(sqlKind, ask(engine, 'select * from orders where id <= 11', { maxRows: 10 }));
      expect(few.record.trouble?.code).toBe('too_large');
      const enough = await run(sqlKind, ask(engine, 'select * from orders where id <= 10', { maxRows: 10 }));
      expect(enough.record.trouble).toBeNull();
    });

    it('names syntax, and a table that is not there', async () => {
      for (const query of ['select from where', 'select 1 from nowhere']) {
        expect((await run(sqlKind, ask(engine, query))).record.trouble?.code).toBe('syntax');
      }
    });

    it.skipIf(engine.write === null)('cannot write, because the server refuses', async () => {
      const { record } = await run(sqlKind, ask(engine, engine.write ?? ''));
      expect(record.trouble?.code).toBe('permission');
      const after = await run(sqlKind, ask(engine, 'select count(*) from orders'));
      expect(after.record.facts?.['value']).toBe(20_000);
    });

    it.skipIf(!engine.passwordEnv)('tells a wrong password from a missing one', async () => {
      process.env['TMINUS_TEST_WRONG'] = 'wrong';
      const wrong = await run(sqlKind, ask(engine, 'select 1', { passwordEnv: 'TMINUS_TEST_WRONG' }));
      expect(wrong.record.trouble?.code).toBe('authentication');
      const none = await run(sqlKind, ask(engine, 'select 1', { passwordEnv: 'TMINUS_TEST_NOT_SET' }));
      expect(none.record.trouble?.code).toBe('configuration');
      expect(none.record.trouble?.message).toContain('TMINUS_TEST_NOT_SET');
    });

    it.skipIf(!engine.passwordEnv)('leaves no password in the record or its bytes', async () => {
      const { record, blobs } = await run(sqlKind, ask(engine, 'select 1'));
      const password = process.env[engine.passwordEnv ?? ''] ?? '';
      const kept = JSON.stringify(record) + [...blobs.values()].map((bytes) => Buffer.from(bytes).toString()).join('');
      expect([password.length > 10, kept.includes(password)]).toEqual([true, false]);
    });

    it.skipIf(!engine.passwordEnv)(
      'does not send a password to a server without TLS where the url asks for TLS',
      async () => {
        for (const mode of ['require', 'verify-full']) {
          const { url, ...rest } = ask(engine, 'select 1').written as { url: string };
          const { record } = await run(sqlKind, {
            written: { ...rest, url: `${url}?sslmode=${mode}` },
            allow: ['127.0.0.1'],
          });
          expect([record.trouble?.code, record.trouble?.message]).toEqual([
            'tls_failed',
            expect.stringMatching(/ssl|tls|secure/i),
          ]);
        }
      },
    );

    it.skipIf(!engine.passwordEnv)('refuses a private address that the environment does not allow', async () => {
      const { record } = await run(sqlKind, { ...ask(engine, 'select 1'), allow: [] });
      expect(record.trouble?.code).toBe('egress_blocked');
    });
  });
});

describe('sql without a database', () => {
  it.each(['postgres', 'mysql'])('says that %s refused the connection', async (scheme) => {
    const url = `${scheme}://shop@127.0.0.1:${await findFreePort()}/shop`;
    const { record } = await run(sqlKind, { written: { url, query: 'select 1' }, allow: ['127.0.0.1'] });
    expect(record.trouble?.code).toBe('refused');
  });

  it('keeps SQLite inside the launch repository, and does not create files', async () => {
    writeFileSync(join(workspace, 'text.db'), 'this is no database, but long enough to have a header of one');
    symlinkSync(join(tmpdir()), join(workspace, 'out'));
    const codes: (string | undefined)[] = [];
    for (const path of ['../outside.db', 'none.db', 'text.db', 'out', '/etc/passwd']) {
      const { record } = await run(sqlKind, {
        written: { url: `sqlite:${path}`, query: 'select 1 from a' },
        workspace,
      });
      codes.push(record.trouble?.code);
    }
    expect(codes).toEqual(['missing', 'missing', 'failed', 'permission', 'permission']);
  });
});

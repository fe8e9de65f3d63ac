import mysql from 'mysql2/promise';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { OpenDatastore } from '../../src/core/dataset/datastore-kind.ts';
import { judgeReconcile } from '../../src/core/dataset/reconcile/reconcile-report.ts';
import { SecretValue } from '../../src/core/secret/secret-value.ts';
import { compareDataset } from '../../src/kinds/checks/reconcile/compare-dataset.ts';
import type { CompareOptions, DatasetComparison } from '../../src/kinds/checks/reconcile/compare-dataset.ts';
import { mysqlKind } from '../../src/kinds/datastores/mysql/kind.ts';
import { openPostgresAt } from '../../src/kinds/datastores/postgres/session.ts';
import { startMariaDb } from '../servers/start-mariadb.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { dataset, describeRows, expectedOf, options } from './compare-traps.ts';
import { fillPair, hashableMap, pairMap, pairTraps, plantPair } from './mariadb-traps.ts';
import { plantPostgres, rowCount, traps } from './trap-tables.ts';

const mariadb = await startMariaDb();
const missing = mariadb.state === 'missing' ? ` (skipped: ${mariadb.reason})` : '';
let shop: TestDatabase;

beforeAll(async () => {
  shop = await createTestDatabase();
  if (mariadb.state === 'started') await fillPair(mariadb, shop.url);
});

afterAll(async () => {
  await shop.drop();
  if (mariadb.state === 'started') await mariadb.stop();
});

const open: OpenDatastore = async (id, access, signal) => {
  if (id === 'shop' || mariadb.state === 'missing')
    return await openPostgresAt({ connectionString: shop.url }, { signal, access });
  const password = new SecretValue('database', Buffer.from(mariadb.password));
  const context = { signal, workspace: '.', allow: ['127.0.0.1'], forbidden: [], password, access, now: Date.now };
  return await mysqlKind.open(`mariadb://root@127.0.0.1:${mariadb.port}/shop`, {}, context);
};

const withoutSpan = { map: hashableMap, omit: [{ column: 'span', reason: 'no engine hashes it as the other' }] };
const compare = async (
  change: Partial<CompareOptions> = {},
  of: Partial<Dataset> = change.strategy === 'bucket' ? withoutSpan : { map: pairMap },
  openBy: OpenDatastore = open,
): Promise<DatasetComparison> =>
  await compareDataset(
    { ...dataset, ...of },
    { ...options, ...change },
    { open: openBy, now: Date.now, signal: new AbortController().signal, progress: () => undefined },
  );
/** The replica has what was sent when it is looked at for the second time. */
const withReplica = (...sent: string[]): OpenDatastore => {
  let looks = 0;
  return async (id, access, signal) => {
    if (id === 'shop' && (looks += 1) === 2) await onPostgres(...sent);
    return await open(id, access, signal);
  };
};

const onMariaDb = async (...statements: string[]): Promise<void> => {
  if (mariadb.state === 'missing') return;
  const { host, port, user, password, database } = mariadb;
  const connection = await mysql.createConnection({ host, port, user, password, database });
  for (const statement of statements) await connection.query(statement);
  await connection.end();
};
const onPostgres = async (...statements: string[]): Promise<void> => {
  const client = new Client({ connectionString: shop.url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
};
const tableOf = (name: string, of: Partial<Dataset>): Partial<Dataset> => ({
  source: { ...dataset.source, table: name },
  target: { on: 'shop', table: name },
  ...of,
});

describe.skipIf(mariadb.state === 'missing')(`reconcile of MariaDB and Postgres${missing}`, () => {
  it.each(['bucket', 'stream'] as const)('R5 the same rows in two engines are the same: %s', async (strategy) => {
    const { report, rows } = await compare({ strategy });
    expect(describeRows(rows)).toEqual([]);
    expect({ strategy: report.strategy, ...judgeReconcile(report) }).toEqual({
      strategy,
      verdict: 'equal',
      reason: `${rowCount} rows are the same on both sides`,
    });
    expect(report.notes.map(({ code, column }) => `${code} ${column}`)).toContain('precision rate');
  });

  it('C08 buckets that changed since the run before are counted, although the number of rows is another one', async () => {
    const first = (await compare({ strategy: 'bucket' })).report;
    await onPostgres(`update t set city = 'moved' where id = 2500`, `insert into t (id, name) values (4000, 'late')`);
    const second = (await compare({ strategy: 'bucket', previous: first, seed: 7 })).report;
    expect(second.buckets?.changed).toEqual({ source: 0, target: 2 });
    const streamed = (await compare({ strategy: 'stream', previous: first })).report;
    expect(streamed.buckets).toBeNull();
    const elsewhere = (await compare({ strategy: 'bucket', previous: { ...first, dataset: 'orders' } })).report;
    expect(elsewhere.buckets?.changed).toBeNull();
    await onPostgres(`update t set city = 'City 2500' where id = 2500`, 'delete from t where id = 4000');
  });

  it('C08 rows on their way are in flight, and what stays wrong is found', async () => {
    await onMariaDb(
      `insert into t (id, name) values (4001, 'new')`,
      `update t set city = 'new' where id = 2600`,
      `update t set city = 'lost' where id = 2601`,
    );
    const replica = withReplica(
      `insert into t (id, name) values (4001, 'new')`,
      `update t set city = 'new' where id = 2600`,
    );
    const { report, rows } = await compare({ strategy: 'bucket', rechecks: [50] }, withoutSpan, replica);
    expect(describeRows(rows)).toEqual(['2601 value city']);
    expect(report).toMatchObject({ inFlight: 2, rechecks: [{ afterMs: 50, persisting: 1 }] });
    await onPostgres(`update t set city = 'lost' where id = 2601`);
    await onMariaDb(`insert into t (id, name) values (4002, 'new')`);
    const arriving = withReplica(`insert into t (id, name) values (4002, 'new')`);
    const clean = (await compare({ strategy: 'stream', rechecks: [50] }, { map: pairMap }, arriving)).report;
    expect(clean.inFlight).toBe(1);
    expect(judgeReconcile(clean).verdict).toBe('equal');
    for (const run of [onMariaDb, onPostgres])
      await run('delete from t where id > 4000', `update t set city = concat('City ', id) where id in (2600, 2601)`);
  });

  it('C08 a table without a key is compared by how often each row stands there', async () => {
    await onMariaDb(
      'create table words (w varchar(20), n int)',
      `insert into words values ('a', 1), ('a', 1), ('a', 1), ('A', 1), ('b', null)`,
    );
    await onPostgres(
      'create table words (w varchar(20), n int)',
      `insert into words values ('a', 1), ('a', 1), ('A', 1), ('A', 1), ('b', null)`,
    );
    const { report } = await compare({}, tableOf('words', { key: [] }));
    expect(report.strategy).toBe('stream');
    expect(report.differences).toMatchObject({ missing: 1, extra: 1, changed: 0 });
  });

  it.each(['bucket', 'stream'] as const)(
    'C08 a key of texts and numbers goes by bytes, whatever folds: %s',
    async (strategy) => {
      const rows = `('a', 1, 'x'), ('B', 1, 'x'), ('b', 2, 'x'), ('é', 1, 'x'), ('Z', 10, 'x'), ('Z', 9, 'x')`;
      for (const run of [onMariaDb, onPostgres])
        await run(
          'drop table if exists pairs',
          'create table pairs (w varchar(20), n int, v text, primary key (w, n))',
          `insert into pairs values ${rows}`,
        );
      const asked = tableOf('pairs', { key: ['w', 'n'] });
      expect(judgeReconcile((await compare({ strategy }, asked)).report).verdict).toBe('equal');
      await onPostgres(`update pairs set v = 'y' where w = 'Z' and n = 9`);
      const { report, rows: found } = await compare({ strategy }, asked);
      expect(report.strategy).toBe(strategy);
      expect(found.map(({ key }) => key)).toEqual([['Z', '9']]);
    },
  );

  it('C08 columns that a side cannot hash are streamed, and the plan says why', async () => {
    for (const run of [onMariaDb, onPostgres])
      await run(
        'create table papers (id int primary key, doc json)',
        `insert into papers values (1, '{"b": 1, "a": 2}')`,
      );
    const { report } = await compare({ strategy: 'bucket' }, tableOf('papers', {}));
    expect(report.strategy).toBe('stream');
    expect(report.plan.find(({ did }) => did === 'chose stream')?.saw).toMatch(/papers.*stream/);
    expect(judgeReconcile(report).verdict).toBe('equal');
  });

  it('law 1: two empty tables, a number that is no boolean and a time without a zone are no equality', async () => {
    for (const run of [onMariaDb, onPostgres]) await run('create table nothing (id int primary key)');
    expect(judgeReconcile((await compare({}, tableOf('nothing', {}))).report).verdict).toBe('inconclusive');
    const undeclared = pairMap.map((one) => ({ ...one, as: null }));
    expect(judgeReconcile((await compare({}, { map: undeclared })).report)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/boolean/),
    });
    const zoneless = [...pairMap, { to: 'created', from: 'planned', value: null, steps: [], as: null }];
    expect(judgeReconcile((await compare({}, { map: zoneless })).report)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/zone/),
    });
    await onMariaDb('update t set active = 2 where id = 2900');
    for (const strategy of ['bucket', 'stream'] as const)
      await expect(compare({ strategy })).rejects.toThrow(/active, row with id 2900: expected true or false/);
    await onMariaDb('update t set active = 1 where id = 2900');
  });

  it.each(['bucket', 'stream', 'auto'] as const)(
    'R5 each of the traps is found, under its cause, and nothing else: %s',
    async (strategy) => {
      if (strategy === 'bucket' && mariadb.state === 'started') {
        await plantPostgres(shop.url);
        await plantPair(mariadb, shop.url);
      }
      const { rows, report } = await compare({ strategy });
      const expected = [...traps, ...pairTraps.map((trap) => ({ ...trap, sql: '' }))].filter(
        ({ name }) => strategy !== 'bucket' || name !== 'a span beyond a day',
      );
      expect(expected.length).toBeGreaterThanOrEqual(40);
      expect(describeRows(rows)).toEqual(expectedOf(expected));
      expect(report.strategy).toBe(strategy === 'bucket' ? 'bucket' : 'stream');
      expect(report.bytes.source).toBeGreaterThan(0);
    },
  );
});

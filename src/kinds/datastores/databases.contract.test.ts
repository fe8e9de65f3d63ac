import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import mysql from 'mysql2/promise';
import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';

import { writeFloat } from '../../core/dataset/canon/float.ts';
import type { DatastoreContext } from '../../core/dataset/datastore-kind.ts';
import { SecretValue } from '../../core/secret/secret-value.ts';
import { datastoreContract } from '../../../tests/contract/datastore-contract.ts';
import { startMariaDb } from '../../../tests/servers/start-mariadb.ts';
import { startPostgres } from '../../../tests/servers/start-postgres.ts';
import type { ServerMissing, TestDatabase } from '../../../tests/servers/start-postgres.ts';
import { findDatastoreKind } from './kinds.ts';
import { collectLines } from './row-lines.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-datastores-'));
const [postgres, mariadb] = await Promise.all([startPostgres(), startMariaDb()]);

afterAll(async () => {
  for (const server of [postgres, mariadb]) if (server.state === 'started') await server.stop();
  rmSync(workspace, { recursive: true, force: true });
});

function contextOf(
  server: TestDatabase | ServerMissing | null,
  access: 'read' | 'write',
  signal?: AbortSignal,
): DatastoreContext {
  const secret = server?.state === 'started' ? new SecretValue('database', Buffer.from(server.password)) : null;
  return {
    signal: signal ?? new AbortController().signal,
    workspace,
    allow: ['127.0.0.1'],
    forbidden: [],
    password: secret,
    access,
    now: () => 0,
  };
}

const portOf = (server: TestDatabase | ServerMissing): number => (server.state === 'started' ? server.port : 1);
const reasonOf = (server: TestDatabase | ServerMissing): string | null =>
  server.state === 'missing' ? server.reason : null;
const why = (server: TestDatabase | ServerMissing): string =>
  server.state === 'missing' ? ` (skipped: ${server.reason})` : '';

datastoreContract({
  name: 'Postgres',
  missing: reasonOf(postgres),
  schema: [
    `create table traps (id bigint primary key, t text, u text, n numeric(12,2), b boolean, x uuid, ts timestamptz, tl timestamp(3), dt date, tm time,
      by bytea, d double precision, j jsonb)`,
    'create table words (w text primary key)',
    'create table pairs (id integer primary key, t text)',
    'create table many (id integer primary key, t text)',
  ],
  run: async (statement) => {
    if (postgres.state === 'missing') return;
    const client = new Client({ ...postgres });
    await client.connect();
    await client.query(statement);
    await client.end();
  },
  open: (access, signal) =>
    findDatastoreKind('postgres')!.open(
      `postgres://postgres@127.0.0.1:${portOf(postgres)}/postgres`,
      {},
      contextOf(postgres, access, signal),
    ),
  slow: 'select pg_sleep(100)',
  writing: `delete from traps where t = 'nobody'`,
  refusal: { code: 'permission', message: /read-only transaction/ },
});

datastoreContract({
  name: 'MariaDB',
  missing: reasonOf(mariadb),
  schema: [
    `create table traps (id bigint primary key, t text collate utf8mb4_general_ci, u varchar(100), n decimal(12,2), b tinyint(1), x char(36), ts timestamp(6) null,
      tl datetime(3), dt date, tm time(6), \`by\` longblob, d double, j json)`,
    'create table words (w varchar(50) collate utf8mb4_general_ci primary key)',
    'create table pairs (id integer primary key, t text)',
    'create table many (id integer primary key, t text)',
  ],
  run: async (statement) => {
    if (mariadb.state === 'missing') return;
    const { host, port, user, password, database } = mariadb;
    const connection = await mysql.createConnection({ host, port, user, password, database });
    await connection.query(statement);
    await connection.end();
  },
  open: (access, signal) =>
    findDatastoreKind('mysql')!.open(
      `mariadb://root@127.0.0.1:${portOf(mariadb)}/shop`,
      {},
      contextOf(mariadb, access, signal),
    ),
  slow: 'select sleep(100)',
  writing: `delete from traps where t = 'nobody'`,
  refusal: { code: 'permission', message: /READ ONLY transaction/ },
});

describe.skipIf(postgres.state === 'missing')(`Postgres, what is put into form here${why(postgres)}`, () => {
  it.each([6, 3, 1, 0])('D31 a stream says of moments at %i digits what the server says', async (scale) => {
    const client = new Client({ ...(postgres as TestDatabase) });
    await client.connect();
    await client.query(`drop table if exists moments;
      create table moments (id serial primary key, at timestamptz, here timestamp, short timestamp(2), code char(5));
      insert into moments (at, code) values ('infinity', ''), ('-infinity', 'a b'), (null, null), ('0044-03-15 12:00:00.5+00 BC', E'x\\t'),
        ('10000-01-01 00:00:00.000001+00', E'\\\\'), ('2026-11-21 13:05:09+00', ' é'), ('2026-11-21 13:05:09.123456+00', 'abcde'), ('1999-12-31 23:59:59.999999+00', '\\N'),
        ('2026-11-21 13:05:09.1+00', '-');
      update moments set here = at at time zone 'UTC', short = at at time zone 'UTC'`);
    await client.end();
    const url = `postgres://postgres@127.0.0.1:${portOf(postgres)}/postgres`;
    const session = await findDatastoreKind('postgres')!.open(url, {}, contextOf(postgres, 'read'));
    const columns = [
      { name: 'id', type: 'integer' as const, scale: null },
      { name: 'at', type: 'timestamptz' as const, scale },
      { name: 'here', type: 'timestamp' as const, scale },
      { name: 'short', type: 'timestamp' as const, scale },
      { name: 'code', type: 'text' as const, scale: null },
    ];
    const query = { table: 'moments', columns, key: ['id'], where: [], order: 'key' as const, after: null };
    const keys = Array.from({ length: 9 }, (_, at) => [String(at + 1)]);
    const told = await session.rows(query, keys);
    const streamed = await collectLines(session.stream(query));
    await session.close();
    expect(streamed).toHaveLength(9);
    expect(streamed).toEqual(told.toSorted((a, b) => Number(a[0]) - Number(b[0])));
    expect(streamed[5]?.[1]).toBe(
      {
        6: '2026-11-21T13:05:09.000000Z',
        3: '2026-11-21T13:05:09.000Z',
        1: '2026-11-21T13:05:09.0Z',
        0: '2026-11-21T13:05:09Z',
      }[scale],
    );
  });
});

describe.skipIf(mariadb.state === 'missing')(`MariaDB, what is taken as the server wrote it${why(mariadb)}`, () => {
  it('D31 a stream says of 40,000 doubles what the canonical text of each is', async () => {
    const doubles = Array.from({ length: 40_000 }, (_, at) => toDouble(at));
    const { host, port, user, password, database } = mariadb as TestDatabase;
    const connection = await mysql.createConnection({ host, port, user, password, database });
    await connection.query('create or replace table doubles (id int primary key, d double)');
    for (let from = 0; from < doubles.length; from += 10_000) {
      const tuples = doubles
        .slice(from, from + 10_000)
        .map((double, at) => `(${from + at}, ${double.toExponential()})`);
      await connection.query(`insert into doubles values ${tuples.join(', ')}`);
    }
    await connection.end();
    const url = `mariadb://root@127.0.0.1:${portOf(mariadb)}/shop`;
    const session = await findDatastoreKind('mysql')!.open(url, {}, contextOf(mariadb, 'read'));
    const columns = [
      { name: 'id', type: 'integer' as const, scale: null },
      { name: 'd', type: 'float' as const, scale: null },
    ];
    const query = { table: 'doubles', columns, key: ['id'], where: [], order: 'key' as const, after: null };
    const streamed = await collectLines(session.stream(query));
    await session.close();
    const wrong = doubles.filter((double, at) => streamed[at]?.[1] !== writeFloat(double));
    expect(streamed).toHaveLength(doubles.length);
    expect(wrong).toEqual([]);
  });
});

describe.skipIf(mariadb.state === 'missing')(`MariaDB, read by somebody who is slow${why(mariadb)}`, () => {
  it('D31 a stream ends, wherever in it the server had to wait', async () => {
    const { host, port, user, password, database } = mariadb as TestDatabase;
    const connection = await mysql.createConnection({ host, port, user, password, database });
    await connection.query('create or replace table tails (id int primary key, t varchar(900))');
    await connection.query(`insert into tails select seq, repeat('t', 900) from seq_1_to_5000`);
    await connection.end();
    const url = `mariadb://root@127.0.0.1:${port}/shop`;
    const columns = [
      { name: 'id', type: 'integer' as const, scale: null },
      { name: 't', type: 'text' as const, scale: null },
    ];
    const readSlowly = async (rows: number): Promise<number> => {
      const where = [{ column: 'id', operator: '<=' as const, values: [String(rows)], text: 'the first' }];
      const session = await findDatastoreKind('mysql')!.open(url, {}, contextOf(mariadb, 'read'));
      let lines = 0;
      for await (const chunk of session.stream({
        table: 'tails',
        columns,
        key: ['id'],
        where,
        order: 'key',
        after: null,
      })) {
        // Meanwhile everything comes that is let through before it is read.
        if (lines === 0) await new Promise((done) => setTimeout(done, 200));
        lines += Buffer.from(chunk).toString('latin1').split('\n').length - 1;
      }
      await session.close();
      return lines;
    };
    // A chunk is taken, 16 wait, and what is left lies in the driver, with the end or without.
    const sizes = Array.from({ length: 12 }, (_, at) => 1_273 + at * 6);
    expect(await Promise.all(sizes.map(readSlowly))).toEqual(sizes);
  }, 180_000);
});

/** All sizes from 1e-6 to 1e17: of every bit pattern, and such as lie halfway between two shorter texts. */
function toDouble(at: number): number {
  const noise = ((at * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;
  const size = 10 ** ((at % 24) - 6) * (1 + noise * 9);
  const halves = 2 ** (at % 11);
  const double =
    at % 3 === 0
      ? (Math.floor(size * 8) * halves + 1) / (8 * halves)
      : at % 3 === 1
        ? size
        : Number(size.toPrecision(16));
  return at % 5 === 0 ? -double : double;
}

const file = join(workspace, 'shop.db');
datastoreContract({
  name: 'SQLite',
  missing: null,
  schema: [
    // Without it a session that reads keeps others from writing.
    'pragma journal_mode = wal',
    `create table traps (id integer primary key, t text collate nocase, u text, n decimal(12,2), b boolean, x uuid, ts timestamptz, tl datetime(3), dt date,
      tm time, by blob, d real, j json)`,
    'create table words (w text collate nocase primary key)',
    'create table pairs (id integer primary key, t text)',
    'create table many (id integer primary key, t text)',
  ],
  run: async (statement) => {
    const database = new DatabaseSync(file);
    database.exec(statement);
    database.close();
    await Promise.resolve();
  },
  open: (access, signal) => findDatastoreKind('sqlite')!.open('sqlite:shop.db', {}, contextOf(null, access, signal)),
  slow: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
  writing: `delete from traps where t = 'nobody'`,
  refusal: { code: 'permission', message: /readonly database/ },
});

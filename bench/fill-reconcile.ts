import mysql from 'mysql2/promise';
import { Client } from 'pg';

import type { TestDatabase } from '../tests/servers/start-postgres.ts';

const columns = `id bigint primary key, token char(36), email varchar(80), amount decimal(12,2), ratio double precision, note text, day date, at timestamp(6) null`;

/** Runs statements and returns the `answer` of the last. */
export async function ask(server: TestDatabase, statements: readonly string[]): Promise<string> {
  const client = new Client({ ...server });
  await client.connect();
  let last = '';
  for (const statement of statements) {
    const { rows: found } = await client.query<{ answer?: string }>(statement);
    last = found[0]?.answer ?? '';
  }
  await client.end();
  return last;
}

/** Fills two tables that differ in one row, and returns the bytes of one of them as text. */
export async function fillNeedle(server: TestDatabase, rows: number): Promise<number> {
  const payload = await ask(server, [
    ...fillShop(rows),
    'create table single as table shop',
    'alter table single add primary key (id)',
    toSingle(rows),
    'vacuum analyze shop',
    'vacuum analyze single',
    'select sum(octet_length(shop::text)) as answer from shop',
  ]);
  return Number(payload);
}

function fillShop(rows: number): string[] {
  return [
    `create table shop (${columns.replace('timestamp(6) null', 'timestamptz(6)')})`,
    `insert into shop select i, lpad(to_hex(i), 36, 'a'), 'user' || i || '@example.org', i * 1.25, i / 7.0, case when i % 7 = 0 then null else 'a note of some length ' || i end,
      date '2020-01-01' + i % 1000, timestamp '2020-01-01' + i * interval '1.000003 s' from generate_series(1, ${rows}) i`,
  ];
}

function toSingle(rows: number): string {
  return `update single set note = 'wrong' where id = ${Math.floor(rows / 2)}`;
}

/** Fills and returns the bytes of the table as text: the table, a copy with 388 differences, one with a single one, and one whose times are all an hour off. */
export async function fillPostgres(server: TestDatabase, rows: number): Promise<number> {
  const step = Math.floor(rows / 400);
  const names = ['shop', 'bent', 'single', 'shifted'];
  const payload = await ask(server, [
    ...fillShop(rows),
    ...names.slice(1).map((name) => `create table ${name} as table shop`),
    ...names.slice(1).map((name) => `alter table ${name} add primary key (id)`),
    `delete from bent where id % ${step} = 0 and id <= ${100 * step}`,
    `update bent set amount = amount + 0.01 where id % ${step} = 0 and id <= ${200 * step}`,
    `update bent set email = upper(email) where id % ${step} = 0 and id > ${200 * step} and id <= ${338 * step}`,
    `insert into bent (id) select ${rows} + i from generate_series(1, 50) i`,
    toSingle(rows),
    `update shifted set at = at + interval '1 hour'`,
    ...names.map((name) => `vacuum analyze ${name}`),
    'select sum(octet_length(shop::text)) as answer from shop',
  ]);
  return Number(payload);
}

/** Fills the table that the others are copies of. */
export async function fillMariaDb({ host, port, user, password, database }: TestDatabase, rows: number): Promise<void> {
  const connection = await mysql.createConnection({ host, port, user, password, database });
  await connection.query(`create table legacy (${columns})`);
  await connection.query(`insert into legacy select seq, lpad(lower(hex(seq)), 36, 'a'), concat('user', seq, '@example.org'), seq * 1.25, cast(seq as double) / 7, if(seq % 7 = 0, null, concat('a note of some length ', seq)),
    date '2020-01-01' + interval seq % 1000 day, timestamp '2020-01-01 00:00:00' + interval seq * 1000003 microsecond from seq_1_to_${rows}`);
  await connection.end();
}

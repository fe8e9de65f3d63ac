import mysql from 'mysql2/promise';
import { Client } from 'pg';

import type { ColumnMap } from '../../src/core/dataset/dataset.ts';
import type { TestDatabase } from '../servers/start-postgres.ts';
import { fillPostgres, rowCount } from './trap-tables.ts';

/** What only a pair of MySQL and another engine can get wrong. Statements bend one side alone, whichever of the two. */
interface PairTrap {
  name: string;
  found: readonly string[];
  rows: readonly number[];
  mariadb?: string;
  postgres?: string;
}

export const pairTraps: readonly PairTrap[] = [
  {
    name: 'an unsigned number beyond 63 bits, off by one',
    found: ['value huge'],
    rows: [501],
    mariadb: 'update t set huge = 18446744073709551615 where id = ?',
    postgres: 'update t set huge = 18446744073709551614 where id = $1',
  },
  {
    name: 'the date that is none',
    found: ['value born'],
    rows: [512],
    mariadb: `update t set born = '0000-00-00' where id = ?`,
    postgres: 'update t set born = null where id = $1',
  },
  {
    name: 'four bytes of UTF-8 in three',
    found: ['encoding name'],
    rows: [522],
    mariadb: `update t set name = 'Ann 😀' where id = ?`,
    postgres: `update t set name = 'Ann ?' where id = $1`,
  },
  {
    name: 'spaces of CHAR',
    found: ['space code'],
    rows: [532],
    postgres: `update t set code = code || ' ' where id = $1`,
  },
  {
    name: 'a span beyond a day',
    found: ['value span'],
    rows: [542],
    mariadb: `update t set span = '838:59:59' where id = ?`,
    postgres: `update t set span = '22:59:59' where id = $1`,
  },
  {
    name: 'the smaller scale',
    found: ['value rate'],
    rows: [552],
    postgres: 'update t set rate = rate + 1.5 where id = $1',
  },
  {
    name: 'parts of a uuid swapped',
    found: ['value uid'],
    rows: [562],
    mariadb: `update t set uid = concat(substr(uid, 7, 2), substr(uid, 5, 2), substr(uid, 1, 4), substr(uid, 9)) where id = ?`,
  },
  {
    name: 'milliseconds of a DATETIME cut',
    found: ['precision planned'],
    rows: [572],
    postgres: `update t set planned = date_trunc('second', planned) where id = $1`,
  },
  {
    name: 'a DATETIME on another clock',
    found: ['zone planned'],
    rows: [582],
    postgres: `update t set planned = planned - interval '2 hours' where id = $1`,
  },
  { name: 'a bit turned', found: ['value flags'], rows: [592], mariadb: 'update t set flags = flags ^ 4 where id = ?' },
  {
    name: 'bytes cut',
    found: ['value picture'],
    rows: [602],
    postgres: `update t set picture = substr(picture, 1, 3) where id = $1`,
  },
];

/** Values that look otherwise on both sides and are the same: nothing of them may be found. */
const sameOnBothSides = {
  mariadb: [
    'update t set huge = 18446744073709551614 where id = 700',
    `update t set span = '-838:59:59' where id = 701`,
    'update t set weight = 1e20 where id = 702',
    'update t set weight = 0.00001 where id = 703',
    `update t set note = 'a|b\\tc' where id = 704`,
    `update t set email = 'ÄÖÜ@EXAMPLE.COM' where id = 705`,
  ],
  postgres: [
    'update t set huge = 18446744073709551614 where id = 700',
    `update t set span = '-838:59:59' where id = 701`,
    'update t set weight = 1e20 where id = 702',
    'update t set weight = 0.00001 where id = 703',
    `update t set note = E'a|b\\\\tc' where id = 704`,
    `update t set email = 'ÄÖÜ@EXAMPLE.COM' where id = 705`,
  ],
};

const names = [
  'id',
  'name',
  'email',
  'amount',
  'weight',
  'note',
  'city',
  'born',
  'created',
  'big',
  'huge',
  'code',
  'span',
  'rate',
  'uid',
  'planned',
  'flags',
  'picture',
];

/** How the columns go over: what is a tinyint on one side is a boolean by declaration. */
export const pairMap: readonly ColumnMap[] = [
  ...names.map((name) => ({ to: name, from: name, value: null, steps: [], as: null })),
  { to: 'active', from: 'active', value: null, steps: [], as: 'boolean' as const },
];

/** The same without what the servers cannot both hash: a span of time that is text on the other side. */
export const hashableMap: readonly ColumnMap[] = pairMap.filter(({ to }) => to !== 'span');

/** Fills both sides with the same 3,000 rows. */
export async function fillPair(server: TestDatabase, url: string): Promise<void> {
  await fillPostgres(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`alter table t add huge numeric(20, 0), add code varchar(10), add span text, add rate numeric(10, 2), add uid uuid, add planned timestamp(3), add flags integer, add picture bytea;
    update t set huge = id, code = 'C' || id, span = lpad((id % 24)::text, 2, '0') || ':05:09', rate = id * 1.25, uid = ('00112233-4455-6677-8899-' || lpad(to_hex(id), 12, '0'))::uuid,
      planned = timestamp '2026-03-01 10:00:00.125' + id * interval '1 minute', flags = id % 256, picture = decode('00ff5c0a' || lpad(to_hex(id), 4, '0'), 'hex')`);
  for (const statement of sameOnBothSides.postgres) await client.query(statement);
  await client.end();
  const { host, port, user, password, database } = server;
  const connection = await mysql.createConnection({ host, port, user, password, database });
  await connection.query(`set sql_mode = 'NO_BACKSLASH_ESCAPES', time_zone = '+00:00'`);
  await connection.query(`create table t (id bigint primary key, name varchar(100) not null, email varchar(100), amount decimal(12,2), weight double, active tinyint(1), note text, city varchar(60), born date,
    created timestamp(6) null, big bigint unsigned, huge bigint unsigned, code char(10), span time, rate decimal(10,4), uid binary(16), planned datetime(3), flags bit(8), picture blob) default charset utf8mb4 collate utf8mb4_general_ci`);
  await connection.query(`insert into t select seq, if(seq % 10 = 3, concat('Zoë Ångström ', seq), concat('Name ', seq)), concat('User', seq, '@Example.com'), seq * 1.37, cast(seq as double) / 7, seq % 2 = 0,
    case when seq % 10 = 0 then null when seq % 10 = 1 then concat('two', char(10), 'lines') else concat('tab', char(9), 'here \\N ', seq) end, concat('City ', seq), date '1980-01-01' + interval seq day,
    timestamp '2026-01-01 00:00:00.123456' + interval seq * 7 second, 9007199254740993 + seq, seq, concat('C', seq), maketime(seq % 24, 5, 9), seq * 1.25, unhex(concat('00112233445566778899', lpad(hex(seq), 12, '0'))),
    timestamp '2026-03-01 10:00:00.125' + interval seq minute, seq % 256, unhex(concat('00ff5c0a', lpad(hex(seq), 4, '0'))) from seq_1_to_${rowCount}`);
  for (const statement of sameOnBothSides.mariadb) await connection.query(statement);
  await connection.end();
}

/** Plants what the pair can hold. */
export async function plantPair(server: TestDatabase, url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { host, port, user, password, database } = server;
  const connection = await mysql.createConnection({ host, port, user, password, database });
  await connection.query(`set sql_mode = '', time_zone = '+00:00'`);
  for (const { name, rows, mariadb, postgres } of pairTraps) {
    if (mariadb !== undefined) {
      const [touched] = await connection.query<mysql.ResultSetHeader>(mariadb, [...rows]);
      if (touched.affectedRows !== 1)
        throw new Error(`trap ${name}: expected 1 row touched, got ${touched.affectedRows}`);
    }
    if (postgres !== undefined) {
      const touched = await client.query(postgres, [...rows]);
      if (touched.rowCount !== 1) throw new Error(`trap ${name}: expected 1 row touched, got ${touched.rowCount}`);
    }
  }
  await connection.end();
  await client.end();
}

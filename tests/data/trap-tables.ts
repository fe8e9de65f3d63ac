import { DatabaseSync } from 'node:sqlite';

import { Client } from 'pg';

/** A change that loses or bends data on its way, the class that it has to be found as, and which rows it touches. */
export interface Trap {
  name: string;
  /** As `cause column`, or `missing` / `extra`. */
  found: readonly string[];
  rows: readonly number[];
  /** Of Postgres; null where only the row is taken out or put in. */
  sql: string;
  /** Of SQLite, where it has to be said otherwise; null where the engine cannot hold it. */
  sqlite?: string | null;
}

export const rowCount = 3_000;

/** Every row once at most, so that whoever finds a row has found its trap. */
export const traps: readonly Trap[] = [
  { name: 'rows lost', found: ['missing'], rows: [11, 12, 2_999], sql: 'delete from t where id = any($1)' },
  {
    name: 'a cent more',
    found: ['value amount'],
    rows: [21, 22],
    sql: 'update t set amount = amount + 0.01 where id = any($1)',
  },
  {
    name: 'e-mail in lower case',
    found: ['case email'],
    rows: [31],
    sql: 'update t set email = lower(email) where id = any($1)',
  },
  {
    name: 'a space at the end',
    found: ['space name'],
    rows: [41],
    sql: `update t set name = name || ' ' where id = any($1)`,
  },
  {
    name: 'an hour later',
    found: ['zone created'],
    rows: [51, 52],
    sql: `update t set created = created + interval '1 hour' where id = any($1)`,
    sqlite: `update t set created = replace(created, 'T0', 'T1') where id = ?`,
  },
  {
    name: 'microseconds cut',
    found: ['precision created'],
    rows: [61],
    sql: `update t set created = date_trunc('milliseconds', created) where id = any($1)`,
    sqlite: `update t set created = substr(created, 1, 23) || '000Z' where id = ?`,
  },
  {
    name: 'null as an empty text',
    found: ['null-or-empty note'],
    rows: [70],
    sql: `update t set note = '' where id = any($1)`,
  },
  {
    name: 'null as the word',
    found: ['null-or-empty note'],
    rows: [80],
    sql: `update t set note = 'NULL' where id = any($1)`,
  },
  {
    name: 'text in the next column',
    found: ['moved city', 'moved note'],
    rows: [91],
    sql: 'update t set note = city, city = null where id = any($1)',
  },
  {
    name: 'a separator slipped',
    found: ['moved city', 'moved name'],
    rows: [101],
    sql: `update t set name = name || '|' || left(city, 2), city = substr(city, 3) where id = any($1)`,
    sqlite: `update t set name = name || '|' || substr(city, 1, 2), city = substr(city, 3) where id = ?`,
  },
  {
    name: 'decomposed',
    found: ['unicode name'],
    rows: [113],
    sql: `update t set name = normalize(name, NFD) where id = any($1)`,
    sqlite: null,
  },
  {
    name: 'misread',
    found: ['encoding name'],
    rows: [123],
    sql: `update t set name = convert_from(convert_to(name, 'UTF8'), 'WIN1252') where id = any($1)`,
    sqlite: null,
  },
  {
    name: 'question marks',
    found: ['encoding name'],
    rows: [133],
    sql: `update t set name = replace(name, 'ë', '?') where id = any($1)`,
  },
  {
    name: 'the last bit',
    found: ['precision weight'],
    rows: [141],
    sql: 'update t set weight = weight * (1 + 2.3e-16) where id = any($1)',
    sqlite: 'update t set weight = weight * (1 + 2.3e-16) where id = ?',
  },
  {
    name: 'yes for no',
    found: ['value active'],
    rows: [151],
    sql: 'update t set active = not active where id = any($1)',
  },
  {
    name: 'a day off',
    found: ['value born'],
    rows: [161],
    sql: 'update t set born = born + 1 where id = any($1)',
    sqlite: `update t set born = '1990-01-01' where id = ?`,
  },
  {
    name: 'line ends',
    found: ['newline note'],
    rows: [171],
    sql: `update t set note = replace(note, E'\\n', E'\\r\\n') where id = any($1)`,
    sqlite: `update t set note = replace(note, char(10), char(13) || char(10)) where id = ?`,
  },
  {
    name: 'a digit of a large number',
    found: ['value big'],
    rows: [181],
    sql: 'update t set big = big + 1 where id = any($1)',
  },
  {
    name: 'cut at a length',
    found: ['value note'],
    rows: [202],
    sql: 'update t set note = substr(note, 1, 4) where id = any($1)',
  },
  {
    name: 'escaped for a page',
    found: ['value city'],
    rows: [212],
    sql: `update t set city = city || ' &amp; more' where id = any($1)`,
  },
  {
    name: 'day and month swapped',
    found: ['value born'],
    rows: [222],
    sql: `update t set born = '1980-10-08' where id = any($1)`,
  },
  {
    name: 'the sign lost',
    found: ['value amount'],
    rows: [232],
    sql: 'update t set amount = -amount where id = any($1)',
  },
  {
    name: 'in cents',
    found: ['value amount'],
    rows: [242],
    sql: 'update t set amount = amount * 100 where id = any($1)',
  },
  {
    name: 'a float of 32 bits',
    found: ['precision weight'],
    rows: [251],
    sql: 'update t set weight = weight::float4 where id = any($1)',
    sqlite: null,
  },
  {
    name: 'six digits of a fraction',
    found: ['precision weight'],
    rows: [261],
    sql: 'update t set weight = round(weight::numeric, 6) where id = any($1)',
    sqlite: 'update t set weight = round(weight, 6) where id = ?',
  },
  {
    name: 'a number through a double',
    found: ['value big'],
    rows: [272],
    sql: 'update t set big = big::float8::numeric where id = any($1)',
    sqlite: 'update t set big = big - 1 where id = ?',
  },
  {
    name: 'amounts swapped between rows',
    found: ['value amount'],
    rows: [281, 282],
    sql: 'update t set amount = (563 - id) * 1.37 where id = any($1)',
  },
  {
    name: 'a space in front',
    found: ['space name'],
    rows: [292],
    sql: `update t set name = ' ' || name where id = any($1)`,
  },
  {
    name: 'a blank that does not break',
    found: ['space name'],
    rows: [302],
    sql: `update t set name = replace(name, ' ', chr(160)) where id = any($1)`,
    sqlite: `update t set name = replace(name, ' ', char(160)) where id = ?`,
  },
  {
    name: 'upper case',
    found: ['case name'],
    rows: [312],
    sql: 'update t set name = upper(name) where id = any($1)',
  },
  {
    name: 'null as the mark of COPY',
    found: ['null-or-empty note'],
    rows: [320],
    sql: `update t set note = '\\N' where id = any($1)`,
  },
  {
    name: 'letters of full width',
    found: ['unicode city'],
    rows: [332],
    sql: `update t set city = replace(city, 'C', chr(65315)) where id = any($1)`,
    sqlite: `update t set city = replace(city, 'C', char(65315)) where id = ?`,
  },
  {
    name: 'a key changed',
    found: ['missing'],
    rows: [342],
    sql: 'update t set id = id + 6000 where id = any($1)',
  },
  {
    name: 'years of two digits',
    found: ['value born'],
    rows: [352],
    sql: `update t set born = '0080-12-18' where id = any($1)`,
  },
  {
    name: 'seconds lost',
    found: ['value created'],
    rows: [361],
    sql: `update t set created = date_trunc('minute', created) where id = any($1)`,
    sqlite: `update t set created = substr(created, 1, 17) || '00.000000Z' where id = ?`,
  },
  {
    name: 'a zone of half an hour',
    found: ['zone created'],
    rows: [371],
    sql: `update t set created = created + interval '5 hours 30 minutes' where id = any($1)`,
    sqlite: null,
  },
  {
    name: 'a letter that nobody sees',
    found: ['value name'],
    rows: [392],
    sql: `update t set name = name || chr(8203) where id = any($1)`,
    sqlite: `update t set name = name || char(8203) where id = ?`,
  },
  {
    name: 'a default where nothing was',
    found: ['value note'],
    rows: [400],
    sql: `update t set note = 'n/a' where id = any($1)`,
  },
];

const columns = `id bigint primary key, name text not null, email text, amount numeric(12,2), weight float8, active boolean, note text, city text, born date, created timestamptz, big bigint`;

/** Rows that the traps add: two that nobody sent, and the one whose key changed. */
export const extraRows = [5_001, 5_002, 6_342];

/** Creates the table and fills it, the same every time: names with accents, nulls, tabs, line feeds and backslashes among them. */
export async function fillPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create table t (${columns})`);
    await client.query(`insert into t select g, case when g % 10 = 3 then 'Zoë Ångström ' || g else 'Name ' || g end, 'User' || g || '@Example.com',
      g * 1.37, g / 7.0, g % 2 = 0, case when g % 10 = 0 then null when g % 10 = 1 then E'two\\nlines' else E'tab\\there \\\\N ' || g end, 'City ' || g, date '1980-01-01' + g,
      timestamptz '2026-01-01 00:00:00.123456+00' + g * interval '7 seconds', 9007199254740993 + g from generate_series(1, ${rowCount}) g`);
  } finally {
    await client.end();
  }
}

export async function plantPostgres(url: string, chosen: readonly Trap[] = traps): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const { sql, rows, name } of chosen) {
      const { rowCount: touched } = await client.query(sql, [rows]);
      if (touched !== rows.length)
        throw new Error(`trap ${name}: expected ${rows.length} rows touched, got ${touched}`);
    }
    await client.query(`insert into t (id, name) values (5001, 'extra'), (5002, 'extra')`);
  } finally {
    await client.end();
  }
}

/** Copies the table of Postgres, before anything was planted, into a file of SQLite; times as text, as most programs keep them there. */
export async function copyToSqlite(url: string, path: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const file = new DatabaseSync(path, { timeout: 30_000 });
  try {
    const { rows } = await client.query<Record<string, string | null>>(
      `select id::text, name, email, amount::text, weight::text, active::int::text as active, note, city, born::text, to_char(created at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created, big::text from t`,
    );
    file.exec(
      'create table t (id integer primary key, name text not null, email text, amount numeric, weight real, active boolean, note text, city text, born date, created timestamptz, big integer)',
    );
    const insert = file.prepare(
      'insert into t values (?, ?, ?, ?, cast(? as real), cast(? as integer), ?, ?, ?, ?, cast(? as integer))',
    );
    file.exec('begin');
    for (const row of rows) insert.run(...Object.values(row));
    file.exec('commit');
  } finally {
    file.close();
    await client.end();
  }
}

/** Plants what SQLite can hold; returns which traps those are. */
export function plantSqlite(path: string): Trap[] {
  const file = new DatabaseSync(path, { timeout: 30_000 });
  try {
    const chosen = traps.filter(({ sqlite }) => sqlite !== null);
    for (const { name, rows, sql, sqlite } of chosen)
      for (const id of rows) {
        const { changes } = file.prepare(sqlite ?? sql.replace('= any($1)', '= ?')).run(id);
        if (changes !== 1) throw new Error(`trap ${name}: expected 1 row touched, got ${changes}`);
      }
    file.exec(`insert into t (id, name) values (5001, 'extra'), (5002, 'extra')`);
    return chosen;
  } finally {
    file.close();
  }
}

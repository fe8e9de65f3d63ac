import type { CanonType } from '../../../core/dataset/canon.ts';
import type { ColumnShape, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { PgConnection } from './connect.ts';
import { quoteTable } from './names.ts';

/** A column with what only Postgres knows of it. */
export interface PgColumn extends ColumnShape {
  /** Name of the type without its length, of a domain that of what it is made of. */
  base: string;
  /** Whether equal means equal bytes: not so with `citext`, `char(n)` and collations that fold. */
  exact: boolean;
  /** Whether the collation takes texts of unequal bytes for equal. */
  folds: boolean;
}

export interface PgTable extends TableShape {
  columns: PgColumn[];
  /** As it stands in statements. */
  sql: string;
}

const types: { readonly [base: string]: CanonType } = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  oid: 'integer',
  numeric: 'decimal',
  float4: 'float',
  float8: 'float',
  bool: 'boolean',
  timestamptz: 'timestamptz',
  timestamp: 'timestamp',
  date: 'date',
  time: 'time',
  uuid: 'uuid',
  bytea: 'bytes',
  json: 'json',
  jsonb: 'json',
};

const columnsQuery = `
with recursive resolved (attnum, type, typmod) as (
  select attnum, atttypid, atttypmod from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
  union all
  select attnum, typbasetype, case when typtypmod = -1 then typmod else typtypmod end
    from resolved join pg_type on pg_type.oid = type where typtype = 'd'
)
select a.attname as name, format_type(a.atttypid, a.atttypmod) as native, t.typname as base, r.typmod::text as typmod,
  a.attnotnull::text as not_null, (a.attgenerated <> '')::text as generated,
  case when a.attcollation = 0 then null when c.collname = 'default' then (select datcollate from pg_database where datname = current_database()) else c.collname end as collation,
  coalesce(c.collisdeterministic, true)::text as deterministic
from pg_attribute a join resolved r using (attnum) join pg_type t on t.oid = r.type and t.typtype <> 'd'
  left join pg_collation c on c.oid = a.attcollation
where a.attrelid = $1::regclass and not a.attisdropped order by a.attnum`;

const keyQuery = `
select array_to_json(array(select a.attname from unnest(i.indkey[:i.indnkeyatts - 1]) with ordinality k (attnum, nr)
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum order by nr))::text as names
from pg_index i where i.indrelid = $1::regclass and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null and i.indimmediate
  and not exists (select from unnest(i.indkey[:i.indnkeyatts - 1]) k (attnum)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where not a.attnotnull)
order by i.indisprimary desc, i.indnkeyatts, i.indexrelid limit 1`;

const tableQuery = `
select relkind::text as kind, row_security_active(oid)::text as secured,
  case when relkind = 'p' then (select sum(nullif(l.reltuples, -1)) from pg_partition_tree(c.oid) p join pg_class l on l.oid = p.relid where p.isleaf)
    else nullif(reltuples, -1) end::bigint::text as estimate
from pg_class c where oid = $1::regclass`;

const kinds: { readonly [kind: string]: string } = {
  v: 'is a view: it has no key and no estimate of its own',
  m: 'is a materialized view: it shows what was true when it was last refreshed',
  f: 'is a foreign table: another server answers, which shares no snapshot with this one',
  p: 'is partitioned',
};

/** Returns what the catalogs say of a table. */
export async function describeTable(connection: PgConnection, table: string): Promise<PgTable> {
  const sql = quoteTable(table);
  const ask = async (statement: string): Promise<{ [name: string]: string | null }[]> => {
    const { rows, names } = await connection.ask(statement, [sql]);
    return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])));
  };
  const [found] = await ask('select to_regclass($1)::text as found');
  if (!found?.['found']) throw new DatastoreTrouble('missing', `${table}: expected a table, got nothing of that name`);
  const columns = (await ask(columnsQuery)).map(toColumn);
  const [key] = await ask(keyQuery);
  const [about] = await ask(tableQuery);
  const note = kinds[about?.['kind'] ?? ''];
  const secured = 'has row security that applies to this user, who is refused: no part of it is taken for the whole';
  return {
    table,
    sql,
    columns,
    key: JSON.parse(key?.['names'] ?? '[]') as string[],
    rowEstimate: about?.['estimate'] ? Number(about['estimate']) : null,
    notes: [...(note === undefined ? [] : [note]), ...(about?.['secured'] === 'true' ? [secured] : [])],
  };
}

function toColumn(row: { [name: string]: string | null }): PgColumn {
  const base = row['base'] ?? '';
  const type = types[base] ?? 'text';
  const collation = row['collation'] ?? null;
  const isBytewise = collation === null || /^(?:C|POSIX|ucs_basic)$/.test(collation);
  return {
    name: row['name'] ?? '',
    type,
    nativeType: row['native'] ?? '',
    nullable: row['not_null'] !== 'true',
    scale: toScale(base, Number(row['typmod'] ?? -1)),
    generated: row['generated'] === 'true',
    collation: type !== 'text' || isBytewise ? null : collation,
    base,
    exact: base !== 'citext' && base !== 'bpchar' && row['deterministic'] === 'true',
    folds: row['deterministic'] !== 'true',
  };
}

/** The low eleven bits of the modifier of numeric are its scale, which may be negative (PostgreSQL, src/backend/utils/adt/numeric.c). */
function toScale(base: string, modifier: number): number | null {
  if (base === 'numeric') return modifier < 4 ? null : Math.max(0, (((modifier - 4) & 0x7ff) ^ 1024) - 1024);
  if (base === 'timestamp' || base === 'timestamptz' || base === 'time') return modifier < 0 ? 6 : modifier;
  return null;
}

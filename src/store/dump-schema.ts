import type { Pool } from 'pg';

/** Schemas that the migrations make. */
const schemas = ['tminus', 'identity'] as const;

/** One kind of object of a schema each; every query gives whole lines of SQL in an order that does not depend on how they were made. */
const toQueries = (schema: (typeof schemas)[number]) => [
  `select format(e'create table ${schema}.%I (\\n%s\\n);', c.relname, string_agg(line, e',\\n' order by nr)) as line
     from pg_class c, lateral (
       select a.attnum as nr, format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
           case when a.attidentity = 'a' then ' generated always as identity'
                when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
                when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end) as line
         from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       union all
       select 1000 + row_number() over (order by contype desc, conname collate "C"), format('  constraint %I %s', conname, pg_get_constraintdef(oid))
         from pg_constraint where conrelid = c.oid and contype in ('p', 'u', 'c', 'f')) as part
    where c.relnamespace = '${schema}'::regnamespace and c.relkind = 'r' group by c.relname order by c.relname collate "C"`,
  `select pg_get_indexdef(i.indexrelid) || ';' as line from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = '${schema}'::regnamespace and not exists (select from pg_constraint where conindid = i.indexrelid) order by c.relname collate "C"`,
  `select pg_get_functiondef(oid) || ';' as line from pg_proc where pronamespace = '${schema}'::regnamespace order by proname collate "C"`,
  `select pg_get_triggerdef(t.oid) || ';' || case t.tgenabled when 'A' then ' -- always' when 'O' then '' else ' -- DISABLED' end as line
     from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = '${schema}'::regnamespace and not t.tgisinternal
    order by c.relname collate "C", t.tgname collate "C"`,
];

/** Returns the schemas as they stand in a database, as SQL to be read and compared: the same on Postgres 15 to 18. */
export async function dumpSchema(pool: Pool): Promise<string> {
  const parts: string[] = [
    '-- Written by tools/dump-schema.ts from a migrated database. To change the schema, add a migration.',
  ];
  const client = await pool.connect();
  try {
    // Names are shown with their schema unless it is on the path, and the default path holds a schema named like the role.
    await client.query('set search_path = pg_catalog');
    for (const query of schemas.flatMap(toQueries))
      parts.push(...(await client.query<{ line: string }>(query)).rows.map((row) => row.line.trimEnd()));
  } finally {
    client.release(true);
  }
  return `${parts.join('\n\n')}\n`;
}

import type { RuleTable } from '../../../kinds/checks/data-rules/rule-table.ts';

/** A foreign key that points at a table, by its first column. */
export interface TableReferenceTo {
  child: string;
  column: string;
  parentColumn: string;
  /** True where deleting a row deletes or changes those that point at it. */
  takesAlong: boolean;
  /** True where it points from the table to itself. */
  isOwn: boolean;
}

/** Names without quotes, as sessions take them: `regclass` would quote one with capital letters, and nobody would find it. */
const ofPostgres = (table: string): string => `
select case when pg_table_is_visible(r.oid) then r.relname else r.relnamespace::regnamespace || '.' || r.relname end,
  child.attname, parent.attname, (confdeltype in ('c', 'n', 'd'))::text, (conrelid = confrelid)::text
from pg_constraint c join pg_class r on r.oid = conrelid join pg_attribute child on child.attrelid = conrelid and child.attnum = conkey[1]
  join pg_attribute parent on parent.attrelid = confrelid and parent.attnum = confkey[1]
where contype = 'f' and confrelid = ${table}::regclass`;

const ofMysql = (table: string): string => `
select k.table_name, k.column_name, k.referenced_column_name,
  case when r.delete_rule in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 'true' else 'false' end,
  case when k.table_name = k.referenced_table_name then 'true' else 'false' end
from information_schema.key_column_usage k join information_schema.referential_constraints r
  on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name and r.table_name = k.table_name
where k.referenced_table_schema = database() and k.referenced_table_name = ${table} and k.position_in_unique_constraint = 1`;

const ofSqlite = (table: string): string => `
select m.name, f."from", coalesce(f."to", (select name from pragma_table_info(${table}) where pk = 1)),
  case when f.on_delete in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 'true' else 'false' end,
  case when m.name = ${table} then 'true' else 'false' end
from sqlite_master m join pragma_foreign_key_list(m.name) f on m.type = 'table' and f."table" = ${table} and f.seq = 0`;

/** Returns the foreign keys that point at a table; of one with several columns the first, which counts too many rows rather than too few. */
export async function readReferences({ session, dialect, table }: RuleTable): Promise<TableReferenceTo[]> {
  if (session.ask === null || dialect === null) return [];
  const engine = session.versions['engine'];
  const name = dialect.text(engine === 'postgres' ? dialect.quoteTable(table) : table);
  const statement = engine === 'postgres' ? ofPostgres(name) : engine === 'sqlite' ? ofSqlite(name) : ofMysql(name);
  const rows = await session.ask(statement);
  return rows.map(([child, column, parentColumn, takesAlong, isOwn]) => ({
    child: child ?? '',
    column: column ?? '',
    parentColumn: parentColumn ?? '',
    takesAlong: takesAlong === 'true',
    isOwn: isOwn === 'true',
  }));
}

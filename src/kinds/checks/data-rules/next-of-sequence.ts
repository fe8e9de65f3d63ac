import { askOne } from './rule-table.ts';
import type { RuleTable } from './rule-table.ts';

/** Returns the number that the engine would give to the next row, or null where it counts none for this column. */
export async function nextOfSequence(table: RuleTable, column: string): Promise<bigint | null> {
  const { dialect, session } = table;
  if (dialect === null) return null;
  const engine = session.versions['engine'];
  if (engine === 'postgres') return await nextOfPostgres(table, column);
  if (engine === 'sqlite') return await nextOfSqlite(table);
  const statement = `select auto_increment from information_schema.tables where table_schema = database() and table_name = ${dialect.text(table.table)}`;
  const [next] = (await session.ask?.(statement))?.[0] ?? [];
  return next == null ? null : BigInt(next);
}

async function nextOfPostgres(table: RuleTable, column: string): Promise<bigint | null> {
  const { dialect } = table;
  if (dialect === null) return null;
  const [name] = await askOne(
    table,
    `select pg_get_serial_sequence(${dialect.text(dialect.quoteTable(table.table))}, ${dialect.text(column)})`,
  );
  if (name == null) return null;
  // The name comes quoted.
  const [last, isCalled] = await askOne(table, `select last_value::text, is_called::text from ${name}`);
  return last == null ? null : BigInt(last) + (isCalled === 'true' ? 1n : 0n);
}

/** Without AUTOINCREMENT the next number is one more than the greatest, whatever that is. */
async function nextOfSqlite({ session, dialect, table }: RuleTable): Promise<bigint | null> {
  if (dialect === null || !(await session.listTables()).includes(table)) return null;
  const [made] = (await session.ask?.(`select count(*) from sqlite_master where name = 'sqlite_sequence'`)) ?? [];
  if (made?.[0] !== '1') return null;
  const [row] = (await session.ask?.(`select seq from sqlite_sequence where name = ${dialect.text(table)}`)) ?? [];
  return row?.[0] == null ? null : BigInt(row[0]) + 1n;
}

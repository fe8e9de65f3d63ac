import type { CanonRow } from '../../../core/dataset/canon.ts';
import { applySetting } from './dump-settings.ts';
import type { DumpSettings } from './dump-settings.ts';
import { namePattern, readNames } from './names.ts';
import { parseCreateTable, readKey } from './parse-create-table.ts';
import type { DumpTable } from './parse-create-table.ts';
import { DumpFault } from './scan-tuple.ts';
import type { Tuple } from './scan-tuple.ts';
import type { DumpVisitor, InsertHead } from './walk-dump.ts';

/** A table of a dump with what was found of it so far. */
export interface FoundTable extends DumpTable {
  database: string;
  rows: number;
}

/** Who takes rows of one table, if anybody does; null lets them pass by. */
export type TakeRow = (tuple: Tuple, text: string, at: number) => CanonRow | null;

/** A visitor that keeps tables and settings, and the rows that somebody wants. */
export interface DumpContents extends DumpVisitor {
  tables: Map<string, FoundTable>;
  /** Rows since the last look; empties the list. */
  takeRows(): CanonRow[];
  /** Throws where the dump says of itself that it should go on. */
  assertComplete(): void;
}

const drop = new RegExp(`^DROP\\s+TABLE\\s+(?:IF\\s+EXISTS\\s+)?(${namePattern}(?:\\s*,\\s*${namePattern})*)`, 'i');
const alter = new RegExp(`^ALTER\\s+TABLE\\s+(${namePattern})\\s+`, 'i');
/** What leaves a restored table other than its rows in the file say. */
const changing = /^(?:UPDATE|DELETE|TRUNCATE|LOAD|RENAME|ROLLBACK|CALL|HANDLER|CREATE\s+TEMPORARY\s+TABLE)\b/i;
const harmlessChange =
  /^(?:ADD\s+(?:CONSTRAINT|KEY|INDEX|UNIQUE|FULLTEXT|SPATIAL|FOREIGN|CHECK)\b|MODIFY\b|AUTO_INCREMENT\b|(?:DISABLE|ENABLE)\s+KEYS\b|ENGINE\b|COMMENT\b)/i;

/** Returns an empty set of contents; `taker` is asked at each insert who wants its rows. */
export function createContents(
  settings: DumpSettings,
  taker: (table: FoundTable, head: InsertHead) => TakeRow | null,
): DumpContents {
  const tables = new Map<string, FoundTable>();
  const remarks = { isDump: false, isComplete: false };
  let rows: CanonRow[] = [];
  return {
    tables,
    rules: settings,
    comment: (text) => readRemark(text, remarks),
    statement(text, at) {
      applySetting(settings, text);
      takeStatement(tables, settings, { text, at });
    },
    insert(head, at) {
      const table = findTable(tables, settings, head.names) ?? addUnknown(tables, settings, { head, at });
      const take = taker(table, head);
      return (tuple, text, place) => {
        table.rows += 1;
        const row = take?.(tuple, text, place);
        if (row) rows.push(row);
      };
    },
    isFull: () => rows.length >= 1000,
    takeRows() {
      const taken = rows;
      rows = [];
      return taken;
    },
    assertComplete() {
      if (remarks.isDump && !remarks.isComplete)
        throw new DumpFault(
          0,
          'expected the line that mysqldump writes at the end (Dump completed), got none',
          'truncated',
        );
    },
  };
}

function readRemark(text: string, remarks: { isDump: boolean; isComplete: boolean }): void {
  if (/^-- (?:MySQL|MariaDB) dump /.test(text)) remarks.isDump = true;
  else if (text.startsWith('-- Dump completed')) remarks.isComplete = true;
  else if (text.startsWith('-- PostgreSQL database dump'))
    throw new DumpFault(
      0,
      'expected a dump of MySQL or MariaDB, got one of PostgreSQL: restore it into a scratch database and declare that',
      'pg_dump',
    );
}

interface Statement {
  text: string;
  at: number;
}

function takeStatement(tables: Map<string, FoundTable>, settings: DumpSettings, { text, at }: Statement): void {
  if (/^CREATE\s+(?:OR\s+REPLACE\s+)?TABLE\b/i.test(text)) addTable(tables, settings, { text, at });
  else if (drop.test(text)) dropTables(tables, settings, { text, at });
  else if (alter.test(text)) alterTable(tables, settings, { text, at });
  else if (changing.test(text)) throw unsupported(at, /^\w+/.exec(text)?.[0] ?? '');
}

function unsupported(at: number, word: string): DumpFault {
  return new DumpFault(
    at,
    `expected tables and inserts, got ${word.toUpperCase()}: restore the file into a scratch database and declare that`,
    'statement',
  );
}

function addTable(tables: Map<string, FoundTable>, settings: DumpSettings, { text, at }: Statement): void {
  const table = parseCreateTable(text);
  if (!table) throw unsupported(at, 'create table without a list of columns');
  const name = keyOf(table.names, settings);
  if (tables.has(name)) {
    if (/^CREATE\s+TABLE\s+IF\s+NOT\s+EXISTS\b/i.test(text)) return;
    throw new DumpFault(at, `expected each table once, got ${name} twice`, 'table_twice');
  }
  tables.set(name, { ...table, database: databaseOf(table.names, settings), rows: 0 });
}

function dropTables(tables: Map<string, FoundTable>, settings: DumpSettings, { text, at }: Statement): void {
  const written = drop.exec(text)?.[1]?.match(new RegExp(namePattern, 'g')) ?? [];
  for (const name of written.map((each) => keyOf(readNames(each), settings))) {
    if ((tables.get(name)?.rows ?? 0) > 0)
      throw new DumpFault(at, `${name}: expected its rows to stay, got DROP TABLE behind them`, 'statement');
    tables.delete(name);
  }
}

/** phpMyAdmin writes keys behind the rows. */
function alterTable(tables: Map<string, FoundTable>, settings: DumpSettings, { text, at }: Statement): void {
  const match = alter.exec(text);
  const body = text.slice(match?.[0].length ?? 0);
  const primary = /^ADD\s+PRIMARY\s+KEY\s*/i;
  const table = findTable(tables, settings, readNames(match?.[1] ?? ''));
  if (table && primary.test(body)) table.key = readKey(body, primary) ?? table.key;
  else if (!harmlessChange.test(body)) throw unsupported(at, 'alter table');
}

/** Rows of a table without its structure (`--no-create-info`): texts, where the insert names its columns. */
function addUnknown(
  tables: Map<string, FoundTable>,
  settings: DumpSettings,
  { head, at }: { head: InsertHead; at: number },
): FoundTable {
  const name = keyOf(head.names, settings);
  if (head.columns.length === 0)
    throw new DumpFault(
      at,
      `${name}: expected CREATE TABLE, or names of columns, before its rows, got neither`,
      'structure',
    );
  const columns = head.columns.map((column) => ({
    name: column,
    nativeType: 'text',
    nullable: true,
    generated: false,
    charset: null,
    collation: null,
  }));
  const table = { names: head.names, columns, key: [], database: databaseOf(head.names, settings), rows: 0 };
  tables.set(name, table);
  return table;
}

function findTable(
  tables: Map<string, FoundTable>,
  settings: DumpSettings,
  names: readonly string[],
): FoundTable | undefined {
  return tables.get(keyOf(names, settings));
}

function databaseOf(names: readonly string[], { database }: DumpSettings): string {
  return names.length > 1 ? (names[0] ?? '') : database;
}

function keyOf(names: readonly string[], settings: DumpSettings): string {
  const database = databaseOf(names, settings);
  return database === '' ? (names.at(-1) ?? '') : `${database}.${names.at(-1) ?? ''}`;
}

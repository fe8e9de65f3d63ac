import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { DatastoreSession, OpenDatastore } from '../../../core/dataset/datastore-kind.ts';
import type { PlannedTable } from '../../../core/dataset/trello/board-tables.ts';
import { openRecordSession } from '../../../kinds/datastores/records/open-record-session.ts';
import type { RecordSource } from '../../../kinds/datastores/records/record-source.ts';
import { toCanonValue } from '../../../kinds/datastores/records/to-canon-row.ts';

/** Returns a way to datastores on which one of them holds what was planned, and nothing else; the others are as they were. */
export function withPlanned(
  open: OpenDatastore,
  { on, tables, workspace }: { on: string; tables: ReadonlyMap<string, PlannedTable>; workspace: string },
): OpenDatastore {
  return (id, access, signal) =>
    id === on ? Promise.resolve(openPlanned(tables, { workspace, signal })) : open(id, access, signal);
}

function openPlanned(
  tables: ReadonlyMap<string, PlannedTable>,
  { workspace, signal }: { workspace: string; signal: AbortSignal },
): DatastoreSession {
  const context = {
    signal,
    workspace,
    allow: [],
    forbidden: [],
    password: null,
    access: 'read',
    now: () => 0,
  } as const;
  return openRecordSession(toSource(tables), context);
}

function toSource(tables: ReadonlyMap<string, PlannedTable>): RecordSource {
  const find = (table: string): PlannedTable => {
    const found = tables.get(table);
    if (found) return found;
    throw new DatastoreTrouble('missing', `${table}: expected one of ${[...tables.keys()].join(', ')}, got none`);
  };
  return {
    versions: { format: 'planned', reader: 'tminus' },
    listTables: () => Promise.resolve([...tables.keys()]),
    async describe(table) {
      const { columns, rows } = find(table);
      const shapes = columns.map(({ name, type }) => {
        const isKey = name === 'id';
        return { name, type, nativeType: type, nullable: !isKey, scale: null, generated: false, collation: null };
      });
      return { table, columns: shapes, key: ['id'], rowEstimate: rows.length, notes: [] };
    },
    async *read(table, columns) {
      const rows = readRows(table, find(table), columns);
      if (rows.length > 0) yield rows;
    },
    close: () => Promise.resolve(),
  };
}

function readRows(table: string, planned: PlannedTable, columns: readonly CanonColumn[]): CanonRow[] {
  const places = columns.map(({ name }) => planned.columns.findIndex((column) => column.name === name));
  const lost = columns.find((_, at) => places[at] === -1);
  if (lost) throw new DatastoreTrouble('missing', `${table}: expected a column ${lost.name}, got none of that name`);
  return planned.rows.map((row, index) =>
    columns.map((column, at) => toCanonValue(row[places[at]!] ?? null, column, () => `${table}: row ${index + 1}`)),
  );
}

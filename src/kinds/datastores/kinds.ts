import type { DatastoreKindName } from '../../core/dataset/dataset.ts';
import type { DatastoreKind } from '../../core/dataset/datastore-kind.ts';
import { csvKind } from './csv/kind.ts';
import { httpKind } from './http/kind.ts';
import { jsonKind } from './json/kind.ts';
import { mysqlKind } from './mysql/kind.ts';
import { mysqldumpKind } from './mysqldump/kind.ts';
import { parquetKind } from './parquet/kind.ts';
import { postgresKind } from './postgres/kind.ts';
import { sqliteKind } from './sqlite/kind.ts';
import { trelloKind } from './trello/kind.ts';

/** Every kind of datastore. A kind adds one line here; its driver is loaded when a session is opened. */
export const datastoreKinds: readonly DatastoreKind[] = [
  csvKind,
  httpKind,
  jsonKind,
  mysqlKind,
  mysqldumpKind,
  parquetKind,
  postgresKind,
  sqliteKind,
  trelloKind,
];

/** Returns the kind of a name; null where there is none. */
export function findDatastoreKind(name: DatastoreKindName): DatastoreKind | null {
  return datastoreKinds.find(({ kind }) => kind === name) ?? null;
}

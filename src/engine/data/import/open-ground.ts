import { hash } from 'node:crypto';

import { digestOf } from '@tminus/verify';

import { agreeColumns } from '../../../core/dataset/canon/agree-columns.ts';
import type { ColumnAgreement } from '../../../core/dataset/canon/agree-columns.ts';
import type { CanonType } from '../../../core/dataset/canon.ts';
import type { Dataset, RowCondition } from '../../../core/dataset/dataset.ts';
import type {
  DatastoreSession,
  OpenDatastore,
  RowQuery,
  TableShape,
  WriteTarget,
} from '../../../core/dataset/datastore-kind.ts';
import type { ImportTerms } from '../../../core/dataset/import/import-terms.ts';
import { createRecordReader } from '../../../core/dataset/import/record-reader.ts';
import type { RecordReader } from '../../../core/dataset/import/record-reader.ts';
import { openPackBook } from './pack.ts';
import type { PackBook } from './pack.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import type { Launch } from '../../../core/launch/launch.ts';
import type { Scene } from '../../scene.ts';

/** What every use case of imports is about. */
export interface ImportSetting {
  scene: Scene;
  dataset: Dataset;
  terms: ImportTerms | null;
  openDatastore: OpenDatastore;
  /** Records that are looked up, decided and written together. */
  chunkRecords: number;
  signal: AbortSignal;
}

/** Source and target of a dataset, open, with what reads and writes them. */
export interface ImportGround {
  source: DatastoreSession;
  target: DatastoreSession;
  agreement: ColumnAgreement;
  reader: RecordReader;
  chunkRecords: number;
  /** Name of the dataset in the ledger, which other launches may share. */
  ledgerName: string;
  sourceQuery: RowQuery;
  /** Digest of the mapping, which is part of that of every record. */
  mapping: string;
  packs: PackBook;
  /** What an import writes. */
  writeTarget: WriteTarget;
  /** Every column that can be written, whoever writes it: what a deleted row is brought back from. */
  wholeTarget: WriteTarget;
  dataset: Dataset;
  close(): Promise<void>;
}

/** So many records that a transaction costs little beside them, and so few that they are held easily. */
export const standardChunk = 10_000;

/** 128 bits of SHA-256: enough to tell rows apart, and half the ledger. */
export const rowHash = (text: string): string => hash('sha256', text, 'hex').slice(0, 32);

/** Returns the dataset of that name that is imported; throws `dataset_unknown` with those there are. */
export function findImported(launch: Launch, id: string): { dataset: Dataset; terms: ImportTerms | null } {
  const dataset = launch.datasets.find((one) => one.id === id);
  if (dataset?.target) return { dataset, terms: launch.imports.find((one) => one.dataset === id) ?? null };
  const known = launch.datasets.filter(({ target }) => target !== null).map((one) => one.id);
  throw new ProductError(
    'dataset_unknown',
    `dataset ${id}: expected one of ${known.join(', ') || 'none'}, got ${dataset ? 'one without a target' : 'none'}`,
    {
      hint: 'name a dataset with source and target, as a yaml dataset fence declares it',
    },
  );
}

/** Opens both sides. `since` is where a delta begins; the caller closes the ground. */
export async function openGround(
  { scene, dataset, terms, openDatastore, chunkRecords, signal }: ImportSetting,
  { access, since }: { access: 'read' | 'write'; since: string | null },
): Promise<ImportGround> {
  if (dataset.target === null) throw new Error('expected a dataset with a target');
  const source = await openDatastore(dataset.source.on, 'read', signal);
  const target = await openDatastore(dataset.target.on, access, signal).catch(async (error: unknown) => {
    await source.close();
    throw error;
  });
  const close = async (): Promise<void> => void (await Promise.allSettled([source.close(), target.close()]));
  try {
    refuseRawBoard(source);
    const shapes = await describeBoth(dataset, { source, target });
    const agreement = agreeColumns(shapes.source, shapes.target, dataset);
    const salt = toMapping(dataset, agreement);
    const reader = createRecordReader({ dataset, agreement, ...shapes }, { hash: rowHash, salt });
    const ledgerName = `${scene.launch.id}/${dataset.id}`;
    return {
      source,
      target,
      agreement,
      reader,
      chunkRecords,
      close,
      ledgerName,
      mapping: salt,
      packs: openPackBook(target, ledgerName, keyTypes(dataset, reader)),
      sourceQuery: toSourceQuery(dataset, reader, toSince(terms, since)),
      writeTarget: { table: dataset.target.table, columns: reader.targetColumns, key: reader.targetKey },
      wholeTarget: toWholeTarget(shapes.target, reader),
      dataset,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function describeBoth(
  dataset: Dataset,
  { source, target }: { source: DatastoreSession; target: DatastoreSession },
): Promise<{ source: TableShape; target: TableShape }> {
  return {
    source: await source.describe(dataset.source.table),
    target: await target.describe(dataset.target?.table ?? ''),
  };
}

function toMapping({ map, omit, skip }: Dataset, { columns }: ColumnAgreement): string {
  return digestOf({ map, omit, skip, columns }).slice(0, 16);
}

function keyTypes({ key }: Dataset, { sourceColumns }: RecordReader): CanonType[] {
  return key.map((name) => sourceColumns.find((column) => column.name === name)?.type ?? 'text');
}

function toWholeTarget({ table, columns }: TableShape, { targetKey }: RecordReader): WriteTarget {
  const written = columns.filter(({ generated }) => !generated);
  return { table, columns: written.map(({ name, type, scale }) => ({ name, type, scale })), key: targetKey };
}

/** The export of a board is held against rules of secrets and looked through by a person first; read as it is, it would be neither. */
function refuseRawBoard({ versions }: DatastoreSession): void {
  if (versions['format'] !== 'trello') return;
  throw new ProductError(
    'import_refused',
    'source: expected a redacted board that somebody has approved, got an export',
    {
      hint: 'run "tminus trello redact", "approve", "plan" and "import"',
    },
  );
}

function toSourceQuery({ source, key }: Dataset, reader: RecordReader, where: readonly RowCondition[]): RowQuery {
  return { table: source.table, columns: reader.sourceColumns, key, where, order: 'key', after: null };
}

function toSince(terms: ImportTerms | null, since: string | null): RowCondition[] {
  if (since === null || terms?.delta == null) return [];
  const { column } = terms.delta;
  return [{ column, operator: '>=', values: [since], text: `${column} >= ${since}` }];
}

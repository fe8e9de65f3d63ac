import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { FileInput } from '../records/open-file-input.ts';
import type { RecordSource } from '../records/record-source.ts';
import { toCanonValue } from '../records/to-canon-row.ts';
import { listColumns } from './parquet-columns.ts';
import type { ParquetColumn } from './parquet-columns.ts';
import { exactParsers, toText } from './parquet-values.ts';

/** Rows that are decoded together; a file of one great group is still read in parts. */
const rowsAtOnce = 10_000;

/** Returns parquet files as tables. Decimals, times and whole numbers keep every digit; nested columns are JSON. */
export function openParquetSource(inputs: readonly FileInput[], key: readonly string[]): RecordSource {
  const find = (table: string): FileInput => {
    const found = inputs.find((input) => input.table === table);
    if (!found) throw new DatastoreTrouble('missing', `${table}: expected a file of that name, got none`);
    return found;
  };
  return {
    versions: { format: 'parquet', reader: 'hyparquet' },
    listTables: async () => inputs.map(({ table }) => table),
    describe: async (table) =>
      await withFile(find(table), async (_file, { schema, num_rows }) => {
        const columns = listColumns(schema).map(({ shape }) => shape);
        const names = new Set(columns.map(({ name }) => name));
        return { table, columns, key: key.filter((name) => names.has(name)), rowEstimate: Number(num_rows), notes: [] };
      }),
    read: (table, columns) => readRows(find(table), columns),
    close: async () => undefined,
  };
}

async function* readRows(input: FileInput, columns: readonly CanonColumn[]): AsyncGenerator<CanonRow[]> {
  const handle = await openFile(input);
  try {
    const { file, metadata } = await readMetadata(input, handle);
    const found = columns.map((column) => findColumn(input, metadata, column));
    const exact = keepDecimals(metadata);
    for (let start = 0; start < Number(metadata.num_rows); start += rowsAtOnce) {
      const rows = await readPart({ input, file, metadata: exact }, start, columns);
      yield rows.map((row, index) => toRow(row, { input, columns, found, row: start + index + 1 }));
    }
  } finally {
    await handle.close();
  }
}

interface Part {
  input: FileInput;
  file: AsyncBuffer;
  metadata: FileMetaData;
}

type RawRow = { readonly [name: string]: unknown };

async function readPart(
  { input, file, metadata }: Part,
  rowStart: number,
  columns: readonly CanonColumn[],
): Promise<RawRow[]> {
  const rowEnd = Math.min(rowStart + rowsAtOnce, Number(metadata.num_rows));
  let rows: RawRow[] = [];
  try {
    await parquetRead({
      file,
      metadata,
      columns: columns.map(({ name }) => name),
      rowStart,
      rowEnd,
      rowFormat: 'object',
      utf8: false,
      compressors,
      parsers: exactParsers,
      onComplete: (read) => (rows = read as RawRow[]),
    });
  } catch (error) {
    throw damaged(input, error);
  }
  if (rows.length !== rowEnd - rowStart)
    throw new DatastoreTrouble(
      'damaged',
      `${input.path}: expected ${rowEnd - rowStart} rows from ${rowStart + 1}, got ${rows.length}`,
    );
  return rows;
}

interface RowScene {
  input: FileInput;
  columns: readonly CanonColumn[];
  found: readonly ParquetColumn[];
  row: number;
}

function toRow(raw: RawRow, { input, columns, found, row }: RowScene): CanonRow {
  const where = (): string => `${input.path}: row ${row}`;
  return columns.map((column, index) => {
    try {
      return toCanonValue(toText(raw[column.name], found[index]!), column, where);
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      throw new DatastoreTrouble('value_unreadable', `${where()}, column ${column.name}: ${error.message}`);
    }
  });
}

function findColumn({ path }: FileInput, { schema }: FileMetaData, { name }: CanonColumn): ParquetColumn {
  const found = listColumns(schema).find(({ shape }) => shape.name === name);
  if (!found) throw new DatastoreTrouble('missing', `${path}: expected a column ${name}, got none of that name`);
  return found;
}

/** Without its type a decimal comes as the whole number that is stored; with it, as a double. */
function keepDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    if (element.converted_type !== 'DECIMAL') return element;
    const { converted_type: _, ...rest } = element;
    return rest;
  });
  return { ...metadata, schema };
}

async function withFile<Result>(
  input: FileInput,
  work: (file: AsyncBuffer, metadata: FileMetaData) => Promise<Result>,
): Promise<Result> {
  const handle = await openFile(input);
  try {
    const { file, metadata } = await readMetadata(input, handle);
    return await work(file, metadata);
  } finally {
    await handle.close();
  }
}

async function openFile({ path, real }: FileInput): Promise<FileHandle> {
  try {
    return await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    throw new DatastoreTrouble(
      'file_unreadable',
      `${path}: expected a file that can be read, got ${(error as NodeJS.ErrnoException).code}`,
    );
  }
}

async function readMetadata(
  input: FileInput,
  handle: FileHandle,
): Promise<{ file: AsyncBuffer; metadata: FileMetaData }> {
  const { size } = await handle.stat();
  const file: AsyncBuffer = {
    byteLength: size,
    async slice(start, end = size) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
      return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + bytesRead);
    },
  };
  try {
    return { file, metadata: await parquetMetadataAsync(file) };
  } catch (error) {
    throw damaged(input, error);
  }
}

/** The words of the reader may hold bytes of the file. */
function damaged({ path }: FileInput, error: unknown): unknown {
  if (error instanceof DatastoreTrouble) return error;
  if (error instanceof UnreadableValue) return new DatastoreTrouble('value_unreadable', `${path}: ${error.message}`);
  return new DatastoreTrouble('damaged', `${path}: expected whole parquet data, got something else`);
}

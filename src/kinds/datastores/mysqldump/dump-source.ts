import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { openByteWindow } from '../records/byte-window.ts';
import { lineAt } from '../records/line-at.ts';
import type { FileInput } from '../records/open-file-input.ts';
import type { RecordSource } from '../records/record-source.ts';
import { toCanonValue } from '../records/to-canon-row.ts';
import { toColumnShape } from './column-shape.ts';
import { createContents } from './dump-contents.ts';
import type { DumpContents, FoundTable, TakeRow } from './dump-contents.ts';
import { createSettings } from './dump-settings.ts';
import type { DumpSettings } from './dump-settings.ts';
import { DumpFault } from './scan-tuple.ts';
import { createValueReader } from './value-reader.ts';
import { walkDump } from './walk-dump.ts';
import type { InsertHead } from './walk-dump.ts';

export interface DumpOptions {
  /** Before the dump says otherwise, in the words of MySQL. */
  encoding: string;
  zone: string | null;
}

/** Returns a dump as a source of records. It is walked once for its tables, where nothing is decoded and every row is counted, and once more for each question. */
export function openDumpSource(input: FileInput, options: DumpOptions): RecordSource {
  let found: Promise<Map<string, FoundTable>> | null = null;
  const tables = async (): Promise<Map<string, FoundTable>> => {
    found ??= indexDump(input, options);
    return found;
  };
  return {
    versions: { format: 'mysqldump', reader: 'tminus' },
    listTables: async () => shortNames(await tables()),
    async describe(name) {
      const { columns, key, rows } = findByName(await tables(), name);
      return {
        table: name,
        columns: columns.map((column) => toColumnShape(column)),
        key: [...key],
        rowEstimate: rows,
        notes: [],
      };
    },
    async *read(name, columns) {
      const table = findByName(await tables(), name);
      const settings = createSettings(options.encoding, options.zone);
      const contents = createContents(settings, (each, head) =>
        each.database === table.database && each.names.at(-1) === table.names.at(-1)
          ? createTaker({ name, table, head, columns, settings })
          : null,
      );
      yield* walkFile(input, contents);
    },
    close: async () => undefined,
  };
}

async function indexDump(input: FileInput, { encoding, zone }: DumpOptions): Promise<Map<string, FoundTable>> {
  const contents = createContents(createSettings(encoding, zone), () => null);
  for await (const _ of walkFile(input, contents)) continue;
  return contents.tables;
}

async function* walkFile(input: FileInput, contents: DumpContents): AsyncGenerator<CanonRow[]> {
  const chunks = input.read();
  const window = await openByteWindow(chunks, (at, message, code) => new DumpFault(at, message, code));
  try {
    for await (const _ of walkDump(window, contents)) {
      const rows = contents.takeRows();
      if (rows.length > 0) yield rows;
    }
    contents.assertComplete();
  } catch (error) {
    throw error instanceof DumpFault ? await toTrouble(error, input, window.base) : error;
  } finally {
    await chunks.return(undefined);
  }
}

async function toTrouble(fault: DumpFault, input: FileInput, base: number): Promise<DatastoreTrouble> {
  const end = base + fault.at;
  const place = fault.code === 'truncated' || end === 0 ? '' : `, line ${await lineAt(input, end)}`;
  return new DatastoreTrouble(`dump_${fault.code}`, `${input.path}${place}: ${fault.message}`);
}

/** Names without their database where that leaves no doubt. */
function shortNames(tables: Map<string, FoundTable>): string[] {
  return [...tables].map(([name, table]) => {
    const short = table.names.at(-1) ?? '';
    return [...tables.values()].filter(({ names }) => names.at(-1) === short).length === 1 ? short : name;
  });
}

function findByName(tables: Map<string, FoundTable>, name: string): FoundTable {
  const found = [...tables].filter(([key, { names }]) => key === name || names.at(-1) === name);
  if (found.length === 1) return found[0]![1];
  const exact = tables.get(name);
  if (exact) return exact;
  const got = found.length === 0 ? 'no such table' : 'one in several databases';
  throw new DatastoreTrouble('missing', `${name}: expected a table of the dump, got ${got}`);
}

interface TakerScene {
  name: string;
  table: FoundTable;
  head: InsertHead;
  columns: readonly CanonColumn[];
  settings: DumpSettings;
}

function createTaker({ name, table, head, columns, settings }: TakerScene): TakeRow {
  const given = head.columns.length > 0 ? head.columns : table.columns.map((column) => column.name);
  const readers = columns.map((column) => createReader({ name, table, settings }, given, column));
  return (tuple, text, at) => {
    if (tuple.count !== given.length)
      throw new DumpFault(at, `${name}: expected ${given.length} values in a row, got ${tuple.count}`, 'row_ragged');
    return readers.map((read) => read(tuple, text));
  };
}

type ReadCell = (tuple: Parameters<TakeRow>[0], text: string) => string | null;

function createReader(
  { name, table, settings }: Pick<TakerScene, 'name' | 'table' | 'settings'>,
  given: readonly string[],
  column: CanonColumn,
): ReadCell {
  const index = given.indexOf(column.name);
  const shape = table.columns.find((each) => each.name === column.name);
  if (index === -1 || !shape)
    throw new DatastoreTrouble(
      'missing',
      `${name}: expected a column ${column.name} in the rows of the dump, got none${shape?.generated === true ? ': the server makes it' : ''}`,
    );
  const read = createValueReader({ ...toColumnShape(shape), charset: shape.charset }, column, settings);
  const where = (): string => `${name}: row ${table.rows}`;
  return (tuple, text) => {
    try {
      return toCanonValue(read(tuple, index, text), column, where);
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      throw new DatastoreTrouble('value_unreadable', `${where()}, column ${column.name}: ${error.message}`);
    }
  };
}

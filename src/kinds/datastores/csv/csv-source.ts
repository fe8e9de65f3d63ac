import { Readable } from 'node:stream';

import { CsvError, parse } from 'csv-parse';
import type { Options, Parser } from 'csv-parse';

import type { CanonColumn, CanonRow, CanonType } from '../../../core/dataset/canon.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { ColumnShape } from '../../../core/dataset/datastore-kind.ts';
import type { FileInput } from '../records/open-file-input.ts';
import type { RecordSource } from '../records/record-source.ts';
import { createRowReader, largestValue } from '../records/to-canon-row.ts';
import { decodeChunks } from './decode-chunks.ts';

export interface CsvOptions {
  /** Null where the ending of the file says it: a tab for `.tsv`, else a comma. */
  delimiter: string | null;
  quote: string | null;
  encoding: string;
  /** A bare cell with this text is null; null where no cell is. A quoted one never is. */
  nullText: string | null;
  /** Types of columns that are not text. */
  types: ReadonlyMap<string, CanonColumn>;
  key: readonly string[];
}

/** One line of cells, and which of them stood in quotes. */
interface Line {
  cells: string[];
  quoted: boolean[];
  line: number;
}

/** Returns files of separated values as tables: the first line has the names, everything is text that nobody declares otherwise, and nothing is repaired. */
export function openCsvSource(inputs: readonly FileInput[], options: CsvOptions): RecordSource {
  return {
    versions: { format: 'csv', reader: 'csv-parse' },
    listTables: async () => inputs.map(({ table }) => table),
    async describe(table) {
      const header = await readHeader(findInput(inputs, table), options);
      const columns = header.map((name) => toShape(name, options));
      return { table, columns, key: options.key.filter((name) => header.includes(name)), rowEstimate: null, notes: [] };
    },
    read: (table, columns) => readRows(findInput(inputs, table), options, columns),
    close: async () => undefined,
  };
}

function findInput(inputs: readonly FileInput[], table: string): FileInput {
  const found = inputs.find((input) => input.table === table);
  if (!found) throw new DatastoreTrouble('missing', `${table}: expected a file of that name, got none`);
  return found;
}

function toShape(name: string, { types }: CsvOptions): ColumnShape {
  const declared = types.get(name);
  const type: CanonType = declared?.type ?? 'text';
  const scale = declared?.scale ?? null;
  return { name, type, nativeType: 'text', nullable: true, scale, generated: false, collation: null };
}

async function readHeader(input: FileInput, options: CsvOptions): Promise<string[]> {
  for await (const line of readLines(input, options)) return toHeader(line, input.path);
  throw new DatastoreTrouble('header_missing', `${input.path}: expected a first line with names, got an empty file`);
}

function toHeader({ cells }: Line, path: string): string[] {
  const empty = cells.findIndex((name) => name.trim() === '');
  if (empty !== -1)
    throw new DatastoreTrouble('header_empty', `${path}, line 1: expected a name for column ${empty + 1}, got none`);
  const double = cells.find((name, index) => cells.indexOf(name) !== index);
  if (double !== undefined)
    throw new DatastoreTrouble('header_twice', `${path}, line 1: expected each name once, got ${double} twice`);
  return cells;
}

async function* readRows(
  input: FileInput,
  options: CsvOptions,
  columns: readonly CanonColumn[],
): AsyncGenerator<CanonRow[]> {
  const toRow = createRowReader(input.path, columns);
  let header: string[] | null = null;
  let positions: number[] = [];
  let batch: CanonRow[] = [];
  for await (const line of readLines(input, options)) {
    if (header === null) {
      header = toHeader(line, input.path);
      positions = findColumns(header, columns, input.path);
      continue;
    }
    if (line.cells.length !== header.length)
      throw new DatastoreTrouble(
        'row_ragged',
        `${input.path}, line ${line.line}: expected ${header.length} cells, got ${line.cells.length}`,
      );
    batch.push(
      toRow(
        positions.map((at) => toCell(line, at, options)),
        () => `line ${line.line}`,
      ),
    );
    if (batch.length < 1000) continue;
    yield batch;
    batch = [];
  }
  if (header === null)
    throw new DatastoreTrouble('header_missing', `${input.path}: expected a first line with names, got an empty file`);
  if (batch.length > 0) yield batch;
}

function findColumns(header: readonly string[], columns: readonly CanonColumn[], path: string): number[] {
  return columns.map(({ name }) => {
    const at = header.indexOf(name);
    if (at === -1) throw new DatastoreTrouble('missing', `${path}: expected a column ${name}, got none of that name`);
    return at;
  });
}

function toCell({ cells, quoted }: Line, at: number, { nullText }: CsvOptions): string | null {
  const text = cells[at] ?? '';
  return text === nullText && quoted[at] !== true ? null : text;
}

/** A line longer than this is a quote that nobody closed, or an attack. */
const largestRecord = 4 * largestValue;

async function* readLines(input: FileInput, options: CsvOptions): AsyncGenerator<Line> {
  // Its types know records of another shape than cells only together with names of columns.
  const parser = parse(toParserOptions(input, options) as unknown as Options) as Parser & AsyncIterable<Line>;
  const source = Readable.from(decodeChunks(input, options.encoding), { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const record of parser) if (!isBlank(record)) yield record;
  } catch (error) {
    throw error instanceof CsvError ? toTrouble(error, input.path) : error;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function toParserOptions({ path }: FileInput, { delimiter, quote }: CsvOptions): Options<Line, string[]> {
  let quoted: boolean[] = [];
  let line = 1;
  return {
    bom: true,
    delimiter: delimiter ?? (/\.tsv(?:\.gz)?$/i.test(path) ? '\t' : ','),
    record_delimiter: ['\r\n', '\n', '\r'],
    quote: quote ?? false,
    escape: quote ?? false,
    relax_column_count: true,
    max_record_size: largestRecord,
    cast(value, context) {
      if (context.index === 0) quoted = [];
      quoted[context.index] = context.quoting;
      return value;
    },
    on_record(cells, { lines }) {
      const record: Line = { cells, quoted, line };
      line = lines + 1;
      return record;
    },
  };
}

/** An empty line is no record of one empty cell; one of quotes is. */
function isBlank({ cells, quoted }: Line): boolean {
  return cells.length === 1 && cells[0] === '' && quoted[0] !== true;
}

/** The message of the parser may quote the cell: only its code is kept. */
function toTrouble(error: CsvError, path: string): DatastoreTrouble {
  const line = error['lines'] as number | undefined;
  const what = {
    CSV_QUOTE_NOT_CLOSED: 'a quote that is closed',
    CSV_INVALID_CLOSING_QUOTE: 'a delimiter or line end behind a closing quote',
    INVALID_OPENING_QUOTE: 'quotes around a whole cell only',
    CSV_MAX_RECORD_SIZE: `records of at most ${largestRecord} characters`,
  }[error.code as string];
  return new DatastoreTrouble(
    'csv_malformed',
    `${path}${line === undefined ? '' : `, line ${line}`}: expected ${what ?? 'separated values'}, got ${error.code}`,
  );
}

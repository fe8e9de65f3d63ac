import { toCanonJson } from '../../../core/dataset/canon/canon-json.ts';
import type { CanonColumn, CanonRow, CanonType } from '../../../core/dataset/canon.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { TableShape } from '../../../core/dataset/datastore-kind.ts';
import { parseJson } from '../../checks/parse-json.ts';
import { Unreadable } from '../../checks/unreadable.ts';
import { openByteWindow } from '../records/byte-window.ts';
import { lineAt } from '../records/line-at.ts';
import type { FileInput } from '../records/open-file-input.ts';
import type { RecordSource } from '../records/record-source.ts';
import { toCanonValue } from '../records/to-canon-row.ts';
import { JsonFault } from './json-fault.ts';
import { splitMembers } from './split-members.ts';
import { walkJson, walkLines } from './walk-json.ts';

export interface JsonOptions {
  /** Names of members from the root of a file to its list; empty where the root is the list. */
  list: readonly string[];
  types: ReadonlyMap<string, CanonColumn>;
  key: readonly string[];
}

/** Members of one record as they are written. */
type Members = Map<string, string>;

/** Returns files of JSON objects, in a list or one a line, as tables. Columns and their types are those that all records of the file agree on; it is read once for that. */
export function openJsonSource(inputs: readonly FileInput[], options: JsonOptions): RecordSource {
  const shapes = new Map<string, Promise<TableShape>>();
  const find = (table: string): FileInput => {
    const found = inputs.find((input) => input.table === table);
    if (!found) throw new DatastoreTrouble('missing', `${table}: expected a file of that name, got none`);
    return found;
  };
  return {
    versions: { format: 'json', reader: 'tminus' },
    listTables: async () => inputs.map(({ table }) => table),
    async describe(table) {
      const shape = shapes.get(table) ?? describeFile(find(table), options);
      shapes.set(table, shape);
      return await shape;
    },
    read: (table, columns) => readRows(find(table), options, columns),
    close: async () => undefined,
  };
}

async function describeFile(input: FileInput, options: JsonOptions): Promise<TableShape> {
  const found = new Map<string, { types: Set<CanonType>; count: number }>();
  let rowEstimate = 0;
  for await (const members of readRecords(input, options)) {
    rowEstimate += 1;
    for (const [name, value] of members) {
      const seen = found.get(name) ?? { types: new Set(), count: 0 };
      found.set(name, seen);
      if (value !== 'null') seen.types.add(typeOf(value));
      seen.count += value === 'null' ? 0 : 1;
    }
  }
  const columns = [...found].map(([name, { types, count }]) => {
    const declared = options.types.get(name);
    const nativeType = [...types].toSorted().join(' or ') || 'null';
    const type = declared?.type ?? agree(types);
    const scale = declared?.scale ?? null;
    return { name, type, nativeType, nullable: count < rowEstimate, scale, generated: false, collation: null };
  });
  return { table: input.table, columns, key: options.key.filter((name) => found.has(name)), rowEstimate, notes: [] };
}

function typeOf(value: string): CanonType {
  if (value.startsWith('"')) return 'text';
  if (value === 'true' || value === 'false') return 'boolean';
  if (value.startsWith('{') || value.startsWith('[')) return 'json';
  return /^-?\d+$/.test(value) ? 'integer' : 'decimal';
}

function agree(types: ReadonlySet<CanonType>): CanonType {
  if (types.size === 1) return [...types][0]!;
  if (types.size === 2 && types.has('integer') && types.has('decimal')) return 'decimal';
  return types.size === 0 ? 'text' : 'json';
}

async function* readRows(
  input: FileInput,
  options: JsonOptions,
  columns: readonly CanonColumn[],
): AsyncGenerator<CanonRow[]> {
  let batch: CanonRow[] = [];
  let count = 0;
  const where = (): string => `${input.path}: record ${count}`;
  for await (const members of readRecords(input, options)) {
    count += 1;
    batch.push(columns.map((column) => toCanonValue(toText(members.get(column.name), column), column, where)));
    if (batch.length < 1000) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** A text as what it says, a number as it is written; a member that is missing is null. */
function toText(value: string | undefined, { type }: CanonColumn): string | null {
  if (value === undefined || value === 'null') return null;
  if (type === 'json') return value;
  if (value.startsWith('"')) return JSON.parse(value) as string;
  return value.startsWith('{') || value.startsWith('[') ? toCanonJson(value) : value;
}

async function* readRecords(input: FileInput, { list }: JsonOptions): AsyncGenerator<Members> {
  const chunks = input.read();
  const window = await openByteWindow(chunks, (at, message, code) => new JsonFault(at, message, code));
  const isLines = /\.(?:ndjson|jsonl)(?:\.gz)?$/i.test(input.path);
  try {
    for await (const { text, at } of isLines ? walkLines(window) : walkJson(window, list)) yield parseRecord(text, at);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const place = error.code === 'truncated' ? '' : `, line ${await lineAt(input, window.base + error.at)}`;
    throw new DatastoreTrouble(`json_${error.code}`, `${input.path}${place}: ${error.message}`);
  } finally {
    await chunks.return(undefined);
  }
}

/** The messages of parsers quote what they read: only the kind of fault is kept. */
function parseRecord(written: string, at: number): Members {
  const bytes = Buffer.from(written, 'latin1');
  try {
    const value = parseJson(bytes);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new JsonFault(at, 'expected an object for each record, got something else', 'record');
    return splitMembers(bytes.toString('utf8'));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const expected = {
      duplicate_key: 'each key once in a record, got one twice',
      encoding: 'UTF-8, got other bytes',
      too_deep: 'at most 256 nested values, got more',
    }[error.code];
    throw new JsonFault(at, `expected ${expected ?? 'a JSON object with plain keys, got something else'}`, error.code);
  }
}

import type { JsonValue } from '@tminus/verify';

import { allowedFields } from '../../../core/dataset/trello/allowed-fields.ts';
import { redactBoard } from '../../../core/dataset/trello/redact-board.ts';
import type { RedactedBoard } from '../../../core/dataset/trello/redact-board.ts';
import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { ColumnShape } from '../../../core/dataset/datastore-kind.ts';
import { parseJson } from '../../checks/parse-json.ts';
import type { FileInput } from '../records/open-file-input.ts';
import type { RecordSource } from '../records/record-source.ts';
import { toCanonValue } from '../records/to-canon-row.ts';

/** Exports are held whole: a board of the greatest size that its maker allows is below this. */
const largestExport = 256 * 1024 ** 2;

/** Returns a board export as tables, one for each kind of item, with only the fields that may leave it and people by pseudonym. */
export function openTrelloSource(input: FileInput, pseudonym: (id: string) => string): RecordSource {
  let read: Promise<RedactedBoard> | null = null;
  const board = (): Promise<RedactedBoard> => (read ??= readBoard(input, pseudonym));
  return {
    versions: { format: 'trello', reader: 'tminus' },
    listTables: async () => Object.keys(allowedFields),
    async describe(table) {
      const { items, actionsMayBeCut } = await board();
      const rows = items.filter(({ entity }) => entity === table).length;
      const notes =
        table === 'comment' && actionsMayBeCut
          ? ['the export holds only the newest actions: older comments may be missing']
          : [];
      return { table, columns: fieldsOf(table).map(toShape), key: ['id'], rowEstimate: rows, notes };
    },
    async *read(table, columns) {
      const names = fieldsOf(table);
      const unknown = columns.find(({ name }) => !names.includes(name));
      if (unknown)
        throw new DatastoreTrouble('missing', `${table}: expected a column ${unknown.name}, got none of that name`);
      const rows = (await board()).items.filter(({ entity }) => entity === table);
      if (rows.length > 0) yield rows.map(({ fields }, index) => toRow(columns, fields, `${table}: item ${index + 1}`));
    },
    close: async () => undefined,
  };
}

function fieldsOf(table: string): readonly string[] {
  const fields = Object.hasOwn(allowedFields, table) ? allowedFields[table] : undefined;
  if (!fields)
    throw new DatastoreTrouble('missing', `${table}: expected one of ${Object.keys(allowedFields).join(', ')}`);
  return fields;
}

function toRow(columns: readonly CanonColumn[], fields: { [name: string]: JsonValue }, where: string): CanonRow {
  return columns.map((column) => {
    const value = fields[column.name] ?? null;
    const text = value === null || typeof value === 'string' ? value : JSON.stringify(value);
    return toCanonValue(text === '' && column.type !== 'text' ? null : text, column, () => where);
  });
}

const booleans = new Set(['closed', 'isTemplate', 'dueComplete']);
const lists = new Set(['idLabels', 'idMembers']);
const instants = new Set(['due', 'start', 'date', 'dateLastActivity']);

function toShape(name: string): ColumnShape {
  const type = booleans.has(name)
    ? 'boolean'
    : lists.has(name)
      ? 'json'
      : instants.has(name)
        ? 'timestamptz'
        : name === 'pos' || name === 'bytes'
          ? 'decimal'
          : 'text';
  const scale = type === 'timestamptz' ? 3 : null;
  return { name, type, nativeType: type, nullable: name !== 'id', scale, generated: false, collation: null };
}

async function readBoard(input: FileInput, pseudonym: (id: string) => string): Promise<RedactedBoard> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input.read()) {
    size += chunk.length;
    if (size > largestExport)
      throw new DatastoreTrouble('too_large', `${input.path}: expected at most ${largestExport} bytes, got more`);
    chunks.push(chunk);
  }
  const redacted = redactBoard(parseBoard(input, Buffer.concat(chunks)), { pseudonym, findSecrets: () => [] });
  if (redacted === null)
    throw new DatastoreTrouble('not_a_board', `${input.path}: expected the export of a board, got other JSON`);
  return redacted;
}

function parseBoard({ path }: FileInput, bytes: Buffer): JsonValue {
  try {
    return parseJson(bytes);
  } catch {
    throw new DatastoreTrouble('malformed', `${path}: expected JSON with each key once, got something else`);
  }
}

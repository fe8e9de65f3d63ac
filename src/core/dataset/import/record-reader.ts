import { parseCanonLine, toCanonLine } from '../canon-line.ts';
import type { CanonColumn, CanonRow, CanonValue } from '../canon.ts';
import type { AgreedColumn, ColumnAgreement } from '../canon/agree-columns.ts';
import { applySteps } from '../canon/apply-steps.ts';
import { meetsConditions } from '../canon/meets-conditions.ts';
import { UnreadableValue } from '../canon/unreadable-value.ts';
import type { Dataset } from '../dataset.ts';
import type { TableShape } from '../datastore-kind.ts';
import { plainSource } from './decide-record.ts';
import type { RecordFate } from './decide-record.ts';
import { toPlainForm } from './plain-lines.ts';
import type { PlainForm } from './plain-lines.ts';

/** A record of the source, read, named and mapped. */
export interface ReadRecord {
  /** Values of the key in the source, as one line without its end. */
  sourceKey: string;
  sourceHash: string;
  /** As `RecordCase` has it. */
  plain: string | null;
  fate: RecordFate;
  /** Values of the key in the target; empty where the record is not carried. */
  targetKey: CanonRow;
  /** The row of the target; empty where the record is not carried. */
  targetRow: CanonRow;
}

/** How records of a dataset are read from lines of its source. */
export interface RecordReader {
  /** What is read of the source: the mapped columns, the key, and what skip rules ask for. */
  sourceColumns: CanonColumn[];
  /** What is written of the target; columns that the engine fills are left to it. */
  targetColumns: CanonColumn[];
  targetKey: string[];
  /** Columns of the target that want a value, whoever writes it. */
  required: string[];
  /** How lines are carried that need no mapping; null where every line has to be read. */
  plain: PlainForm | null;
  /** Reads one line without its end; `previousKey` is that of the line before, to find a key that stands twice. */
  read(line: string, previousKey: string | null): ReadRecord;
}

/**
 * Returns the reader of a dataset. `hash` makes a digest of a text; `salt` is a digest of the mapping, so that another mapping makes every record a new one.
 * A reason of what is invalid names the column and what was expected, and never a value.
 */
export function createRecordReader(
  about: { dataset: Dataset; agreement: ColumnAgreement; source: TableShape; target: TableShape },
  { hash, salt }: { hash: (text: string) => string; salt: string },
): RecordReader {
  const { dataset, agreement, source, target } = about;
  const generated = new Set(target.columns.filter((column) => column.generated).map(({ name }) => name));
  const written = agreement.columns.filter((column) => !generated.has(column.target.name));
  const sourceColumns = listSourceColumns(dataset, agreement, source);
  const required = new Set(target.columns.filter(({ nullable }) => !nullable).map(({ name }) => name));
  const placeOf = (name: string): number => sourceColumns.findIndex((column) => column.name === name);
  const keyPlaces = dataset.key.map(placeOf);
  const targetKeyPlaces = dataset.key.map((name) => written.findIndex((column) => column.source?.name === name));
  const rules = dataset.skip.map(({ reason, when }) => ({ reason, meets: meetsConditions(when, sourceColumns) }));
  const mapped = written.map((one) => ({ ...one, place: one.source === null ? -1 : placeOf(one.source.name) }));
  const nothing = { targetKey: [], targetRow: [] };
  const plain = toPlainForm({ dataset, written, sourceColumns, source, required });
  const plainName = plain === null ? null : plainSource(salt);
  return {
    sourceColumns,
    targetColumns: written.map((column) => column.target),
    targetKey: targetKeyPlaces.map((place) => written[place]?.target.name ?? ''),
    required: [...required].toSorted(),
    plain,
    read(line, previousKey) {
      const row = parseCanonLine(line);
      const key = keyPlaces.map((place) => row[place] ?? null);
      const sourceKey = toCanonLine(key).slice(0, -1);
      const named = { sourceKey, sourceHash: hash(`${salt}\t${line}`), plain: plainName };
      if (key.includes(null)) return { ...named, ...nothing, fate: invalid('the key has no value') };
      if (sourceKey === previousKey) return { ...named, ...nothing, fate: invalid('the key stands twice') };
      const rule = rules.find(({ meets }) => meets(row));
      if (rule !== undefined) return { ...named, ...nothing, fate: { kind: 'skipped', reason: rule.reason } };
      const made = mapRow(row, mapped, required);
      if ('reason' in made) return { ...named, ...nothing, fate: invalid(made.reason) };
      const wantedHash = hash(toCanonLine(made.row));
      const targetKey = targetKeyPlaces.map((place) => made.row[place] ?? null);
      return { ...named, targetKey, targetRow: made.row, fate: { kind: 'carried', wantedHash } };
    },
  };
}

function invalid(reason: string): RecordFate {
  return { kind: 'invalid', reason };
}

function listSourceColumns(dataset: Dataset, agreement: ColumnAgreement, source: TableShape): CanonColumn[] {
  const columns = new Map<string, CanonColumn>();
  for (const { source: column } of agreement.columns) if (column !== null) columns.set(column.name, column);
  const asked = dataset.skip.flatMap(({ when }) => when.map(({ column }) => column));
  for (const name of [...dataset.key, ...asked]) {
    const shape = source.columns.find((column) => column.name === name);
    if (shape !== undefined && !columns.has(name)) columns.set(name, { name, type: shape.type, scale: shape.scale });
  }
  return [...columns.values()];
}

function mapRow(
  row: CanonRow,
  columns: readonly (AgreedColumn & { place: number })[],
  required: ReadonlySet<string>,
): { row: CanonValue[] } | { reason: string } {
  const made: CanonValue[] = [];
  for (const { place, value, steps, target } of columns) {
    const given = place === -1 ? value : (row[place] ?? null);
    try {
      const result = steps.length === 0 && place !== -1 ? given : applySteps(given, { steps, to: target });
      if (result === null && required.has(target.name)) return { reason: `column ${target.name}: no value` };
      made.push(result);
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      return { reason: `column ${target.name}: expected ${error.expected}` };
    }
  }
  return { row: made };
}

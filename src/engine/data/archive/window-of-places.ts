import type { ArchiveWindow } from '../../../core/dataset/archive/manifest.ts';
import type { Dataset, PartialTerms, RowCondition } from '../../../core/dataset/dataset.ts';
import type { DatastoreSession, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../../core/error/product-error.ts';

/** A window of time that somebody asked for: records that were written from `since` on, and before `until`. */
export type AskedWindow = Pick<ArchiveWindow, 'since' | 'until' | 'because'>;

/** Returns the conditions of the records of one table that were written in a window. Throws `export_refused` where its column says no instant. */
export function windowConditions(dataset: Dataset, shape: TableShape, { since, until }: AskedWindow): RowCondition[] {
  const { by, zone } = termsOf(dataset);
  const column = shape.columns.find(({ name }) => name === by);
  const isInstant = column?.type === 'timestamptz' || (column?.type === 'timestamp' && zone === 'UTC');
  // Instants of as many digits each compare as text, and no others do.
  if (column === undefined || !isInstant || column.scale === null) throw notDated(dataset.id, by, column?.type ?? null);
  const written = (moment: string): string =>
    `${toDigits(moment, column.scale ?? 0)}${column.type === 'timestamp' ? '' : 'Z'}`;
  const condition = (operator: '>=' | '<', moment: string): RowCondition => ({
    column: by,
    operator,
    values: [written(moment)],
    text: `${by} ${operator} ${moment}`,
  });
  return [condition('>=', since), ...(until === null ? [] : [condition('<', until)])];
}

/** Cut off, never rounded: of a column without milliseconds the window begins with the second that it begins in, and the next window where it ends. */
function toDigits(moment: string, digits: number): string {
  const [whole = '', fraction = ''] = moment.replace(/Z$/, '').split('.');
  return digits === 0 || fraction === '' ? whole : `${whole}.${fraction.slice(0, digits)}`;
}

/** Returns how many records of a table say nothing of when they were written: nobody can tell whether they belong to a window. */
export async function countUndated(
  session: DatastoreSession,
  { dataset, table, where }: { dataset: Dataset; table: string; where: readonly RowCondition[] },
): Promise<{ by: string; undated: number }> {
  const { by } = termsOf(dataset);
  const isMissing: RowCondition = { column: by, operator: 'missing', values: [], text: `${by} missing` };
  return { by, undated: await session.count({ table, key: [], where: [...where, isMissing] }) };
}

function termsOf({ id, partial }: Dataset): PartialTerms {
  if (partial !== null) return partial;
  throw new ProductError('export_refused', `${id}: expected what says when a record was written, got nothing`, {
    hint: 'write partial: { by: COLUMN } in the dataset; without it only every record can be exported',
  });
}

function notDated(id: string, by: string, type: string | null): ProductError {
  const got = type === null ? 'none of that name' : type;
  const isLocal = type === 'timestamp';
  return new ProductError('export_refused', `${id}: expected column ${by} to hold instants, got ${got}`, {
    hint: isLocal
      ? 'write zone: UTC beside by: where the column holds UTC; of a time without a zone nobody knows when it was'
      : 'name a column of the target that holds date and time with a zone',
  });
}

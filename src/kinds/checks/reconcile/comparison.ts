import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import type { ColumnAgreement } from '../../../core/dataset/canon/agree-columns.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { DatastoreSession, RowQuery, TableShape } from '../../../core/dataset/datastore-kind.ts';
import type { DifferenceTally } from '../../../core/dataset/reconcile/tally-differences.ts';
import type { RowDifference } from '../../../core/dataset/reconcile/difference.ts';

/** One side of a comparison, as it is read. */
export interface ComparedSide {
  session: DatastoreSession;
  shape: TableShape;
  /** Columns of the key first, in its order. */
  query: RowQuery;
}

/** What happens to a row of the source on its way: null where a skip rule leaves it out, and then `skipped` has counted it. */
export type MapRow = (row: CanonRow) => CanonRow | null;

/** Two sides that are ready to be compared. Rows are those of the target: key first, then everything else that is carried over. */
export interface Comparison {
  dataset: Dataset;
  agreement: ColumnAgreement;
  source: ComparedSide;
  target: ComparedSide;
  /** Columns of compared rows; the first `keyLength` are the key. */
  columns: readonly CanonColumn[];
  keyLength: number;
  /** Null where a line of the source is a line of the target as it stands. */
  mapRow: MapRow | null;
  /** Records that were left out, by reason. */
  skipped: Map<string, number>;
  tolerated: Map<string, number>;
  seed: number;
  signal: AbortSignal;
}

/** Where differences go, and how far the work is. */
export interface ComparisonSink {
  add(difference: RowDifference): void;
  read(): DifferenceTally;
  progress(rows: number): void;
}

/** How much was read and compared. */
export interface ComparedCounts {
  source: number;
  target: number;
  compared: number;
  sourceBytes: number;
  targetBytes: number;
}

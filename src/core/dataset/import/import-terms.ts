import type { Dataset, Datastore } from '../dataset.ts';
import type { Place } from '../../launch/place.ts';

/** What a document says of the import of a dataset beside what moves: the proofs that an approval rests on, how changes are found, when to slow down. */
export interface ImportTerms {
  /** Id of the dataset. */
  dataset: string;
  /** Criteria whose evidence shows that the target was exported, and that the export was restored (D05); null where the document names none. */
  export: string | null;
  restore: string | null;
  /** Procedure that takes the import back. */
  rollback: string | null;
  /** Where the current backup or archive lies. */
  backup: string | null;
  /** Column of the target that says when a row changed last. */
  changed: string | null;
  /** How an import finds what is new: records whose column is not older than the last import less the overlap. Null for full imports only. */
  delta: { column: string; overlapMs: number } | null;
  /** An import waits while this question, asked of a datastore, answers with more seconds than this. */
  throttle: { on: string; ask: string; aboveMs: number } | null;
  /** What becomes of rows whose records are gone from the source: counted and left alone, or deleted where they are as the import left them. */
  deletions: 'report' | 'apply';
  at: Place;
}

/** What a launch declares of its data. */
export interface DataDeclarations {
  /** Places where data lives. */
  datastores: Datastore[];
  /** What `declarations` of the launch says of datasets, read. */
  datasets: Dataset[];
  /** What datasets say of their import; none where a dataset says nothing. */
  imports: ImportTerms[];
}

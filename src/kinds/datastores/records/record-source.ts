import type { JsonObject } from '@tminus/verify';

import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import type { TableShape } from '../../../core/dataset/datastore-kind.ts';

/** What can only be read from its beginning: a file, a dump, the pages of an API. */
export interface RecordSource {
  /** Format and reader, for the report. */
  versions: JsonObject;
  listTables(): Promise<string[]>;
  describe(table: string): Promise<TableShape>;
  /** Canonical values of these columns in batches of rows, as they come. Throws `DatastoreTrouble` at the first that cannot be read; a batch is never empty. */
  read(table: string, columns: readonly CanonColumn[]): AsyncIterable<CanonRow[]>;
  close(): Promise<void>;
}

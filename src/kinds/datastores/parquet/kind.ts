import type { DatastoreKind } from '../../../core/dataset/datastore-kind.ts';
import { findFileInputs } from '../records/open-file-input.ts';
import { openRecordSession } from '../records/open-record-session.ts';
import { findOptionFaults } from '../records/option-faults.ts';

/** Parquet files. */
export const parquetKind: DatastoreKind = {
  kind: 'parquet',
  summary: 'Parquet files; a folder has one table for each file.',
  faults: (url, options) =>
    findOptionFaults(url, options, {
      key: { expected: 'names of columns apart by commas', pattern: /^[^,]+(?:,[^,]+)*$/ },
    }),
  async open(url, options, context) {
    const [{ openParquetSource }, inputs] = await Promise.all([
      import('./parquet-source.ts'),
      findFileInputs(url, ['.parquet'], context),
    ]);
    const key = (options['key'] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    return openRecordSession(openParquetSource(inputs, key), context);
  },
};

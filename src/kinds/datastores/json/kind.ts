import type { DatastoreKind } from '../../../core/dataset/datastore-kind.ts';
import { findFileInputs } from '../records/open-file-input.ts';
import { openRecordSession } from '../records/open-record-session.ts';
import { findOptionFaults } from '../records/option-faults.ts';
import { parseTypes, typesPattern } from '../records/parse-types.ts';
import { openJsonSource } from './json-source.ts';

/** Files of JSON objects. */
export const jsonKind: DatastoreKind = {
  kind: 'json',
  summary:
    'Files of JSON objects, in a list (json) or one a line (ndjson, jsonl), plain or gzip; a folder has one table for each file.',
  faults: (url, options) =>
    findOptionFaults(url, options, {
      list: {
        expected: 'names of members on the way to the list, such as orders.items',
        pattern: /^[^.]+(?:\.[^.]+)*$/,
      },
      types: { expected: 'columns with types, such as id integer, total decimal(2)', pattern: typesPattern },
      key: { expected: 'names of columns apart by commas', pattern: /^[^,]+(?:,[^,]+)*$/ },
    }),
  async open(url, options, context) {
    const inputs = await findFileInputs(url, ['.json', '.ndjson', '.jsonl'], context);
    const source = openJsonSource(inputs, {
      list: split(options['list'], '.'),
      types: parseTypes(options['types'] ?? ''),
      key: split(options['key'], ','),
    });
    return openRecordSession(source, context);
  },
};

function split(text: string | undefined, by: string): string[] {
  return (text ?? '')
    .split(by)
    .map((name) => name.trim())
    .filter(Boolean);
}

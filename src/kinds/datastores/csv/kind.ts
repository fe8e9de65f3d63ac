import type { DatastoreKind } from '../../../core/dataset/datastore-kind.ts';
import { findFileInputs } from '../records/open-file-input.ts';
import { openRecordSession } from '../records/open-record-session.ts';
import { findOptionFaults } from '../records/option-faults.ts';
import { parseTypes, typesPattern } from '../records/parse-types.ts';

const encodings = /^(?:utf-8|utf-16le|utf-16be|windows-125\d|iso-8859-\d{1,2})$/;

/** Files of separated values. */
export const csvKind: DatastoreKind = {
  kind: 'csv',
  summary: 'Files of separated values (csv, tsv), plain or gzip; a folder has one table for each file.',
  faults: (url, options) =>
    findOptionFaults(url, options, {
      delimiter: { expected: 'one character, or tab', pattern: /^(?:tab|[^\r\n"])$/u },
      quote: { expected: 'one character, or none', pattern: /^(?:none|[^\r\n,])$/u },
      encoding: { expected: 'utf-8, utf-16le, windows-1252 or another of that kind', pattern: encodings },
      null: { expected: 'the text that stands for no value', pattern: /^[^\r\n]*$/ },
      types: { expected: 'columns with types, such as id integer, total decimal(2)', pattern: typesPattern },
      key: { expected: 'names of columns apart by commas', pattern: /^[^,]+(?:,[^,]+)*$/ },
    }),
  async open(url, options, context) {
    const [{ openCsvSource }, inputs] = await Promise.all([
      import('./csv-source.ts'),
      findFileInputs(url, ['.csv', '.tsv'], context),
    ]);
    const { delimiter, quote } = options;
    const source = openCsvSource(inputs, {
      delimiter: delimiter === 'tab' ? '\t' : (delimiter ?? null),
      quote: quote === 'none' ? null : (quote ?? '"'),
      encoding: options['encoding'] ?? 'utf-8',
      nullText: options['null'] ?? null,
      types: parseTypes(options['types'] ?? ''),
      key: (options['key'] ?? '')
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    });
    return openRecordSession(source, context);
  },
};

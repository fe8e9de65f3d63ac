import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { DatastoreKind } from '../../../core/dataset/datastore-kind.ts';
import { findFileInputs } from '../records/open-file-input.ts';
import { openRecordSession } from '../records/open-record-session.ts';
import { findOptionFaults } from '../records/option-faults.ts';
import { openDumpSource } from './dump-source.ts';

/** Tables of a file that `mysqldump` or `mariadb-dump` wrote, read without a server. */
export const mysqldumpKind: DatastoreKind = {
  kind: 'mysqldump',
  summary: 'Tables of a dump of MySQL or MariaDB, plain or gzip, read without restoring it.',
  faults: (url, options) =>
    findOptionFaults(url, options, {
      encoding: { expected: 'utf8mb4 or latin1', pattern: /^(?:utf8(?:mb[34])?|latin1|binary)$/ },
      zone: { expected: 'an offset such as +00:00', pattern: /^[+-]\d\d:\d\d$/ },
    }),
  async open(url, options, context) {
    const [input, ...others] = await findFileInputs(url, ['.sql'], context);
    if (!input || others.length > 0)
      throw new DatastoreTrouble('file_missing', `${url}: expected one dump, got ${input ? 'several' : 'none'}`);
    const encoding = options['encoding'] ?? 'utf8mb4';
    return openRecordSession(openDumpSource(input, { encoding, zone: options['zone'] ?? null }), context);
  },
};

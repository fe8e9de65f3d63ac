import type { CheckReader } from '../../../core/check/check.ts';
import { toJsonSchema } from '../read-schema.ts';
import { parseResult } from './parse-result.ts';
import { readSqlFence } from './read-sql-fence.ts';
import { readSqlSpec, sqlSchema } from './sql-spec.ts';
import { resultName, toResultBytes } from './sql-result.ts';

/** The pure half of the `sql` check. */
export const sqlReader: CheckReader = {
  kind: 'sql',
  summary: 'Asks Postgres, MySQL, MariaDB or SQLite one question in a session that cannot write.',
  jsonSchema: toJsonSchema(sqlSchema),
  readSpec: readSqlSpec,
  fenceLanguages: ['sql'],
  readFence: readSqlFence,
  defaultExpectations: () => ['holds == true'],
  parse: parseResult,
  negativeControl: () => {
    // NULL is what a query says of things that are not there: it is not true, equals no number and has no order.
    const bytes = toResultBytes({
      format: 'tminus/sql-result/1',
      engine: 'postgres',
      columns: ['value'],
      rows: [[null]],
    });
    return [{ name: resultName, mediaType: 'application/json', bytes }];
  },
};

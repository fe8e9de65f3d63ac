import type { CheckKind } from '../../../core/check/check.ts';
import { sqlReader } from './reader.ts';

/** The `sql` check: one statement that reads, asked in a session that cannot write. */
export const sqlKind: CheckKind = {
  ...sqlReader, // The drivers are the slowest import of all kinds; most runs ask no database.
  observe: async (spec, context) => (await import('./observe.ts')).observeSql(spec, context),
};

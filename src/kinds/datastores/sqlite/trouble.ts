import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const codes: { readonly [code: number]: string } = {
  1: 'syntax',
  3: 'permission',
  5: 'timeout',
  8: 'permission',
  14: 'missing',
  19: 'exists',
  23: 'permission',
};

/** Returns an error of SQLite as trouble; SQLite names tables and columns in its messages, and no values. */
export function toSqliteTrouble(error: unknown): DatastoreTrouble {
  if (error instanceof DatastoreTrouble) return error;
  if (error instanceof UnreadableValue) return new DatastoreTrouble('unreadable', error.message);
  const { errcode, message } = error as Error & { errcode?: number };
  return new DatastoreTrouble(codes[(errcode ?? 0) & 0xff] ?? 'failed', message);
}

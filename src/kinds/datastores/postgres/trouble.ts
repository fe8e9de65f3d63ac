import { DatabaseError } from 'pg';

import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import { codeOfPostgres } from '../../checks/sql/query-postgres.ts';
import { toNetworkTrouble } from '../../checks/network-trouble.ts';

/**
 * Returns an error of the driver as trouble. What the server says about data (SQLSTATE classes 22, 23, 44 and P0) may quote a value, so only its code and the names
 * of table, column and constraint are taken from it.
 */
export function toPostgresTrouble(error: unknown, subject: string): Error {
  if (error instanceof DatastoreTrouble) return error;
  if (error instanceof UnreadableValue) return new DatastoreTrouble('unreadable', `${subject}: ${error.message}`);
  if (!(error instanceof DatabaseError) || error.code === undefined) {
    const { code, message } = toNetworkTrouble(error, subject);
    return new DatastoreTrouble(code, message);
  }
  const code = codeOfPostgres(error) ?? (error.code === '23505' ? 'exists' : 'failed');
  if (!/^(?:22|23|44|P0)/.test(error.code)) return new DatastoreTrouble(code, `${subject}: ${error.message}`);
  const names = [error.table, error.column, error.constraint].filter((name) => name !== undefined).join(', ');
  return new DatastoreTrouble(
    code,
    `${subject}: refused with SQLSTATE ${error.code}${names === '' ? '' : ` (${names})`}`,
  );
}

/** Returns what the work returns; its errors become trouble of the subject. */
export async function named<T>(subject: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toPostgresTrouble(error, subject);
  }
}

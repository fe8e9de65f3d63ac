import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import { toNetworkTrouble } from '../../checks/network-trouble.ts';
import { codeOfMysql } from '../../checks/sql/query-mysql.ts';

/** Errors whose messages name what is wrong with a statement or a right, and no value of a row. */
const quotable =
  /^ER_(?:.*ACCESS_DENIED|.*NO_SUCH_TABLE|BAD_FIELD|BAD_DB|BAD_TABLE|CANT_EXECUTE_IN_READ_ONLY|TABLE_EXISTS)/;

/** Returns an error of the driver as trouble. The server quotes values in most of its messages: of those only number and name are kept. */
export function toMysqlTrouble(error: unknown, subject: string): Error {
  if (error instanceof DatastoreTrouble) return error;
  if (error instanceof UnreadableValue) return new DatastoreTrouble('unreadable', `${subject}: ${error.message}`);
  const { code = '', errno, message } = error as { code?: string; errno?: number; message: string };
  if (errno === undefined || !(error instanceof Error) || !/^(?:ER_|HY|\d)/.test(code)) {
    const trouble = toNetworkTrouble(error, subject);
    return new DatastoreTrouble(trouble.code, trouble.message);
  }
  const known = codeOfMysql(error) ?? (code === 'ER_DUP_ENTRY' ? 'exists' : 'failed');
  return new DatastoreTrouble(
    known,
    `${subject}: ${quotable.test(code) ? message : `refused with ${code} (${errno})`}`,
  );
}

/** Returns what the work returns; its errors become trouble of the subject. */
export async function named<T>(subject: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toMysqlTrouble(error, subject);
  }
}

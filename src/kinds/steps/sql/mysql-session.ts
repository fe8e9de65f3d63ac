import mysql from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import type { ResultSetHeader, RowDataPacket } from 'mysql2';

import { stopMysql, toMysqlConfig } from '../../mysql-client.ts';
import type { ServerTarget } from '../../server-target.ts';
import type { Session } from './write.ts';

/** Opens a session with MySQL or MariaDB; the signal cuts it off, and the server takes back what was not committed. */
export async function openMysql(target: ServerTarget): Promise<Session> {
  const { signal } = target;
  const config = toMysqlConfig(target);
  const connection = await mysql.createConnection(config);
  connection.on('error', () => undefined);
  const cut = (): void => void stopMysql(config, connection.threadId).finally(() => connection.destroy());
  signal.addEventListener('abort', cut, { once: true });
  return {
    ...toSession(connection, signal),
    close: async () => {
      signal.removeEventListener('abort', cut);
      connection.destroy();
      await Promise.resolve();
    },
  };
}

type Answer = ResultSetHeader | RowDataPacket[];

function toSession(connection: Connection, signal: AbortSignal): Omit<Session, 'close'> {
  const ask = openAsking(connection, signal);
  return {
    run: async (statement, values) => countRows(await ask(statement, values)),
    begin: async (limit) => {
      await ask(`set session innodb_lock_wait_timeout = ${Math.max(1, Math.ceil(limit / 1000))}`);
      const version = (await ask('select version() as version')) as RowDataPacket[];
      // MySQL limits the time of a select only; there the caller's own limit ends a statement.
      if (String(version[0]?.['version']).includes('MariaDB'))
        await ask(`set session max_statement_time = ${limit / 1000}`);
      await ask('start transaction');
    },
    commit: async () => void (await ask('commit')),
    rollback: async () => void (await ask('rollback')),
    hasLedger: async () => {
      const found = 'select 1 from information_schema.tables where table_schema = database() and table_name = ?';
      return ((await ask(found, ['tminus_applied'])) as RowDataPacket[]).length > 0;
    },
    prepareLedger: async () => {
      const key = 'step_key varchar(255) character set utf8mb4 collate utf8mb4_bin primary key';
      const at = 'applied_at timestamp not null default current_timestamp';
      await ask(`create table if not exists tminus_applied (${key}, ${at}) engine = InnoDB`);
    },
    claimKey: async (key) =>
      countRows(await ask('insert ignore into tminus_applied (step_key) values (?)', [key])) === 1,
  };
}

function openAsking(connection: Connection, signal: AbortSignal) {
  /** A destroyed connection never answers: the abort itself has to end the wait, with time for the server to be told first. */
  const cutOff = new Promise<never>((_, reject) => {
    const late = (): void => void setTimeout(() => reject(new Error('the connection was closed')), 2_000);
    signal.addEventListener('abort', late, { once: true });
  });
  cutOff.catch(() => undefined);
  return async (sql: string, values: readonly unknown[] = []): Promise<Answer> => {
    // Values are sent apart from the statement, so that no rule of quoting is ours to keep.
    const sent = values.length === 0 ? connection.query(sql) : connection.execute(sql, [...values] as string[]);
    const [result] = await Promise.race([sent, cutOff]);
    return result as Answer;
  };
}

function countRows(answer: Answer): number {
  return Array.isArray(answer) ? 0 : answer.affectedRows;
}

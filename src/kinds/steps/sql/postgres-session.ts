import { Client } from 'pg';
import type { QueryConfig, QueryResult } from 'pg';

import { stopPostgres, toPostgresConfig } from '../../postgres-client.ts';
import type { ServerTarget } from '../../server-target.ts';
import type { Session } from './write.ts';

/** Opens a session with Postgres; the signal cuts it off, and the server takes back what was not committed. */
export async function openPostgres(target: ServerTarget): Promise<Session> {
  const { signal } = target;
  const config = toPostgresConfig(target);
  const client = new Client(config);
  // The connection may break between two calls; the call that follows then fails with the reason.
  client.on('error', () => undefined);
  const end = (): void => void client.end().catch(() => undefined);
  const cut = (): void => void stopPostgres(config, client).finally(end);
  signal.addEventListener('abort', cut, { once: true });
  await client.connect();
  return {
    ...toSession(client),
    close: async () => {
      signal.removeEventListener('abort', cut);
      await client.end().catch(() => undefined);
    },
  };
}

function toSession(client: Client): Omit<Session, 'close'> {
  /** The extended protocol takes one statement only: the server refuses a second one. */
  const ask = async (text: string, values: readonly unknown[] = []): Promise<QueryResult> =>
    await client.query({ text, values: [...values], queryMode: 'extended' } as QueryConfig);
  const hasLedger = async (): Promise<boolean> =>
    (await ask(`select to_regclass('tminus_applied') as found`)).rows[0]?.found !== null;
  return {
    run: async (statement, values) => {
      const { command, rowCount } = await ask(statement, values);
      return command === 'SELECT' ? 0 : (rowCount ?? 0);
    },
    begin: async (limit) => {
      await ask('begin');
      await ask(`set local statement_timeout = ${limit}`);
    },
    commit: async () => {
      // A transaction that failed answers `commit` with `rollback` and no error.
      const { command } = await ask('commit');
      if (command !== 'COMMIT') throw new Error('the transaction was taken back by the server');
    },
    rollback: async () => void (await ask('rollback')),
    hasLedger,
    prepareLedger: async () => {
      const made = 'step_key text primary key, applied_at timestamptz not null default now()';
      // Two steps that make it at once: one of them fails although it is there in the end.
      await ask(`create table if not exists tminus_applied (${made})`).catch(async (error: unknown) => {
        if (!(await hasLedger())) throw error;
      });
    },
    claimKey: async (key) => {
      const sql = 'insert into tminus_applied (step_key) values ($1) on conflict do nothing';
      return (await ask(sql, [key])).rowCount === 1;
    },
  };
}

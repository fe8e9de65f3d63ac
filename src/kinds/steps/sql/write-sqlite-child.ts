// Program of its own, started by write-sqlite.ts: what to do as JSON on standard input, how it ended on standard output.
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { applyWrite, probeWrite } from './write.ts';
import type { Session, Write } from './write.ts';
import type { SqliteEnd, SqliteTask } from './write-sqlite.ts';

/** SQLite does everything on the thread that calls it; that it looks like the others lets all engines share one order of things. */
function openSession(database: DatabaseSync): Session {
  const ask = (sql: string, values: readonly unknown[] = []): number => {
    const statement = database.prepare(sql);
    const given = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    if (statement.columns().length > 0) return statement.all(...(given as string[])).length * 0;
    return Number(statement.run(...(given as string[])).changes);
  };
  const hasTable = (): boolean =>
    database.prepare(`select 1 from sqlite_master where type = 'table' and name = 'tminus_applied'`).get() !==
    undefined;
  const made = 'step_key text primary key, applied_at text not null default current_timestamp';
  return {
    run: async (statement, values) => await Promise.resolve(ask(statement, values)),
    begin: async () => await Promise.resolve(database.exec('begin immediate')),
    commit: async () => await Promise.resolve(database.exec('commit')),
    rollback: async () => await Promise.resolve(database.exec('rollback')),
    hasLedger: async () => await Promise.resolve(hasTable()),
    prepareLedger: async () =>
      await Promise.resolve(database.exec(`create table if not exists tminus_applied (${made})`)),
    claimKey: async (key) =>
      await Promise.resolve(ask('insert or ignore into tminus_applied (step_key) values (?)', [key]) === 1),
    close: async () => await Promise.resolve(database.close()),
  };
}

async function answer(): Promise<SqliteEnd> {
  try {
    const { path, task } = JSON.parse(readFileSync(0, 'utf8')) as { path: string; task: SqliteTask };
    const database = new DatabaseSync(path, { timeout: task.timeoutMs, readOnly: false });
    const session = openSession(database);
    try {
      if (task.do === 'probe') return { ok: true, applied: await probeWrite(session, task.key, task.timeoutMs) };
      return { ok: true, written: await applyWrite(session, task satisfies Write) };
    } finally {
      await session.close();
    }
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}

process.stdout.write(JSON.stringify(await answer()));

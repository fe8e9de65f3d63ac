import type { JsonObject } from '@tminus/verify';

import type { ProbeOutcome, StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { codeOfMysql } from '../../checks/sql/query-mysql.ts';
import { codeOfPostgres } from '../../checks/sql/query-postgres.ts';
import { resolveDatabase } from '../../checks/sql/query-sqlite.ts';
import { QueryTrouble, toTrouble } from '../../checks/sql/query-trouble.ts';
import { readConnection } from '../../checks/sql/read-connection.ts';
import { resolveHost } from '../../checks/sql/resolve-host.ts';
import { toPlainText } from '../../checks/unreadable.ts';
import { refuseForbidden } from '../guard-hosts.ts';
import { openTemplates } from '../open-templates.ts';
import { toDone, toFailed, toStopped } from '../step-outcome.ts';
import { openMysql } from './mysql-session.ts';
import { openPostgres } from './postgres-session.ts';
import { commitsByItself } from './scan-write.ts';
import type { SqlStepSpec } from './schema.ts';
import { applyWrite, probeWrite } from './write.ts';
import type { Session, Written } from './write.ts';
import { writeSqlite } from './write-sqlite.ts';

/** Runs the statements in one transaction. With its ledger, a repeat of the same key finds that everything was done, and does nothing. */
export async function runSql(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  if (context.signal.aborted) return toStopped('stopped before it began');
  const { undo: _, ...own } = written;
  const opened = await openTemplates(own, context);
  if (!opened.ok) return opened.end;
  const spec = opened.spec as unknown as SqlStepSpec;
  const limit = AbortSignal.timeout(spec.timeout * spec.statements.length + 5_000);
  const signal = AbortSignal.any([context.signal, limit]);
  try {
    return toOutcome(spec, await write(spec, context, signal));
  } catch (error) {
    if (context.signal.aborted) return toStopped(`${spec.url}: stopped; what was not committed was taken back`);
    const { code, message } = toTrouble(error, 'the database', codeOfDriver);
    return toFailed(opened.hide(`${spec.url}: ${code}: ${message}`), { trouble: code });
  }
}

/** Tells by the ledger whether the transaction was committed; unknown without a ledger, and where the database cannot be asked. */
export async function probeSql(written: JsonObject, context: StepContext): Promise<ProbeOutcome> {
  const { undo: _, ...own } = written;
  const opened = await openTemplates(own, context);
  if (!opened.ok) return { result: 'unknown', detail: opened.end.detail };
  const spec = opened.spec as unknown as SqlStepSpec;
  if (spec.ledger === 'no') return { result: 'unknown', detail: 'the step keeps no ledger' };
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(spec.timeout + 5_000)]);
  const { idempotencyKey: key } = context;
  try {
    const isApplied = await inSession(
      spec,
      { context, signal },
      {
        sqlite: async (path) => {
          const end = await writeSqlite(path, { do: 'probe', key, timeoutMs: spec.timeout }, signal);
          return 'applied' in end && end.applied;
        },
        server: async (session) => await probeWrite(session, key, spec.timeout),
      },
    );
    return isApplied
      ? { result: 'applied', detail: `${spec.url}: the key of the step is in tminus_applied` }
      : { result: 'not_applied', detail: `${spec.url}: the key of the step is not in tminus_applied` };
  } catch (error) {
    const { code, message } = toTrouble(error, 'the database', codeOfDriver);
    return { result: 'unknown', detail: toPlainText(opened.hide(`${spec.url}: ${code}: ${message}`), 480) };
  }
}

async function write(spec: SqlStepSpec, context: StepContext, signal: AbortSignal): Promise<Written> {
  const { statements, values, timeout: timeoutMs, expectRows } = spec;
  const key = spec.ledger === 'yes' ? context.idempotencyKey : null;
  const wish = { statements, values, timeoutMs, expectRows, key };
  return await inSession(
    spec,
    { context, signal },
    {
      sqlite: async (path) => {
        const end = await writeSqlite(path, { do: 'write', ...wish }, signal);
        if (!('written' in end))
          throw new QueryTrouble('failed', 'the process that asks SQLite answered something else');
        return end.written;
      },
      server: async (session) => await applyWrite(session, wish),
    },
  );
}

async function inSession<Value>(
  spec: SqlStepSpec,
  { context, signal }: { context: StepContext; signal: AbortSignal },
  use: { sqlite(path: string): Promise<Value>; server(session: Session): Promise<Value> },
): Promise<Value> {
  const read = readConnection(spec.url);
  if (!read.ok) throw new QueryTrouble('configuration', `url: expected ${read.expected}, got ${read.got}`);
  const { connection } = read;
  if (connection.engine === 'sqlite')
    return await use.sqlite(await resolveDatabase(context.workspace, connection.path));
  if (connection.engine === 'mysql' && spec.ledger === 'yes' && spec.statements.some(commitsByItself))
    throw new QueryTrouble('configuration', 'MySQL commits such a statement by itself; expected ledger: no, got yes');
  const { host, port } = connection;
  refuseForbidden(host, port, context.forbidden);
  const address = await resolveHost({ host, port, allow: context.allow });
  refuseForbidden(address, port, context.forbidden);
  const open = connection.engine === 'postgres' ? openPostgres : openMysql;
  const session = await open({ server: connection, address, password: spec.password, timeoutMs: spec.timeout, signal });
  try {
    return await use.server(session);
  } finally {
    await session.close();
  }
}

function toOutcome({ url, expectRows }: SqlStepSpec, { result, rows }: Written): StepOutcome {
  const facts = { rows, result };
  if (result === 'applied') return toDone(`${url}: ${rows} rows affected`, facts);
  if (result === 'repeated') return toDone(`${url}: was done before by the same key, so nothing was changed`, facts);
  return toFailed(`${url}: expected ${expectRows} rows affected, got ${rows}; everything was taken back`, facts);
}

/** The drivers' errors cannot be mixed up: one has a class of its own, the other names of its own. */
function codeOfDriver(error: Error): ReturnType<typeof codeOfPostgres> {
  return codeOfPostgres(error) ?? codeOfMysql(error);
}

import type { MetricContext } from '../../../core/rollout/metric-source-kind.ts';
import { queryMysql } from '../../checks/sql/query-mysql.ts';
import { queryPostgres } from '../../checks/sql/query-postgres.ts';
import { querySqlite, resolveDatabase } from '../../checks/sql/query-sqlite.ts';
import { readConnection } from '../../checks/sql/read-connection.ts';
import { resolveHost } from '../../checks/sql/resolve-host.ts';
import type { SqlResult } from '../../checks/sql/sql-result.ts';
import { refuseForbidden } from '../../steps/guard-hosts.ts';

const mostRows = 10_000;
const mostBytes = 4 * 1024 ** 2;

/** Returns the answer to one statement in a session that the server keeps from writing. Throws where there is none. */
export async function askDatabase(
  url: string,
  query: string,
  { timeoutMs, context }: { timeoutMs: number; context: MetricContext },
): Promise<SqlResult> {
  const read = readConnection(url);
  if (!read.ok) throw new Error(`url: expected ${read.expected}, got ${read.got}`);
  const { connection } = read;
  const question = { query, timeoutMs, maxRows: mostRows, maxBytes: mostBytes };
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs + 1_000)]);
  if (connection.engine === 'sqlite')
    return await querySqlite({ ...question, path: await resolveDatabase(context.workspace, connection.path) }, signal);
  refuseForbidden(connection.host, connection.port, context.forbidden);
  const address = await resolveHost({ ...connection, allow: context.allow });
  refuseForbidden(address, connection.port, context.forbidden);
  const password = context.secret?.exposeText() ?? null;
  const ask = connection.engine === 'postgres' ? queryPostgres : queryMysql;
  return await ask({ ...question, server: connection, address, password }, signal);
}

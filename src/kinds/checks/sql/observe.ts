import type { JsonObject } from '@tminus/verify';

import type { Observation, ObserveContext } from '../../../core/check/check.ts';
import { toPlainText } from '../unreadable.ts';
import { codeOfMysql, queryMysql } from './query-mysql.ts';
import { codeOfPostgres, queryPostgres } from './query-postgres.ts';
import { querySqlite, resolveDatabase } from './query-sqlite.ts';
import { QueryTrouble, toTrouble } from './query-trouble.ts';
import type { QueryTroubleCode } from './query-trouble.ts';
import type { Question } from './question.ts';
import { readConnection } from './read-connection.ts';
import type { Connection } from './read-connection.ts';
import { resolveHost } from './resolve-host.ts';
import { resultName, toResultBytes } from './sql-result.ts';
import type { SqlResult } from './sql-result.ts';
import { sqlSchema } from './sql-spec.ts';
import type { SqlSpec } from './sql-spec.ts';

const maxBytes = 1024 * 1024;

/** Asks the database of the spec; every way in which it gives no answer comes back as trouble. */
export async function observeSql(asked: JsonObject, context: ObserveContext): Promise<Observation> {
  const spec = sqlSchema.parse(asked);
  const question = toQuestion(spec);
  // The server's own limit comes first; this one is for servers that do not keep it.
  const deadline = AbortSignal.timeout(question.timeoutMs + 2000);
  const signal = AbortSignal.any([context.signal, deadline]);
  try {
    context.signal.throwIfAborted();
    const connection = connectionOf(spec);
    const result = await askDatabase({ spec, connection, question, context, signal });
    const bytes = toResultBytes(result);
    return { sources: [{ name: resultName, mediaType: 'application/json', bytes }], trouble: null };
  } catch (error) {
    if (context.signal.aborted) return trouble('aborted', 'the check was stopped before the database answered');
    if (deadline.aborted) return trouble('timeout', `expected an answer within ${question.timeoutMs} ms, got none`);
    const { code, message } = toTrouble(error, 'the database', codeOfDriver);
    return trouble(code, message);
  }
}

interface Asking {
  spec: SqlSpec;
  connection: Connection;
  question: Question;
  context: ObserveContext;
  signal: AbortSignal;
}

async function askDatabase({ spec, connection, question, context, signal }: Asking): Promise<SqlResult> {
  if (connection.engine === 'sqlite') {
    return await querySqlite({ ...question, path: await resolveDatabase(context.workspace, connection.path) }, signal);
  }
  const { host, port, engine } = connection;
  const password = passwordOf(spec);
  const address = await resolveHost({ host, port, allow: context.allow });
  const ask = engine === 'postgres' ? queryPostgres : queryMysql;
  return await ask({ ...question, server: connection, address, password }, signal);
}

/** The drivers' errors cannot be mixed up: one has a class of its own, the other names of its own. */
function codeOfDriver(error: Error): QueryTroubleCode | null {
  return codeOfPostgres(error) ?? codeOfMysql(error);
}

function toQuestion({ query, timeout, maxRows }: SqlSpec): Question {
  return { query, timeoutMs: timeout, maxRows, maxBytes };
}

function connectionOf({ url }: SqlSpec): Connection {
  if (url === undefined) throw new QueryTrouble('configuration', 'url: expected the url of a database, got none');
  const read = readConnection(url);
  if (!read.ok)
    throw new QueryTrouble('configuration', `url: expected ${read.expected}, got ${read.got}; ${read.hint}`);
  return read.connection;
}

/** Read here and nowhere else, so that it reaches neither the spec nor the evidence. */
function passwordOf({ passwordEnv }: SqlSpec): string | null {
  if (passwordEnv === undefined) return null;
  const password = process.env[passwordEnv];
  if (password === undefined) {
    throw new QueryTrouble(
      'configuration',
      `passwordEnv: expected the variable ${passwordEnv} in the environment, got none`,
    );
  }
  return password;
}

function trouble(code: string, message: string): Observation {
  return { sources: [], trouble: { code, message: toPlainText(message, 500) } };
}

import { sql } from 'kysely';

import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';
import { failpoint } from './failpoint.ts';

/** One attempt of one step of one run. */
export interface AttemptKey {
  run: string;
  step: string;
  attempt: number;
}

/** A piece of the log of an attempt. */
export interface LogPart {
  part: number;
  stream: 'out' | 'err' | 'note';
  body: string;
}

/** What is to be added to the log of one attempt. */
export interface LogAddition {
  key: AttemptKey;
  parts: readonly LogPart[];
}

/** Adds pieces to the logs of attempts; a piece that is there already is left as it is. */
export async function appendStepLogs(store: Store, additions: readonly LogAddition[]): Promise<void> {
  const rows = additions.flatMap(({ key, parts }) => parts.map((part) => ({ ...key, ...part })));
  if (rows.length === 0) return;
  failpoint('step-log.before');
  await sql`
    insert into tminus.step_log (run, step, attempt, part, stream, body)
      select * from unnest(${rows.map(({ run }) => run)}::text[], ${rows.map(({ step }) => step)}::text[], ${rows.map(({ attempt }) => attempt)}::int[],
        ${rows.map(({ part }) => part)}::int[], ${rows.map(({ stream }) => stream)}::text[], ${rows.map(({ body }) => body)}::text[])
      on conflict do nothing`.execute(store.tables);
  failpoint('step-log.after');
}

/** A piece of a log as it is read. */
export interface StoredLogPart extends AttemptKey, LogPart {
  at: Date;
}

/** Returns what the steps of a run said, in order; of one step where it is named. */
export async function readStepLog(store: Store, run: string, step: string | null = null): Promise<StoredLogPart[]> {
  let query = store.tables
    .selectFrom('step_log')
    .select(['run', 'step', 'attempt', 'part', 'stream', 'at', 'body'])
    .where('run', '=', run);
  if (step !== null) query = query.where('step', '=', step);
  return query.orderBy('step').orderBy('attempt').orderBy('part').execute();
}

/** Which pieces of the logs of a run are read next. */
export interface LogPageWish {
  run: string;
  step: string | null;
  /** Step, attempt and part of the piece before; null begins at the first. */
  after: readonly [string, number, number] | null;
  limit: number;
}

/** Returns the next pieces of what the steps of a run said, step by step; of one step where it is named. */
export async function readStepLogPage(
  store: Store,
  { run, step, after, limit }: LogPageWish,
): Promise<StoredLogPart[]> {
  let query = store.tables
    .selectFrom('step_log')
    .select(['run', 'step', 'attempt', 'part', 'stream', 'at', 'body'])
    .where('run', '=', run);
  if (step !== null) query = query.where('step', '=', step);
  if (after !== null)
    query = query.where(sql<boolean>`(step, attempt, part) > (${after[0]}, ${after[1]}, ${after[2]})`);
  return query.orderBy('step').orderBy('attempt').orderBy('part').limit(limit).execute();
}

/** Notes how far a running step is, over what was noted before. */
export async function noteProgress(
  store: Store,
  key: AttemptKey,
  { done, total, text }: { done: number; total: number | null; text: string },
): Promise<void> {
  await sql`
    insert into tminus.step_progress as p (run, step, attempt, done, total, body)
      values (${key.run}, ${key.step}, ${key.attempt}, ${done}, ${total}, ${text})
      on conflict (run, step) do update set attempt = excluded.attempt, done = excluded.done, total = excluded.total,
        body = excluded.body, at = clock_timestamp() where p.attempt <= excluded.attempt`.execute(store.tables);
}

/** How far a step is, or what its worker waits for. */
export interface StepProgress extends AttemptKey {
  done: number;
  total: number | null;
  body: string;
  at: Date;
}

/** Returns what the workers noted of the steps of a run. */
export async function readProgress(store: Store, run: string): Promise<StepProgress[]> {
  return store.tables
    .selectFrom('step_progress')
    .select(['run', 'step', 'attempt', 'done', 'total', 'body', 'at'])
    .where('run', '=', run)
    .execute();
}

/** How long an attempt took. */
export interface StepLength extends AttemptKey {
  launch: string;
  procedure: string;
  mode: string;
  outcome: 'done' | 'failed' | 'timed_out' | 'stopped';
  lengthMs: number;
}

/** Keeps how long attempts took, in real time. */
export async function keepLengths(tx: StoreTransaction, lengths: readonly StepLength[]): Promise<void> {
  if (lengths.length === 0) return;
  failpoint('length.before');
  await tx
    .insertInto('step_length')
    .values(lengths.map(({ lengthMs, ...rest }) => ({ ...rest, length_ms: String(Math.round(lengthMs)) })))
    .execute();
  failpoint('length.after');
}

/** Returns how long the steps of a procedure took when they were done, the newest 50 of each, oldest first, by step. */
export async function readLengths(
  store: Store,
  of: { launch: string; procedure: string },
  tx?: StoreTransaction,
): Promise<{ [step: string]: number[] }> {
  const { rows } = await sql<{ step: string; lengths: string[] }>`
    select step, array_agg(length_ms order by id) as lengths from (
      select step, length_ms, id, row_number() over (partition by step order by id desc) as place
        from tminus.step_length where launch = ${of.launch} and procedure = ${of.procedure} and outcome = 'done'
    ) newest where place <= 50 group by step`.execute(pickTables(store, tx));
  return Object.fromEntries(rows.map(({ step, lengths }) => [step, lengths.map(Number)]));
}

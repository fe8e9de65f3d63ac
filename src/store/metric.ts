import { sql } from 'kysely';

import type { RunSample, StepSample } from '../core/metric/run-statistics.ts';
import type { Store } from './open-store.ts';

/** Rows that are looked at, at most: a question about an hour must not read a year. */
const newest = 50_000;

/** Runs that ended within a time, newest first; `ended_at` is by the database's own clock, however far a rehearsal was ahead of it. */
export async function readRunSamples(store: Store, withinMs: number): Promise<RunSample[]> {
  const { rows } = await sql<RunSample>`
    select mode, state, ((body->>'endedAtMs')::float8 - (body->>'startedAtMs')::float8) as "lengthMs" from tminus.run
      where ended_at > clock_timestamp() - ${withinMs} * interval '1 millisecond'
      order by ended_at desc limit ${newest}`.execute(store.tables);
  return rows;
}

/** How many runs there are in each mode and state. */
export async function countRuns(store: Store): Promise<{ mode: string; state: string; count: number }[]> {
  const { rows } = await sql<{ mode: string; state: string; count: number }>`
    select mode, state, count(*)::int as count from tminus.run group by mode, state order by mode, state`.execute(
    store.tables,
  );
  return rows;
}

/** Attempts of machine steps that ended within a time, with kind and class as their plan has them. */
export async function readStepSamples(store: Store, withinMs: number): Promise<StepSample[]> {
  const { rows } = await sql<StepSample>`
    with recent as materialized (
      select run, step, mode, outcome, length_ms from tminus.step_length
        where id > (select coalesce(max(id), 0) - ${newest} from tminus.step_length)
          and at > clock_timestamp() - ${withinMs} * interval '1 millisecond'
    ), planned as materialized (
      select r.id as run, s->>'id' as step, coalesce(s->'action'->>'kind', 'none') as kind, s->>'actionClass' as class
        from tminus.run r, jsonb_array_elements((r.plan->'steps') || (r.plan->'undoSteps')) as s
        where r.id in (select run from recent)
    ) select kind, class as "actionClass", mode, outcome, length_ms::float8 as "lengthMs"
      from recent join planned using (run, step)`.execute(store.tables);
  return rows;
}

/** What happened to machine steps of live runs within a time, counted from events. */
export interface StepMoves {
  begun: number;
  /** Begins with an attempt beyond the first. */
  begunAgain: number;
  done: number;
  failed: number;
  timedOut: number;
  /** From the moment each was handed out to its begin, milliseconds. */
  queuedMs: number[];
}

/** Counts the moves of machine steps in live runs; of the newest events only, where there are very many. */
export async function readStepMoves(store: Store, withinMs: number): Promise<StepMoves> {
  const { rows } = await sql<{ move: string; attempt: number | null; queued: number | null }>`
    with moves as (
      select e.run, e.body->>'step' as step, e.body->>'move' as move, (e.body->'set'->>'attempt')::int as attempt,
          e.recorded_at, e.number, (e.body->>'atMs')::float8 as at_ms
        from tminus.event e join tminus.run r on r.id = e.run and r.mode = 'live'
        where e.cursor > (select cursor - ${newest} from tminus.event_head)
          and e.type in ('step.started', 'step.completed', 'step.failed', 'step.waiting')
          and e.body->>'move' in ('dispatch', 'begin', 'finish', 'fail', 'expire')
    ), told as (
      select *, lag(move) over each as before, at_ms - lag(at_ms) over each as since
        from moves window each as (partition by run, step order by number)
    ) select move, attempt, case when before = 'dispatch' then since end as queued from told
      where move <> 'dispatch' and recorded_at > clock_timestamp() - ${withinMs} * interval '1 millisecond'`.execute(
    store.tables,
  );
  const count = (wanted: string): number => rows.filter(({ move }) => move === wanted).length;
  const begins = rows.filter(({ move }) => move === 'begin');
  return {
    begun: begins.length,
    begunAgain: begins.filter(({ attempt }) => (attempt ?? 1) > 1).length,
    done: count('finish'),
    failed: count('fail'),
    timedOut: count('expire'),
    queuedMs: begins.flatMap(({ queued }) => (queued === null ? [] : [queued])),
  };
}

/** Jobs of a queue that were claimed within a time, and those of them that had been claimed before by somebody who did not end them. */
export async function countClaims(
  store: Store,
  queue: string,
  withinMs: number,
): Promise<{ claimed: number; again: number }> {
  const { rows } = await sql<{ claimed: number; again: number }>`
    select count(*)::int as claimed, count(*) filter (where attempt > 1)::int as again from tminus.job_claim
      where queue = ${queue} and claimed_at > clock_timestamp() - ${withinMs} * interval '1 millisecond'`.execute(
    store.tables,
  );
  return rows[0]!;
}

/** Whether anybody has opened the queues of this database. */
export async function hasQueues(store: Store): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('tminus_delivery.queue') is not null as there`.execute(store.tables);
  return rows[0]!.there;
}

/** Connections to the server that are in use, and those that it has for everybody but its superusers. */
export async function countConnections(store: Store): Promise<{ used: number; allowed: number }> {
  const { rows } = await sql<{ used: number; allowed: number }>`
    select count(*) filter (where backend_type = 'client backend')::int as used,
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as allowed
      from pg_stat_activity`.execute(store.tables);
  return rows[0]!;
}

/** What does not go on although it could. */
export interface Stillstand {
  /** Open runs past the instant at which time should have changed them, the longest first. */
  overdue: { run: string; byMs: number }[];
  /** Steps that were handed out and that nobody began, the longest first. */
  unbegun: { run: string; step: string; forMs: number }[];
}

/** Returns the hundred worst of what does not go on. */
export async function readStillstand(store: Store): Promise<Stillstand> {
  const { rows: overdue } = await sql<{ run: string; byMs: number }>`
    select id as run, (extract(epoch from clock_timestamp() - due_at) * 1000)::float8 as "byMs" from tminus.run
      where due_at < clock_timestamp() order by due_at limit 100`.execute(store.tables);
  const { rows: unbegun } = await sql<{ run: string; step: string; forMs: number }>`
    select r.id as run, s.id as step,
        (extract(epoch from clock_timestamp()) * 1000 + r.ahead_ms - (s.body->>'readyAtMs')::float8)::float8 as "forMs"
      from tminus.run r join tminus.step_run s on s.run = r.id and s.state = 'ready'
      where r.ended_at is null order by 3 desc limit 100`.execute(store.tables);
  return { overdue, unbegun };
}

/** Time since each worker was heard that did not leave and was heard within so long, milliseconds. */
export async function readSilences(store: Store, withinMs: number): Promise<number[]> {
  const { rows } = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp() - seen_at) * 1000)::float8 as ms from tminus.worker
      where state <> 'gone' and seen_at > clock_timestamp() - ${withinMs} * interval '1 millisecond' order by ms`.execute(
    store.tables,
  );
  return rows.map(({ ms }) => ms);
}

/** Machines on which a worker was heard within a time. */
export async function readHosts(store: Store, withinMs: number): Promise<string[]> {
  const { rows } = await sql<{ host: string }>`
    select distinct host from tminus.worker
      where seen_at > clock_timestamp() - ${withinMs} * interval '1 millisecond' order by host`.execute(store.tables);
  return rows.map(({ host }) => host);
}

/**
 * How long people took for the steps of a procedure in live runs, from being asked to their yes, the newest 50 of each, by step. In rehearsals people are stood in
 * for, so those say nothing.
 */
export async function readHumanLengths(
  store: Store,
  { launch, procedure }: { launch: string; procedure: string },
): Promise<{ [step: string]: number[] }> {
  const { rows } = await sql<{ step: string; lengths: number[] }>`
    select step, array_agg(length order by ended) as lengths from (
      select s.id as step, (s.body->>'endedAtMs')::float8 - (s.body->>'startedAtMs')::float8 as length,
          (s.body->>'endedAtMs')::float8 as ended,
          row_number() over (partition by s.id order by (s.body->>'endedAtMs')::float8 desc) as place
        from tminus.run r
          cross join lateral jsonb_array_elements((r.plan->'steps') || (r.plan->'undoSteps')) as p
          join tminus.step_run s on s.run = r.id and s.id = p->>'id'
        where r.launch = ${launch} and r.procedure = ${procedure} and r.mode = 'live' and (p->>'human')::boolean
          and s.state = 'done' and s.body->>'startedAtMs' is not null and s.body->>'endedAtMs' is not null
    ) measured where place <= 50 group by step`.execute(store.tables);
  return Object.fromEntries(rows.map(({ step, lengths }) => [step, lengths]));
}

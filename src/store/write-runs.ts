import { sql } from 'kysely';

import type { Run, StepRun } from '../core/procedure/run.ts';
import type { StoreTransaction } from './transaction.ts';
import { failpoint } from './failpoint.ts';

/** The next state of a run that is locked, or was made in this transaction. */
export interface RunWrite {
  run: Run;
  /** Its state before; null for a new one. Steps that are the same object in both are not written again. */
  before: Run | null;
  /** How many events it has after this. */
  events: number;
  aheadMs: number;
  /** When time alone will change it, by its own clock; null where it will not. */
  dueAtMs: number | null;
}

/** Makes the row of a run; its steps are written by `writeRuns` in the same transaction. */
export async function insertRun(
  tx: StoreTransaction,
  { run, launch, setting }: { run: Run; launch: string; setting: object },
): Promise<void> {
  const { plan, ...rest } = run;
  failpoint('insert-run.before');
  await sql`
    insert into tminus.run (id, launch, procedure, mode, environment, plan_hash, plan, setting, requested_by, state, body)
      values (${run.id}, ${launch}, ${plan.id}, ${run.mode}, ${plan.environment.id}, ${plan.planHash}, ${JSON.stringify(plan)}::jsonb,
        ${JSON.stringify(setting)}::jsonb, ${run.requestedBy}, ${run.state}, ${JSON.stringify({ ...rest, steps: undefined })}::jsonb)`.execute(
    tx,
  );
}

/** Writes the next states of runs, and of those of their steps that changed. The rows of the runs have to be locked by this transaction. */
export async function writeRuns(tx: StoreTransaction, writes: readonly RunWrite[]): Promise<void> {
  if (writes.length === 0) return;
  const rows = writes.map(toRunRow);
  await sql`
    update tminus.run as r set state = t.state, body = t.body, events = t.events, ahead_ms = t.ahead,
        due_at = to_timestamp(t.due / 1000.0), ended_at = to_timestamp(t.ended / 1000.0)
      from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ state }) => state)}::text[], ${rows.map(({ body }) => body)}::jsonb[],
        ${rows.map(({ events }) => events)}::bigint[], ${rows.map(({ ahead }) => ahead)}::bigint[], ${rows.map(({ due }) => due)}::float8[],
        ${rows.map(({ ended }) => ended)}::float8[]) as t (id, state, body, events, ahead, due, ended)
      where r.id = t.id`.execute(tx);
  const steps = writes.flatMap(changedSteps);
  failpoint('write-runs.between');
  if (steps.length === 0) return;
  await sql`
    insert into tminus.step_run as s (run, id, position, state, body, stop_cause)
      select * from unnest(${steps.map(({ run }) => run)}::text[], ${steps.map(({ step }) => step.id)}::text[],
        ${steps.map(({ position }) => position)}::int[], ${steps.map(({ step }) => step.state)}::text[],
        ${steps.map(({ step }) => JSON.stringify(step))}::jsonb[], ${steps.map(({ step }) => step.stopping)}::text[])
      on conflict (run, id) do update set state = excluded.state, body = excluded.body, stop_cause = excluded.stop_cause`.execute(
    tx,
  );
}

interface RunRow {
  id: string;
  state: string;
  body: string;
  events: number;
  ahead: number;
  due: number | null;
  ended: number | null;
}

function toRunRow({ run, events, aheadMs, dueAtMs }: RunWrite): RunRow {
  return {
    id: run.id,
    state: run.state,
    body: JSON.stringify({ ...run, plan: undefined, steps: undefined }),
    events,
    ahead: aheadMs,
    due: dueAtMs === null ? null : dueAtMs - aheadMs,
    ended: run.endedAtMs === null ? null : run.endedAtMs - aheadMs,
  };
}

/** Steps are replaced and never written to, so that the same object means the same step. */
function changedSteps({ run, before }: RunWrite): { run: string; step: StepRun; position: number }[] {
  return Object.values(run.steps).flatMap((step, position) =>
    before?.steps[step.id] === step ? [] : [{ run: run.id, step, position }],
  );
}

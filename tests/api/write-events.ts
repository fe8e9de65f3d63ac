import { appendEvents } from '../../src/store/event.ts';
import type { Store } from '../../src/store/open-store.ts';

/** Puts a run where events can be of it. Nothing works on it: tests of events need no engine. */
export async function putRun(
  store: Store,
  { id, launch, environment, ended }: { id: string; launch: string; environment: string; ended?: Date },
): Promise<void> {
  await store.tables
    .insertInto('run')
    .values({
      id,
      launch,
      procedure: 'runbook',
      mode: 'rehearsal',
      environment,
      plan_hash: 'none',
      plan: '{}',
      setting: '{}',
      requested_by: 'carol',
      state: ended ? 'completed' : 'running',
      body: '{}',
      ...(ended && { ended_at: ended }),
    } as never)
    .execute();
}

const counts = new Map<string, number>();

/** Appends events of a run (null: of the system), and returns the cursor of the last. */
export async function writeEvents(
  store: Store,
  run: string | null,
  count: number,
  { type = 'step.started', ...body }: { type?: string; [field: string]: unknown } = {},
): Promise<number> {
  const from = counts.get(run ?? '') ?? 0;
  counts.set(run ?? '', from + count);
  const events = Array.from({ length: count }, (_, index) => ({
    run,
    number: run === null ? null : from + index + 1,
    type,
    atMs: Date.now(),
    body: { ...body, place: from + index + 1 },
  }));
  return store.tables.transaction().execute((tx) => appendEvents(tx, events));
}

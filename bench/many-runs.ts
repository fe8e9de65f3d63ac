import { randomUUID } from 'node:crypto';

import { nextTickAt } from '../src/core/procedure/next-tick-at.ts';
import type { Plan } from '../src/core/procedure/plan.ts';
import { startRun } from '../src/core/procedure/start-run.ts';
import { toEvents } from '../src/engine/advance/to-events.ts';
import { appendEvents } from '../src/store/event.ts';
import type { Store } from '../src/store/open-store.ts';
import { insertRun, writeRuns } from '../src/store/write-runs.ts';
import type { RunsUnderTest } from './open-runs.ts';
import { runSideBySide } from './side-by-side.ts';

const together = 500;

/** Makes many runs, five hundred in one transaction, as `createRun` makes one. */
export async function createStartable(store: Store, count: number, planOf: () => Plan): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += together) {
    const made = Array.from({ length: Math.min(together, count - from) }, () => {
      const id = `bench-${randomUUID()}`;
      const started = startRun({
        id,
        plan: planOf(),
        mode: 'live',
        requestedBy: 'dave',
        approval: null,
        t0Ms: null,
        atMs: Date.now(),
      });
      if ('refused' in started)
        throw new Error(`run of the bench: ${started.refused.map(({ reason }) => reason).join('; ')}`);
      return started;
    });
    await store.tables.transaction().execute(async (tx) => {
      for (const { run } of made) await insertRun(tx, { run, launch: 'bench', setting });
      await writeRuns(
        tx,
        made.map(({ run, changes }) => ({
          run,
          before: null,
          events: changes.length,
          aheadMs: 0,
          dueAtMs: nextTickAt(run),
        })),
      );
      await appendEvents(
        tx,
        made.flatMap(({ run, changes }) => toEvents(run, changes, 0)),
      );
    });
    ids.push(...made.map(({ run }) => run.id));
  }
  return ids;
}

const candidate = { commit: 'c0ffee', version: null, url: null, environment: 'staging', extra: {} };
const setting = {
  candidate,
  candidateSha256: 'cd'.repeat(32),
  workspace: null,
  executor: 'dave',
  faults: {},
  standIns: null,
  labels: [],
};

/** Starts runs, many at once. */
export function startAll(engine: RunsUnderTest, ids: readonly string[]): Promise<void> {
  return runSideBySide(ids.length, 256, (nr) => engine.start(ids[nr] ?? ''));
}

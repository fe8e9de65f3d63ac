import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadPlan } from '../../src/engine/load-plan.ts';
import { openRecurring } from '../../src/engine/recurring/open-recurring.ts';
import type { Recurring } from '../../src/engine/recurring/open-recurring.ts';
import { readRecurring } from '../../src/engine/recurring/read-recurring.ts';
import { handIn } from '../../src/engine/runs/act-on-run.ts';
import { runOfSlot } from '../../src/engine/recurring/run-of-slot.ts';
import { openEngine } from '../../src/engine/runs/open-engine.ts';
import type { Engine } from '../../src/engine/runs/open-engine.ts';
import { orderLiveRun } from '../../src/engine/runs/order-live-run.ts';
import { orderRun } from '../../src/engine/runs/order-run.ts';
import { planRun } from '../../src/engine/runs/plan-run.ts';
import { toScene } from '../../src/engine/scene.ts';
import type { Scene } from '../../src/engine/scene.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import type { RecurringLine } from '../../src/core/schedule/to-recurring-lines.ts';
import type { Store } from '../../src/store/open-store.ts';
import { loadRuns } from '../../src/store/run.ts';
import { createTestDatabase } from '../setup/test-database.ts';

export const document = (words = 'every=1d', more = ''): string => `---
tminus: launch
id: kiosk
title: Kiosk
owner: dave
t0: 2020-01-01T00:00:00Z
environment: live
candidate: { commit: ${'c0ffee'.repeat(7).slice(0, 40)} }
environments:
  live: { url: "http://127.0.0.1:1", production: true }
people:
  dave: { name: Dave }
  carol: { name: Carol }
roles:
  lead: [dave]
  operator: [carol]
---

# Kiosk

## Runbook

1. [HUMAN] Open the kiosk {#open role=lead writes=no}

## Procedure: every day {#daily ${words}}

1. [HUMAN] Look at the dead letters {#letters role=operator proof=comment writes=no}
${more}`;

/** A launch whose daily work recurs, on a database of its own, with as many workers as are opened. */
export interface RecurringLaunch {
  store: Store;
  engine: Engine;
  write(text: string): void;
  scene(): Promise<Scene>;
  open(engine?: Engine): Recurring;
  openEngine(): Promise<Engine>;
  lines(): Promise<RecurringLine[]>;
  /** As if the schedules had been looked at last so long ago. */
  passDays(days: number): Promise<void>;
  /** Everything that has begun, so much earlier. */
  age(days: number): Promise<void>;
  runs(): Promise<{ id: string; state: string; requestedBy: string }[]>;
  untilRuns(count: number): Promise<{ id: string; state: string; requestedBy: string }[]>;
  /** Closes the human step of a run, with proof. */
  confirm(run: string): Promise<void>;
  /** Runs a procedure by hand, to its end. */
  runByHand(procedure: string): Promise<string>;
  /** Makes the run of a slot as a worker does, and does not begin it. */
  makeUnbegun(slot: { schedule: string; dueMs: number }): Promise<{ id: string; state: string }>;
  trouble: unknown[];
  close(): Promise<void>;
}

export async function openRecurringLaunch(text = document()): Promise<RecurringLaunch> {
  const database = await createTestDatabase();
  const store = await database.open();
  const directory = mkdtempSync(join(tmpdir(), 'tminus-recurring-'));
  const write = (next: string): void => writeFileSync(join(directory, 'launch.md'), next);
  write(text);
  const trouble: unknown[] = [];
  const report = (error: unknown): void => void trouble.push(error);
  const engines: Engine[] = [];
  const openOne = async (): Promise<Engine> => {
    const engine = await openEngine(store, { report });
    engines.push(engine);
    return engine;
  };
  const engine = await openOne();
  const opened: Recurring[] = [];
  const readers = { checks: checkReaders, steps: stepReaders };
  const scene = async (): Promise<Scene> => toScene(await loadPlan(directory, readers), null);
  const query = async <Row extends object>(statement: string, values: unknown[] = []): Promise<Row[]> =>
    (await store.database.pool.query<Row>(statement, values)).rows;
  const runs: RecurringLaunch['runs'] = () =>
    query(
      `select id, state, requested_by as "requestedBy" from tminus.run where procedure = 'daily' order by created_at`,
    );
  const confirm: RecurringLaunch['confirm'] = async (id) => {
    const { run } = (await loadRuns(store, [id])).get(id)!;
    const { id: step, role } = run.plan.steps[0]!;
    const person = role === 'lead' ? 'dave' : 'carol';
    await handIn(engine, { run, input: { kind: 'confirm', step, by: { person, role: role! }, proof: 'none waits' } });
  };
  return {
    store,
    engine,
    trouble,
    write,
    scene,
    openEngine: openOne,
    open(on = engine) {
      const recurring = openRecurring(on, { loadScene: scene, kinds: stepReaders, everyMs: 3_600_000, report });
      opened.push(recurring);
      return recurring;
    },
    async lines() {
      const { launch, environment } = await scene();
      return readRecurring(store, launch, environment.id);
    },
    passDays: async (days) =>
      void (await query(`update tminus.schedule set seen_until = seen_until - $1 * interval '1 day'`, [days])),
    age: async (days) =>
      void (await query(
        `update tminus.schedule_slot set due_at = due_at - $1 * interval '1 day', begun_at = begun_at - $1 * interval '1 day'`,
        [days],
      )),
    runs,
    async untilRuns(count) {
      for (let tries = 0; tries < 2_000; tries += 1) {
        const found = await runs();
        if (found.length >= count && found.every(({ state }) => state !== 'approved')) return found;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`runs: expected ${count}, got ${JSON.stringify({ runs: await runs(), trouble })}`);
    },
    confirm,
    async runByHand(procedure) {
      const now = await scene();
      const plan = planRun(now, procedure, stepReaders);
      const wish = { plan, person: 'dave', reason: 'by hand', labels: [], t0Ms: null, kinds: stepReaders };
      const { id } = await orderLiveRun(engine, now, { ...wish, key: randomUUID() });
      await confirm(id);
      return id;
    },
    async makeUnbegun(slot) {
      const [now, id] = [await scene(), runOfSlot(slot)];
      const setting = { workspace: null, faults: {}, standIns: null, labels: [] };
      const plan = planRun(now, 'daily', stepReaders);
      const { run } = await orderRun(store, now, {
        id,
        plan,
        mode: 'live',
        requester: 'dave',
        t0Ms: null,
        key: id,
        setting,
      });
      return run!;
    },
    async close() {
      await Promise.all(opened.map((one) => one.stop()));
      await Promise.all(engines.map((one) => one.close({ graceSeconds: 2 })));
      await database.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readLaunch } from '../../src/spec/launch/read-launch.ts';
import type { Launch } from '../../src/core/launch/launch.ts';
import type { Plan, PlannedStep } from '../../src/core/procedure/plan.ts';
import { planOf, step } from '../../src/core/procedure/runs.fixture.ts';
import type { Run, RunMode } from '../../src/core/procedure/run.ts';
import { createRun } from '../../src/engine/advance/create-run.ts';
import type { RunOrder } from '../../src/engine/advance/create-run.ts';
import { openAdvancer } from '../../src/engine/advance/open-advancer.ts';
import type { Advancer } from '../../src/engine/advance/open-advancer.ts';
import { workQueues } from '../../src/engine/advance/work-queues.ts';
import type { Delivery } from '../../src/engine/delivery.ts';
import type { DeliveryTimes } from '../../src/engine/delivery/open-boss.ts';
import { openDelivery } from '../../src/engine/delivery/open-delivery.ts';
import type { RunSetting } from '../../src/engine/run-setting.ts';
import type { Worker, WorkerOptions } from '../../src/engine/worker/open-worker.ts';
import { snapshotLaunch } from '../../src/store/launch-snapshot.ts';
import { loadRuns } from '../../src/store/run.ts';
import type { Store } from '../../src/store/open-store.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { openLedger } from './ledger-kind.ts';
import type { Ledger } from './ledger-kind.ts';

export const planHash = 'ab'.repeat(32);

/** The engine of one process, on a real database, with a ledger as the foreign system. */
export interface EngineUnderTest {
  store: Store;
  delivery: Delivery;
  advancer: Advancer;
  ledger: Ledger;
  workspace: string;
  /** Starts a worker in this process. */
  work(options?: Partial<WorkerOptions>): Promise<Worker>;
  /** Makes a run, and starts it. */
  start(plan: Plan, order?: Partial<RunOrderUnderTest>): Promise<string>;
  read(run: string): Promise<Run>;
  /** Waits until the run is as wanted, 60 s at most: machines are shared. */
  until(run: string, wanted: (run: Run) => boolean): Promise<Run>;
  close(): Promise<void>;
}

export interface RunOrderUnderTest {
  mode: RunMode;
  setting: Partial<RunSetting>;
  t0Ms: number | null;
  /** False leaves the run as it was ordered. */
  begins: boolean;
}

export async function startEngine(
  database: TestDatabase,
  times: Partial<DeliveryTimes> = {},
): Promise<EngineUnderTest> {
  const store = await database.open();
  const delivery = await openDelivery(store, { queues: workQueues, times });
  const advancer = openAdvancer(store, delivery);
  const ledger = await openLedger(database.url);
  const workspace = mkdtempSync(join(tmpdir(), 'tminus-run-'));
  await snapshotLaunch(store, { launch: testLaunch(), planHash, documents: [] });
  const workers: Worker[] = [];
  const read = async (run: string): Promise<Run> => (await loadRuns(store, [run])).get(run)!.run;
  return {
    store,
    delivery,
    advancer,
    ledger,
    workspace,
    read,
    async work(options = {}) {
      // Loaded where there is a worker: with all that it can do it is most of what an engine is made of.
      const { openWorker } = await import('../../src/engine/worker/open-worker.ts');
      const worker = await openWorker(workerOptions({ store, delivery, advancer, ledger, workspace }, options));
      workers.push(worker);
      return worker;
    },
    start: (plan, order = {}) => startRun({ store, advancer, workspace }, plan, order),
    async until(run, wanted) {
      const giveUp = performance.now() + 60_000;
      for (;;) {
        const now = await read(run);
        if (wanted(now)) return now;
        if (performance.now() > giveUp) throw new Error(`run ${run}: still ${now.state}, ${JSON.stringify(now.steps)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async close() {
      for (const worker of workers) await worker.stop({ graceSeconds: 5 });
      await delivery.stop({ graceSeconds: 5 });
      await ledger.close();
    },
  };
}

function workerOptions(
  parts: { store: Store; delivery: Delivery; advancer: Advancer; ledger: Ledger; workspace: string },
  options: Partial<WorkerOptions>,
): WorkerOptions {
  const { store, delivery, advancer, ledger, workspace } = parts;
  return {
    store,
    delivery,
    advancer,
    version: 'test',
    slots: 2,
    stepKinds: [ledger.kind],
    checkKinds: [],
    workspaces: {
      find: async () => ({ directory: workspace }),
      list: async () => [{ launch: 'test', planHash, directory: workspace }],
    },
    masking: {
      maskText: (text) => text,
      createStream: () => ({ write: (chunk) => chunk, flush: () => new Uint8Array() }),
      sweep: async () => ({ hits: [], unread: [] }),
    },
    openSecret: () => Promise.reject(new Error('secret: expected none, got one')),
    permit: async () => null,
    announce: null,
    log: null,
    report: (error) => process.emitWarning(error as Error),
    ...options,
  };
}

let count = 0;

async function startRun(
  { store, advancer, workspace }: { store: Store; advancer: Advancer; workspace: string },
  plan: Plan,
  { mode = 'live', setting = {}, t0Ms = null, begins = true }: Partial<RunOrderUnderTest>,
): Promise<string> {
  const order = orderOf(workspace, plan);
  const created = await createRun(store, { ...order, mode, t0Ms, setting: { ...order.setting, ...setting } });
  if (created.kind !== 'created') throw new Error(`run: expected it to be created, got ${JSON.stringify(created)}`);
  if (begins) await advancer.advance({ run: order.id, input: { kind: 'start' } });
  return order.id;
}

/** The order of a live run that nothing is special about. */
export function orderOf(workspace: string, plan: Plan): RunOrder {
  return {
    id: `run-${process.pid}-${++count}`,
    launch: 'test',
    plan,
    mode: 'live',
    requestedBy: 'dave',
    approval: null,
    t0Ms: null,
    key: null,
    once: false,
    setting: settingOf(workspace),
  };
}

function settingOf(workspace: string): RunSetting {
  const candidate = { commit: 'c0ffee', version: null, url: null, environment: 'staging', extra: {} };
  return {
    candidate,
    candidateSha256: 'cd'.repeat(32),
    workspace,
    executor: 'dave',
    faults: {},
    standIns: null,
    labels: [],
  };
}

/** A step of the ledger; each needs the one before it in `ledgerPlan`. */
export function ledgerStep(id: string, text: string, over: Partial<PlannedStep> = {}): PlannedStep {
  const at = { file: 'launch.md', line: 1, column: 1 };
  return step(id, { action: { kind: 'ledger', attributes: {}, text, spec: null, at }, ...over });
}

export function ledgerPlan(steps: PlannedStep[], over: Partial<Plan> = {}): Plan {
  const chained = steps.map((one, place) =>
    place === 0 || one.needs.length > 0 ? one : { ...one, needs: [steps[place - 1]!.id] },
  );
  return planOf(chained, { planHash, stops: [], pointsOfNoReturn: [], ...over });
}

function testLaunch(): Launch {
  const bytes = new TextEncoder().encode(
    '---\ntminus: launch\nid: test\ntitle: Test\nenvironment: staging\nenvironments:\n  staging: { url: "http://127.0.0.1:1", production: false }\npeople:\n  dave: { name: Dave }\nroles:\n  lead: [dave]\n---\n\n# Test\n',
  );
  const read = readLaunch([{ path: 'launch.md', bytes }], { checks: [], steps: [] });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.launch;
}

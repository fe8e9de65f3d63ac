import { randomUUID } from 'node:crypto';

import { readLaunch } from '../src/spec/launch/read-launch.ts';
import type { Plan, PlannedStep } from '../src/core/procedure/plan.ts';
import { planOf, step } from '../src/core/procedure/runs.fixture.ts';
import type { StepKind } from '../src/core/step/step-kind.ts';
import { createRun } from '../src/engine/advance/create-run.ts';
import type { AdvanceRequest } from '../src/engine/advance/advance-request.ts';
import { openAdvancer } from '../src/engine/advance/open-advancer.ts';
import { stepQueue, workQueues } from '../src/engine/advance/work-queues.ts';
import type { Claim, Delivery } from '../src/engine/delivery.ts';
import { openDelivery } from '../src/engine/delivery/open-delivery.ts';
import type { Engine } from '../src/engine/runs/open-engine.ts';
import { startWorker } from '../src/engine/runs/start-worker.ts';
import type { Worker } from '../src/engine/worker/open-worker.ts';
import { snapshotLaunch } from '../src/store/launch-snapshot.ts';
import type { Store } from '../src/store/open-store.ts';

/** Told of what passes in the engine; every call carries the id of a run and of a step. */
export interface Onlooker {
  /** A handler of the step queue was called. */
  handled(run: string, step: string): void;
  /** The body of the step was called, and returned. */
  ran(run: string, step: string, ms: number): void;
  /** An input was committed and answered. */
  advanced(request: AdvanceRequest): void;
}

/** An engine with a kind of step that does nothing but say one line. */
export interface RunsUnderTest extends Engine {
  watch(onlooker: Partial<Onlooker>): void;
  /** The worker of the product: masking, audited rights, approvals, gates and windows. */
  work(slots: number): Promise<Worker>;
  /** Makes a run, and does not start it. */
  create(plan: Plan, t0Ms?: number): Promise<string>;
  start(run: string): Promise<void>;
}

const planHash = 'ab'.repeat(32);
const launchText = `---
tminus: launch
id: bench
title: Bench
environment: staging
environments:
  staging: { url: "http://127.0.0.1:1", production: false }
people:
  dave: { name: Dave }
roles:
  lead: [dave]
---

# Bench
`;

/** Opens the engine of one process on a store; `batch` is how many jobs a slot takes at once. */
export async function openRuns(store: Store, { batch }: { batch: number }): Promise<RunsUnderTest> {
  const plain = await openDelivery(store, { queues: workQueues, batch, report: fail });
  let onlooker: Partial<Onlooker> = {};
  const delivery = watchHandlers(plain, (run, id) => onlooker.handled?.(run, id));
  const writer = openAdvancer(store, delivery);
  const advancer: Engine['advancer'] = {
    ...writer,
    async advance(request) {
      const answer = await writer.advance(request);
      onlooker.advanced?.(request);
      return answer;
    },
  };
  const engine: Engine = { store, delivery, advancer, close: (how) => delivery.stop(how) };
  await keepLaunch(store);
  const kind = createNoop((run, id, ms) => onlooker.ran?.(run, id, ms));
  return {
    ...engine,
    watch: (next) => void (onlooker = next),
    work: (slots) => startBenchWorker(engine, kind, slots),
    create: (plan, t0Ms) => createBenchRun(store, `bench-${randomUUID()}`, plan, t0Ms),
    async start(run) {
      const { state } = await advancer.advance({ run, input: { kind: 'start' } });
      if (state !== 'decided') throw new Error(`start of ${run}: expected it to be decided, got ${state}`);
    },
  };
}

/** A step of the kind that does nothing. */
export function noopStep(id: string, over: Partial<PlannedStep> = {}): PlannedStep {
  const at = { file: 'launch.md', line: 1, column: 1 };
  return step(id, { action: { kind: 'noop', attributes: {}, text: '', spec: {}, at }, ...over });
}

/** A plan of steps as they are, without anything that is looked for. */
export function benchPlan(steps: PlannedStep[]): Plan {
  const roles = { lead: ['dave'], operator: ['dave'] };
  return planOf(steps, { planHash, roles, automations: [], stops: [], pointsOfNoReturn: [] });
}

/** A plan of so many steps, one after the other. */
export function chainPlan(length: number): Plan {
  return benchPlan(
    Array.from({ length }, (_, place) =>
      noopStep(`step-${place}`, { needs: place === 0 ? [] : [`step-${place - 1}`] }),
    ),
  );
}

function fail(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(JSON.stringify(error)));
}

function watchHandlers(delivery: Delivery, handled: Onlooker['handled']): Delivery {
  return {
    ...delivery,
    work: (queue, handler, options) =>
      delivery.work(
        queue,
        (claim: Claim) => {
          if (queue === stepQueue.name) handled(String(claim.data['run']), String(claim.data['step']));
          return handler(claim);
        },
        options,
      ),
  };
}

async function keepLaunch(store: Store): Promise<void> {
  const read = readLaunch([{ path: 'launch.md', bytes: new TextEncoder().encode(launchText) }], {
    checks: [],
    steps: [],
  });
  if (!read.ok) throw new Error(`launch of the bench: ${JSON.stringify(read.problems)}`);
  await snapshotLaunch(store, { launch: read.launch, planHash, documents: [] });
}

function createNoop(ran: Onlooker['ran']): StepKind {
  return {
    kind: 'noop',
    summary: 'says one line',
    jsonSchema: {},
    fenceLanguages: [],
    readSpec: () => ({ ok: true, spec: {} }),
    readFence: () => ({ ok: true, spec: {} }),
    actionClass: () => 'medium_modify',
    listEffects: () => [{ does: 'write', target: 'nothing', text: 'says one line' }],
    undoSpec: () => null,
    probe: null,
    run(_spec, context) {
      const before = performance.now();
      context.log('out', 'done\n');
      const outcome = { outcome: 'done', detail: 'did nothing', facts: {} } as const;
      ran(context.variables['TMINUS_RUN'] ?? '', context.variables['TMINUS_STEP'] ?? '', performance.now() - before);
      return Promise.resolve(outcome);
    },
  };
}

function startBenchWorker(engine: Engine, kind: StepKind, slots: number): Promise<Worker> {
  const directory = import.meta.dirname;
  return startWorker({
    engine,
    environment: null,
    version: 'bench',
    slots,
    stepKinds: [kind],
    checkKinds: [],
    secrets: { providers: [], environment: {}, prefix: 'TMINUS_SECRET_' },
    readCheckout: () => Promise.resolve({ launch: 'bench', planHash, directory }),
    report: fail,
  });
}

async function createBenchRun(store: Store, id: string, plan: Plan, t0Ms: number | undefined): Promise<string> {
  const candidate = { commit: 'c0ffee', version: null, url: null, environment: 'staging', extra: {} };
  const setting = { workspace: null, executor: 'dave', faults: {}, standIns: null, labels: [] };
  const created = await createRun(store, {
    id,
    launch: 'bench',
    plan,
    mode: 'live',
    requestedBy: 'dave',
    approval: null,
    t0Ms: t0Ms ?? null,
    key: null,
    once: false,
    setting: { candidate, candidateSha256: 'cd'.repeat(32), ...setting },
  });
  if (created.kind !== 'created') throw new Error(`run ${id}: expected it to be made, got ${JSON.stringify(created)}`);
  return id;
}

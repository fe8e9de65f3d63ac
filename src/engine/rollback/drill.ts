import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { digestOf } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import { replay } from '../../core/procedure/apply-changes.ts';
import type { Change } from '../../core/procedure/change.ts';
import type { Plan, PlannedStep } from '../../core/procedure/plan.ts';
import type { DrillReport, DrillRun } from '../../core/rollback/drill-report.ts';
import { judgeDrill, verifyingSteps } from '../../core/rollback/judge-drill.ts';
import type { DrillJudgement } from '../../core/rollback/judge-drill.ts';
import type { RollbackTerms } from '../../core/rollback/rollback-terms.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import { toDrillFile } from '../../kinds/checks/drill/report-file.ts';
import { readEvents } from '../../store/event.ts';
import { openLog } from '../../store/log.ts';
import { readNow } from '../../store/open-store.ts';
import { keepRehearsal } from '../../store/rehearsal.ts';
import { readGitChanges } from '../read-git-changes.ts';
import { callOff } from '../rehearsal/call-off.ts';
import { copyWorkspace } from '../rehearsal/copy-workspace.ts';
import { rehearseOnce } from '../rehearsal/rehearse-once.ts';
import { resolveEverywhere } from '../rehearsal/resolve-everywhere.ts';
import type { Engine } from '../runs/open-engine.ts';
import { orderRun } from '../runs/order-run.ts';
import { planRun } from '../runs/plan-run.ts';
import type { Scene } from '../scene.ts';
import { interrupted, lowerAll, raiseAll } from './raise-traffic.ts';

/** What is drilled. */
export interface DrillWish {
  /** Id of a procedure that says which way back it is. */
  procedure: string;
  requester: string;
  /** Works in the launch repository itself instead of a copy of it: for switches that a running process reads from a file of it. */
  inPlace: boolean;
  kinds: readonly StepReader[];
  signal: AbortSignal;
  /** Told what is being done, and how many of three parts are over, for whoever waits. */
  onPart?: (part: string, number: number) => void;
}

/** A drill that has ended, and the signed file that a `drill` check reads. */
export interface EndedDrill {
  report: DrillReport;
  judgement: DrillJudgement;
  file: string;
}

/** Returns what a procedure says of the way back that it is; throws `usage` where it says nothing of the kind. */
export function termsOf({ launch }: Pick<Scene, 'launch'>, procedure: string): RollbackTerms {
  const found = launch.procedures.find(({ id }) => id === procedure);
  if (found?.goesBack !== undefined) return found.goesBack;
  const known = launch.procedures.filter(({ goesBack }) => goesBack !== undefined).map(({ id }) => id);
  throw new ProductError(
    'usage',
    `way back ${procedure}: expected one of ${known.join(', ') || 'none'}, got ${found === undefined ? 'no such procedure' : 'a procedure without yaml rollback'}`,
    { hint: 'declare it with a yaml rollback under the heading of its procedure' },
  );
}

/**
 * Drills one way back where it harms nobody: goes forward as far as it says, gives the canary its traffic, sees that what looks at the end is not content yet, and then goes back by the
 * clock. Each part is a run of its own, by the engine that will run it live. The report is kept. Throws where the plan could touch production (C07).
 */
export async function drillRollback(engine: Engine, scene: Scene, wish: DrillWish): Promise<EndedDrill> {
  const terms = termsOf(scene, wish.procedure);
  refuseProduction(scene);
  const plan = planRun(scene, wish.procedure, wish.kinds);
  const { key } = await openLog(engine.store, scene.launch.id);
  const candidates = await resolveEverywhere(scene);
  const beganAt = await readNow(engine.store);
  const changes = await readGitChanges(scene.directory);
  const parts = await inWorkspace(engine, scene, wish, (workspace) =>
    drillParts({ engine, scene, wish, plan, terms, workspace }),
  );
  const draft: DrillReport = {
    format: 'tminus/drill/1',
    id: `drill-${randomBytes(5).toString('hex')}`,
    launch: scene.launch.id,
    procedure: plan.id,
    kind: terms.kind,
    withinMs: terms.withinMs,
    ledger: terms.ledger,
    observer: terms.observer,
    environment: scene.environment.id,
    simulated: scene.environment.simulated,
    planHash: plan.planHash,
    candidates,
    uncommitted: changes?.filter((path) => !path.startsWith('.tminus/') && !path.startsWith('reports/')) ?? null,
    beganAt,
    endedAt: await readNow(engine.store),
    signedBy: key.text,
    passed: false,
    ...parts,
  };
  const judgement = judgeDrill(draft);
  const report = { ...draft, passed: judgement.passed };
  const { id, launch, procedure, environment, planHash, passed } = report;
  const { candidateSha256 } = scene;
  const row = { id, launch, procedure, environment, planHash, candidateSha256, passed };
  await keepRehearsal(engine.store, { ...row, report });
  return { report, judgement, file: toDrillFile(report, key) };
}

function refuseProduction({ environment }: Scene): void {
  if (!environment.production) return;
  throw new ProductError('run_refused', `drill in ${environment.id}: expected no environment of production, got one`, {
    hint: 'name another environment with --environment',
  });
}

async function inWorkspace<Value>(
  { store }: Engine,
  { directory }: Scene,
  { inPlace }: DrillWish,
  work: (workspace: string) => Promise<Value>,
): Promise<Value> {
  if (inPlace) return work(directory);
  const folder = join(store.dataDirectory, 'rehearsals', randomBytes(6).toString('hex'));
  try {
    return await work(await copyWorkspace(directory, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Drilling {
  engine: Engine;
  scene: Scene;
  wish: DrillWish;
  plan: Plan;
  terms: RollbackTerms;
  workspace: string;
}

type Parts = Pick<DrillReport, 'forward' | 'ledgerBefore' | 'controls' | 'back'>;

async function drillParts(drilling: Drilling): Promise<Parts> {
  const { plan, terms, wish } = drilling;
  wish.onPart?.('forward, until there is something to take back', 0);
  const forward = terms.after === null ? null : await runPart(drilling, forwardPlan(drilling, terms.after));
  const shifts = await raiseAll(drilling);
  try {
    const ledger = plan.steps.find(({ id }) => id === terms.ledger);
    wish.onPart?.('what there is, and whether it can be seen that nothing was taken back yet', 1);
    const ledgerBefore = ledger === undefined ? null : await runPart(drilling, onlyStep(plan, ledger));
    const controls: Parts['controls'] = [];
    for (const step of verifyingSteps(plan).filter(({ id }) => id !== terms.ledger && terms.kind !== 'recovery'))
      controls.push({ step: step.id, run: await runPart(drilling, onlyStep(plan, step)) });
    wish.onPart?.('back, by the clock', 2);
    const back = await runPart(drilling, plan);
    return { forward, ledgerBefore, controls, back };
  } finally {
    await lowerAll(drilling, shifts);
  }
}

/** The runbook up to the step behind which there is something to take back. */
function forwardPlan({ scene, wish }: Drilling, after: string): Plan {
  const procedure = scene.launch.procedures.find(({ steps }) => steps.some(({ id }) => id === after));
  const whole = planRun(scene, procedure?.id ?? '', wish.kinds);
  const steps = whole.steps.slice(0, whole.steps.findIndex(({ id }) => id === after) + 1);
  // Nothing is undone in it, but a step that names its undo is refused without.
  return { ...whole, ...unwatched(), undoSteps: whole.undoSteps, steps };
}

function unwatched(): Pick<Plan, 'undoSteps' | 'builtInHolds' | 'recyclePoints' | 'stops' | 'pointsOfNoReturn'> {
  return { undoSteps: [], builtInHolds: [], recyclePoints: [], stops: [], pointsOfNoReturn: [] };
}

/** A look that is not content yet says so at its first attempt: whoever wants several waits for a change. */
const longestLookMs = 10_000;

function onlyStep(plan: Plan, step: PlannedStep): Plan {
  const limitMs = Math.min(step.limitMs ?? longestLookMs, longestLookMs);
  const alone: PlannedStep = { ...step, needs: [], limitMs, maxAttempts: 1, onFail: 'fail', onTimeout: 'fail' };
  return { ...plan, ...unwatched(), steps: [alone] };
}

async function runPart({ engine, scene, wish, workspace }: Drilling, plan: Plan): Promise<DrillRun> {
  const { store, advancer } = engine;
  if (wish.signal.aborted) throw interrupted();
  const nowMs = Date.parse(await readNow(store));
  const offsets = plan.steps.flatMap(({ timer }) => (timer.kind === 'offset' ? [timer.offsetMs] : []));
  const ordered = await orderRun(store, scene, {
    plan,
    mode: 'rehearsal',
    requester: wish.requester,
    t0Ms: nowMs - Math.min(0, ...offsets) + 60_000,
    key: null,
    setting: { workspace, faults: {}, standIns: 'all', labels: [] },
  });
  const pass = { run: ordered.id, faults: {}, takesBack: false, signal: wish.signal };
  const { run, acts, stuck } = await rehearseOnce(advancer, pass);
  if (wish.signal.aborted) throw interrupted();
  if (stuck !== null) await callOff(advancer, run);
  const events = await readEvents(store, 0, { run: run.id, limit: 100_000 });
  const log = events.map(({ body }) => body as unknown as Change);
  return {
    run: run.id,
    // One that stood still was called off: what its events say last holds.
    state: replay(log).state,
    stoodIn: acts.flatMap(({ step }) => step ?? []),
    events: { count: log.length, sha256: digestOf(log) },
    log,
  };
}

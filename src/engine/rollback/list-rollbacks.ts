import type { Signed } from '@tminus/verify';

import type { Plan } from '../../core/procedure/plan.ts';
import { isFinal } from '../../core/procedure/run.ts';
import type { Run } from '../../core/procedure/run.ts';
import type { DrillReport } from '../../core/rollback/drill-report.ts';
import type { DrillAttestation } from '../../core/rollback/drill-attestation.ts';
import { findObserver, listPossibleObservers } from '../../core/rollback/find-observer-fault.ts';
import { judgeDrill } from '../../core/rollback/judge-drill.ts';
import type { RollbackKind } from '../../core/rollback/rollback-terms.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import { listObservers } from '../../core/rollback/list-observers.ts';
import { listDrills } from '../../store/rehearsal.ts';
import type { Store } from '../../store/open-store.ts';
import { listRuns, loadRuns } from '../../store/run.ts';
import { forecastRun } from '../forecast-run.ts';
import { planRun } from '../runs/plan-run.ts';
import type { Scene } from '../scene.ts';
import { readAttestations } from './read-attestations.ts';

/** A drill of a declared way back, judged again by its events. */
export interface RollbackDrill {
  id: string;
  at: string;
  environment: string;
  passed: boolean;
  /** Whether it is of this candidate and plan. */
  current: boolean;
  tookMs: number | null;
  findings: string[];
  /** Who watched it and has attested it; null where nobody has, or nobody has to. */
  observedBy: string | null;
  /** Who may attest it still; empty where nobody is waited for. */
  waitsFor: string[];
}

/** A live run of a declared way back that has not ended. */
export interface RunningRollback {
  run: string;
  state: Run['state'];
  /** RFC 3339: its clock started here. */
  since: string;
  /** Steps that are done, of so many, and which is next or under way. */
  done: number;
  steps: number;
  next: string | null;
}

/** A declared way back: how long it may take, how long it took, and whether it runs now. */
export interface DeclaredRollback {
  procedure: string;
  title: string;
  kind: RollbackKind;
  withinMs: number;
  /** Role or person who has to watch its drills; null where nobody is asked. */
  observer: string | null;
  /** By the lengths of its steps in earlier runs, nine of ten; null where one was never measured. */
  p90Ms: number | null;
  gaps: string[];
  /** The newest first, five at most. */
  drills: RollbackDrill[];
  running: RunningRollback | null;
}

/** Returns the ways back that a launch declares, with what is known of each. */
export async function listRollbacks(
  store: Store,
  scene: Scene,
  { kinds, nowMs }: { kinds: readonly StepReader[]; nowMs: number },
): Promise<DeclaredRollback[]> {
  const declared = scene.launch.procedures.filter(({ goesBack }) => goesBack !== undefined);
  if (declared.length === 0) return [];
  const reports = (await listDrills(store, scene.launch.id)).map(({ report, at }) => ({
    report: report as DrillReport,
    at: at.toISOString(),
  }));
  const runs = await openRuns(store, scene);
  const words = await readAttestations(scene.directory);
  return Promise.all(
    declared.map(async ({ id, title, goesBack }) => {
      const plan = planRun(scene, id, kinds);
      return {
        procedure: id,
        title,
        kind: goesBack!.kind,
        withinMs: goesBack!.withinMs,
        observer: goesBack!.observer,
        ...(await lengthOf(store, scene, { plan, nowMs })),
        drills: reports
          .filter(({ report }) => report.procedure === id)
          .slice(0, 5)
          .map((one) => seenBy(scene, { ...one, words, nowMs })),
        running: toRunning(runs.find((run) => run.plan.id === id)),
      };
    }),
  );
}

async function openRuns(store: Store, { launch, environment }: Scene): Promise<Run[]> {
  const filter = { launch: launch.id, environment: environment.id, open: true, mode: 'live' as const, limit: 50 };
  const lines = await listRuns(store, filter);
  const loaded = await loadRuns(
    store,
    lines.map(({ id }) => id),
  );
  return [...loaded.values()].map(({ run }) => run).filter((run) => !isFinal(run));
}

async function lengthOf(
  store: Store,
  { launch }: Scene,
  { plan, nowMs }: { plan: Plan; nowMs: number },
): Promise<Pick<DeclaredRollback, 'p90Ms' | 'gaps'>> {
  // It begins when somebody asks for it, and not at T-0.
  const ask = { launch: { ...launch, t0: null }, plan, run: null, nowMs };
  const { finishMs, gaps } = await forecastRun(store, ask);
  return { p90Ms: finishMs === null ? null : finishMs.p90 - nowMs, gaps: gaps.map(({ text }) => text) };
}

function toDrill(
  { planHash, candidateSha256 }: Scene,
  { report, at }: { report: DrillReport; at: string },
): Omit<RollbackDrill, 'observedBy' | 'waitsFor'> {
  const { id, environment } = report;
  const current = report.planHash === planHash && Object.values(report.candidates).includes(candidateSha256);
  try {
    const { passed, tookMs, findings, partial } = judgeDrill(report);
    return { id, at, environment, current, passed, tookMs, findings: partial === null ? findings : [partial] };
  } catch (error) {
    // Somebody changed what was kept.
    const findings = [error instanceof Error ? error.message : String(error)];
    return { id, at, environment, current, passed: false, tookMs: null, findings };
  }
}

/** A drill with who has attested it, or who may still. */
function seenBy(
  scene: Scene,
  {
    report,
    at,
    words,
    nowMs,
  }: { report: DrillReport; at: string; words: readonly Signed<DrillAttestation>[]; nowMs: number },
): RollbackDrill {
  const drill = toDrill(scene, { report, at });
  const { launch } = scene;
  const asked = launch.procedures.find(({ id }) => id === report.procedure)?.goesBack?.observer ?? null;
  if (asked === null || !drill.current || !drill.passed) return { ...drill, observedBy: null, waitsFor: [] };
  const observed = { report, observers: listObservers(launch, asked), nowMs };
  const about = words.filter(({ statement }) => statement.drill === report.id);
  const { person } = findObserver(observed, about);
  return { ...drill, observedBy: person, waitsFor: person === null ? listPossibleObservers(observed) : [] };
}

function toRunning(run: Run | undefined): RunningRollback | null {
  if (run === undefined) return null;
  const { id, state, createdAtMs, plan, steps } = run;
  const isOver = (step: string): boolean => ['done', 'skipped'].includes(steps[step]?.state ?? '');
  return {
    run: id,
    state,
    since: new Date(createdAtMs).toISOString(),
    done: plan.steps.filter((step) => isOver(step.id)).length,
    steps: plan.steps.length,
    next: plan.steps.find((step) => !isOver(step.id))?.title ?? null,
  };
}

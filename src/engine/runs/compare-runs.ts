import { expectedT0 } from '../../core/procedure/count-clock.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import { typicalMs } from '../../core/procedure/progress.ts';
import type { Run, StepRun } from '../../core/procedure/run.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoredRun } from '../../store/run.ts';
import { readLengths } from '../../store/step-record.ts';

/** One of the two runs. */
export interface ComparedRun {
  run: string;
  procedure: string;
  mode: Run['mode'];
  environment: string;
  state: Run['state'];
  planHash: string;
  t0Ms: number | null;
  startedAtMs: number | null;
  endedAtMs: number | null;
}

/** What became of a step in one of them. */
export interface ComparedStep {
  state: StepRun['state'];
  attempts: number;
  /** From T-0 to its beginning. */
  offsetMs: number | null;
  /** From the start of the run to its beginning. */
  sinceStartMs: number | null;
  lengthMs: number | null;
}

/** Planned beside actual, and beside another run. */
export interface RunComparison {
  run: ComparedRun;
  with: ComparedRun | null;
  samePlan: boolean | null;
  steps: {
    step: string;
    title: string;
    part: 'forward' | 'undo';
    planned: { offsetMs: number | null; typicalMs: number | null };
    run: ComparedStep | null;
    with: ComparedStep | null;
    differenceMs: number | null;
  }[];
}

/** Compares a run with its plan and with another run, by steps of the same id: those of the first in its order, then those that only the other has. */
export async function compareRuns(
  store: Store,
  { launch, run }: StoredRun,
  other: StoredRun | null,
): Promise<RunComparison> {
  const history = await readLengths(store, { launch, procedure: run.plan.id });
  const planned = new Map([...plannedSteps(run.plan), ...(other ? plannedSteps(other.run.plan) : [])]);
  const own = plannedSteps(run.plan);
  const undo = new Set([run, ...(other ? [other.run] : [])].flatMap(({ plan }) => plan.undoSteps.map(({ id }) => id)));
  return {
    run: toSide(run),
    with: other && toSide(other.run),
    samePlan: other && other.run.plan.planHash === run.plan.planHash,
    steps: [...planned.keys()].map((id) => {
      const step = own.get(id) ?? planned.get(id)!;
      const [here, there] = [toStep(run, id), other && toStep(other.run, id)];
      const isMeasured = here?.lengthMs != null && there?.lengthMs != null;
      return {
        step: id,
        title: step.title,
        part: undo.has(id) ? 'undo' : 'forward',
        planned: {
          offsetMs: step.timer.kind === 'offset' ? step.timer.offsetMs : null,
          typicalMs: typicalMs(history, id),
        },
        run: here,
        with: there,
        differenceMs: isMeasured ? here.lengthMs! - there.lengthMs! : null,
      };
    }),
  };
}

function toSide(run: Run): ComparedRun {
  const { id, plan, mode, state, startedAtMs, endedAtMs, clock, nowMs } = run;
  return {
    run: id,
    procedure: plan.id,
    mode,
    environment: plan.environment.id,
    state,
    planHash: plan.planHash,
    t0Ms: clock && expectedT0(clock, nowMs),
    startedAtMs,
    endedAtMs,
  };
}

/** Null for a step that the run does not have. */
function toStep(run: Run, id: string): ComparedStep | null {
  const step = Object.hasOwn(run.steps, id) ? run.steps[id] : undefined;
  if (!step) return null;
  const { state, attempt, startedAtMs, endedAtMs } = step;
  const { t0Ms } = toSide(run);
  return {
    state,
    attempts: attempt,
    offsetMs: startedAtMs === null || t0Ms === null ? null : startedAtMs - t0Ms,
    sinceStartMs: startedAtMs === null || run.startedAtMs === null ? null : startedAtMs - run.startedAtMs,
    lengthMs: startedAtMs === null || endedAtMs === null ? null : endedAtMs - startedAtMs,
  };
}

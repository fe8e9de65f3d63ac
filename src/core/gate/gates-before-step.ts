import { listCriteria } from '../launch/find-criterion.ts';
import type { Gate, Launch } from '../launch/launch.ts';
import { plannedSteps } from '../procedure/draft.ts';
import type { PlannedStep } from '../procedure/plan.ts';
import type { Run } from '../procedure/run.ts';

/**
 * Gates that have to say GO at the moment a step begins: each gate of a phase that this step would be the first to enter, and for a step that cannot be
 * taken back every gate up to its phase, whoever passed before. The way back asks no gate: what made a launch bad must not keep it from being undone.
 */
export function gatesBeforeStep(launch: Launch, run: Run, id: string): Gate[] {
  const planned = plannedSteps(run.plan).get(id);
  const step = run.steps[id];
  if (!planned || step?.part !== 'forward') return [];
  const dueMs = offsetOf(planned);
  if (dueMs === null) return [];
  return launch.gates.filter((gate) => {
    const fromMs = phaseOffset(launch, gate);
    if (fromMs === null || fromMs > dueMs) return false;
    return !planned.reversible || !hasEntered(run, fromMs);
  });
}

/** Criteria that the document names as needs of a step, beside its steps. */
export function criteriaOfStep(launch: Launch, id: string): string[] {
  const known = new Set(listCriteria(launch).map((criterion) => criterion.id));
  const step = launch.procedures.flatMap(({ steps }) => steps).find((one) => one.id === id);
  return (step?.needs ?? []).filter((need) => known.has(need));
}

function phaseOffset({ phases }: Launch, { phase }: Gate): number | null {
  return phases.find(({ id }) => id === phase)?.offsetMs ?? null;
}

/** A gate that let the run into its phase is not asked again by every step of it: its evidence may grow old while the work goes on. */
function hasEntered({ plan, steps }: Run, fromMs: number): boolean {
  return plan.steps.some((planned) => {
    const dueMs = offsetOf(planned);
    const begun = steps[planned.id];
    return dueMs !== null && dueMs >= fromMs && begun !== undefined && begun.state === 'done';
  });
}

function offsetOf({ timer }: PlannedStep): number | null {
  return timer.kind === 'offset' ? timer.offsetMs : null;
}

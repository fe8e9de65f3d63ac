import { listCriteria } from '../launch/find-criterion.ts';
import type { Gate, Launch, Procedure } from '../launch/launch.ts';
import { expectedT0 } from '../procedure/count-clock.ts';
import { plannedSteps } from '../procedure/draft.ts';
import type { PlannedStep } from '../procedure/plan.ts';
import type { Run } from '../procedure/run.ts';
import { isLaterPhase } from './phase-order.ts';

/** Where a step stands in the launch: by the count where it hangs on it, and by the phase that it is written under. */
interface Standing {
  offsetMs: number | null;
  phase: string | null;
}

/**
 * Gates that have to say GO at the moment a step begins: each gate of a phase that this step would be the first to enter, and for a step that cannot be
 * taken back every gate up to its phase, whoever passed before. A step of a runbook that hangs on no offset stands where its needs stand, and at T-0 where
 * they tell nothing: what has no time is not free of gates. A way back asks no gate, as part of a run or as a run of its own: what made a launch bad
 * must not keep it from being undone.
 */
export function gatesBeforeStep(launch: Launch, run: Run, id: string): Gate[] {
  const planned = plannedSteps(run.plan).get(id);
  const procedure = launch.procedures.find((one) => one.id === run.plan.id);
  if (!planned || run.steps[id]?.part !== 'forward' || procedure?.kind === 'rollback') return [];
  const standing = standingOf(run, procedure, planned);
  return launch.gates.filter((gate) => {
    if (!isReached(launch, gate, standing)) return false;
    return !planned.reversible || !hasEntered(launch, run, procedure, gate);
  });
}

/** Criteria that the document names as needs of a step, beside its steps. */
export function criteriaOfStep(launch: Launch, id: string): string[] {
  const known = new Set(listCriteria(launch).map((criterion) => criterion.id));
  const step = launch.procedures.flatMap(({ steps }) => steps).find((one) => one.id === id);
  return (step?.needs ?? []).filter((need) => known.has(need));
}

/** A gate of a phase that nobody declared is reached by everything: what is asked for by an unknown phase is asked for now. */
function isReached({ phases }: Launch, gate: Gate, { offsetMs, phase }: Standing): boolean {
  const declared = phases.find(({ id }) => id === gate.phase);
  if (!declared) return true;
  if (declared.offsetMs !== null) return offsetMs !== null && declared.offsetMs <= offsetMs;
  return phase !== null && !isLaterPhase(phases, gate.phase, phase);
}

/**
 * A gate that let the run into its phase is not asked again by every step of it: its evidence may grow old while the work goes on. A step that only
 * waits lets nobody in: time ends it, and no gate is asked before it.
 */
function hasEntered(launch: Launch, run: Run, procedure: Procedure | undefined, gate: Gate): boolean {
  return run.plan.steps.some(
    (planned) =>
      planned.pause === null &&
      run.steps[planned.id]?.state === 'done' &&
      isReached(launch, gate, standingOf(run, procedure, planned)),
  );
}

function standingOf(run: Run, procedure: Procedure | undefined, planned: PlannedStep): Standing {
  const phase = procedure?.steps.find(({ id }) => id === planned.id)?.phase ?? null;
  const offsetMs = latestOffset(run, planned, new Set());
  // An SOP belongs to no phase unless it says so; all else that has no time is taken to come at T-0.
  return { phase, offsetMs: offsetMs ?? (procedure?.kind === 'procedure' ? null : 0) };
}

/** The offset that a step hangs on, or the latest of what it needs; null where none of them has one. */
function latestOffset(run: Run, { id, timer, needs }: PlannedStep, seen: Set<string>): number | null {
  if (timer.kind === 'offset') return timer.offsetMs;
  if (timer.kind === 'at') {
    const t0Ms = run.clock && expectedT0(run.clock, run.nowMs);
    return t0Ms === null ? null : timer.atMs - t0Ms;
  }
  if (seen.has(id)) return null;
  seen.add(id);
  const before = plannedSteps(run.plan);
  const offsets = needs
    .map((need) => before.get(need))
    .map((one) => (one ? latestOffset(run, one, seen) : null))
    .filter((offset) => offset !== null);
  return offsets.length === 0 ? null : Math.max(...offsets);
}

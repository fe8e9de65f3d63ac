import { humansIn } from '../../core/procedure/authority.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import type { Actor, Run, StepRun } from '../../core/procedure/run.ts';
import type { TimelessInput } from '../advance/advance-request.ts';
import type { PlantedFault } from '../run-setting.ts';

/** What people would do about a run, where a rehearsal acts in their place. */
export interface StandInAct {
  input: TimelessInput;
  /** What it was for, for the report. */
  why: 'waits' | 'late' | 'failed' | 'unknown' | 'hold';
  step: string | null;
}

const word = 'stood in for by the rehearsal';

/**
 * The next thing that people have to do, or null where time or a worker is next. An absent owner does nothing until the wait was escalated: then somebody
 * who decides acts. What a planted crash left open is settled by what was planted, which the rehearsal knows and nobody else could.
 */
export function standIn(run: Run, faults: { readonly [step: string]: PlantedFault }): StandInAct | null {
  for (const step of Object.values(run.steps)) {
    const act = actOnStep(run, step, faults[step.id]);
    if (act !== null) return act;
  }
  const stop = run.clock?.stops.find(({ release }) => release === 'person');
  if (!stop) return null;
  const release: TimelessInput = { kind: 'release', hold: stop.id, by: deciderOf(run), reason: word };
  return { input: release, why: 'hold', step: null };
}

function actOnStep(run: Run, step: StepRun, fault: PlantedFault | undefined): StandInAct | null {
  const by = deciderOf(run);
  if (step.state === 'waiting_human' && step.wait?.for === 'late-start')
    return { input: { kind: 'permit_late', step: step.id, by, reason: word }, why: 'late', step: step.id };
  if (step.state === 'waiting_human' && step.wait !== null) {
    const isAbsent = fault === 'owner_absent' && step.wait.onLimit === 'escalate';
    const input: TimelessInput = { kind: 'confirm', step: step.id, by: doerOf(run, step), proof: proofFor(run, step) };
    return isAbsent ? null : { input, why: 'waits', step: step.id };
  }
  if (step.state === 'unknown') {
    const outcome = fault === 'crash_before' ? 'failed' : 'done';
    return { input: { kind: 'settle', step: step.id, outcome, by, reason: word }, why: 'unknown', step: step.id };
  }
  if (step.state === 'failed' || step.state === 'timed_out') {
    // A step that fails although nothing was planted is what a rehearsal is for: it is left to fail.
    return fault === undefined || step.attempt > 1
      ? null
      : { input: { kind: 'retry', step: step.id, by, reason: word }, why: 'failed', step: step.id };
  }
  return null;
}

/** A URL leads nowhere by its very name (RFC 2606), so that nobody takes it for a proof. */
function proofFor({ plan }: Run, { id }: StepRun): string {
  return plannedSteps(plan).get(id)?.proof === 'url' ? 'https://rehearsal.invalid/stood-in-for' : word;
}

/** The first human who may decide about the run. */
export function deciderOf({ plan }: Run): Actor {
  const role = plan.deciders.find((one) => humansIn(plan, one).length > 0) ?? '';
  return { person: humansIn(plan, role)[0] ?? '', role };
}

function doerOf(run: Run, { id, wait }: StepRun): Actor {
  const role = plannedSteps(run.plan).get(id)?.role ?? null;
  const person = role === null ? undefined : humansIn(run.plan, role)[0];
  return role !== null && person !== undefined && wait?.people.includes(person) === true
    ? { person, role }
    : deciderOf(run);
}

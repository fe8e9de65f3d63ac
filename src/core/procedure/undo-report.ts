import { applyTo, copyOf } from './apply-changes.ts';
import type { Change } from './change.ts';
import { plannedSteps } from './draft.ts';
import type { Run, StepRun } from './run.ts';
import { undoPlan } from './undo-plan.ts';

/** How one step of the way back went. */
export interface UndoneStep {
  step: string;
  /** Forward steps that it took back. */
  undoes: string[];
  /** False where it only looks. */
  writes: boolean;
  state: StepRun['state'];
  attempts: number;
  beganAtMs: number | null;
  endedAtMs: number | null;
  /** From its first beginning to its end, every attempt and every wait between them included; null until it has ended. */
  lengthMs: number | null;
}

/** The way back of a run, judged by what was recorded while it happened (T31). Null wherever nothing was recorded: nothing is ever taken for zero. */
export interface UndoReport {
  /** First sign that something was wrong: a step failed, ran out of time or was lost, or a watch held the run. */
  seenAtMs: number | null;
  /** When a person asked for the way back, when its first step could begin, and when the run ended. */
  askedAtMs: number;
  beganAtMs: number | null;
  endedAtMs: number | null;
  state: Run['state'];
  variant: 'full' | 'partial-write' | null;
  /** From the first sign to the decision. */
  detectionMs: number | null;
  /** From the decision to the end of the last step that changes something, once every one of them is done or skipped. */
  rollbackMs: number | null;
  /** From there to the end of the last step that looks whether it is as before; null where no step looks after it. */
  verifyMs: number | null;
  steps: UndoneStep[];
}

/** The report on the way back from the event log of a run; null where nobody asked for one. Reads instants of events and nothing that anybody wrote into them. */
export function undoReport(events: readonly Change[]): UndoReport | null {
  const [first, ...rest] = events;
  if (first?.kind !== 'run_created')
    throw new Error(`expected a log that begins with run_created, got ${first?.kind ?? 'nothing'}`);
  const notes: Notes = {
    run: copyOf(first.run),
    seenAtMs: null,
    askedAtMs: null,
    beganAtMs: null,
    variant: null,
    steps: new Map(),
  };
  for (const change of rest) {
    note(notes, change);
    applyTo(notes.run, change);
  }
  return notes.askedAtMs === null ? null : toReport(notes, notes.askedAtMs);
}

interface Notes {
  run: Run;
  seenAtMs: number | null;
  askedAtMs: number | null;
  beganAtMs: number | null;
  variant: UndoReport['variant'];
  steps: Map<string, { undoes: string[]; beganAtMs: number | null }>;
}

/** Looks at a change while the run still stands before it. */
function note(notes: Notes, change: Change): void {
  const { run, steps } = notes;
  if (notes.askedAtMs === null && isBadSign(change)) notes.seenAtMs ??= change.atMs;
  if (change.kind === 'run_moved' && change.move === 'stop' && change.set.undoing === true)
    notes.askedAtMs = change.atMs;
  if (change.kind === 'run_moved' && change.move === 'undo') notes.beganAtMs = change.atMs;
  if (change.kind === 'step_added') {
    // Planned once, before the first step is added: what took effect does not change any more.
    const plan = undoPlan(run);
    notes.variant ??= plan.variant;
    const undoes = plan.steps.find(({ step }) => step === change.step.id)?.undoes ?? [];
    steps.set(change.step.id, { undoes, beganAtMs: null });
  }
  const step = change.kind === 'step_moved' ? steps.get(change.step) : undefined;
  if (step && change.kind === 'step_moved' && beginnings.includes(change.move)) step.beganAtMs ??= change.atMs;
}

const badMoves: readonly string[] = ['fail', 'expire', 'lose', 'settle_failed'];
const beginnings: readonly string[] = ['begin', 'await', 'pause'];

function isBadSign(change: Change): boolean {
  if (change.kind === 'step_moved') return badMoves.includes(change.move);
  return change.kind === 'hold_put' && change.hold.cause !== 'person';
}

function toReport({ run, seenAtMs, beganAtMs, variant, steps: noted }: Notes, askedAtMs: number): UndoReport {
  const planned = plannedSteps(run.plan);
  const steps = [...noted].map(([id, { undoes, beganAtMs: began }]): UndoneStep => {
    const { state, attempt, endedAtMs } = run.steps[id]!;
    const lengthMs = began === null || endedAtMs === null ? null : endedAtMs - began;
    const writes = planned.get(id)?.writes ?? true;
    return { step: id, undoes, writes, state, attempts: attempt, beganAtMs: began, endedAtMs, lengthMs };
  });
  const restoredAtMs = lastEnd(steps.filter(({ writes }) => writes));
  // What was looked at before the last change says nothing about how it is after it.
  const looks = steps.filter((one) => !one.writes && (one.endedAtMs ?? Infinity) > (restoredAtMs ?? Infinity));
  const verifiedAtMs = lastEnd(looks);
  return {
    seenAtMs,
    askedAtMs,
    beganAtMs,
    endedAtMs: run.endedAtMs,
    state: run.state,
    variant,
    detectionMs: seenAtMs === null ? null : askedAtMs - seenAtMs,
    rollbackMs: restoredAtMs === null ? null : restoredAtMs - askedAtMs,
    verifyMs: restoredAtMs === null || verifiedAtMs === null ? null : verifiedAtMs - restoredAtMs,
    steps,
  };
}

/** When the last of them ended; null where there are none, or one is not through. A step that was skipped took nothing back, but is through. */
function lastEnd(steps: readonly UndoneStep[]): number | null {
  const isThrough = steps.every(({ state }) => state === 'done' || state === 'skipped');
  const ends = steps.flatMap(({ state, endedAtMs }) => (state === 'done' && endedAtMs !== null ? [endedAtMs] : []));
  return isThrough && ends.length > 0 ? Math.max(...ends) : null;
}

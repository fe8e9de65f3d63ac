import type { Change } from './change.ts';
import type { PlannedStep } from './plan.ts';
import type { RunInput } from './run-input.ts';
import type { Run } from './run.ts';

/** The first thing found at one of the items, as text; null where nothing is. */
export function firstOf<Item>(items: readonly Item[], test: (item: Item) => unknown): string | null {
  for (const item of items) {
    const found = test(item);
    if (found !== null && found !== undefined && found !== false) return JSON.stringify(found);
  }
  return null;
}

/** Forward steps that were handed to workers or people. */
export function handedOut(changes: readonly Change[], run: Run): string[] {
  return movedSteps(changes, ['dispatch', 'await']).filter((id) => run.steps[id]?.part === 'forward');
}

/** Undo steps that were handed to workers or people. */
export function undoHandedOut(changes: readonly Change[], run: Run): string[] {
  return movedSteps(changes, ['dispatch', 'await']).filter((id) => run.steps[id]?.part === 'undo');
}

/** Steps that a worker began. */
export function begun(changes: readonly Change[]): string[] {
  return movedSteps(changes, ['begin']);
}

function movedSteps(changes: readonly Change[], moves: readonly string[]): string[] {
  return changes.flatMap((change) =>
    change.kind === 'step_moved' && moves.includes(change.move) ? [change.step] : [],
  );
}

/** Whether a step was asked to stop. */
export function asked(changes: readonly Change[], step: string): boolean {
  return changes.some((change) => change.kind === 'stop_step' && change.step === step);
}

/** What was planned for a step. */
export function planned({ plan }: Run, step: string): PlannedStep | undefined {
  return [...plan.steps, ...plan.undoSteps].find(({ id }) => id === step);
}

/** Steps done whose undo, of either kind, this is. */
export function undone({ plan, steps }: Run, undo: string): string[] {
  return plan.steps
    .filter((step) => (step.undo === undo || step.undoAfterReturn === undo) && steps[step.id]?.state === 'done')
    .map(({ id }) => id);
}

/** Whether a step is done or skipped. */
export function isThrough({ steps }: Run, id: string): boolean {
  return steps[id]?.state === 'done' || steps[id]?.state === 'skipped';
}

/** T-time of a run at its newest instant. */
export function countOf({ clock, nowMs }: Run): number {
  if (!clock) return -Infinity;
  return clock.stops.length > 0 ? clock.tMs : clock.tMs + nowMs - clock.wallMs;
}

/** Whether a hold is on a step. */
export function holds(hold: { scope: string; subject: string | null }, step: PlannedStep | undefined): boolean {
  if (hold.scope === 'end') return false;
  if (hold.scope === 'step') return step?.id === hold.subject;
  return hold.scope === 'asset' ? (step?.assets.includes(hold.subject ?? '') ?? false) : true;
}

/** Whether an input was refused. */
export function isRefused(changes: readonly Change[]): boolean {
  return changes.some(({ kind }) => kind === 'refused');
}

/** Whether a run has ended. */
export function isEnded({ endedAtMs }: Run): boolean {
  return endedAtMs !== null;
}

/** Whether a decision came from a human of the role, or belongs to a scope above the run. */
export function isHuman({ plan }: Run, input: Extract<RunInput, { by: unknown }>): boolean {
  const isOuter = (input.kind === 'hold' && input.hold.scope === 'global') || input.kind === 'release';
  return isOuter || (plan.roles[input.by.role]?.includes(input.by.person) === true && input.by.person !== 'bot');
}

/** Values that JSON cannot carry. */
export function hasLoss(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (value === undefined) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasLoss);
}

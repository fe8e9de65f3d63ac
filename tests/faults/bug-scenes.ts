import type { Plan } from '../../src/core/procedure/plan.ts';
import type { LockTimes } from '../../src/engine/delivery/keep-locks.ts';
import { ledgerPlan, ledgerStep } from '../runs/start-engine.ts';
import type { Wishes } from './drive-run.ts';
import type { FaultPoint } from './points.ts';

/** What happens while an engine is tried, with a bug planted in it or without. */
export interface BugScene {
  /** Where a process dies; null lets all live. */
  die: { point: string; role: FaultPoint['role'] } | null;
  lockTimes: Partial<LockTimes>;
  wishes: Omit<Wishes, 'key'>;
}

/** Names of the scenes. */
export type BugSceneName =
  | 'plain'
  | 'brokenOff'
  | 'notBegun'
  | 'busyAssets'
  | 'longSteps'
  | 'held'
  | 'takenBack'
  | 'lostOrder'
  | 'diesBeforeCommit'
  | 'diesAfterCommit';

const rerun = { interrupted: 'rerun', maxAttempts: 3 } as const;
const verify = { interrupted: 'verify', maxAttempts: 3 } as const;

/**
 * A first step, one of each way to go on after an interruption beside each other, and a last one; each takes so long. `failing` adds a step that throws,
 * `assets` lets several want the same.
 */
function planOf(ms: number, { assets = [], failing = false }: { assets?: string[]; failing?: boolean } = {}): Plan {
  const slow = ` slow ${ms}`;
  const middle = { needs: ['first'] };
  const steps = [
    ledgerStep('first', 'once', rerun),
    ledgerStep('again', `once${slow}`, { ...middle, ...rerun, assets }),
    ledgerStep('look', `plain${slow}`, { ...middle, ...verify, assets }),
    ledgerStep('ask', `plain slow ${Math.round(ms / 2)}`, { ...middle, interrupted: 'ask' }),
    ...(failing ? [ledgerStep('bad', 'plain throw', middle)] : []),
    ledgerStep('last', 'once', { ...rerun, needs: ['again', 'look', 'ask'] }),
  ].map((step) => ({ ...step, undo: `un-${step.id}` }));
  return ledgerPlan(steps, { undoSteps: steps.map(({ undo }) => ledgerStep(undo, 'once', rerun)) });
}

function scene(plan: Plan, wishes: Partial<BugScene['wishes']> = {}, over: Partial<BugScene> = {}): BugScene {
  return {
    die: null,
    lockTimes: {},
    ...over,
    wishes: {
      plan,
      holds: false,
      heldMs: 0,
      cancels: false,
      after: { hold: 1, cancel: 1 },
      mode: 'live',
      faults: {},
      ...wishes,
    },
  };
}

const crashes = (fault: 'crash_before' | 'crash_after'): Partial<Wishes> => ({
  mode: 'rehearsal',
  faults: { again: fault, look: fault, ask: fault },
});

/** Scenes in which bugs come out; every one of them is played with the whole engine, too. */
export const bugScenes: { [name in BugSceneName]: BugScene } = {
  plain: scene(planOf(100, { failing: true })),
  /** The worker is gone after the effect, before it said so. */
  brokenOff: scene(planOf(100), crashes('crash_after')),
  /** The worker is gone before the effect. */
  notBegun: scene(planOf(100), crashes('crash_before')),
  /** Two steps want the same assets for longer than a lease lasts that nobody renews. */
  busyAssets: scene(
    planOf(4_000, { assets: ['db', 'dns'] }),
    {},
    { lockTimes: { leaseSeconds: 1, renewSeconds: 0.2 } },
  ),
  /** Taken back in the middle of steps that would go on for long. */
  longSteps: scene(planOf(9_000), { cancels: true, after: { hold: 1, cancel: 2 } }),
  /** Held while steps are under way, for longer than they take. */
  held: scene(planOf(300), { holds: true, heldMs: 2_500 }),
  /** Taken back when two steps have ended, one after the other. */
  takenBack: scene(planOf(1_500), { cancels: true, after: { hold: 1, cancel: 2 } }),
  /** Whoever ordered the run dies before the answer, and orders again. */
  lostOrder: scene(planOf(100), {}, { die: { point: 'create-run.committed', role: 'person' } }),
  diesBeforeCommit: scene(planOf(100), {}, { die: { point: 'advance.before-commit:step_ended', role: 'worker' } }),
  diesAfterCommit: scene(planOf(100), {}, { die: { point: 'advance.committed:step_ended', role: 'worker' } }),
};

import { setTimeout as pause } from 'node:timers/promises';

import { isFinal } from '../../core/procedure/run.ts';
import type { Run } from '../../core/procedure/run.ts';
import { undoPlan } from '../../core/procedure/undo-plan.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import type { Advanced, TimelessInput } from '../advance/advance-request.ts';
import type { Advancer } from '../advance/open-advancer.ts';
import type { PlantedFault } from '../run-setting.ts';
import { standIn } from './stand-in.ts';
import type { StandInAct } from './stand-in.ts';

/** One pass of a rehearsal. */
export interface RehearsalPass {
  run: string;
  faults: { readonly [step: string]: PlantedFault };
  /** Takes everything back once nothing reversible is left to do. */
  takesBack: boolean;
  signal: AbortSignal;
  onChange?: (run: Run) => void;
}

/** How a pass ended. */
export interface RehearsedPass {
  run: Run;
  /** What was done in the place of people, in order. */
  acts: StandInAct[];
  /** Why it stands still although nobody is waited for; null where it ended. */
  stuck: string | null;
}

const lookMs = 20;
/** A run that nothing moves for so long, in real time, does not go on by itself. */
const patienceMs = 30_000;

/**
 * Drives one run of a rehearsal to its end: workers do their steps in real time, people are stood in for, and between them the clock of the run jumps to
 * the next instant at which something happens. What decides is what decides the live run.
 */
export async function rehearseOnce(advancer: Advancer, pass: RehearsalPass): Promise<RehearsedPass> {
  const acts: StandInAct[] = [];
  let isTakenBack = false;
  let movedAt = performance.now();
  for (;;) {
    const { run, moved } = await letTimePass(advancer, pass.run, false);
    pass.onChange?.(run);
    if (isFinal(run)) return { run, acts, stuck: null };
    if (moved) movedAt = performance.now();
    const isUndoNext: boolean = pass.takesBack && !isTakenBack && isReadyToTakeBack(run);
    const act = isUndoNext ? null : standIn(run, pass.faults);
    const next = isUndoNext ? takeBack(run) : (act?.input ?? null);
    if (next !== null) {
      const done = await advancer.advance({ run: run.id, input: next });
      if (done.state !== 'decided') return { run, acts, stuck: `${next.kind}: ${reasonOf(done)}` };
      isTakenBack ||= isUndoNext;
      if (act !== null) acts.push(act);
      movedAt = performance.now();
    } else if (pass.signal.aborted || performance.now() - movedAt > patienceMs || isDeadEnd(run)) {
      return { run, acts, stuck: pass.signal.aborted ? 'interrupted' : whyStuck(run) };
    } else if (!isBusy(run) && (await letTimePass(advancer, pass.run, true)).moved) {
      // People and the way back come before the clock: a jump would lead past both.
      movedAt = performance.now();
    } else await pause(lookMs);
  }
}

async function letTimePass(advancer: Advancer, id: string, isLeaping: boolean): Promise<{ run: Run; moved: boolean }> {
  const passed = await advancer.advance({ run: id, input: { kind: 'tick' }, ...(isLeaping ? { leap: 'next' } : {}) });
  if (passed.state === 'decided') return { run: passed.run, moved: passed.changes.length > 0 };
  throw new Error(`run ${id}: expected a tick to be heard, got ${passed.state}`);
}

function isBusy(run: Run): boolean {
  return Object.values(run.steps).some(
    ({ state }) => state === 'ready' || state === 'running' || state === 'verifying',
  );
}

/** Before the first step that cannot be taken back, once everything before it is done. */
function isReadyToTakeBack(run: Run): boolean {
  const planned = plannedSteps(run.plan);
  const forward = Object.values(run.steps).filter(({ part }) => part === 'forward');
  const left = forward.filter(({ state }) => state !== 'done' && state !== 'skipped');
  return left.every(({ id }) => planned.get(id)?.reversible === false) || isLastBeforeEnd(left, planned);
}

/** Without an effect yet: a person who is waited for has done nothing. */
const notBegun: readonly string[] = ['pending', 'ready', 'waiting_human'];

/** A run that is through has nothing to take back any more: the very last step is left undone where every step is reversible. */
function isLastBeforeEnd(left: readonly Run['steps'][string][], planned: ReturnType<typeof plannedSteps>): boolean {
  const [last] = left;
  return (
    left.length === 1 && last !== undefined && notBegun.includes(last.state) && planned.get(last.id)?.undo === null
  );
}

function takeBack(run: Run): TimelessInput {
  const role = run.plan.deciders[0] ?? '';
  const { approvalLevel } = undoPlan(run);
  const by = { person: run.plan.roles[role]?.find((person) => !run.plan.automations.includes(person)) ?? '', role };
  const reason = `the way back is rehearsed (it wants an approval of level ${approvalLevel})`;
  return { kind: 'undo', approval: null, by, reason };
}

/** A step that failed although nothing was planted, or a hold that a watch put on, is not for a rehearsal to overcome. */
function isDeadEnd(run: Run): boolean {
  return (
    !isBusy(run) &&
    (run.holds.length > 0 || Object.values(run.steps).some(({ state }) => state === 'failed' || state === 'timed_out'))
  );
}

function whyStuck(run: Run): string {
  const [hold] = run.holds;
  if (hold) return `hold ${hold.id}: ${hold.reason}`;
  const bad = Object.values(run.steps).find(({ state }) => state === 'failed' || state === 'timed_out');
  return bad
    ? `${bad.id} ${bad.state.replaceAll('_', ' ')}: ${bad.detail ?? ''}`
    : `nothing moved for ${patienceMs / 1_000} s`;
}

function reasonOf(done: Advanced): string {
  return done.state === 'refused' ? done.refusal.reason : done.state;
}

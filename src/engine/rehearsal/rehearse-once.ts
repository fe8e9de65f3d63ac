import { setTimeout as pause } from 'node:timers/promises';

import { plannedSteps } from '../../core/procedure/draft.ts';
import { isBusy, isSettled } from '../../core/procedure/readiness.ts';
import { isFinal } from '../../core/procedure/run.ts';
import type { Run } from '../../core/procedure/run.ts';
import { undoPlan } from '../../core/procedure/undo-plan.ts';
import { holdsBeforeReturn, isHeldBack } from '../../core/rehearsal/hold-back.ts';
import type { Advanced, TimelessInput } from '../advance/advance-request.ts';
import type { Advancer } from '../advance/open-advancer.ts';
import type { PlantedFault } from '../run-setting.ts';
import { deciderOf, standIn } from './stand-in.ts';
import type { StandInAct } from './stand-in.ts';

/** One pass of a rehearsal. */
export interface RehearsalPass {
  run: string;
  faults: { readonly [step: string]: PlantedFault };
  /** Takes everything back once nothing reversible is left to do. */
  takesBack: boolean;
  signal: AbortSignal;
  /** A run that nothing moves for so long, in real time, does not go on by itself; half a minute where it is left out. */
  patienceMs?: number;
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

const wayBackReason = 'the way back is rehearsed';
const lookMs = 20;
const standardPatienceMs = 30_000;

/**
 * Begins a run of a rehearsal and drives it to its end: workers do their steps in real time, people are stood in for, and between them the clock of the run jumps to
 * the next instant at which something happens. What decides is what decides the live run.
 */
export async function rehearseOnce(advancer: Advancer, pass: RehearsalPass): Promise<RehearsedPass> {
  const acts: StandInAct[] = [];
  const begun = await begin(advancer, pass);
  if (begun.state !== 'decided') return unbegun(advancer, pass, begun);
  const { patienceMs = standardPatienceMs } = pass;
  let isTakenBack = false;
  let steps = '';
  let movedAt = performance.now();
  for (;;) {
    const { run, moved } = await letTimePass(advancer, pass.run, false);
    pass.onChange?.(run);
    if (isFinal(run)) return { run, acts, stuck: null };
    // Workers move it, too.
    const stepsNow = JSON.stringify(run.steps);
    if (moved || stepsNow !== steps || isCarriedOut(run)) movedAt = performance.now();
    steps = stepsNow;
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
      return { run, acts, stuck: pass.signal.aborted ? 'interrupted' : whyStuck(run, patienceMs) };
    } else if (!Object.values(run.steps).some(isBusy) && (await letTimePass(advancer, pass.run, true)).moved) {
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

/** A step that is carried out and has a limit ends by that limit, whoever carries it out. */
function isCarriedOut(run: Run): boolean {
  const planned = plannedSteps(run.plan);
  return Object.values(run.steps).some(
    ({ id, state }) => (state === 'running' || state === 'verifying') && (planned.get(id)?.limitMs ?? null) !== null,
  );
}

/** A run that could not even begin. */
async function unbegun(advancer: Advancer, { run: id }: RehearsalPass, begun: Advanced): Promise<RehearsedPass> {
  const { run } = await letTimePass(advancer, id, false);
  return { run, acts: [], stuck: `begin: ${reasonOf(begun)}` };
}

/** Begins the run, under holds that it reaches by itself where it is to be taken back: nobody has to look at the right moment. */
async function begin(advancer: Advancer, { run: id, takesBack }: RehearsalPass): Promise<Advanced> {
  const looked = await letTimePass(advancer, id, false);
  const by = deciderOf(looked.run);
  for (const hold of takesBack ? holdsBeforeReturn(looked.run.plan) : []) {
    const input = {
      kind: 'hold',
      hold: { ...hold, mode: 'boundary', count: 'runs' },
      by,
      reason: wayBackReason,
    } as const;
    const put = await advancer.advance({ run: id, input });
    if (put.state !== 'decided') return put;
  }
  return advancer.advance({ run: id, input: { kind: 'start' } });
}

/** Everything is through that may be before the way back. */
function isReadyToTakeBack(run: Run): boolean {
  const held = new Set(run.holds.filter(isHeldBack).map(({ subject }) => subject));
  return Object.values(run.steps).every((step) => step.part === 'undo' || held.has(step.id) || isSettled(step));
}

function takeBack(run: Run): TimelessInput {
  const role = run.plan.deciders[0] ?? '';
  const { approvalLevel } = undoPlan(run);
  const by = { person: run.plan.roles[role]?.find((person) => !run.plan.automations.includes(person)) ?? '', role };
  const reason = `${wayBackReason} (it wants an approval of level ${approvalLevel})`;
  return { kind: 'undo', approval: null, by, reason };
}

/** A step that failed although nothing was planted, or a hold that a watch put on, is not for a rehearsal to overcome. */
function isDeadEnd(run: Run): boolean {
  return (
    !Object.values(run.steps).some(isBusy) &&
    (run.holds.some((hold) => !isHeldBack(hold)) ||
      Object.values(run.steps).some(({ state }) => state === 'failed' || state === 'timed_out'))
  );
}

function whyStuck(run: Run, patienceMs: number): string {
  const hold = run.holds.find((one) => !isHeldBack(one));
  if (hold) return `hold ${hold.id}: ${hold.reason}`;
  const bad = Object.values(run.steps).find(({ state }) => state === 'failed' || state === 'timed_out');
  return bad
    ? `${bad.id} ${bad.state.replaceAll('_', ' ')}: ${bad.detail ?? ''}`
    : `nothing moved for ${patienceMs / 1_000} s`;
}

function reasonOf(done: Advanced): string {
  return done.state === 'refused' ? done.refusal.reason : done.state;
}

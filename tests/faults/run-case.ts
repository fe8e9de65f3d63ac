import { setTimeout as pause } from 'node:timers/promises';

import type { Run } from '../../src/core/procedure/run.ts';
import { checkHistory, isOfTime } from './check-history.ts';
import type { Child } from './child.ts';
import { driveRun, orderRun } from './drive-run.ts';
import type { Driven, Wishes } from './drive-run.ts';
import { readHistory, silenceDead } from './place.ts';
import type { Place } from './place.ts';
import type { FaultPoint } from './points.ts';
import { createRandom, hashText, randomPlan } from './random-plan.ts';

/** A point at which a process dies, in a run that the seed makes. */
export interface FaultCase {
  point: string;
  role: FaultPoint['role'];
  seed: number;
}

/** How a case ended. */
export interface CaseResult extends FaultCase {
  /** False where nobody passed the point: then nothing was tried. */
  killed: boolean;
  violations: string[];
  /** What had not ended when time was up although it still moved: proves nothing either way, and is no pass. */
  slow: string[];
  ms: number;
}

/** How long the runs of a group may take, with people that answer at once, on a machine that is busy with other things. */
const giveUpMs = 240_000;
/** What has not moved for so long never will: longer than any step, backoff and lease of a case. */
const stuckMs = 60_000;

interface Trial extends FaultCase {
  victim: Child;
  wishes: Wishes;
}

/**
 * Lets processes die, each at its point, in the middle of runs that go side by side; the heir of the place takes over. Returns what was wrong
 * afterwards, by case; what names no run is said of all.
 */
export async function runCases(place: Place, cases: readonly FaultCase[]): Promise<CaseResult[]> {
  const began = performance.now();
  place.runs.splice(0);
  const heir = place.children[0];
  heir?.tell({ tell: cases.some(({ role }) => role === 'worker') ? 'rest' : 'work' });
  const trials = cases.map((one) => startTrial(place, one));
  for (const { victim } of trials) void victim.exited.then(() => heir?.tell({ tell: 'work' }));
  await Promise.all(trials.map(({ victim }) => victim.ready));
  const ended = await Promise.all(trials.map((trial) => seeThrough(place, trial)));
  heir?.tell({ tell: 'work' });
  const history = ended.every((end) => end === 'ended') ? await settleDown(place) : await readHistory(place);
  for (const { victim } of trials) if (victim.ended() === null) victim.tell({ tell: 'stop' });
  const isSlow = ended.includes('slow');
  const found = Map.groupBy(checkHistory(history), (text) => (isSlow && isOfTime(text) ? 'slow' : 'violations'));
  const keys = trials.map(({ wishes }) => wishes.key);
  return trials.map(({ point, role, seed, victim, wishes }) => {
    const isOwn = (text: string): boolean => text.includes(wishes.key) || !keys.some((key) => text.includes(key));
    return {
      point,
      role,
      seed,
      killed: victim.ended() === 'SIGKILL',
      violations: (found.get('violations') ?? []).filter(isOwn),
      slow: (found.get('slow') ?? []).filter(isOwn),
      ms: performance.now() - began,
    };
  });
}

function startTrial(place: Place, { point, role, seed }: FaultCase): Trial {
  const random = createRandom(hashText(point) ^ seed);
  const victim = place.start(role, { point, passage: 1 + Math.floor(random() * 1.3) });
  // A planted crash throws in the handler, and leaves steps whose outcome a person, or a probe, has to say.
  const isFailing = /^fail\.|settle_|:settle|:retry|:again|probe|interrupted/.test(point) || random() < 0.2;
  const crash = (): 'crash_before' | 'crash_after' => (random() < 0.5 ? 'crash_before' : 'crash_after');
  const wishes: Wishes = {
    plan: randomPlan(random),
    key: `${point}-${seed}-${place.orders.length}-${place.children.length}`,
    holds: random() < 0.5 || /hold|release|withdraw/.test(point),
    heldMs: random() < 0.5 ? 0 : 400,
    after: { hold: 2, cancel: 4 },
    cancels: random() < 0.3 || /cancel|:stop|undo|step_added/.test(point),
    mode: isFailing ? 'rehearsal' : 'live',
    faults: isFailing ? { p1: 'crash_before', p2: crash(), p3: crash(), p4: 'crash_after' } : {},
  };
  return { point, role, seed, victim, wishes };
}

/** How a run was left: ended; still under way when time was up; or without a move for so long that nobody will ever end it. */
type End = 'ended' | 'slow' | 'stuck';

async function seeThrough(place: Place, { point, role, victim, wishes }: Trial): Promise<End> {
  const person = role === 'person' ? victim : null;
  const id = await orderRun(place, person, wishes);
  const driven: Driven = { heldAt: null, cancelled: false, deeds: 0 };
  const began = performance.now();
  let moved = { state: '', at: began };
  for (let round = 0; ; round += 1) {
    await silenceDead(place);
    if (point.endsWith(':begun') && round === 8) victim.tell({ tell: 'stop' });
    if (await driveRun(place, person, { id, wishes, driven })) return 'ended';
    const now = performance.now();
    const state = stateOf(await place.engine.read(id));
    if (state !== moved.state) moved = { state, at: now };
    if (now - moved.at > stuckMs) return 'stuck';
    if (now - began > giveUpMs) return 'slow';
    await pause(80);
  }
}

function stateOf({ state, steps, holds }: Run): string {
  return [
    state,
    holds.length,
    ...Object.values(steps).map((step) => `${step.id} ${step.state} ${step.attempt}`),
  ].join();
}

/** Waits until what follows an ended run has been done, too: sweeps, messages. */
async function settleDown(place: Place): ReturnType<typeof readHistory> {
  let left = { count: Infinity, at: performance.now() };
  for (;;) {
    await silenceDead(place);
    const history = await readHistory(place);
    if (history.leftJobs < left.count) left = { count: history.leftJobs, at: performance.now() };
    if (history.leftJobs === 0 || performance.now() - left.at > stuckMs) return history;
    await pause(150);
  }
}

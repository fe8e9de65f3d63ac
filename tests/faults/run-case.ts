import { setTimeout as pause } from 'node:timers/promises';

import { checkHistory } from './check-history.ts';
import type { Child } from './child.ts';
import { driveRun, orderRun } from './drive-run.ts';
import type { Driven, Wishes } from './drive-run.ts';
import type { FaultPoint } from './points.ts';
import { readHistory, silenceDead } from './place.ts';
import type { Place } from './place.ts';
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
  ms: number;
}

/** How long a run may take, with everything that its people answer at once. */
const giveUpMs = 45_000;

/** Lets a process die at a point in the middle of a run, lets the others take over, and returns what was wrong afterwards. */
export async function runCase(place: Place, { point, role, seed }: FaultCase): Promise<CaseResult> {
  const began = performance.now();
  const random = createRandom(hashText(point) ^ seed);
  place.runs.splice(0);
  const die = { point, passage: 1 + Math.floor(random() * 1.5) };
  const victim = place.start(role, die);
  // A planted crash throws in the handler, and leaves steps whose outcome a person has to say.
  const isFailing = /^fail\.|settle_|:settle|:retry|:again|probe|interrupted/.test(point) || random() < 0.2;
  const wishes: Wishes = {
    plan: randomPlan(random),
    key: `${point}-${seed}-${place.orders.length}`,
    holds: random() < 0.5 || /hold|release|withdraw/.test(point),
    cancels: random() < 0.3 || /cancel|stop|undo|step_added/.test(point),
    mode: isFailing ? 'rehearsal' : 'live',
    faults: isFailing
      ? { p1: 'crash_before', p3: random() < 0.5 ? 'crash_before' : 'crash_after', p4: 'crash_after' }
      : {},
  };
  // The victim does all of it while it lives; the heir takes over when it is dead.
  const heir = place.children[0];
  if (role === 'worker') heir?.tell({ tell: 'rest' });
  void victim.exited.then(() => heir?.tell({ tell: 'work' }));
  await victim.ready;
  const ended = await seeThrough(place, { victim, role, wishes, stops: point.includes('begun') });
  const history = ended ? await settleDown(place) : await readHistory(place);
  if (victim.ended() === null) victim.tell({ tell: 'stop' });
  const violations = checkHistory(history);
  return { point, role, seed, killed: victim.ended() === 'SIGKILL', violations, ms: performance.now() - began };
}

async function seeThrough(
  place: Place,
  { victim, role, wishes, stops }: { victim: Child; role: FaultCase['role']; wishes: Wishes; stops: boolean },
): Promise<boolean> {
  const person = role === 'person' ? victim : null;
  const id = await orderRun(place, person, wishes);
  const driven: Driven = { held: false, cancelled: false, deeds: 0 };
  const giveUp = performance.now() + giveUpMs;
  for (let round = 0; performance.now() < giveUp; round += 1) {
    await silenceDead(place);
    if (stops && round === 8) victim.tell({ tell: 'stop' });
    if (await driveRun(place, person, { id, wishes, driven })) return true;
    await pause(60);
  }
  return false;
}

/** Waits until what follows an ended run has been done, too: sweeps, messages. */
async function settleDown(place: Place): ReturnType<typeof readHistory> {
  const giveUp = performance.now() + 8_000;
  for (;;) {
    await silenceDead(place);
    const history = await readHistory(place);
    if (history.leftJobs === 0 || performance.now() > giveUp) return history;
    await pause(100);
  }
}

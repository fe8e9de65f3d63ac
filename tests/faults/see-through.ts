import { setTimeout as pause } from 'node:timers/promises';

import type { Plan, PlannedStep } from '../../src/core/procedure/plan.ts';
import type { Run } from '../../src/core/procedure/run.ts';
import { ledgerPlan, ledgerStep } from '../runs/start-engine.ts';
import { checkHistory } from './check-history.ts';
import { driveRun, orderRun } from './drive-run.ts';
import type { Wishes } from './drive-run.ts';
import { readHistory, silenceDead } from './place.ts';
import type { Place } from './place.ts';
import type { Call } from './history.ts';

/** A run that people order and then only answer for. */
export interface PlainRun {
  id: string;
  wishes: Wishes;
}

/** A step that may be run again, at a target that refuses repeats unless the text says otherwise. */
export function safeStep(id: string, text: string, over: Partial<PlannedStep> = {}): PlannedStep {
  return ledgerStep(id, text, { interrupted: 'rerun', maxAttempts: 6, ...over });
}

/** So many steps that wait for nothing but one that comes first. */
export function sideBySide(count: number, text: string, over: Partial<PlannedStep> = {}): PlannedStep[] {
  const ids = Array.from({ length: count }, (_, nr) => `s${nr}`);
  return [safeStep('first', 'once'), ...ids.map((id) => safeStep(id, text, { needs: ['first'], ...over }))];
}

/** What people want of a run that they leave alone. */
export function toWishes(key: string, plan: Plan): Wishes {
  const never = { holds: false, heldMs: 0, after: { hold: 1_000, cancel: 1_000 }, cancels: false };
  return { plan, key, ...never, mode: 'live', faults: {} };
}

/** Orders and starts a run of these steps, one after the other where they name no needs. */
export async function orderSteps(
  place: Place,
  key: string,
  steps: PlannedStep[],
  { t0Ms = null, ...over }: Partial<Plan> & { t0Ms?: number | null } = {},
): Promise<PlainRun> {
  const wishes = toWishes(key, ledgerPlan(steps, over));
  return { id: await orderRun(place, null, wishes, t0Ms), wishes };
}

/** How a run ended, what the target saw of it, and what an engine must not do and did. */
export interface SeenThrough {
  run: Run;
  calls: Call[];
  logs: { [attempt: string]: string };
  violations: string[];
}

/** Answers for a run until it has ended, and judges its history. The silence of the dead is cut short, that of nobody else. */
export async function seeThrough(place: Place, { id, wishes }: PlainRun, patienceMs = 150_000): Promise<SeenThrough> {
  const driven = { heldAt: null, cancelled: false, deeds: 0 };
  const giveUp = performance.now() + patienceMs;
  while (!(await driveRun(place, null, { id, wishes, driven })) && performance.now() < giveUp) {
    await silenceDead(place);
    await pause(50);
  }
  let history = await readHistory(place);
  for (; history.leftJobs > 0 && performance.now() < giveUp; history = await readHistory(place)) {
    await silenceDead(place);
    await pause(100);
  }
  const run = history.runs.find((one) => one.id === id)!;
  const calls = history.calls.filter((call) => call.run === id);
  return { run, calls, logs: history.logs, violations: checkHistory(history) };
}

/** Waits until the target has seen a call of a step. */
export async function untilCalled(place: Place, run: string, step: string, patienceMs = 60_000): Promise<Call> {
  for (const giveUp = performance.now() + patienceMs; ;) {
    const seen = (await readHistory(place)).calls.find((call) => call.run === run && call.step === step);
    if (seen) return seen;
    if (performance.now() > giveUp) throw new Error(`step ${step}: expected a call within ${patienceMs} ms, got none`);
    await pause(50);
  }
}

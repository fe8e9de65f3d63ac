import { digestOf } from '@tminus/verify';

import { replay } from '../procedure/apply-changes.ts';
import { plannedSteps } from '../procedure/draft.ts';
import type { Plan } from '../procedure/plan.ts';
import type { Run } from '../procedure/run.ts';
import type { DrillReport, DrillRun } from './drill-report.ts';
import { isCounting } from './is-counting.ts';

/** How one step of a way back went. */
export interface DrilledStep {
  step: string;
  writes: boolean;
  state: Run['steps'][string]['state'];
  /** From the trigger. */
  beganMs: number | null;
  endedMs: number | null;
}

/** What a drill amounts to. */
export interface DrillJudgement {
  /** Why it says nothing, however it went; null where it is the whole of a drill. */
  partial: string | null;
  /** Everything that went otherwise than it has to; empty where it passed. */
  findings: string[];
  passed: boolean;
  /** From the trigger to the end of the last step that changes something, and to verified; null where that was not reached. */
  changedMs: number | null;
  tookMs: number | null;
  steps: DrilledStep[];
}

/**
 * Judges a drill by the events of its runs, and by nothing that it says of itself: the clock starts with the event that made the way back, and stops with the last step that looks
 * after everything was changed (T31). Throws an Error where it contradicts its own events.
 */
export function judgeDrill(report: DrillReport): DrillJudgement {
  const { back, withinMs } = report;
  const run = readRun(report, 'back', back);
  if (run.plan.id !== report.procedure)
    throw new Error(`back: expected a run of ${report.procedure}, got one of ${run.plan.id}`);
  // In the order of the plan: a store of JSON keeps none.
  const timed = run.plan.steps.flatMap(({ id }) => {
    const step = run.steps[id];
    return step === undefined ? [] : [toDrilled(run, step)];
  });
  const changedMs = lastOf(timed.filter(({ writes }) => writes));
  const looks = looksAfter(timed, changedMs);
  const tookMs = run.state === 'completed' ? lastOf(looks) : null;
  const findings = [
    ...forwardFindings(report),
    ...(run.state === 'completed' ? [] : [`expected the way back to be completed, got ${run.state}${whyOf(run)}`]),
    ...(run.state === 'completed' && tookMs === null
      ? ['nothing looked after the last step that changes something']
      : []),
    ...(tookMs !== null && tookMs > withinMs ? [`expected it within ${withinMs} ms, got ${tookMs} ms`] : []),
    ...report.controls.flatMap(({ step, run: control }) => controlFindings(report, step, control)),
    ...ledgerFindings(report, run),
  ];
  // What failed has failed: it must not be passed over for an older one that was whole.
  const partial = report.simulated
    ? 'its environment is simulated'
    : findings.length > 0
      ? null
      : whyPartial(report, { run, looks });
  return { partial, findings, passed: partial === null && findings.length === 0, changedMs, tookMs, steps: timed };
}

/** Steps of a plan that look at the end, after everything that changes something. */
export function verifyingSteps(plan: Pick<Plan, 'steps'>): Plan['steps'] {
  const lastWrite = plan.steps.findLastIndex(({ writes }) => writes);
  return plan.steps.slice(lastWrite + 1).filter(({ human, pause }) => !human && pause === null);
}

function readRun({ planHash }: DrillReport, name: string, { run, state, events, log }: DrillRun): Run {
  if (log.length === 0) throw new Error(`${name}: expected events, got none`);
  if (log.length !== events.count || digestOf(log) !== events.sha256)
    throw new Error(`${name}: expected the events of its digest, got others`);
  const seen = replay(log);
  if (seen.id !== run || seen.plan.planHash !== planHash || seen.mode !== 'rehearsal' || seen.state !== state)
    throw new Error(`${name}: expected the events of its own run, got those of another`);
  return seen;
}

function toDrilled(run: Run, { id, state, startedAtMs, endedAtMs }: Run['steps'][string]): DrilledStep {
  const fromTrigger = (atMs: number | null): number | null => (atMs === null ? null : atMs - run.createdAtMs);
  const writes = plannedSteps(run.plan).get(id)?.writes ?? true;
  return { step: id, writes, state, beganMs: fromTrigger(startedAtMs), endedMs: fromTrigger(endedAtMs) };
}

/** When the last of them had ended, where each is done; null where one is not, or there is none. */
function lastOf(steps: readonly DrilledStep[]): number | null {
  const ends = steps.map(({ state, endedMs }) => (state === 'done' ? endedMs : null));
  return ends.length === 0 || ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0));
}

function looksAfter(steps: readonly DrilledStep[], changedMs: number | null): DrilledStep[] {
  if (changedMs === null) return [];
  return steps.filter(({ writes, beganMs }) => !writes && beganMs !== null && beganMs >= changedMs);
}

function forwardFindings(report: DrillReport): string[] {
  if (report.forward === null) return [];
  const run = readRun(report, 'forward', report.forward);
  return run.state === 'completed' ? [] : [`forward: expected completed, got ${run.state}${whyOf(run)}`];
}

function controlFindings(report: DrillReport, step: string, control: DrillRun): string[] {
  const run = readRun(report, step, control);
  return run.steps[step]?.state === 'done'
    ? [`${step} was content before anything was taken back: it cannot tell whether it was`]
    : [];
}

/** Nothing lost, nothing doubled: what is counted has to be the same (O30). */
function ledgerFindings(report: DrillReport, back: Run): string[] {
  const { ledger, ledgerBefore } = report;
  if (ledger === null) return [];
  if (!isCounting(plannedSteps(back.plan).get(ledger)?.action ?? null))
    return [`ledger ${ledger}: expected a step that shows how much there is, got one whose words say no number`];
  if (ledgerBefore === null) return [`ledger ${ledger}: expected a count before the trigger, got none`];
  const before = countedBy(readRun(report, 'ledger', ledgerBefore), ledger);
  const after = countedBy(back, ledger);
  if (before === null) return [`ledger ${ledger}: expected a count before the trigger, got none`];
  if (after === null) return [`ledger ${ledger}: expected a count after the way back, got none`];
  return before === after ? [] : [`ledger ${ledger}: expected ${before}, got ${after}`];
}

function countedBy({ steps }: Run, ledger: string): string | null {
  const step = steps[ledger];
  return step?.state === 'done' && step.detail !== null && step.detail !== '' ? step.detail : null;
}

function whyPartial(
  { kind, ledger, controls }: DrillReport,
  { run, looks }: { run: Run; looks: readonly DrilledStep[] },
): string | null {
  const worked = Object.values(run.steps).filter(({ attempt, state }) => attempt > 0 && state === 'done');
  const planned = plannedSteps(run.plan);
  if (!worked.some(({ id }) => planned.get(id)?.writes === true))
    return 'no worker took anything back in it: people were stood in for';
  if (kind === 'recovery' && ledger === null) return 'nothing was counted before and after';
  const tried = new Set(controls.map(({ step }) => step));
  if (kind !== 'recovery' && !looks.some(({ step }) => tried.has(step)))
    return 'no step that looks was tried before anything was taken back';
  return null;
}

function whyOf(run: Run): string {
  const bad = Object.values(run.steps).find(({ state }) => state === 'failed' || state === 'timed_out');
  return bad === undefined ? '' : `: ${bad.id} ${bad.state.replaceAll('_', ' ')}, ${bad.detail ?? ''}`;
}

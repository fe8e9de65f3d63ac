import { digestOf } from '@tminus/verify';

import { replay } from '../procedure/apply-changes.ts';
import { undoReport } from '../procedure/undo-report.ts';
import type { UndoReport } from '../procedure/undo-report.ts';
import type { ControlReport, PassReport, RehearsalReport } from './rehearsal-report.ts';

/** What a rehearsal amounts to. */
export interface RehearsalJudgement {
  /** Why it is not the whole of a rehearsal, and so says nothing; null where it is. */
  partial: string | null;
  /** Everything that went otherwise than it has to; empty where it passed. */
  findings: string[];
  passed: boolean;
  /** The way back by the events of its pass; null where it was not gone to its end. */
  wayBack: UndoReport | null;
}

/** Judges a rehearsal by its passes, controls and events, and by nothing that it says of itself. Throws an Error where it contradicts its own events. */
export function judgeRehearsal(report: RehearsalReport): RehearsalJudgement {
  const gone = report.passes.filter(({ takesBack, state }) => takesBack && state === 'rolled_back');
  const ways = gone.map((pass) => readWayBack(report, pass));
  const partial = whyPartial(report) ?? whyStoodIn(report, ways);
  const findings = [
    ...report.passes.flatMap(passFindings),
    ...ways.filter(isEmpty).map(() => 'the way back was gone before anything had been done: nothing was taken back'),
    ...report.controls
      .filter(isBlind)
      .map(({ of, kind }) => `${of}: the ${kind} check passes on a broken target, too: it cannot fail`),
    ...report.controls
      .filter(({ outcome }) => outcome === 'not_judged')
      .map(({ of, kind }) => `${of}: expected the ${kind} check to be tried on a broken target, got none`),
  ];
  return { partial, findings, passed: partial === null && findings.length === 0, wayBack: slowest(ways) };
}

/**
 * Whether a gate lets a broken target through, and so cannot fail. A stop condition that is met by a broken target is no gate that let it through: it stops,
 * as it should.
 */
export function isBlind({ part, outcome }: ControlReport): boolean {
  return part !== 'stop' && outcome === 'pass';
}

function whyPartial({ depth, planned, passes }: RehearsalReport): string | null {
  if (depth !== 'full') return 'it was a quick one, without faults';
  const ids = passes.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) return 'a pass is in it twice';
  const missing = planned.filter((id) => !ids.includes(id));
  if (missing.length > 0) return `it was not finished: no pass ${missing.join(', ')}`;
  if (!passes.some(({ takesBack }) => !takesBack)) return 'nothing went forward in it';
  if (!passes.some(({ takesBack }) => takesBack)) return 'nothing was taken back in it';
  return null;
}

/** What was only stood in for was not tried: neither forward nor back does it say that anything works. */
function whyStoodIn({ passes }: RehearsalReport, ways: readonly UndoReport[]): string | null {
  const forward = passes.filter(({ takesBack, faults }) => !takesBack && Object.keys(faults).length === 0);
  if (forward.every(({ worked }) => worked.length === 0)) return 'no worker did a step in it: people were stood in for';
  if (ways.every((way) => isEmpty(way) || isTried(way))) return null;
  return 'no worker took anything back in it: people were stood in for';
}

/** Only what a worker begins has an attempt. */
function isTried({ steps }: UndoReport): boolean {
  return steps.some(({ state, writes, attempts }) => state === 'done' && writes && attempts > 0);
}

function passFindings({ id, findings, state, takesBack, events, missed }: PassReport): string[] {
  const wanted = takesBack ? 'rolled_back' : 'completed';
  if (findings.length > 0) return findings.map((finding) => `${id}: ${finding}`);
  if (state !== wanted) return [`${id}: expected ${wanted.replace('_', ' ')}, got ${state.replaceAll('_', ' ')}`];
  if (events.count === 0) return [`${id}: expected events, got none`];
  return missed.map((step) => `${id}: expected the planted fault in ${step}, got none`);
}

function readWayBack({ planHash }: RehearsalReport, { id, run, log, events, state }: PassReport): UndoReport {
  if (log === null) throw new Error(`pass ${id}: expected its events, got none`);
  if (log.length !== events.count || digestOf(log) !== events.sha256)
    throw new Error(`pass ${id}: expected the events of its digest, got others`);
  const seen = replay(log);
  if (seen.id !== run || seen.plan.planHash !== planHash || seen.mode !== 'rehearsal' || seen.state !== state)
    throw new Error(`pass ${id}: expected the events of its own run, got those of another`);
  const way = undoReport(log);
  if (way === null) throw new Error(`pass ${id}: expected events of a way back, got none`);
  return way;
}

/** A run that had done nothing is rolled back at once, and proves nothing. */
function isEmpty({ steps }: UndoReport): boolean {
  return !steps.some(({ state }) => state === 'done');
}

function slowest(ways: readonly UndoReport[]): UndoReport | null {
  return ways.toSorted((a, b) => (b.rollbackMs ?? Infinity) - (a.rollbackMs ?? Infinity))[0] ?? null;
}

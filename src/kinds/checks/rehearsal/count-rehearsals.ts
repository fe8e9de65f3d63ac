import type { JsonObject } from '@tminus/verify';

import { judgeRehearsal } from '../../../core/rehearsal/judge-rehearsal.ts';
import type { RehearsalJudgement } from '../../../core/rehearsal/judge-rehearsal.ts';
import type { RehearsalReport } from '../../../core/rehearsal/rehearsal-report.ts';
import { toAgeText } from '../age-text.ts';
import { textOf } from '../parse-json.ts';
import { toDurationMs } from '../report-spec.ts';
import { toPlainText, Unreadable } from '../unreadable.ts';

/** A report with the file that it stands in. */
export interface NamedReport {
  name: string;
  report: RehearsalReport;
}

/** A rehearsal that counts, and what it amounts to. */
export interface CountedRehearsal extends NamedReport {
  judgement: RehearsalJudgement;
  ageMs: number;
}

/** A rehearsal that says nothing about what is asked, and why. */
export interface PassedOver {
  name: string;
  why: string;
}

/** Clocks of two machines may differ by this much; a report from further ahead would stay young for ever. */
const clockSkewMs = 60_000;

/** Parts the rehearsals that count for a check from those that do not, each the oldest first. One report counts once, however many files hold it. */
export function countRehearsals(
  spec: JsonObject,
  reports: readonly NamedReport[],
  nowMs: number,
): { counted: CountedRehearsal[]; passedOver: PassedOver[] } {
  const counted: CountedRehearsal[] = [];
  const passedOver: PassedOver[] = [];
  const ordered = reports.toSorted((a, b) => Date.parse(a.report.beganAt) - Date.parse(b.report.beganAt));
  for (const { name, report } of ordered) {
    const judgement = judge(name, report);
    const ageMs = nowMs - Date.parse(report.beganAt);
    const isKnown = counted.some((other) => other.report.id === report.id);
    const why = isKnown ? `it is ${report.id} once more` : (whyOther(spec, report, ageMs) ?? judgement.partial);
    if (why === null) counted.push({ name, report, judgement, ageMs });
    else passedOver.push({ name, why: toPlainText(why) });
  }
  return { counted, passedOver };
}

function judge(name: string, report: RehearsalReport): RehearsalJudgement {
  try {
    return judgeRehearsal(report);
  } catch (error) {
    throw new Unreadable('contradiction', `${name}: ${toPlainText((error as Error).message)}`);
  }
}

function whyOther(spec: JsonObject, report: RehearsalReport, ageMs: number): string | null {
  const { procedure, planHash, candidates } = report;
  const maxAge = textOf(spec['maxAge']);
  if (procedure !== spec['procedure']) return `it is of procedure ${procedure}`;
  if (planHash !== spec['planHash']) return `it is of another plan, ${planHash.slice(0, 12)}`;
  if (!Object.values(candidates).includes(textOf(spec['candidate']))) return 'it is of another candidate';
  if (ageMs < -clockSkewMs) return `it began ${toAgeText(-ageMs)} ahead of the clock`;
  return ageMs > toDurationMs(maxAge) ? `it is ${toAgeText(ageMs)} old, at most ${maxAge} is allowed` : null;
}

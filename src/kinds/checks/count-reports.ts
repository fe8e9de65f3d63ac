import type { JsonObject } from '@tminus/verify';

import { toAgeText } from './age-text.ts';
import { textOf } from './parse-json.ts';
import { toDurationMs } from './report-spec.ts';
import { toPlainText, Unreadable } from './unreadable.ts';

/** What a report of a rehearsal or a drill says of itself. */
interface BoundReport {
  id: string;
  procedure: string;
  planHash: string;
  candidates: { readonly [environment: string]: string };
  beganAt: string;
}

/** A report with the file that it stands in, and what it amounts to. */
export interface CountedReport<Report, Judgement> {
  name: string;
  report: Report;
  judgement: Judgement;
  ageMs: number;
}

/** A report that says nothing about what is asked, and why. */
export interface PassedOver {
  name: string;
  why: string;
}

/** Clocks of two machines may differ by this much; a report from further ahead would stay young for ever. */
const clockSkewMs = 60_000;

/**
 * Parts the reports that count for a check, of this procedure, plan and candidate and young enough, from those that do not, each the oldest first. One report counts once,
 * however many files hold it.
 */
export function countReports<Report extends BoundReport, Judgement extends { partial: string | null }>(
  spec: JsonObject,
  reports: readonly { name: string; report: Report }[],
  { nowMs, judge }: { nowMs: number; judge: (report: Report) => Judgement },
): { counted: CountedReport<Report, Judgement>[]; passedOver: PassedOver[] } {
  const counted: CountedReport<Report, Judgement>[] = [];
  const passedOver: PassedOver[] = [];
  const ordered = reports.toSorted((a, b) => Date.parse(a.report.beganAt) - Date.parse(b.report.beganAt));
  for (const { name, report } of ordered) {
    const judgement = judgeNamed(name, () => judge(report));
    const ageMs = nowMs - Date.parse(report.beganAt);
    const isKnown = counted.some((other) => other.report.id === report.id);
    const why = isKnown ? `it is ${report.id} once more` : (whyOther(spec, report, ageMs) ?? judgement.partial);
    if (why === null) counted.push({ name, report, judgement, ageMs });
    else passedOver.push({ name, why: toPlainText(why) });
  }
  return { counted, passedOver };
}

function judgeNamed<Judgement>(name: string, judge: () => Judgement): Judgement {
  try {
    return judge();
  } catch (error) {
    throw new Unreadable('contradiction', `${name}: ${toPlainText((error as Error).message)}`);
  }
}

function whyOther(spec: JsonObject, { procedure, planHash, candidates }: BoundReport, ageMs: number): string | null {
  if (procedure !== spec['procedure']) return `it is of procedure ${procedure}`;
  if (planHash !== spec['planHash']) return `it is of another plan, ${planHash.slice(0, 12)}`;
  if (!Object.values(candidates).includes(textOf(spec['candidate']))) return 'it is of another candidate';
  return whyNotYoung(ageMs, textOf(spec['maxAge']));
}

/** Why a report of this age does not count; null where it does. */
export function whyNotYoung(ageMs: number, maxAge: string): string | null {
  if (ageMs < -clockSkewMs) return `it began ${toAgeText(-ageMs)} ahead of the clock`;
  return ageMs > toDurationMs(maxAge) ? `it is ${toAgeText(ageMs)} old, at most ${maxAge} is allowed` : null;
}

import { judgeRedirect } from './judge-redirect.ts';
import type { RedirectFault } from './judge-redirect.ts';
import { originOf } from './redirect.ts';
import type { RedirectAnswer, RedirectExpectation, RedirectReport, RedirectTerms } from './redirect.ts';
import { walkRedirects } from './walk-redirects.ts';
import type { RedirectWalk } from './walk-redirects.ts';

/** One URL that is not as expected. */
export interface WrongRedirect {
  expectation: RedirectExpectation;
  faults: RedirectFault[];
  /** The way that was seen: status and URL of each answer. */
  way: string[];
}

/** What a report comes to. */
export interface RedirectJudgement {
  /** `correct` only where every URL was answered as expected, and there was at least one of every source. */
  verdict: 'correct' | 'wrong' | 'inconclusive';
  reason: string;
  checked: number;
  correct: number;
  wrong: WrongRedirect[];
  /** How often each thing is wrong. */
  faults: { [fault: string]: number };
  /** Pages that were reached, each counted once. */
  pages: number;
}

/** Judges every URL of a report by what was answered. Nothing that was not answered is correct, and a report of no URL proves nothing. */
export function judgeRedirects(report: RedirectReport, terms: RedirectTerms): RedirectJudgement {
  const answers = new Map(report.answers.map((answer) => [answer.url, answer]));
  const controls = new Map(report.controls.map((url) => [originOf(url), walkRedirects(url, answers)]));
  const wrong: WrongRedirect[] = [];
  const faults: { [fault: string]: number } = {};
  const pages = new Set<string>();
  for (const expectation of report.expectations) {
    const walk = walkRedirects(expectation.from, answers);
    const found = judgeRedirect(expectation, walk, { terms, controls });
    if (walk.answers.at(-1)?.status === 200) pages.add(walk.url);
    if (found.length === 0) continue;
    for (const fault of new Set(found)) faults[fault] = (faults[fault] ?? 0) + 1;
    wrong.push({
      expectation,
      faults: [...new Set(found)],
      way: describeWay(walk, answers),
    });
  }
  const checked = report.expectations.length;
  const counts = { checked, correct: checked - wrong.length, wrong, faults, pages: pages.size };
  return { ...decide(report, counts), ...counts };
}

function describeWay(
  { answers: walked, ends, url }: RedirectWalk,
  answers: ReadonlyMap<string, RedirectAnswer>,
): string[] {
  const steps = walked.map((answer) => `${answer.status} ${answer.url}`);
  return ends === 'unknown' ? [...steps, `${answers.get(url)?.trouble ?? 'not asked'} ${url}`] : steps;
}

function decide(
  { sources }: RedirectReport,
  { checked, wrong, faults }: Pick<RedirectJudgement, 'checked' | 'wrong' | 'faults'>,
): Pick<RedirectJudgement, 'verdict' | 'reason'> {
  const really = wrong.filter((one) => one.faults.some((fault) => fault !== 'unanswered'));
  if (really.length > 0) return { verdict: 'wrong', reason: `${really.length} of ${checked} URLs are not as expected` };
  if (wrong.length > 0)
    return { verdict: 'inconclusive', reason: `${faults['unanswered'] ?? 0} of ${checked} URLs had no answer` };
  const empty = sources.find(({ taken }) => taken === 0);
  if (empty) return { verdict: 'inconclusive', reason: `${empty.origin} ${empty.name} gave no URL` };
  if (checked === 0) return { verdict: 'inconclusive', reason: 'no URL was checked' };
  return { verdict: 'correct', reason: `${checked} of ${checked} URLs are as expected` };
}

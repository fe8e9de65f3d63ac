import { judgeRedirects } from '../../../core/dataset/redirects/judge-redirects.ts';
import type { RedirectAnswer, RedirectReport, RedirectTerms } from '../../../core/dataset/redirects/redirect.ts';
import type { Question } from './ask-urls.ts';

/** Asks for URLs and those that they lead to, each connection for so many in a row. */
export type AskFor = (questions: readonly Question[], inARow: number) => Promise<RedirectAnswer[]>;

/** What was asked, how it is asked again, and what is right. */
export interface Confirming extends RedirectTerms {
  questions: readonly Question[];
  askFor: AskFor;
}

/** So many that are wrong are asked for again. */
const mostAgain = 1_000;

/**
 * Returns the answers of a report, or better ones. Answers that came in a row are told apart by their order alone, which a faulty server or proxy may mix up: URLs that are not as
 * expected are asked for once more, one at a time. Where one of them answers otherwise now, no answer that came in a row counts, and everything is asked for again: an answer that
 * stands in the place of another is wrong there, or is that of the other, so that none is taken for right by it.
 */
export async function confirmAnswers(
  report: RedirectReport,
  { questions, askFor, hops, cache }: Confirming,
): Promise<RedirectAnswer[]> {
  // What had no answer was asked for once more already.
  const wrong = judgeRedirects(report, { hops, cache }).wrong.filter(({ faults }) =>
    faults.some((one) => one !== 'unanswered'),
  );
  if (wrong.length === 0) return report.answers;
  const doubted = new Set([
    ...report.controls,
    ...wrong.slice(0, mostAgain).map(({ expectation }) => expectation.from),
  ]);
  const again = await askFor(
    questions.filter(({ url }) => doubted.has(url)),
    1,
  );
  const before = new Map(report.answers.map((answer) => [answer.url, answer]));
  const isSame = again.every((answer) => isSameAnswer(answer, before.get(answer.url)));
  return isSame ? report.answers : await askFor(questions, 1);
}

/** Pages may differ at every look, and a server that is tired may not answer at all: that is no mixing up. */
function isSameAnswer(now: RedirectAnswer, before: RedirectAnswer | undefined): boolean {
  return before !== undefined && now.status === before.status && now.location === before.location;
}

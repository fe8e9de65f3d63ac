import { Unreadable } from '../unreadable.ts';

/** How one test case ended. Each case ends in exactly one of these. */
export type CaseEnd = 'passed' | 'failures' | 'errors' | 'skipped' | 'disabled';

/** One `<testcase>` while and after it is read. */
export interface TestCase {
  name: string;
  /** The words of `status` and `result`, lower case. */
  words: string[];
  /** Milliseconds; null where none, or none that can be true, is given. */
  timeMs: number | null;
  /** Result elements inside the case. */
  failure: number;
  error: number;
  skipped: number;
  flaky: number;
}

const ends: { [word: string]: CaseEnd } = {
  fail: 'failures',
  failed: 'failures',
  failure: 'failures',
  error: 'errors',
  errored: 'errors',
  broken: 'errors',
  crashed: 'errors',
  aborted: 'errors',
  timeout: 'errors',
  skip: 'skipped',
  skipped: 'skipped',
  ignored: 'skipped',
  pending: 'skipped',
  todo: 'skipped',
  disabled: 'disabled',
  notrun: 'disabled',
  suppressed: 'disabled',
  run: 'passed',
  passed: 'passed',
  pass: 'passed',
  success: 'passed',
  successful: 'passed',
  ok: 'passed',
  completed: 'passed',
};
const order: readonly CaseEnd[] = ['errors', 'failures', 'disabled', 'skipped'];

/** Returns a case that has not yet been told any result. */
export function openCase(attributes: { readonly [name: string]: string }): TestCase {
  const names = [attributes['classname'] ?? attributes['class'], attributes['name']];
  return {
    name: names.filter((name) => name !== undefined && name !== '').join(' > ') || 'unnamed case',
    words: [attributes['status'], attributes['result']].flatMap((word) =>
      word === undefined ? [] : [word.trim().toLowerCase()],
    ),
    timeMs: toMilliseconds(attributes['time']),
    failure: 0,
    error: 0,
    skipped: 0,
    flaky: 0,
  };
}

/**
 * Returns how a case ended: the worst of what its result elements and its `status` say. A case that failed, was run again and then
 * passed (`flakyFailure`) has passed. Throws `Unreadable` on a status that is not known: it may be a failure.
 */
export function endOf(testCase: TestCase): CaseEnd {
  const said = new Set<CaseEnd>(testCase.words.map((word) => endOfWord(word, testCase.name)));
  if (testCase.error > 0) said.add('errors');
  if (testCase.failure > 0) said.add('failures');
  if (testCase.skipped > 0) said.add('skipped');
  return order.find((end) => said.has(end)) ?? 'passed';
}

function endOfWord(word: string, name: string): CaseEnd {
  const end = Object.hasOwn(ends, word) ? ends[word] : undefined;
  if (end === undefined) throw new Unreadable('unknown_status', `case ${name}: expected a known status, got ${word}`);
  return end;
}

/** Seconds with a point; a comma is a separator of thousands, as Surefire writes it. */
function toMilliseconds(written: string | undefined): number | null {
  if (written === undefined || !/^\d{1,3}(,\d{3})*(\.\d+)?$|^\d{1,12}(\.\d+)?(e-\d{1,2})?$/i.test(written.trim()))
    return null;
  return Number(written.replaceAll(',', '')) * 1000;
}

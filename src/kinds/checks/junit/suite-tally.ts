import { Unreadable } from '../unreadable.ts';
import { endOf } from './test-case.ts';
import type { CaseEnd, TestCase } from './test-case.ts';

/** Three ways in which tools count one result: cases that end so, cases that carry such an element, elements. */
interface Count {
  ends: number;
  cases: number;
  elements: number;
}

/** What was counted below one element, with what that element declares of itself. */
export interface SuiteTally {
  label: string;
  declared: { readonly [name: string]: string };
  tests: number;
  counts: { [End in CaseEnd | 'flaky']: Count };
}

const declaredAs: { [attribute: string]: CaseEnd | 'flaky' } = {
  failures: 'failures',
  errors: 'errors',
  skipped: 'skipped',
  skip: 'skipped',
  skips: 'skipped',
  disabled: 'disabled',
  flakes: 'flaky',
};

/** Returns the tally of an element in which nothing has been counted yet. */
export function openTally(element: string, declared: { readonly [name: string]: string }): SuiteTally {
  const label = declared['name'] === undefined ? element : `${element} ${declared['name']}`;
  const counts = {
    passed: emptyCount(),
    failures: emptyCount(),
    errors: emptyCount(),
    skipped: emptyCount(),
    disabled: emptyCount(),
    flaky: emptyCount(),
  };
  return { label, declared, tests: 0, counts };
}

function emptyCount(): Count {
  return { ends: 0, cases: 0, elements: 0 };
}

/** Counts one case in `tally`. */
export function countCase(tally: SuiteTally, testCase: TestCase): void {
  const end = endOf(testCase);
  tally.tests += 1;
  tally.counts[end].ends += 1;
  countElements(tally.counts.failures, testCase.failure);
  countElements(tally.counts.errors, testCase.error);
  countElements(tally.counts.skipped, testCase.skipped);
  countElements(tally.counts.flaky, testCase.flaky);
  if (end === 'passed' && testCase.flaky > 0) tally.counts.flaky.ends += 1;
}

function countElements(count: Count, elements: number): void {
  count.elements += elements;
  if (elements > 0) count.cases += 1;
}

/**
 * Throws `Unreadable` where the element declares a total that its cases do not add up to. A total that is not declared is not missed.
 * `tests` has to be the number of cases; a total of results may count in any of the three ways, because tools do.
 */
export function refuseDisagreement(tally: SuiteTally): void {
  const tests = readDeclared(tally, 'tests');
  if (tests !== null && tests !== tally.tests) disagree(tally, `tests=${tests}`, tally.tests);
  for (const [attribute, end] of Object.entries(declaredAs)) {
    const declared = readDeclared(tally, attribute);
    const { ends, cases, elements } = tally.counts[end];
    if (declared !== null && ![ends, cases, elements].includes(declared))
      disagree(tally, `${attribute}=${declared}`, ends);
  }
}

function readDeclared(tally: SuiteTally, attribute: string): number | null {
  const written = tally.declared[attribute];
  if (written === undefined) return null;
  if (!/^\d{1,9}$/.test(written.trim()))
    throw new Unreadable('malformed', `${tally.label}: expected ${attribute} to be a count, got ${written}`);
  return Number(written);
}

function disagree(tally: SuiteTally, declared: string, counted: number): never {
  throw new Unreadable('totals_disagree', `${tally.label} declares ${declared}, its cases add up to ${counted}`);
}

import { parseXml } from '../parse-xml.ts';
import type { XmlVisitor } from '../parse-xml.ts';
import { Unreadable } from '../unreadable.ts';
import { countCase, openTally, refuseDisagreement } from './suite-tally.ts';
import type { SuiteTally } from './suite-tally.ts';
import { endOf, openCase } from './test-case.ts';
import type { TestCase } from './test-case.ts';

/** What one JUnit file says, counted by case. */
export interface JunitReport {
  suites: number;
  total: SuiteTally;
  /** Names of the cases that failed or erred, in document order. */
  failed: string[];
  /** The sum of the times of the cases; null where a case has none that can be true. */
  timeMs: number | null;
}

type Attributes = { readonly [name: string]: string };
const results: { [element: string]: 'failure' | 'error' | 'skipped' | 'flaky' } = {
  failure: 'failure',
  error: 'error',
  skipped: 'skipped',
  flakyFailure: 'flaky',
  flakyError: 'flaky',
};

/** Returns what a JUnit file says. Throws `Unreadable` where it is not JUnit, holds no case, or contradicts itself at any level. */
export function parseJunit(bytes: Uint8Array): JunitReport {
  const reader = new JunitReader();
  parseXml(bytes, reader);
  return reader.finish();
}

/** Counts while the elements go by, so that a file of many megabytes is never a tree in memory. */
class JunitReader implements XmlVisitor {
  readonly report: JunitReport = { suites: 0, total: openTally('file', {}), failed: [], timeMs: 0 };
  readonly suites: SuiteTally[] = [];
  readonly path: string[] = [];
  testCase: TestCase | null = null;

  open(name: string, attributes: Attributes): void {
    const parent = this.path.at(-1);
    this.path.push(name);
    if (name === 'testsuites' || name === 'testsuite') this.openSuite(name, attributes, parent);
    else if (parent === undefined)
      throw new Unreadable('wrong_format', `expected testsuites or testsuite as the root of JUnit, got ${name}`);
    else if (name === 'testcase') this.openCase(attributes, parent);
    else if (Object.hasOwn(results, name)) this.countResult(name, parent);
  }

  close(name: string): void {
    this.path.pop();
    if (name === 'testcase') this.closeCase();
    else if (name === 'testsuites' || name === 'testsuite') refuseDisagreement(this.suites.pop()!);
  }

  finish(): JunitReport {
    if (this.report.total.tests === 0) throw new Unreadable('no_cases', 'expected at least one testcase, got none');
    return this.report;
  }

  private openSuite(name: string, attributes: Attributes, parent: string | undefined): void {
    if (parent !== undefined && parent !== 'testsuites' && parent !== 'testsuite') misplaced(name, parent);
    if (name === 'testsuite') this.report.suites += 1;
    this.suites.push(openTally(name, attributes));
  }

  private openCase(attributes: Attributes, parent: string): void {
    if (parent !== 'testsuites' && parent !== 'testsuite') misplaced('testcase', parent);
    this.testCase = openCase(attributes);
  }

  /** A result outside any case (a suite whose set-up failed) would be lost by counting cases. */
  private countResult(name: string, parent: string): void {
    if (this.testCase === null) misplaced(name, parent);
    this.testCase[results[name]!] += 1;
  }

  private closeCase(): void {
    const testCase = this.testCase!;
    this.testCase = null;
    for (const tally of [...this.suites, this.report.total]) countCase(tally, testCase);
    if (['failures', 'errors'].includes(endOf(testCase))) this.report.failed.push(testCase.name);
    const { timeMs } = this.report;
    this.report.timeMs = timeMs === null || testCase.timeMs === null ? null : timeMs + testCase.timeMs;
  }
}

function misplaced(name: string, parent: string): never {
  throw new Unreadable('misplaced', `expected ${name} where JUnit has it, got it inside ${parent}`);
}

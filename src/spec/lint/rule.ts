import type { Severity } from './finding.ts';
import type { Subject } from './understand/subject.ts';

/** What a rule reports; file and code are added for it. */
export interface Hit {
  line: number;
  column?: number;
  message: string;
  expected: string;
  got: string;
  hint: string;
  /** Where it differs from the rule's own. */
  severity?: Severity;
  related?: { file?: string; line: number; column: number; note: string }[];
}

/** All documents of one lint run, for rules that look beyond one file. */
export interface Run {
  subjects: readonly Subject[];
  /** True where the path, relative to the workspace, is a file or folder. */
  exists: (path: string) => boolean;
  /** Computes something over all documents once per run. */
  memo: <T>(key: string, compute: () => T) => T;
}

/** A document for the tests of a rule: its text, or several files by path. */
export type Sample = string | { [path: string]: string };

/** One thing that lint looks for. The two samples are its test and its negative control, and stand in the reference page. */
export interface Rule {
  code: string;
  severity: Severity;
  /** What it reports, in one sentence. */
  summary: string;
  /** What happens at 2 a.m. if nobody reports it. */
  why: string;
  /** Must be reported. */
  fires: Sample;
  /** Looks alike and must not be reported. */
  silent: Sample;
  check: (subject: Subject, run: Run) => Hit[];
}

import type { LaunchReaders } from '../launch/launch-readers.ts';
import type { Finding, Severity } from './finding.ts';
import { lintLaunches } from './lint-launches.ts';
import { buildPaper } from './paper/build-paper.ts';
import { type ReadText, readText, severityOf } from './read-text.ts';
import type { Hit, Rule, Run } from './rule.ts';
import { rules } from './rules/rules.ts';
import { type Subject, toSubject } from './understand/subject.ts';
import { understand } from './understand/understand.ts';
import type { Understanding } from './understand/understanding.ts';

/** A document by its path relative to the workspace. */
export interface LintInput {
  path: string;
  bytes: Uint8Array;
}

/** What lint is handed from outside: it reads no disk and no clock. */
export interface LintOptions {
  /** True where the path, relative to the workspace, is a file or folder. */
  exists: (path: string) => boolean;
  /** Readers of the kinds, for documents that say `tminus:`; without them such documents are linted as prose only. */
  readers?: LaunchReaders;
}

export interface LintedDocument {
  path: string;
  understanding: Understanding;
  findings: Finding[];
}

export type LintTotals = { documents: number } & { [severity in Severity]: number };

export interface LintResult {
  documents: LintedDocument[];
  totals: LintTotals;
}

/** A document read once; kept by a watch mode so that a change re-reads only what changed. */
export interface Prepared {
  input: LintInput;
  read: ReadText;
  subject: Subject;
}

/** Reads one document for `lintPrepared`. */
export function prepare(input: LintInput): Prepared {
  const read = readText(input.path, input.bytes);
  return { input, read, subject: toSubject(buildPaper(input.path, read.text)) };
}

/**
 * Returns what each document says and what is wrong with it. Pure: equal documents give equal results. Rules that look beyond one
 * file (dependencies, counts, names) look at the documents of this call.
 */
export function lintDocuments(documents: readonly LintInput[], options: LintOptions): LintResult {
  return lintPrepared(documents.map(prepare), options);
}

/** As `lintDocuments`, over documents that were read before. */
export function lintPrepared(prepared: readonly Prepared[], options: LintOptions): LintResult {
  const run = newRun(prepared, options);
  const launches = lintLaunches(prepared, options.readers ?? null);
  const linted = prepared.map((entry) => lintOne(entry, run, launches.get(entry.input.path) ?? []));
  return { documents: linted, totals: countTotals(linted) };
}

/**
 * Returns the result of one document among others that were read before: what an editor or a watch mode calls at each change.
 * The findings of the other documents are not computed again.
 */
export function lintDocument(input: LintInput, others: readonly Prepared[], options: LintOptions): LintedDocument {
  const own = prepare(input);
  const all = [own, ...others.filter((other) => other.input.path !== input.path)];
  const launches = /^tminus\s*:/m.test(own.subject.paper.frontMatter?.text ?? '')
    ? lintLaunches(all, options.readers ?? null)
    : new Map<string, Finding[]>();
  return lintOne(own, newRun(all, options), launches.get(input.path) ?? []);
}

function newRun(prepared: readonly Prepared[], options: LintOptions): Run {
  const kept = new Map<string, unknown>();
  const paths = new Set(prepared.map((entry) => entry.input.path));
  return {
    subjects: prepared.map((entry) => entry.subject),
    exists: (path) => paths.has(path) || options.exists(path),
    memo: <T>(key: string, compute: () => T): T => {
      if (!kept.has(key)) kept.set(key, compute());
      return kept.get(key) as T;
    },
  };
}

function lintOne({ input, read, subject }: Prepared, run: Run, launch: readonly Finding[]): LintedDocument {
  const findings: Finding[] = read.findings.map(({ code, message, expected, got, hint, at, count, ...reading }) => ({
    code,
    severity: severityOf({ code, message, expected, got, hint, at, count, ...reading }),
    message: count > 1 ? `${message} (${count} places)` : message,
    ...at,
    expected,
    got,
    hint,
    related: [],
  }));
  findings.push(...launch);
  for (const rule of rules)
    for (const hit of rule.check(subject, run)) findings.push(toFinding(rule, hit, { input, read, subject }));
  return { path: input.path, understanding: understand(subject), findings: sortFindings(findings) };
}

function toFinding(rule: Rule, hit: Hit, { input, read, subject }: Prepared): Finding {
  return {
    code: rule.code,
    severity: hit.severity ?? rule.severity,
    message: hit.message,
    file: input.path,
    line: hit.line,
    column: columnOnDisk(read, subject, hit.line, hit.column ?? 1),
    expected: hit.expected,
    got: hit.got,
    hint: hit.hint,
    related: (hit.related ?? []).map(({ file, line, column, note }) => ({
      file: file ?? input.path,
      line,
      column: file === undefined || file === input.path ? columnOnDisk(read, subject, line, column) : column,
      note,
    })),
  };
}

/** Repaired text is shorter than what stands on disk, so columns are counted again where anything was repaired. */
function columnOnDisk(read: ReadText, subject: Subject, line: number, column: number): number {
  if (!read.repaired) return column;
  const starts = lineStartsOf(subject.paper.text);
  return read.place((starts[line - 1] ?? 0) + column - 1).column;
}

let lastText = '';
let lastStarts: number[] = [];

/** Keeps the line starts of the last text asked for: findings come document by document. */
function lineStartsOf(text: string): number[] {
  if (text === lastText) return lastStarts;
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  lastText = text;
  lastStarts = starts;
  return starts;
}

function sortFindings(findings: Finding[]): Finding[] {
  return findings.toSorted(
    (left, right) =>
      left.line - right.line ||
      left.column - right.column ||
      (left.code < right.code ? -1 : left.code > right.code ? 1 : 0),
  );
}

/** Returns the number of documents and of findings by severity. */
function countTotals(documents: readonly LintedDocument[]): LintTotals {
  const totals: LintTotals = { documents: documents.length, blocking: 0, warning: 0, info: 0 };
  for (const document of documents) for (const finding of document.findings) totals[finding.severity] += 1;
  return totals;
}

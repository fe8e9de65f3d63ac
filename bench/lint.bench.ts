import { tmpdir } from 'node:os';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseMarkdown } from '../src/spec/document/parse-markdown.ts';
import { type LintInput, lintDocument, lintDocuments, prepare } from '../src/spec/lint/lint-documents.ts';
import { generateDocuments } from './generate-documents.ts';
import { describeMachine } from './describe-machine.ts';

/** Wall and CPU of one pass over all documents. */
export interface LintSample {
  wallMs: number;
  cpuMs: number;
}

export interface LintReport {
  name: 'lint';
  machine: string;
  setting: string;
  documents: number;
  lines: number;
  bytes: number;
  findings: number;
  /** Medians: files read from disk, linted and summed up, in one thread. */
  readAndLintMs: number;
  readAndLintCpuMs: number;
  linesPerSecond: number;
  /** Medians beside it, in the same run: the same files only read, and a Markdown tree built of the same text. */
  readOnlyMs: number;
  treeOnlyMs: number;
  shareOfTree: number;
  /** One document of the mixture changed and judged among the other 999, kept in memory. */
  relintMs: number;
  relintP95Ms: number;
  relintLargestMs: number;
  goals: { readAndLintMs: number; relintMs: number; met: boolean };
  samples: { readAndLint: LintSample[]; readOnly: LintSample[]; treeOnly: LintSample[]; relint: number[] };
}

const passes = 7;

/**
 * Measures reading and linting 1,000 documents of 100,000 lines from disk in one thread, and one document again among the others.
 * The first pass counts like the others: nobody warms a command line up.
 */
export async function run(): Promise<LintReport> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-lint-bench-'));
  try {
    const documents = generateDocuments(1000, 100_000);
    mkdirSync(join(folder, 'docs'));
    for (const { path, text } of documents) writeFileSync(join(folder, path), text);
    const lines = documents.reduce((sum, document) => sum + document.text.split('\n').length, 0);
    return measure(folder, lines);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readAll(folder: string): LintInput[] {
  return readdirSync(join(folder, 'docs')).map((name) => ({
    path: `docs/${name}`,
    bytes: readFileSync(join(folder, 'docs', name)),
  }));
}

function measure(folder: string, lines: number): LintReport {
  const samples = {
    readAndLint: [] as LintSample[],
    readOnly: [] as LintSample[],
    treeOnly: [] as LintSample[],
    relint: [] as number[],
  };
  let findings = 0;
  const decoder = new TextDecoder();
  for (let pass = 0; pass < passes; pass += 1) {
    samples.readAndLint.push(
      time(() => {
        const { totals } = lintDocuments(readAll(folder), { exists: () => false });
        findings = totals.blocking + totals.warning + totals.info;
      }),
    );
    samples.readOnly.push(time(() => void readAll(folder)));
    samples.treeOnly.push(time(() => readAll(folder).forEach((input) => parseMarkdown(decoder.decode(input.bytes)))));
  }
  const inputs = readAll(folder);
  const prepared = inputs.map(prepare);
  for (const [index, input] of inputs.entries()) {
    if (index % 10 === 0)
      samples.relint.push(time(() => void lintDocument(input, prepared, { exists: () => false })).wallMs);
  }
  return toReport(samples, {
    lines,
    findings,
    documents: inputs.length,
    bytes: inputs.reduce((sum, input) => sum + input.bytes.length, 0),
  });
}

function time(work: () => void): LintSample {
  const cpu = process.cpuUsage();
  const start = performance.now();
  work();
  const wallMs = performance.now() - start;
  const used = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (used.user + used.system) / 1000 };
}

function toReport(
  samples: LintReport['samples'],
  counts: { lines: number; findings: number; documents: number; bytes: number },
): LintReport {
  const readAndLintMs = median(samples.readAndLint.map((sample) => sample.wallMs));
  const treeOnlyMs = median(samples.treeOnly.map((sample) => sample.wallMs));
  const relintMs = median(samples.relint);
  const sorted = samples.relint.toSorted((left, right) => left - right);
  const relintP95Ms = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  const goals = { readAndLintMs: 2000, relintMs: 50 };
  return {
    name: 'lint',
    machine: describeMachine(),
    setting: `${counts.documents} documents of a realistic mixture, from disk, one thread, ${passes} passes with the first one counted`,
    ...counts,
    readAndLintMs,
    readAndLintCpuMs: median(samples.readAndLint.map((sample) => sample.cpuMs)),
    linesPerSecond: Math.round((1000 * counts.lines) / readAndLintMs),
    readOnlyMs: median(samples.readOnly.map((sample) => sample.wallMs)),
    treeOnlyMs,
    shareOfTree: readAndLintMs / treeOnlyMs,
    relintMs,
    relintP95Ms,
    relintLargestMs: sorted.at(-1) ?? 0,
    goals: { ...goals, met: readAndLintMs < goals.readAndLintMs && relintP95Ms < goals.relintMs },
    samples,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

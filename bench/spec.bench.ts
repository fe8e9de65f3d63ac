import { createHash } from 'node:crypto';

import { checkReaders } from '../src/kinds/checks/readers.ts';
import { stepReaders } from '../src/kinds/steps/readers.ts';
import { decodeBytes } from '../src/spec/document/decode-bytes.ts';
import { parseMarkdown } from '../src/spec/document/parse-markdown.ts';
import { readDocument } from '../src/spec/document/read-document.ts';
import { readLaunch } from '../src/spec/launch/read-launch.ts';
import { launchText, workDocuments } from './spec-corpus.ts';
import { describeMachine } from './describe-machine.ts';

/** One figure: CPU milliseconds of this process, the median first, every sample after it. */
const readers = { checks: checkReaders, steps: stepReaders };

export interface SpecTiming {
  medianMs: number;
  samplesMs: number[];
}

export interface SpecReport {
  name: 'spec';
  machine: string;
  setting: string;
  documents: number;
  lines: number;
  /** Every document from bytes to tree, findings and places. */
  readAll: SpecTiming;
  /** The Markdown parser alone on the same texts: what bounds the figure above. */
  parseOnly: SpecTiming;
  /** Digest and decoding alone: what any reader of the same bytes pays. */
  bytesOnly: SpecTiming;
  linesPerSecond: number;
  /** Share of the reading time that the Markdown parser takes, as median over the rounds. */
  parserShare: number;
  /** One document of 100 lines again, as an editor does at each keystroke. */
  readOne: SpecTiming;
  /** A launch of 40 gates and 1,000 steps from bytes to launch and plan hash. */
  readLaunch: SpecTiming & { lines: number };
  goals: { readOneMs: number; met: boolean };
}

/** Measures reading of documents and launches; CPU time, since the machine is shared. */
export function run(): SpecReport {
  const documents = workDocuments(1000);
  const texts = documents.map(({ bytes }) => decodeBytes(bytes).text);
  const lines = texts.reduce((sum, text) => sum + text.split('\n').length - 1, 0);
  const passes = {
    read: () => documents.map(({ path, bytes }) => readDocument(path, bytes)).length,
    parse: () => texts.map((text) => parseMarkdown(text)).length,
    bytes: () =>
      documents.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex') + decodeBytes(bytes).text.length)
        .length,
  };
  const rounds = Array.from({ length: 4 }, () => ({
    read: cpuMs(passes.read),
    parse: cpuMs(passes.parse),
    bytes: cpuMs(passes.bytes),
  })).slice(1);
  const readAll = timing(rounds.map(({ read }) => read));
  const one = documents[7] ?? { path: 'a.md', bytes: new Uint8Array() };
  const launch = new TextEncoder().encode(launchText(40, 1000));
  const result = readLaunch([{ path: 'launch.md', bytes: launch }], readers);
  if (!result.ok) throw new Error(`the launch of the bench does not read: ${result.problems[0]?.message ?? ''}`);
  const launchMs = Array.from({ length: 5 }, () =>
    cpuMs(() => readLaunch([{ path: 'launch.md', bytes: launch }], readers).ok),
  );
  const readOne = timing(Array.from({ length: 20 }, () => cpuMs(() => readDocument(one.path, one.bytes))));
  return {
    name: 'spec',
    machine: describeMachine(),
    setting: `${documents.length} generated documents, CPU time of one thread, first round dropped`,
    documents: documents.length,
    lines,
    readAll,
    parseOnly: timing(rounds.map(({ parse }) => parse)),
    bytesOnly: timing(rounds.map(({ bytes }) => bytes)),
    linesPerSecond: Math.round((lines / readAll.medianMs) * 1000),
    parserShare: median(rounds.map(({ read, parse }) => parse / read)),
    readOne,
    readLaunch: { ...timing(launchMs.slice(1)), lines: new TextDecoder().decode(launch).split('\n').length },
    goals: { readOneMs: 50, met: readOne.medianMs < 50 },
  };
}

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function timing(samplesMs: number[]): SpecTiming {
  return { medianMs: median(samplesMs), samplesMs };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import {
  createLogKey,
  leafHash,
  MerkleAppender,
  sha256Hex,
  signCheckpoint,
  splitLines,
  verifyBundle,
  verifyLog,
} from '@tminus/verify';
import type { LogKey } from '@tminus/verify';

import { newProductBundle } from '../src/verifier/product-bundle.fixture.ts';
import { readBundleDirectory } from '../src/verifier/read-bundle-directory.ts';
import { productRules } from '../src/verifier/recompute.ts';
import { describeMachine } from './describe-machine.ts';

const rounds = 7;
const logEntries = 1_000_000;
const goals = { logSeconds: 6, bundleSeconds: 5 };

/** One pass: seconds by the clock and by the processor. */
interface Sample {
  seconds: number;
  cpu: number;
}

/** A figure: its median, and every pass behind it. */
interface Figure {
  median: Sample;
  samples: Sample[];
}

export interface VerifyReport {
  name: 'verify';
  machine: string;
  setting: string;
  /** A million log entries offline: leaf hash of every entry, root, signed checkpoint. */
  log: Figure;
  /** The same bytes, and as many inputs of the size of a node, through SHA-256 and nothing else: no verifier is faster. */
  hashLimit: Figure;
  /** A bundle of 10,000 items from a folder, every step: documents read, bytes parsed and judged, decision made again. */
  bundle: Figure;
  /** Every file of that bundle read and hashed once, and nothing else. */
  readLimit: Figure;
  bytesPerEntry: number;
  bundleFiles: number;
  /** Median of log / hash limit by processor time inside each round. */
  timesHashLimit: number;
  peakMemoryMb: number;
  goals: { logSeconds: number; bundleSeconds: number; met: boolean };
}

/** Measures the offline verifier, each figure beside its limit, turn by turn in one process. */
export async function run(): Promise<VerifyReport> {
  const log = newLog();
  const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-'));
  try {
    const { logKey, files } = writeBundleTo(folder);
    const passes = {
      log: () => verifyLog(log.bytes, log.checkpoint, log.key),
      hashLimit: () => hashOnce(log.bytes),
      bundle: () => verifyFolder(folder, logKey),
      readLimit: () => readOnce(folder),
    };
    // One pass of each to warm up compiler and page cache: what follows is a verifier at work.
    for (const pass of Object.values(passes)) pass();
    const samples: { [name in keyof typeof passes]: Sample[] } = { log: [], hashLimit: [], bundle: [], readLimit: [] };
    for (let round = 0; round < rounds; round += 1) {
      samples.log.push(measure(passes.log));
      samples.hashLimit.push(measure(passes.hashLimit));
      samples.bundle.push(measure(passes.bundle));
      samples.readLimit.push(measure(passes.readLimit));
    }
    return toReport(samples, { bytesPerEntry: log.bytes.length / logEntries, bundleFiles: files });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function newLog(): { bytes: Buffer; checkpoint: string; key: LogKey } {
  const key = createLogKey('bench.example/log', Buffer.alloc(32, 1));
  const pad = 'x'.repeat(180);
  const bytes = Buffer.alloc(logEntries * 320);
  let size = 0;
  for (let at = 0; at < logEntries; at += 1) {
    size += bytes.write(
      `{"format":"tminus/evidence/1","id":"${sha256Hex(String(at))}","pad":"${pad}"}\n`,
      size,
      'latin1',
    );
  }
  const entries = bytes.subarray(0, size);
  const tree = new MerkleAppender();
  splitLines(entries, (line) => tree.append(leafHash(line)));
  return { bytes: entries, checkpoint: signCheckpoint({ size: tree.size, root: tree.root() }, key), key };
}

function hashOnce(bytes: Uint8Array): void {
  const node = new Uint8Array(65);
  splitLines(bytes, (line) => {
    sha256Hex(line);
    sha256Hex(node);
  });
}

function writeBundleTo(folder: string): { logKey: string; files: number } {
  const { files, logKey } = newProductBundle(500, 20);
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return { logKey, files: files.size };
}

/** A verifier that found a fault early would look fast. */
function verifyFolder(folder: string, pinnedKey: string): void {
  const report = verifyBundle(readBundleDirectory(folder), { pinnedKey, foreignCheckpoints: [] }, productRules);
  if (!report.ok) throw new Error(`bench: expected a bundle that verifies, got ${JSON.stringify(report.firstFault)}`);
}

function readOnce(folder: string): void {
  const source = readBundleDirectory(folder);
  for (const { name } of source.list()) sha256Hex(source.read(name));
}

function measure(pass: () => unknown): Sample {
  const cpu = process.cpuUsage();
  const start = performance.now();
  pass();
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  return { seconds: toMillis(seconds), cpu: toMillis((used.user + used.system) / 1e6) };
}

function toReport(
  samples: { log: Sample[]; hashLimit: Sample[]; bundle: Sample[]; readLimit: Sample[] },
  sizes: { bytesPerEntry: number; bundleFiles: number },
): VerifyReport {
  const log = toFigure(samples.log);
  const bundle = toFigure(samples.bundle);
  const ratios = samples.log.map(({ cpu }, round) => cpu / (samples.hashLimit[round]?.cpu ?? Number.NaN));
  const met = log.median.seconds < goals.logSeconds && bundle.median.seconds < goals.bundleSeconds;
  return {
    name: 'verify',
    machine: describeMachine(),
    setting: `${rounds} rounds, one process, ${logEntries} entries; bundle of 500 criteria, each seen 20 times`,
    log,
    hashLimit: toFigure(samples.hashLimit),
    bundle,
    readLimit: toFigure(samples.readLimit),
    ...sizes,
    timesHashLimit: toMillis(median(ratios)),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    goals: { ...goals, met },
  };
}

function toFigure(samples: Sample[]): Figure {
  return {
    median: { seconds: median(samples.map(({ seconds }) => seconds)), cpu: median(samples.map(({ cpu }) => cpu)) },
    samples,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function toMillis(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function toLine(what: string, { median: { seconds, cpu } }: Figure, goal: string): string {
  return `${what.padEnd(48)} ${seconds.toFixed(2)} s  (${cpu.toFixed(2)} s CPU)  ${goal}`.trimEnd();
}

function toLines(report: VerifyReport): string {
  const { machine, setting, peakMemoryMb, timesHashLimit, bundleFiles, goals: wanted } = report;
  const lines = [
    machine,
    `${setting}; medians, peak memory ${peakMemoryMb} MB`,
    toLine('1,000,000 log entries: leaves, root, checkpoint', report.log, `goal < ${wanted.logSeconds} s`),
    toLine('  the same bytes through SHA-256 alone', report.hashLimit, `log / limit ${timesHashLimit} by CPU`),
    toLine('bundle of 10,000 items, decision made again', report.bundle, `goal < ${wanted.bundleSeconds} s`),
    toLine(`  its ${bundleFiles} files read and hashed alone`, report.readLimit, ''),
    `goals ${wanted.met ? 'met' : 'MISSED'}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** With `--json` every sample; otherwise the medians as lines. */
if (import.meta.main) {
  const report = await run();
  process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(report, null, 2)}\n` : toLines(report));
}

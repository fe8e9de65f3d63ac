import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/open-store.ts';
import { measureCommitPairs, measureFairness, measureLocks, measureSubmissions } from './measure-guards.ts';
import { drain, measureDrain, measureStart, measureSteps } from './measure-jobs.ts';
import type { DrainSample } from './measure-jobs.ts';
import { measureTakeover } from './measure-takeover.ts';
import { describeMachine } from './describe-machine.ts';

export interface DeliveryReport {
  name: 'delivery';
  machine: string;
  setting: string;
  /** Medians over the rounds, jobs per second. */
  jobsPerSecond: number;
  barePerSecond: number;
  /** Median of the ratio inside each round, so that a slow minute weighs on both. */
  shareOfBare: number;
  startMs: Spread;
  stepMs: Spread;
  takeoverSeconds: Spread;
  submissionsPerSecond: number;
  locksPerSecond: number;
  /** What two commits of one row each cost in the same minute: no durable take and release can be faster one by one. */
  commitPairsPerSecond: number;
  lockViolations: number;
  /** Longest wait of 100 askers in one row, over their median; 2 is what strict order gives. */
  fairness: number;
  servedOutOfOrder: number;
  goals: Record<string, number | boolean> & { met: boolean };
  samples: { drain: DrainSample[]; start: number[]; step: number[]; takeover: number[] };
}

interface Spread {
  p50: number;
  p99: number;
  max: number;
}

const rounds = 5;
const kills = 20;

/** Measures delivery on a fresh embedded Postgres, fsync and synchronous_commit on, beside pg-boss alone at the same settings. */
export async function run(): Promise<DeliveryReport> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-'));
  chmodSync(folder, 0o711);
  const store = await openStore({ dataDirectory: join(folder, 'data'), command: 'bench' });
  try {
    return toReport(await measure(store, folder));
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(store: Store, folder: string) {
  // The first pass fills caches and new WAL segments on both sides.
  await measureDrain(store);
  const drained: DrainSample[] = [];
  for (let round = 0; round < rounds; round += 1) drained.push(await measureDrain(store));
  return {
    samples: {
      drain: drained,
      start: await measureStart(store, 500),
      step: await measureSteps(store, 500),
      takeover: await measureTakeover(store, folder, kills),
    },
    submissions: await measureSubmissions(store, 20_000),
    locks: await measureLocks(store, 10_000),
    commitPairs: await measureCommitPairs(store, 10_000),
    fair: await measureFairness(store),
  };
}

function toReport({
  samples,
  submissions,
  locks,
  commitPairs,
  fair,
}: Awaited<ReturnType<typeof measure>>): DeliveryReport {
  const figures = {
    jobsPerSecond: median(samples.drain.map(({ perSecond }) => perSecond)),
    barePerSecond: median(samples.drain.map(({ barePerSecond }) => barePerSecond)),
    shareOfBare: median(samples.drain.map(({ perSecond, barePerSecond }) => perSecond / barePerSecond)),
    startMs: toSpread(samples.start),
    stepMs: toSpread(samples.step),
    takeoverSeconds: toSpread(samples.takeover),
    submissionsPerSecond: submissions,
    locksPerSecond: locks.perSecond,
    commitPairsPerSecond: commitPairs,
    lockViolations: locks.violations,
    fairness: Math.max(...fair.waitsMs) / median(fair.waitsMs),
    servedOutOfOrder: fair.outOfOrder,
  };
  return {
    name: 'delivery',
    machine: describeMachine(),
    setting: `${rounds} rounds of ${drain.jobs} jobs in batches of ${drain.batch} by ${drain.slots} slots; ${kills} workers killed; embedded Postgres with fsync`,
    ...figures,
    goals: toGoals(figures),
    samples,
  };
}

function toGoals(
  got: Pick<
    DeliveryReport,
    | 'jobsPerSecond'
    | 'shareOfBare'
    | 'startMs'
    | 'stepMs'
    | 'takeoverSeconds'
    | 'submissionsPerSecond'
    | 'locksPerSecond'
    | 'lockViolations'
  >,
) {
  const met =
    got.jobsPerSecond >= 500 &&
    got.shareOfBare >= 0.7 &&
    got.startMs.p50 <= 20 &&
    got.stepMs.p50 <= 25 &&
    got.takeoverSeconds.p99 <= 15 &&
    got.submissionsPerSecond >= 2000 &&
    got.locksPerSecond >= 1000 &&
    got.lockViolations === 0;
  return {
    jobsPerSecond: 500,
    shareOfBare: 0.7,
    startP50Ms: 20,
    stepP50Ms: 25,
    takeoverP99Seconds: 15,
    submissionsPerSecond: 2000,
    locksPerSecond: 1000,
    lockViolations: 0,
    met,
  };
}

function toSpread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/open-store.ts';
import { describeMachine } from './describe-machine.ts';
import { measureAdvances, measureAppends, measureReads } from './measure-run-reads.ts';
import type { AdvanceSample, AppendSample, ReadSample } from './measure-run-reads.ts';
import { load, measureIdleSteps, measureLoad } from './measure-run-steps.ts';
import type { LoadSample, StepSamples } from './measure-run-steps.ts';
import { measureTimersOfOne, measureTimersOfRuns, measureWaiting } from './measure-waiting.ts';
import type { TimerSample, WaitingSample } from './measure-waiting.ts';
import { medianOf, toSpread } from './side-by-side.ts';
import type { Spread } from './side-by-side.ts';

interface Timers {
  /** From the instant at which all came due until the last was handed out. */
  seconds: number;
  /** Steps of an unrelated run meanwhile. */
  unrelatedMs: Spread;
  lost: number;
}

export interface RunsReport {
  name: 'runs';
  machine: string;
  setting: string;
  /** Other work of the machine while this was measured; figures of time mean little when it is greater than the number of cores. */
  loadAtEnd: number;
  stepOverheadMs: Spread;
  startMs: Spread;
  /** Medians over the rounds. */
  stepsPerSecond: number;
  barePerSecond: number;
  /** Median of the ratio inside each round. */
  shareOfBare: number;
  cpuMsPerStep: number;
  progressPerSecond: number;
  viewsPerSecond: number;
  eventsPerSecond: number;
  /** The same rows without an order of commits. */
  eventLimitPerSecond: number;
  timersOfRuns: Timers;
  timersOfOneRun: Timers;
  waiting: WaitingSample;
  advancesOfOneRun: AdvanceSample;
  advancesOf64Runs: AdvanceSample;
  goals: Record<string, number | boolean> & { met: boolean };
  samples: {
    idle: StepSamples;
    load: LoadSample[];
    reads: ReadSample[];
    appends: AppendSample[];
    timers: TimerSample[];
  };
}

const timers = 10_000;
const people = 1_000;

/** Measures the engine of runs on a fresh embedded Postgres, fsync and synchronous_commit on, through the worker of the product. */
export async function run(): Promise<RunsReport> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-'));
  chmodSync(folder, 0o711);
  const store = await openStore({ dataDirectory: join(folder, 'data'), command: 'bench' });
  try {
    return toReport(await measure(store));
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(store: Store) {
  const idle = await measureIdleSteps(store, 20);
  // The first pass fills caches and new WAL segments on both sides.
  await measureLoad(store);
  const loaded: LoadSample[] = [];
  for (let round = 0; round < 3; round += 1) loaded.push(await measureLoad(store));
  return {
    samples: {
      idle,
      load: loaded,
      reads: await measureReads(store, 3),
      appends: await measureAppends(store, 3),
      timers: [await measureTimersOfOne(store, timers), await measureTimersOfRuns(store, timers)],
    },
    advancesOfOneRun: await measureAdvances(store, 1, 200),
    advancesOf64Runs: await measureAdvances(store, 64, 2_000),
    waiting: await measureWaiting(store, people),
  };
}

function toReport({ samples, ...rest }: Awaited<ReturnType<typeof measure>>): RunsReport {
  const { idle, load: loaded, reads, appends } = samples;
  const [ofOne, ofRuns] = samples.timers as [TimerSample, TimerSample];
  const figures = {
    stepOverheadMs: toSpread(idle.overheadMs),
    startMs: toSpread(idle.startMs),
    stepsPerSecond: medianOf(loaded.map(({ perSecond }) => perSecond)),
    barePerSecond: medianOf(loaded.map(({ barePerSecond }) => barePerSecond)),
    shareOfBare: medianOf(loaded.map(({ perSecond, barePerSecond }) => perSecond / barePerSecond)),
    cpuMsPerStep: medianOf(loaded.map(({ cpuMsPerStep }) => cpuMsPerStep)),
    progressPerSecond: medianOf(reads.map(({ progressPerSecond }) => progressPerSecond)),
    viewsPerSecond: medianOf(reads.map(({ viewsPerSecond }) => viewsPerSecond)),
    eventsPerSecond: medianOf(appends.map(({ perSecond }) => perSecond)),
    eventLimitPerSecond: medianOf(appends.map(({ limitPerSecond }) => limitPerSecond)),
    timersOfRuns: toTimers(ofRuns),
    timersOfOneRun: toTimers(ofOne),
    ...rest,
  };
  return {
    name: 'runs',
    machine: describeMachine(),
    setting: `runs of ${load.steps} steps, ${load.runs} at once in batches of ${load.batch} by ${load.slots} slots; ${timers} timers; ${people} people waited for; embedded Postgres with fsync`,
    loadAtEnd: loadavg()[0] ?? 0,
    ...figures,
    goals: toGoals(figures),
    samples,
  };
}

function toTimers({ seconds, unrelatedMs, lost }: TimerSample): Timers {
  return { seconds, unrelatedMs: toSpread(unrelatedMs), lost };
}

const goals = {
  stepOverheadP50Ms: 25,
  startP50Ms: 20,
  stepsPerSecond: 500,
  shareOfBare: 0.7,
  progressPerSecond: 2_000,
  eventsPerSecond: 5_000,
  /** Nothing else may wait longer than a person notices. */
  unrelatedP99Ms: 1_000,
  timersLost: 0,
  /** The pool lets go of connections that it does not use, and takes new ones: up to eight, for any number of runs. */
  connectionsOfWaiting: 4,
  heapMbOfWaiting: 10,
  extraTransactionsPerSecond: 2,
};

function toGoals(got: Omit<RunsReport, 'name' | 'machine' | 'setting' | 'loadAtEnd' | 'goals' | 'samples'>) {
  const { waiting, timersOfRuns, timersOfOneRun } = got;
  const met =
    got.stepOverheadMs.p50 <= goals.stepOverheadP50Ms &&
    got.startMs.p50 <= goals.startP50Ms &&
    got.stepsPerSecond >= goals.stepsPerSecond &&
    got.shareOfBare >= goals.shareOfBare &&
    got.progressPerSecond >= goals.progressPerSecond &&
    got.eventsPerSecond >= goals.eventsPerSecond &&
    Math.max(timersOfRuns.unrelatedMs.p99, timersOfOneRun.unrelatedMs.p99) <= goals.unrelatedP99Ms &&
    timersOfRuns.lost + timersOfOneRun.lost === goals.timersLost &&
    waiting.connections <= goals.connectionsOfWaiting &&
    waiting.heapMb <= goals.heapMbOfWaiting &&
    waiting.perSecond - waiting.perSecondWithout <= goals.extraTransactionsPerSecond;
  return { ...goals, met };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);

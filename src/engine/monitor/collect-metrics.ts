import { metricIds } from '../../core/metric/metric-definitions.ts';
import type { MetricId } from '../../core/metric/metric-definitions.ts';
import { known, noData, shareOf } from '../../core/metric/reading.ts';
import type { Reading } from '../../core/metric/reading.ts';
import type { AlertReadings } from '../../core/metric/alert-rules.ts';
import { countSuccess, countWithinClass } from '../../core/metric/run-statistics.ts';
import type { StepSample } from '../../core/metric/run-statistics.ts';
import { healthLimits } from '../../core/metric/judge-health.ts';
import { summarize } from '../../core/metric/summarize.ts';
import type { Summary } from '../../core/metric/summarize.ts';
import {
  countClaims,
  countConnections,
  readRunSamples,
  readSilences,
  readStepMoves,
  readStepSamples,
} from '../../store/metric.ts';
import type { StepMoves } from '../../store/metric.ts';
import type { Store } from '../../store/open-store.ts';
import { stepQueue } from '../advance/work-queues.ts';
import type { QueueHealth } from '../delivery.ts';
import type { AnswerMeter } from './answer-meter.ts';
import { attempt, collect } from './collect.ts';
import { measureMemory } from './measure-machine.ts';
import type { ProcessorMeter } from './measure-machine.ts';
import { noQueues, readQueues } from './read-queues.ts';

/** What metrics are collected from. */
export interface MetricSources {
  store: Store;
  processors: ProcessorMeter;
  /** How far back is looked. */
  withinMs: number;
  /** Where this process serves the API. */
  answers?: AnswerMeter;
}

const noAnswers = {
  state: 'unknown',
  why: 'absent',
  reason: 'this process serves no API; the page of a server tells its own',
} as const;

/** Every metric, read or with the reason why not. */
export type MetricReadings = { [Id in MetricId]: Reading };

export interface CollectedMetrics {
  metrics: MetricReadings;
  alerts: AlertReadings;
}

/** Claims of jobs that ended are kept for an hour. */
const claimsKeptMs = 3_600_000;

/** Collects every metric of O31 and what our own alerts ask for. Each collector fails by itself: what it could not read is unknown. Never throws. */
export async function collectMetrics({
  store,
  processors,
  withinMs,
  answers,
}: MetricSources): Promise<CollectedMetrics> {
  const moves = once(() => readStepMoves(store, withinMs));
  const samples = once(async () => (await readStepSamples(store, withinMs)).filter(({ mode }) => mode === 'live'));
  const queues = once(() => readQueues(store));
  const read: { [Id in MetricId]: () => Promise<Reading> } = {
    'api-availability': async () => answers?.look(withinMs) ?? noAnswers,
    'database-connections': async () => readConnections(store),
    workers: async () => readWorkers(store),
    'queue-depth': async () => totalOf(await queues(), 'waiting'),
    memory: async () => measureMemory(),
    cpu: async () => processors.look(),
    success: async () => readSuccess(store, withinMs),
    error: async () => failuresOf(await moves()),
    sla: async () => slaOf(await samples()),
    'average-length': async () => lengthOf(await samples(), 'average'),
    'p95-length': async () => lengthOf(await samples(), 'p95'),
    'p99-length': async () => lengthOf(await samples(), 'p99'),
    'queue-time': async () => queueTimeOf(await moves()),
    'dead-letters': async () => totalOf(await queues(), 'dead'),
    retries: async () => retriesOf(await moves()),
    'lease-expiry': async () => readLeases(store, withinMs),
  };
  const readings = await Promise.all(metricIds.map(async (id) => [id, await collect(read[id])] as const));
  const metrics = Object.fromEntries(readings) as MetricReadings;
  const timeouts = await collect(async () => timeoutsOf(await moves()));
  return { metrics, alerts: { timeouts, failures: metrics.error, queue: metrics['queue-depth'] } };
}

/** Several metrics come from one question; where it fails, all of them are unknown. */
function once<Facts>(ask: () => Promise<Facts>): () => Promise<Facts> {
  let asked: Promise<Facts> | null = null;
  return () => (asked ??= ask());
}

function totalOf(queues: readonly QueueHealth[] | null, what: 'waiting' | 'dead'): Reading {
  if (queues === null) return noData(noQueues);
  const total = queues.reduce((sum, queue) => sum + queue[what], 0);
  return known(total, `jobs of ${queues.map(({ queue }) => queue).join(', ')}`);
}

async function readConnections(store: Store): Promise<Reading> {
  const { used, allowed } = await countConnections(store);
  return shareOf(used, allowed, 'connections');
}

async function readWorkers(store: Store): Promise<Reading> {
  const silences = await readSilences(store, 3_600_000);
  return shareOf(
    silences.filter((ms) => ms <= healthLimits.silentMs).length,
    silences.length,
    'workers of the last hour',
  );
}

async function readSuccess(store: Store, withinMs: number): Promise<Reading> {
  const runs = (await readRunSamples(store, withinMs)).filter(({ mode }) => mode === 'live');
  const { succeeded, ended } = countSuccess(runs);
  return shareOf(succeeded, ended, 'live runs that ended');
}

const stepsEnded = 'live machine steps that ended';

function failuresOf({ done, failed, timedOut }: StepMoves): Reading {
  return shareOf(failed + timedOut, done + failed + timedOut, stepsEnded);
}

function timeoutsOf({ done, failed, timedOut }: StepMoves): Reading {
  return shareOf(timedOut, done + failed + timedOut, stepsEnded);
}

function retriesOf({ begun, begunAgain }: StepMoves): Reading {
  return shareOf(begunAgain, begun, 'begins of live machine steps');
}

function slaOf(samples: readonly StepSample[]): Reading {
  const { within, ended } = countWithinClass(samples);
  return shareOf(within, ended, stepsEnded);
}

function lengthOf(samples: readonly StepSample[], figure: keyof Summary): Reading {
  const done = samples.filter(({ outcome }) => outcome === 'done').map(({ lengthMs }) => lengthMs / 1_000);
  const summary = summarize(done);
  return summary === null ? noData('no live machine step was done') : known(summary[figure], `${summary.count} steps`);
}

function queueTimeOf({ queuedMs }: StepMoves): Reading {
  const summary = summarize(queuedMs.map((ms) => ms / 1_000));
  return summary === null
    ? noData('no live machine step was begun')
    : known(summary.average, `${summary.count} begins`);
}

async function readLeases(store: Store, withinMs: number): Promise<Reading> {
  const { claimed, again } = await countClaims(store, stepQueue.name, Math.min(withinMs, claimsKeptMs));
  return shareOf(again, claimed, 'jobs of steps');
}

/** Whether the database answers, and how quickly. */
export async function measureAnswer(store: Store): Promise<{ answeredMs: number }> {
  const began = performance.now();
  const answer = await attempt(() => countConnections(store));
  if (answer.state === 'unknown') throw new Error(answer.reason);
  return { answeredMs: performance.now() - began };
}

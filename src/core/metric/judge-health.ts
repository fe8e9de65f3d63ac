import type { MetricVerdict } from './judge-metric.ts';
import type { Reading } from './reading.ts';

export type HealthState = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/** Facts, or why they could not be read. */
export type Readable<Facts> = { state: 'known'; facts: Facts } | { state: 'unknown'; reason: string };

/** What the health of an installation is judged by (O17). */
export interface HealthFacts {
  /** How long it took to answer. */
  database: Readable<{ answeredMs: number; connections: MetricVerdict }>;
  engine: Readable<{
    /** Runs that time should have brought on and nobody did, and for how long. */
    overdue: { run: string; byMs: number }[];
    /** Steps that are ready and that nobody began, and for how long. */
    unbegun: { run: string; step: string; forMs: number }[];
  }>;
  queue: Readable<{ waiting: number; oldestMs: number | null; dead: number; silent: number }>;
  /** Time since each worker that did not leave was heard, milliseconds. */
  workers: Readable<{ silentMs: number[] }>;
  metrics: { [id: string]: Reading };
}

export type Component = keyof HealthFacts;

/** How one part is, and why. */
export interface ComponentHealth {
  component: Component;
  state: HealthState;
  /** Lower case, no full stop. */
  why: string;
}

/** The limits of O17: a run that does not go on for an hour, a queue of a thousand, a worker that is silent for a quarter of a minute. */
export const healthLimits = {
  slowAnswerMs: 1_000,
  overdueMs: 15_000,
  unbegunMs: 3_600_000,
  queue: 1_000,
  queueWarning: 100,
  silentMs: 15_000,
} as const;

/** How each part is. What could not be read is unknown, and a database that cannot be read is unhealthy: nothing works without it. */
export function judgeHealth(facts: HealthFacts): ComponentHealth[] {
  return [judgeDatabase(facts), judgeEngine(facts), judgeQueue(facts), judgeWorkers(facts), judgeMetrics(facts)];
}

/** The worst of all parts; unknown is worse than degraded, because it may be unhealthy. */
export function overallHealth(parts: readonly ComponentHealth[]): HealthState {
  const order: HealthState[] = ['unhealthy', 'unknown', 'degraded', 'healthy'];
  return order.find((state) => parts.some((part) => part.state === state)) ?? 'unknown';
}

function judgeDatabase({ database }: HealthFacts): ComponentHealth {
  const say = teller('database');
  if (database.state === 'unknown') return say('unhealthy', database.reason);
  const { answeredMs, connections } = database.facts;
  if (connections === 'alert') return say('unhealthy', 'almost no connection is left');
  if (answeredMs > healthLimits.slowAnswerMs) return say('degraded', `it answered after ${Math.round(answeredMs)} ms`);
  if (connections === 'warn') return say('degraded', 'few connections are left');
  return say('healthy', `it answered within ${Math.ceil(answeredMs)} ms`);
}

function judgeEngine({ engine }: HealthFacts): ComponentHealth {
  const say = teller('engine');
  if (engine.state === 'unknown') return say('unknown', engine.reason);
  const [overdue] = engine.facts.overdue.filter(({ byMs }) => byMs > healthLimits.overdueMs);
  if (overdue)
    return say('unhealthy', `${overdue.run} was due ${seconds(overdue.byMs)} ago, and nobody keeps the time`);
  const [unbegun] = engine.facts.unbegun.filter(({ forMs }) => forMs > healthLimits.unbegunMs);
  if (unbegun)
    return say(
      'unhealthy',
      `${unbegun.step} of ${unbegun.run} could begin ${seconds(unbegun.forMs)} ago, and nobody did`,
    );
  return say('healthy', 'every run that is due goes on');
}

function judgeQueue({ queue }: HealthFacts): ComponentHealth {
  const say = teller('queue');
  if (queue.state === 'unknown') return say('unknown', queue.reason);
  const { waiting, dead } = queue.facts;
  const waits = `${waiting} jobs wait`;
  if (waiting > healthLimits.queue) return say('unhealthy', waits);
  if (waiting > healthLimits.queueWarning) return say('degraded', waits);
  return dead > 0 ? say('degraded', `${dead} dead letters keep their runs shut`) : say('healthy', waits);
}

function judgeWorkers({ workers, queue }: HealthFacts): ComponentHealth {
  const say = teller('workers');
  if (workers.state === 'unknown') return say('unknown', workers.reason);
  const heard = workers.facts.silentMs.filter((ms) => ms <= healthLimits.silentMs).length;
  const silent = workers.facts.silentMs.length - heard;
  if (heard > 0)
    return silent > 0 ? say('degraded', `${heard} heard, ${silent} silent`) : say('healthy', `${heard} heard`);
  if (queue.state === 'unknown')
    return say('unknown', `none is heard, and whether work waits cannot be told: ${queue.reason}`);
  const { waiting, silent: held } = queue.facts;
  if (waiting + held === 0) return say('healthy', 'none, and nothing waits for one');
  return say('unhealthy', `none is heard, and ${waiting + held} jobs wait for one`);
}

/** A metric without data is no trouble; a collector that fails is. */
function judgeMetrics({ metrics }: HealthFacts): ComponentHealth {
  const say = teller('metrics');
  const all = Object.entries(metrics);
  const failed = all.filter(([, reading]) => reading.state === 'unknown' && reading.why === 'failed');
  if (all.length === 0) return say('unknown', 'no metric was collected');
  if (failed.length === 0) return say('healthy', `${all.length} collected`);
  const names = failed.map(([id]) => id).join(', ');
  return say(failed.length === all.length ? 'unhealthy' : 'degraded', `could not be read: ${names}`);
}

function teller(component: Component): (state: HealthState, why: string) => ComponentHealth {
  return (state, why) => ({ component, state, why });
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1_000)} s`;
}

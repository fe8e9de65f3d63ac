/** A bound of a metric. */
export interface Bound {
  is: '<' | '>' | '>=';
  value: number;
}

/** One metric of an installation: what it says, when it is well, and when somebody has to be told (O31). */
export interface MetricDefinition {
  title: string;
  unit: 'percent' | 'seconds' | 'count';
  target: Bound;
  alert: Bound;
  /** How it is counted, in plain words. */
  counts: string;
}

/** The metrics of O31. What lies between target and alert is a warning. */
export const metricDefinitions = {
  'api-availability': percent(
    'API availability',
    ['>=', 100],
    ['<', 99.9],
    'answers of the API that were no error of ours',
  ),
  'database-connections': percent(
    'database connections',
    ['<', 80],
    ['>', 90],
    'connections in use, of those that the server allows',
  ),
  workers: percent(
    'workers heard',
    ['>=', 100],
    ['<', 100],
    'workers heard within 15 s, of those heard within the last hour that did not leave',
  ),
  'queue-depth': count('queue depth', ['<', 1_000], ['>', 5_000], 'jobs that may begin and have not'),
  memory: percent(
    'memory',
    ['<', 80],
    ['>', 90],
    'memory in use, of this machine or of the limit set for this process',
  ),
  cpu: percent(
    'processors',
    ['<', 70],
    ['>', 85],
    'time that the processors of this machine were busy between two looks',
  ),
  success: percent(
    'runs that succeeded',
    ['>', 99],
    ['<', 95],
    'live runs completed, of those that ended by themselves',
  ),
  error: percent(
    'steps that failed',
    ['<', 1],
    ['>', 5],
    'ends of live machine steps that were failures or ran out of time',
  ),
  sla: percent(
    'steps within their class',
    ['>', 99],
    ['<', 95],
    'live machine steps done within the time of their action class',
  ),
  'average-length': seconds('step length, average', ['<', 30], ['>', 60], 'live machine steps that were done'),
  'p95-length': seconds('step length, P95', ['<', 60], ['>', 120], 'live machine steps that were done, nearest rank'),
  'p99-length': seconds('step length, P99', ['<', 120], ['>', 300], 'live machine steps that were done, nearest rank'),
  'queue-time': seconds(
    'queue time, average',
    ['<', 10],
    ['>', 60],
    'from the moment a live step was handed out to its begin',
  ),
  'dead-letters': count(
    'dead letters',
    ['<', 100],
    ['>', 500],
    'jobs that nobody could carry out and nobody has decided on',
  ),
  retries: percent(
    'retries',
    ['<', 5],
    ['>', 20],
    'begins of live machine steps that were not the first of their step',
  ),
  'lease-expiry': percent(
    'leases that ran out',
    ['<', 1],
    ['>', 5],
    'jobs of steps that were delivered again because a worker fell silent or broke',
  ),
} as const satisfies { [id: string]: MetricDefinition };

export type MetricId = keyof typeof metricDefinitions;

/** Every metric, in the order of the table. */
export const metricIds = Object.keys(metricDefinitions) as MetricId[];

type Pair = [is: Bound['is'], value: number];

function percent(title: string, target: Pair, alert: Pair, counts: string): MetricDefinition {
  return define('percent', title, [target, alert], counts);
}

function seconds(title: string, target: Pair, alert: Pair, counts: string): MetricDefinition {
  return define('seconds', title, [target, alert], counts);
}

function count(title: string, target: Pair, alert: Pair, counts: string): MetricDefinition {
  return define('count', title, [target, alert], counts);
}

function define(unit: MetricDefinition['unit'], title: string, bounds: [Pair, Pair], counts: string): MetricDefinition {
  const [target, alert] = bounds.map(([is, value]) => ({ is, value })) as [Bound, Bound];
  return { title, unit, target, alert, counts };
}

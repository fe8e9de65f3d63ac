/** What a metric shows, so that it finds its place on a board and its alert. */
export type Shows =
  | 'volume'
  | 'success'
  | 'sla'
  | 'errors'
  | 'active'
  | 'queue'
  | 'workers'
  | 'db-pool'
  | 'dlq'
  | 'duration'
  | 'retries'
  | 'throughput'
  | 'step-time'
  | 'queue-time'
  | 'db-time'
  | 'service-latency'
  | 'locks'
  | 'memory'
  | 'cpu'
  | 'liveness'
  | 'readiness';

/** One of the three boards (O32). */
export interface Board {
  id: 'executive' | 'operations' | 'performance';
  title: string;
  shows: readonly Shows[];
}

/** The boards of O32, with what each of them shows in its order. */
export const boards: readonly Board[] = [
  { id: 'executive', title: 'Executive', shows: ['volume', 'success', 'sla', 'errors', 'active', 'queue'] },
  {
    id: 'operations',
    title: 'Operations',
    shows: ['workers', 'db-pool', 'queue', 'dlq', 'duration', 'errors', 'retries'],
  },
  {
    id: 'performance',
    title: 'Performance',
    shows: ['throughput', 'step-time', 'queue-time', 'db-time', 'service-latency', 'locks'],
  },
];

/** Guides by which people find out what is wrong (O36). */
export type GuideId =
  | 'high-error-rate'
  | 'queue-growing'
  | 'database-pool-exhausted'
  | 'sla-violations'
  | 'memory-leak'
  | 'not-alive';

/** An alert: it fires where a metric is beyond what its document calls an alert. */
export interface AlertSpec {
  shows: Shows;
  alert: string;
  severity: 'critical' | 'warning';
  guide: GuideId;
  /** Whether nobody is told where a launch declares nothing for it. */
  isOptional?: true;
}

/** The six alerts of O33, and those that a launch may declare besides: for memory, and for what C21 asks of a new side. */
export const alertSpecs: readonly AlertSpec[] = [
  { shows: 'errors', alert: 'HighErrorRate', severity: 'critical', guide: 'high-error-rate' },
  { shows: 'db-pool', alert: 'DatabasePoolExhausted', severity: 'critical', guide: 'database-pool-exhausted' },
  { shows: 'workers', alert: 'WorkerPoolUnhealthy', severity: 'critical', guide: 'queue-growing' },
  { shows: 'queue', alert: 'QueueDepthHigh', severity: 'warning', guide: 'queue-growing' },
  { shows: 'sla', alert: 'SlaComplianceLow', severity: 'warning', guide: 'sla-violations' },
  { shows: 'dlq', alert: 'DeadLetterQueueDeep', severity: 'warning', guide: 'high-error-rate' },
  { shows: 'memory', alert: 'MemoryHigh', severity: 'warning', guide: 'memory-leak', isOptional: true },
  { shows: 'liveness', alert: 'LivenessLost', severity: 'critical', guide: 'not-alive', isOptional: true },
  { shows: 'readiness', alert: 'ReadinessLost', severity: 'critical', guide: 'not-alive', isOptional: true },
];

/** Every word that a metric may show. */
export const showsWords: readonly string[] = [
  ...new Set([...boards.flatMap(({ shows }) => shows), 'memory', 'cpu', 'liveness', 'readiness']),
];

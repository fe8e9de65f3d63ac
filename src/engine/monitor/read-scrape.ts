import type { MetricFamily } from '../../core/metric/render-exposition.ts';
import { readAlarms } from '../../store/alarm.ts';
import { readTraceExport } from '../../store/trace-export.ts';
import { readLocks } from '../../store/lock.ts';
import type { Store } from '../../store/open-store.ts';
import { attempt } from './collect.ts';
import { measureAnswer } from './collect-metrics.ts';
import type { Health } from './read-health.ts';
import { readStatistics } from './read-statistics.ts';
import { toFamilies } from './to-families.ts';

/** What a server is scraped for. */
export interface ScrapeSources {
  store: Store;
  health: Health;
  /** How far back metrics look. */
  withinMs: number;
  version: string;
  /** Whether this server can do its work now. */
  isReady: boolean;
  /** What this process counted by itself. */
  counted: readonly MetricFamily[];
}

/** Everything that a server of this installation says to a scraper. What could not be read is left out, and its state says so. Never throws. */
export async function readScrape(sources: ScrapeSources): Promise<MetricFamily[]> {
  const { store, health, withinMs, version, isReady, counted } = sources;
  const [statistics, answer, locks, alarms, traces] = await Promise.all([
    attempt(() => readStatistics(store, withinMs)),
    attempt(() => measureAnswer(store)),
    attempt(() => readLocks(store)),
    attempt(() => readAlarms(store)),
    attempt(() => readTraceExport(store)),
  ]);
  return [
    { name: 'tminus_build', type: 'info', help: 'The version that runs.', samples: [sample({ version }, 1)] },
    gauge('process_start_time_seconds', 'When this process began, since the epoch.', startedAt),
    gauge(
      'tminus_ready',
      'Whether this server can do its work: its store takes writes and it is not ending.',
      +isReady,
    ),
    gauge('tminus_window_seconds', 'How far back figures of a window look.', withinMs / 1_000),
    ...toFamilies(health, statistics.state === 'known' ? statistics.facts : null),
    ...(answer.state === 'known'
      ? [
          gauge(
            'tminus_database_answer_seconds',
            'How long the database took to answer.',
            answer.facts.answeredMs / 1e3,
          ),
        ]
      : []),
    ...(locks.state === 'known' ? [toLocks(locks.facts)] : []),
    ...(alarms.state === 'known'
      ? [gauge('tminus_open_alarms', 'Alarms that are not over.', alarms.facts.length)]
      : []),
    ...(traces.state === 'known' && traces.facts !== null ? [toSpans(traces.facts)] : []),
    ...counted,
  ];
}

const startedAt = Math.round(performance.timeOrigin) / 1_000;

function toSpans({ exported, dropped }: { exported: number; dropped: number }): MetricFamily {
  return {
    name: 'tminus_trace_spans',
    type: 'counter',
    help: 'Spans that a receiver of traces took, and those that were given up.',
    samples: [sample({ outcome: 'exported' }, exported), sample({ outcome: 'dropped' }, dropped)],
  };
}

function toLocks(locks: Awaited<ReturnType<typeof readLocks>>): MetricFamily {
  const held = locks.filter(({ owner }) => owner !== null).length;
  const waiting = locks.reduce((sum, one) => sum + one.waiting.length, 0);
  return {
    name: 'tminus_asset_locks',
    type: 'gauge',
    help: 'Assets that a step holds, and steps that wait for one.',
    samples: [sample({ state: 'held' }, held), sample({ state: 'waiting' }, waiting)],
  };
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name, type: 'gauge', help, samples: [sample({}, value)] };
}

function sample(labels: { [label: string]: string }, value: number): MetricFamily['samples'][number] {
  return { suffix: '', labels, value };
}

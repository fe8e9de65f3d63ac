import { digestOf } from '@tminus/verify';

import { boards } from './boards.ts';
import type { Board, Shows } from './boards.ts';
import type { DeclaredMetric } from './declared-metric.ts';
import type { MetricBound } from './read-metric-bound.ts';

/** A dashboard of Grafana as it is imported, and what the launch declares no metric for. */
export interface Dashboard {
  board: Board['id'];
  json: object;
  missing: Shows[];
}

const units = { share: 'percentunit', seconds: 's', number: 'short' } as const;
const [panelWidth, panelHeight] = [12, 8];

/** Which Prometheus is asked; Grafana offers its default first, and all others to choose from. */
const source = {
  name: 'source',
  type: 'datasource',
  query: 'prometheus',
  label: 'Prometheus',
  current: { selected: true, text: 'default', value: 'default' },
  regex: '',
  hide: 0,
  refresh: 1,
};

/** Returns the three boards of a launch (Grafana dashboard JSON model). What nobody declared has no panel: an empty one looks like calm. */
export function toDashboards(launch: { id: string; title: string }, metrics: readonly DeclaredMetric[]): Dashboard[] {
  return boards.map((board) => {
    const shown = board.shows.flatMap((word) => metrics.filter(({ shows }) => shows === word));
    return {
      board: board.id,
      missing: board.shows.filter((word) => !metrics.some(({ shows }) => shows === word)),
      json: {
        uid: toUid(launch.id, board.id),
        title: `${launch.title}: ${board.title}`,
        tags: ['tminus', launch.id],
        editable: true,
        graphTooltip: 1,
        annotations: { list: [] },
        links: [],
        timezone: 'utc',
        schemaVersion: 39,
        version: 1,
        refresh: '10s',
        time: { from: 'now-1h', to: 'now' },
        templating: { list: [source] },
        panels: shown.map(toPanel),
      },
    };
  });
}

const mostOfId = 21;

/** Grafana takes 40 letters, digits, `-` and `_`, and writes a board over another of the same uid: an id that is cut or rewritten keeps its digest. */
function toUid(launch: string, board: Board['id']): string {
  const isFit = launch.length <= mostOfId && /^[\w-]+$/.test(launch);
  const id = isFit ? launch : `${launch.replaceAll(/[^\w-]/g, '-').slice(0, 12)}-${digestOf(launch).slice(0, 8)}`;
  return `tminus-${id}-${board}`;
}

function toPanel({ title, query, target, alert }: DeclaredMetric, index: number): object {
  const unit = units[(alert ?? target)?.unit ?? 'number'];
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    description: toDescription({ target, alert }),
    datasource: { type: 'prometheus', uid: '${source}' },
    gridPos: { x: (index % 2) * panelWidth, y: Math.floor(index / 2) * panelHeight, w: panelWidth, h: panelHeight },
    targets: [
      { refId: 'A', expr: query, legendFormat: '__auto', datasource: { type: 'prometheus', uid: '${source}' } },
    ],
    options: {
      legend: { showLegend: true, displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    fieldConfig: {
      // Without data there is no line: joining points over a gap would draw what nobody measured.
      defaults: {
        unit,
        noValue: 'no data',
        custom: { spanNulls: false, thresholdsStyle: { mode: 'line' } },
        thresholds: toThresholds({ target, alert }),
      },
      overrides: [],
    },
  };
}

function toDescription({ target, alert }: Pick<DeclaredMetric, 'target' | 'alert'>): string {
  const bounds = [
    ['target', target],
    ['alert', alert],
  ] as const;
  return bounds.flatMap(([word, bound]) => (bound === null ? [] : `${word} ${bound.is} ${toText(bound)}`)).join(', ');
}

function toText({ value, unit }: MetricBound): string {
  if (unit === 'share') return `${Number((value * 100).toPrecision(12))} %`;
  return unit === 'seconds' ? `${value} s` : String(value);
}

/** Green within the target, yellow between target and alert, red beyond. */
function toThresholds({ target, alert }: Pick<DeclaredMetric, 'target' | 'alert'>): object {
  const isFloor = (alert ?? target)?.is.startsWith(alert === null ? '>' : '<') ?? false;
  const [low, high] = isFloor ? [alert, target] : [target, alert];
  const colors = isFloor ? ['red', 'yellow', 'green'] : ['green', 'yellow', 'red'];
  const steps = [low, high].flatMap((bound, index) =>
    bound === null ? [] : [{ color: colors[index + 1], value: bound.value }],
  );
  return { mode: 'absolute', steps: [{ color: colors[0], value: null }, ...steps] };
}

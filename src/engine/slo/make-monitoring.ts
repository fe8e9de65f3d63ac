import { stringify } from 'yaml';

import type { AlertSpec, Shows } from '../../core/dashboard/boards.ts';
import { listDeclaredMetrics } from '../../core/dashboard/declared-metric.ts';
import type { DeclaredMetric } from '../../core/dashboard/declared-metric.ts';
import { ownMetrics } from '../../core/dashboard/own-metrics.ts';
import { toAlertRules } from '../../core/dashboard/to-alert-rules.ts';
import { toDashboards } from '../../core/dashboard/to-dashboards.ts';
import { toGuides } from '../../core/dashboard/to-guides.ts';
import { toRoutes } from '../../core/dashboard/to-routes.ts';
import type { Receivers } from '../../core/dashboard/to-routes.ts';
import { toScrapeConfig } from '../../core/dashboard/to-scrape-config.ts';
import type { ScrapeTarget } from '../../core/dashboard/to-scrape-config.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { optionsIn } from '../../core/rollout/rollout.ts';
import { toRules } from '../../core/slo/to-rules.ts';
import type { RuleGroup } from '../../core/slo/to-rules.ts';

/** Files that watch a launch or an installation, by path, and what is declared too little for. */
export interface Monitoring {
  files: ReadonlyMap<string, Uint8Array>;
  leftOut: { id: string; reason: string }[];
  missing: { boards: { board: string; shows: Shows[] }[]; alerts: AlertSpec['alert'][] };
}

/** Where the steps of guides ask where nothing says otherwise. */
const localPrometheus = 'http://127.0.0.1:9090';

/** Returns boards for Grafana, rules for Prometheus, routes for Alertmanager and the guides, made of what a launch declares. */
export function makeMonitoring(launch: Launch, environment: string, receivers: Receivers): Monitoring {
  const { metrics, leftOut } = listDeclaredMetrics(launch.metrics);
  const prometheus = launch.metricSources.find(({ kind }) => kind === 'prometheus');
  const url = prometheus === undefined ? undefined : optionsIn(prometheus.options, environment)['url'];
  const made = makeFiles({
    of: { id: launch.id, title: launch.title },
    metrics,
    groups: launch.objectives.map((objective) => toRules(objective, launch.id)),
    receivers,
    guides: { url: url ?? localPrometheus, role: launch.roles[0]?.id ?? 'lead' },
  });
  return { ...made, leftOut };
}

/** Returns the same for an installation and what it says of itself, with the configuration by which it is scraped. */
export function makeOwnMonitoring(target: ScrapeTarget, receivers: Receivers): Monitoring {
  const made = makeFiles({
    of: { id: 'installation', title: 'Tminus' },
    metrics: ownMetrics,
    groups: [],
    receivers,
    guides: { url: localPrometheus, role: 'operator' },
  });
  const scrape = toYaml({ scrape_configs: [toScrapeConfig(target)] });
  return { ...made, files: new Map([...made.files, ['prometheus/scrape.yml', scrape]]), leftOut: [] };
}

interface Making {
  of: { id: string; title: string };
  metrics: readonly DeclaredMetric[];
  groups: readonly RuleGroup[];
  receivers: Receivers;
  guides: { url: string; role: string };
}

function makeFiles({ of, metrics, groups, receivers, guides }: Making): Omit<Monitoring, 'leftOut'> {
  const dashboards = toDashboards(of, metrics);
  const alerts = toAlertRules(of.id, metrics);
  const rules = [alerts.group, ...groups].filter((group) => group.rules.length > 0);
  const encoder = new TextEncoder();
  return {
    files: new Map([
      ...dashboards.map(({ board, json }): [string, Uint8Array] => [
        `grafana/${board}.json`,
        encoder.encode(`${JSON.stringify(json, null, 2)}\n`),
      ]),
      ['prometheus/rules.yml', toYaml({ groups: rules })],
      ['alertmanager.yml', toYaml(toRoutes(receivers))],
      ...toGuides(metrics, guides).map(({ id, markdown }): [string, Uint8Array] => [
        `guides/${id}.md`,
        encoder.encode(markdown),
      ]),
    ]),
    missing: {
      boards: dashboards
        .filter(({ missing }) => missing.length > 0)
        .map(({ board, missing }) => ({ board, shows: missing })),
      alerts: alerts.missing.map(({ alert }) => alert),
    },
  };
}

function toYaml(value: object): Uint8Array {
  return new TextEncoder().encode(stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }));
}

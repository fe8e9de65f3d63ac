import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { DeclaredMetric } from './declared-metric.ts';
import { toDashboards } from './to-dashboards.ts';

const metric: DeclaredMetric = {
  id: 'errors',
  title: 'Requests that fail',
  shows: 'errors',
  query: 'a / b',
  target: { is: '<', value: 0.01, unit: 'share' },
  alert: { is: '>', value: 0.05, unit: 'share' },
  holdsFor: '5m',
  silent: 'absent(a / b)',
};

interface Panel {
  type: string;
  description: string;
  targets: object[];
  fieldConfig: { defaults: object };
}

interface Board {
  uid: string;
  schemaVersion: number;
  templating: { list: { type: string }[] };
  panels: Panel[];
}

const boardsOf = (id: string, metrics = [metric]): Board[] =>
  toDashboards({ id, title: 'Shop' }, metrics).map(({ json }) => json as Board);

describe('boards for Grafana', () => {
  it('O32 each has a uid that Grafana takes, whatever a launch is called, and no two have the same', () => {
    const ids = ['shop', 'a.b', 'a+b', 'a'.repeat(21), `${'a'.repeat(60)}1`, `${'a'.repeat(60)}2`, 'shop-2026.12'];
    const uids = ids.flatMap((id) => boardsOf(id).map(({ uid }) => uid));
    expect(uids.filter((uid) => !/^[a-zA-Z0-9_-]{1,40}$/.test(uid))).toEqual([]);
    expect(new Set(uids).size).toBe(ids.length * 3);
    expect(boardsOf('shop')[0]?.uid).toBe('tminus-shop-executive');
  });

  it('O32 a panel says its bounds, and one without bounds says none', () => {
    const [, operations] = boardsOf('shop');
    expect(operations?.panels[0]?.description).toBe('target < 1 %, alert > 5 %');
    const bare = boardsOf('shop', [{ ...metric, target: null, alert: null }])[1];
    expect(bare?.panels[0]?.description).toBe('');
  });
});

const samples = '../shared/samples/imports/grafana';
/** What a generator writes beside the model itself. */
const besides = new Set([
  '__inputs',
  '__requires',
  'description',
  'pluginVersion',
  'transparent',
  'exemplar',
  'repeat',
]);

/** Keys that every one of these has. */
function sharedKeys(all: readonly object[]): string[] {
  const [first = {}, ...others] = all;
  return Object.keys(first).filter((key) => others.every((one) => key in one) && !besides.has(key));
}

describe.skipIf(!existsSync(samples))('boards of others (skipped where the samples are not beside the project)', () => {
  const all = (existsSync(samples) ? readdirSync(samples) : []).map(
    (name) => JSON.parse(readFileSync(`${samples}/${name}`, 'utf8')) as Board,
  );
  const own = boardsOf('shop');
  const ofVersion = all.filter(({ schemaVersion }) => schemaVersion === own[0]?.schemaVersion);
  const series = ({ panels }: Board): Panel[] => panels.filter(({ type }) => type === 'timeseries');
  const sourcesOf = ({ templating }: Board): object[] => templating.list.filter(({ type }) => type === 'datasource');

  it.each<[string, (board: Board) => object[]]>([
    ['a board', (board) => [board]],
    ['a panel', series],
    ['a query', (board) => series(board).flatMap(({ targets }) => targets)],
    ['the fields of a panel', (board) => series(board).map(({ fieldConfig }) => fieldConfig)],
    ['the defaults of its fields', (board) => series(board).map(({ fieldConfig }) => fieldConfig.defaults)],
    ['the choice of a Prometheus', sourcesOf],
  ])('O32 %s has everything that those of the same schema version have', (_, pick) => {
    expect(ofVersion.length).toBeGreaterThan(1);
    const wanted = sharedKeys(ofVersion.flatMap(pick));
    expect(wanted.length).toBeGreaterThan(1);
    for (const one of own.flatMap(pick)) expect(Object.keys(one)).toEqual(expect.arrayContaining(wanted));
  });
});

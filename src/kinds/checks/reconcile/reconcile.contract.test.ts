import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, expect, it } from 'vitest';

import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import type { DataAccess } from '../../../core/dataset/data-access.ts';
import { datasetOf } from '../../../core/dataset/dataset.fixture.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { ReconcileReport } from '../../../core/dataset/reconcile/reconcile-report.ts';
import { sqliteKind } from '../../datastores/sqlite/kind.ts';
import { reconcileKind } from './kind.ts';
import { toSource } from './reader.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-reconcile-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const fill = (name: string, rows: number): void => {
  const file = new DatabaseSync(join(workspace, name));
  file.exec('create table orders (id integer primary key, customer text not null)');
  file.exec(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows}) insert into orders select i, 'Zoë ' || i from n`,
  );
  file.close();
};
fill('legacy.db', 500);
fill('shop.db', 500);
fill('short.db', 499);
new DatabaseSync(join(workspace, 'empty.db')).close();

const data = (shop: string): DataAccess => ({
  datasets: [toDataset('orders', 'orders'), toDataset('nothing', 'absent')],
  open: async (id, access, signal) => {
    const context = { signal, workspace, allow: [], forbidden: [], password: null, access, now: Date.now };
    return await sqliteKind.open(`sqlite:${id === 'legacy' ? 'legacy.db' : shop}`, {}, context);
  },
});

function toDataset(id: string, table: string): Dataset {
  return datasetOf({ id, source: { on: 'legacy', table }, target: { on: 'shop', table } });
}

const at =
  (shop: string, dataset = 'orders'): (() => ContractCase) =>
  () => ({ written: { dataset }, workspace, data: data(shop) });

checkKindContract({
  kind: reconcileKind,
  success: at('shop.db'),
  refusal: at('short.db'),
  slow: { none: 'two files of this size are compared in less than two seconds' },
  garbage: at('shop.db', 'nothing'),
  huge: { none: 'memory does not grow with the rows: see tests/data' },
  misspelt: { written: { dataset: 'orders', strategi: 'auto' }, wrong: 'strategi', meant: 'strategy' },
});

const parse = (report: ReconcileReport, dataset = 'orders') => reconcileKind.parse({ dataset }, [toSource(report)]);
const controlOf = (): ReconcileReport => {
  const [source] = reconcileKind.negativeControl({ dataset: 'orders' });
  return JSON.parse(Buffer.from(source?.bytes ?? []).toString('utf8')) as ReconcileReport;
};

it('law 3: a report that says equal over numbers that say otherwise is judged by its numbers, and one that contradicts itself is unreadable', () => {
  const lying = { ...controlOf(), verdict: 'equal' } as ReconcileReport;
  expect(parse(lying)).toMatchObject({ state: 'readable', facts: { verdict: 'differs', missing: 1 } });
  const { differences } = controlOf();
  expect(parse({ ...controlOf(), differences: { ...differences, missing: 0 } })).toMatchObject({ state: 'unreadable' });
  expect(parse({ ...controlOf(), differences: { ...differences, changed: 1 } })).toMatchObject({ state: 'unreadable' });
  expect(parse(controlOf(), 'customers')).toMatchObject({ state: 'unreadable', trouble: { code: 'other_dataset' } });
});

it('law 3: rows on their way excuse counts that differ only where they were looked at again', () => {
  const { differences: _, ...rest } = controlOf();
  const none = { missing: 0, extra: 0, changed: 0, groups: [] };
  const unlike = { ...rest, differences: none, counts: { source: 100, target: 40, compared: 100, skipped: {} } };
  const again = [{ afterMs: 5, persisting: 0 }];
  expect(parse({ ...unlike, inFlight: 60, rechecks: again })).toMatchObject({ facts: { verdict: 'equal' } });
  expect(parse({ ...unlike, inFlight: 60 })).toMatchObject({ trouble: { code: 'contradiction' } });
  expect(parse({ ...unlike, inFlight: 60, rechecks: [{ afterMs: 5, persisting: 1 }] })).toMatchObject({
    trouble: { code: 'contradiction' },
  });
  const vast = { source: 20_000, target: 0, compared: 20_000, skipped: {} };
  expect(parse({ ...unlike, counts: vast, inFlight: 20_000, rechecks: again })).toMatchObject({
    trouble: { code: 'contradiction' },
  });
});

it('a dataset that nobody declared, or no launch around the check, is trouble and no report', async () => {
  const context = { signal: new AbortController().signal, workspace, allow: [], now: Date.now };
  const alone = await reconcileKind.observe({ dataset: 'orders' }, context);
  const unknown = await reconcileKind.observe({ dataset: 'customers' }, { ...context, data: data('shop.db') });
  expect([alone, unknown].map(({ sources, trouble }) => [sources.length, trouble?.code])).toEqual([
    [0, 'configuration'],
    [0, 'configuration'],
  ]);
});

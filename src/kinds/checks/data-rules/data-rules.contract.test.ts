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
import type { RulesReport } from '../../../core/dataset/rules/rules-report.ts';
import { sqliteKind } from '../../datastores/sqlite/kind.ts';
import { dataRulesKind } from './kind.ts';
import { toSource } from './reader.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-rules-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const fill = (name: string, extra: string): void => {
  const file = new DatabaseSync(join(workspace, name));
  file.exec('create table orders (id integer primary key, state text not null)');
  file.exec(`insert into orders values (1, 'new'), (2, 'paid')${extra}`);
  file.close();
};
fill('clean.db', '');
fill('strange.db', `, (3, 'Paid')`);

const data = (file: string): DataAccess => ({
  datasets: [toDataset('orders', 'orders'), toDataset('nothing', 'absent')],
  open: async (_id, access, signal) => {
    const context = { signal, workspace, allow: [], forbidden: [], password: null, access, now: Date.now };
    return await sqliteKind.open(`sqlite:${file}`, {}, context);
  },
});

function toDataset(id: string, table: string): Dataset {
  const rules = [{ id: 'states', kind: 'accepted', body: { accepted: 'state in new, paid' } }] as const;
  return datasetOf({ id, source: { on: 'shop', table }, target: null, rules });
}

const at =
  (file: string, dataset = 'orders'): (() => ContractCase) =>
  () => ({ written: { dataset }, workspace, data: data(file) });

checkKindContract({
  kind: dataRulesKind,
  success: at('clean.db'),
  refusal: at('strange.db'),
  slow: { none: 'two rows are counted in less than two seconds' },
  garbage: at('clean.db', 'nothing'),
  huge: { none: 'rows are counted where they lie, or streamed' },
  misspelt: { written: { dataset: 'orders', sample: 3 }, wrong: 'sample', meant: 'samples' },
});

const parse = (report: RulesReport, spec: { dataset: string; rules?: string[] } = { dataset: 'orders' }) =>
  dataRulesKind.parse(spec, [toSource(report)]);
const controlOf = (): RulesReport => {
  const [source] = dataRulesKind.negativeControl({ dataset: 'orders' });
  return JSON.parse(Buffer.from(source?.bytes ?? []).toString('utf8')) as RulesReport;
};

it('law 3: a report is judged by its numbers; one that contradicts itself, or lacks a rule that was asked for, is unreadable', () => {
  const [rule] = controlOf().rules;
  const lying = { ...controlOf(), verdict: 'holds' } as RulesReport;
  expect(parse(lying)).toMatchObject({ state: 'readable', facts: { verdict: 'violated', violations: 1 } });
  expect(parse({ ...controlOf(), rows: 99 })).toMatchObject({ state: 'unreadable' });
  expect(parse({ ...controlOf(), rules: [{ ...rule!, violations: 101 }] })).toMatchObject({ state: 'unreadable' });
  const unknown = { ...rule!, applies: null, violations: 0 };
  expect(parse({ ...controlOf(), rules: [unknown] })).toMatchObject({ state: 'unreadable' });
  expect(parse(controlOf(), { dataset: 'orders', rules: ['states'] })).toMatchObject({ state: 'unreadable' });
});

it('rules that looked at nothing, or could not be asked, and no rules at all are inconclusive', () => {
  const [rule] = controlOf().rules;
  const empty = { ...controlOf(), rows: 0, rules: [{ ...rule!, checked: 0, applies: 0, violations: 0 }] };
  const unasked = { ...controlOf(), rules: [{ ...rule!, checked: null, applies: null, violations: null }] };
  for (const report of [empty, unasked, { ...controlOf(), rules: [] }])
    expect(parse(report)).toMatchObject({ state: 'readable', facts: { verdict: 'inconclusive' } });
});

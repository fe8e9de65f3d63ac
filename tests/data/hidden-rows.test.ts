import { randomUUID } from 'node:crypto';

import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { OpenDatastore } from '../../src/core/dataset/datastore-kind.ts';
import { readCondition } from '../../src/core/dataset/read-condition.ts';
import { judgeReconcile } from '../../src/core/dataset/reconcile/reconcile-report.ts';
import type { ReconcileReport } from '../../src/core/dataset/reconcile/reconcile-report.ts';
import { compareDataset } from '../../src/kinds/checks/reconcile/compare-dataset.ts';
import type { CompareOptions } from '../../src/kinds/checks/reconcile/compare-dataset.ts';
import { openPostgresAt } from '../../src/kinds/datastores/postgres/session.ts';
import { summarizeReconcile } from '../../src/report/reconcile-summary.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { dataset as people, options } from './compare-traps.ts';

const reader = `reader_${randomUUID().replaceAll('-', '')}`;
let database: TestDatabase;

const ask = async (statement: string): Promise<void> => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(statement);
  await client.end();
};
/** The source is read by somebody who is not shown all of it; the target by its owner. */
const open: OpenDatastore = async (id, access, signal) => {
  const session = await openPostgresAt({ connectionString: toUrl(id === 'legacy') }, { signal, access });
  return session;
};
function toUrl(isReader: boolean): string {
  return isReader ? database.url.replace(/\/\/[^@]*@/, `//${reader}:reading@`) : database.url;
}
function when(text: string): Dataset['skip'][number]['when'] {
  const read = readCondition(text);
  if (!read.ok) throw new Error(read.fault.expected);
  return [read.condition];
}
const compare = async (
  tables: { source: string; target: string },
  { skip = [], ...change }: Partial<CompareOptions> & Partial<Pick<Dataset, 'skip'>> = {},
): Promise<ReconcileReport> => {
  const source = { on: 'legacy', table: tables.source };
  const target = { on: 'shop', table: tables.target };
  const scene = { open, now: Date.now, signal: new AbortController().signal, progress: () => undefined };
  return (await compareDataset({ ...people, source, target, skip }, { ...options, ...change }, scene)).report;
};

beforeAll(async () => {
  database = await createTestDatabase();
  await ask(`create role ${reader} login password 'reading';
    create table all_rows (id bigint primary key, channel text);
    insert into all_rows select n, case when n % 5 = 0 then 'fax' else 'web' end from generate_series(1, 100) n;
    create table secured (like all_rows including all);
    insert into secured select * from all_rows;
    alter table secured enable row level security;
    create policy web_only on secured for select to ${reader} using (channel = 'web');
    create table web_rows (like all_rows including all);
    insert into web_rows select * from all_rows where channel = 'web';
    create view seen as select * from all_rows;
    grant usage on schema tminus to ${reader};
    alter role ${reader} set search_path = tminus;
    grant select on all_rows, secured, web_rows, seen to ${reader}; analyze`);
});
afterAll(async () => {
  await ask(`drop owned by ${reader}; drop role ${reader}`);
  await database.drop();
});

describe('rows that a comparison is not shown', () => {
  it('C08 A4 row security that applies to the reader is refused by name: what it hides would be equal to what is lost', async () => {
    await expect(compare({ source: 'secured', target: 'web_rows' })).rejects.toMatchObject({
      message: expect.stringContaining('row-level security'),
    });
    expect(judgeReconcile(await compare({ source: 'web_rows', target: 'secured' }))).toMatchObject({
      verdict: 'differs',
      reason: '0 missing, 20 extra, 0 changed',
    });
  });

  it('C08 that a side is a view stands in the report beside the verdict', async () => {
    const report = await compare({ source: 'seen', target: 'all_rows' });
    expect(judgeReconcile(report).verdict).toBe('equal');
    expect(report.notes).toContainEqual(expect.objectContaining({ column: 'seen', code: 'table', blocks: false }));
    expect(summarizeReconcile(report).lines.join('\n')).toMatch(/seen: is a view/);
  });

  it.each(['stream', 'auto'] as const)(
    'C08 law 7 skipped records are counted by reason and nothing else is excused: %s',
    async (strategy) => {
      const skip = [{ reason: 'fax-order', when: when('channel == fax') }];
      const report = await compare({ source: 'all_rows', target: 'web_rows' }, { strategy, skip });
      expect(report.counts).toEqual({ source: 100, target: 80, compared: 80, skipped: { 'fax-order': 20 } });
      expect(judgeReconcile(report).verdict).toBe('equal');
      expect(summarizeReconcile(report).lines[0]).toContain('100 records, 20 skipped as fax-order, 80 compared');
      const short = { ...report, counts: { ...report.counts, skipped: { 'fax-order': 19 } } };
      expect(judgeReconcile(short)).toMatchObject({
        verdict: 'inconclusive',
        reason: expect.stringContaining('got 99'),
      });

      const landed = await compare({ source: 'all_rows', target: 'secured' }, { strategy, skip });
      expect(judgeReconcile(landed)).toMatchObject({ verdict: 'differs', reason: '0 missing, 20 extra, 0 changed' });
      const none = [{ reason: 'none', when: when('channel == letter') }];
      const lost = await compare({ source: 'all_rows', target: 'web_rows' }, { strategy, skip: none });
      expect(lost.counts.skipped).toEqual({ none: 0 });
      expect(judgeReconcile(lost)).toMatchObject({ verdict: 'differs', reason: '20 missing, 0 extra, 0 changed' });
    },
  );
});

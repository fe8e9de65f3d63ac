import { describe, expect, it } from 'vitest';

import { note } from '../core/dataset/canon/column-note.ts';
import { reconcileReportFormat } from '../core/dataset/reconcile/reconcile-report.ts';
import type { ReconcileReport } from '../core/dataset/reconcile/reconcile-report.ts';
import { toReconcileMarkdown } from './reconcile-markdown.ts';
import { toReconcilePage } from './reconcile-page.ts';
import { summarizeReconcile } from './reconcile-summary.ts';

const hostile = '<script>alert(1)</script> | **x** `y` [z](javascript:a)';
const report: ReconcileReport = {
  format: reconcileReportFormat,
  canon: 'canon/1',
  dataset: 'orders',
  source: { on: 'legacy', table: 'orders', versions: {} },
  target: { on: 'shop', table: 'orders', versions: {} },
  startedAt: '2026-11-21T10:00:00.000Z',
  endedAt: '2026-11-21T10:01:00.000Z',
  seed: 7,
  strategy: 'stream',
  plan: [{ did: 'sample', saw: '500 rows' }],
  columns: [],
  omitted: [{ column: 'note', reason: 'stays with the legacy archive' }],
  notes: [note('seen', 'table', 'is a view')],
  counts: { source: 12_000, target: 11_000, compared: 11_000, skipped: { 'fax-order': 1_000 } },
  differences: { missing: 0, extra: 0, changed: 0, groups: [] },
  inFlight: 0,
  rechecks: [],
  tolerated: {},
  systematic: [],
  inconclusive: null,
  bytes: { source: 1, target: 1 },
  buckets: null,
};
const differing: ReconcileReport = {
  ...report,
  differences: {
    missing: 1,
    extra: 0,
    changed: 2,
    groups: [
      { cause: 'missing', column: null, count: 1, samples: [{ key: ['7'], column: null, source: null, target: null }] },
      {
        cause: 'space',
        column: 'customer',
        count: 2,
        samples: [{ key: ['8'], column: 'customer', source: hostile, target: 'x'.repeat(100) }],
      },
    ],
  },
};

describe('a comparison as people read it', () => {
  it('C04 begins with the verdict, and says what was skipped, left out, not shown and tolerated beside it', () => {
    const summary = summarizeReconcile({ ...report, tolerated: { weight: 3 }, inFlight: 2 });
    expect(summary).toMatchObject({ verdict: 'equal within tolerance', reason: expect.stringContaining('3 values') });
    expect(summary.lines).toEqual([
      '12,000 records, 1,000 skipped as fax-order, 11,000 compared with 11,000 rows (stream)',
      '2 rows differed for a moment and were the same when they were looked at again',
      '3 values of weight differ within what is declared',
      'seen: is a view',
      'note was left out: stays with the legacy archive',
    ]);
    for (const text of [toReconcileMarkdown(report), toReconcilePage(report)]) expect(text).toContain('fax-order');
  });

  it('C04 trusts no verdict that stands in a report: counts that do not add up are inconclusive in every form', () => {
    const short = { ...report, counts: { ...report.counts, skipped: { 'fax-order': 999 } }, verdict: 'equal' };
    for (const text of [toReconcileMarkdown(short), toReconcilePage(short)]) {
      expect(text).toMatch(/inconclusive/);
      expect(text).not.toMatch(/\bequal\b/);
    }
  });

  it('C04 names each cause with its column and number, and the first of it with its key', () => {
    const { verdict, tables } = summarizeReconcile(differing);
    expect(verdict).toBe('differs');
    expect(tables.map(({ title }) => title)).toEqual([
      'What differs',
      'The first of each cause',
      'How it was found out',
    ]);
    expect(tables[0]?.rows).toEqual([
      ['missing', '', '1'],
      ['space', 'customer', '2'],
    ]);
    expect(tables[1]?.rows[0]).toEqual(['"7"', 'missing', '', '', '']);
    expect(tables[1]?.rows[1]?.[4]).toHaveLength(62);
  });

  it('A17 values of rows become neither markup nor Markdown', () => {
    const page = toReconcilePage(differing);
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
    const markdown = toReconcileMarkdown(differing);
    const line = markdown.split('\n').find((text) => text.includes('alert')) ?? '';
    expect(line).toContain(String.raw`\<script\>`);
    expect(line).toContain(String.raw`\*\*x\*\* \`y\` \[z\]`);
    expect(line.replaceAll(String.raw`\|`, '').split('|')).toHaveLength(7);
  });
});

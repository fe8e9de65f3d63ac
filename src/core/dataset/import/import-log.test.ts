import { describe, expect, it } from 'vitest';

import { toImportLogEntry } from './import-log.ts';
import type { LoggedImport } from './import-log.ts';
import { importReportFaults, toImportReport } from './import-report.ts';
import type { ImportCounts } from './tally-import.ts';
import { accountImport } from './tally-import.ts';

const counts: ImportCounts = {
  source: 12,
  inserted: 7,
  updated: 1,
  recovered: 0,
  unchanged: 1,
  skipped: { fax: 2 },
  invalid: {},
  conflict: { edited: 1 },
};
const report = toImportReport({
  dataset: 'orders',
  mode: 'full',
  since: null,
  environment: 'staging',
  source: { on: 'legacy', table: 'orders', url: 'mysql://legacy.example/shop' },
  target: { on: 'shop', table: 'orders', url: 'postgres://db.example/shop' },
  canon: 'canon/1',
  counts,
  deletions: 3,
  gone: null,
  sourceSha256: 'ab'.repeat(32),
  recordsSha256: 'cd'.repeat(32),
  notes: [],
});
const result = {
  counts,
  account: accountImport(counts),
  verification: { outcome: 'pass' as const, reason: '12 records' },
};
const verified: LoggedImport = {
  id: 'b-1',
  dataset: 'orders',
  planHash: 'p',
  candidateSha256: 'c',
  state: 'verified',
  report,
  approval: {},
  result,
  production: false,
  movedAt: '2026-11-21T10:00:00.000Z',
  criteria: [],
};
const seen = (outcome: 'pass' | 'fail' | 'unknown', observedAt: string): LoggedImport['criteria'] => [
  { criterion: 'moved', evidence: { outcome, observedAt } },
];
const states = (batch: LoggedImport): string[] => toImportLogEntry(batch).validations.map(({ state }) => state);

/** As a version that knew of no deletions has kept it. */
const earlier = (): LoggedImport['report'] => {
  const { gone: _, ...kept } = report;
  return kept as LoggedImport['report'];
};

it('D05 a dry run that an earlier version has kept is refused with words, and its entry can still be read', () => {
  expect(importReportFaults(report)).toEqual([]);
  expect(importReportFaults(earlier())).toEqual([expect.stringContaining('of an earlier version')]);
  const entry = toImportLogEntry({ ...verified, report: earlier() });
  expect(entry.validated).toBe(false);
  expect(entry.followUps).toContain('decide about 3 rows whose records are gone from the source');
});

describe('the entry of an import in the log', () => {
  it('D37 names source and its state, destination, what was copied, what was left out and why, and what is left to do', () => {
    expect(toImportLogEntry(verified)).toMatchObject({
      batch: 'b-1',
      documents: { planHash: 'p', candidateSha256: 'c' },
      source: { on: 'legacy', url: 'mysql://legacy.example/shop', stateSha256: 'ab'.repeat(32), records: 12 },
      destination: { on: 'shop', environment: 'staging' },
      copied: { inserted: 7, updated: 1, recovered: 0, unchanged: 1 },
      exclusions: [
        { outcome: 'skipped', reason: 'fax', records: 2 },
        { outcome: 'conflict', reason: 'edited', records: 1 },
      ],
      followUps: [
        'decide about 1 records whose rows people have edited, deleted or made',
        'decide about 3 rows whose records are gone from the source',
      ],
    });
  });

  it('D37 what was not asked is unknown, and never counts as passed', () => {
    const applying: LoggedImport = { ...verified, state: 'applying', result: null };
    expect(states(applying)).toEqual(['passed', 'passed', 'unknown', 'unknown']);
    expect(toImportLogEntry(applying).validated).toBe(false);
    expect(states({ ...verified, state: 'applied', result: { ...result, verification: null } })).toEqual([
      'passed',
      'passed',
      'passed',
      'unknown',
    ]);
  });

  it('D37 each of the six states is told from the others', () => {
    expect(states(verified)).toEqual(['passed', 'passed', 'passed', 'passed']);
    expect(toImportLogEntry(verified).validated).toBe(true);
    expect(states({ ...verified, approval: null })).toEqual(['passed', 'skipped', 'passed', 'passed']);
    const broken = { ...result, account: { ...result.account, outcome: 'fail' as const }, verification: null };
    expect(states({ ...verified, state: 'failed', result: broken })).toEqual(['passed', 'passed', 'failed', 'blocked']);
    expect(states({ ...verified, state: 'rolled-back' })).toEqual(['passed', 'passed', 'not-rerun', 'not-rerun']);
    expect(toImportLogEntry({ ...verified, state: 'rolled-back' }).validated).toBe(false);
    const lost = { ...report, account: { ...report.account, outcome: 'fail' as const } };
    expect(states({ ...verified, state: 'planned', report: lost, approval: null, result: null })).toEqual([
      'failed',
      'blocked',
      'blocked',
      'blocked',
    ]);
  });

  it('D37 what is written to production without an approval fails, and does not go without one', () => {
    const unapproved = { ...verified, approval: null, production: true };
    expect(states(unapproved)).toEqual(['passed', 'failed', 'passed', 'passed']);
    expect(toImportLogEntry(unapproved).validated).toBe(false);
    expect(toImportLogEntry({ ...unapproved, production: false }).validated).toBe(true);
  });

  it.each([
    ['unknown', [{ criterion: 'moved', evidence: null }]],
    ['unknown', seen('unknown', '2026-11-21T11:00:00.000Z')],
    ['failed', seen('fail', '2026-11-21T11:00:00.000Z')],
    ['not-rerun', seen('pass', '2026-11-21T09:00:00.000Z')],
  ] as const)(
    'D37 a criterion about the dataset that is %s never counts as passed, and is a follow-up',
    (state, criteria) => {
      const entry = toImportLogEntry({ ...verified, criteria });
      expect(entry.validations.at(-1)).toMatchObject({ command: 'tminus check moved', state });
      expect(entry.validated).toBe(false);
      expect(entry.followUps.join()).toContain(state);
    },
  );

  it('D37 a criterion that was met since the import moved last counts (negative control)', () => {
    const entry = toImportLogEntry({ ...verified, criteria: seen('pass', '2026-11-21T10:00:00.000Z') });
    expect([entry.validations.at(-1)?.state, entry.validated]).toEqual(['passed', true]);
    expect(entry.followUps.join()).not.toContain('criterion');
  });
});

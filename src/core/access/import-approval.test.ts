import { sha256Hex } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { minutes } from './access.fixture.ts';
import { importApprovalFaults } from './import-approval.ts';
import type { ImportApproval, ImportFacts } from './import-approval.ts';

const target = { environment: 'production', system: 'orders' };
const facts: ImportFacts = { target, dryRunSha256: sha256Hex('dry run'), lastDataChangeAt: minutes(-60) };
const approval: ImportApproval = {
  target,
  backup: 's3://backups/orders/2026-12-05',
  dryRunSha256: facts.dryRunSha256,
  skippedReportSha256: sha256Hex('skipped'),
  rollback: 'restore-orders',
  export: { sha256: sha256Hex('export'), at: minutes(-40) },
  restore: { sha256: sha256Hex('restore'), at: minutes(-20) },
  approvedAt: minutes(0),
};

describe('approval of an import', () => {
  it('D05 holds where it names everything and its proofs lie between the last change and the approval', () => {
    expect(importApprovalFaults(approval, facts)).toEqual([]);
  });

  it.each<[string, Partial<ImportApproval>, Partial<ImportFacts>]>([
    ['without a target', { target: { ...target, system: '' } }, { target: { ...target, system: '' } }],
    ['for another target', { target: { ...target, environment: 'staging' } }, {}],
    ['without a backup', { backup: ' ' }, {}],
    ['without a dry run', { dryRunSha256: '' }, { dryRunSha256: '' }],
    ['after the dry run has changed', {}, { dryRunSha256: sha256Hex('later') }],
    ['without the report of skipped records', { skippedReportSha256: '' }, {}],
    ['without a rollback', { rollback: '' }, {}],
    ['without evidence of the export', { export: { sha256: '', at: minutes(-40) } }, {}],
    ['without evidence of the restore', { restore: { sha256: '', at: minutes(-20) } }, {}],
    ['with a restore after the approval', { restore: { ...approval.restore, at: minutes(1) } }, {}],
    ['with an export before the last change', { export: { ...approval.export, at: minutes(-61) } }, {}],
    ['where nobody knows when the data changed', {}, { lastDataChangeAt: null }],
    ['where a time cannot be read', { restore: { ...approval.restore, at: 'noon' } }, {}],
  ])('D05 does not hold %s', (_, patch, known) => {
    const faults = importApprovalFaults({ ...approval, ...patch }, { ...facts, ...known });
    expect(faults.length).toBeGreaterThan(0);
    expect(new Set(faults).size).toBe(faults.length);
  });
});

import { sha256Hex } from '@tminus/verify';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { minutes } from './access.fixture.ts';
import { importApprovalFaults } from './import-approval.ts';
import type { ImportApproval, ImportFacts } from './import-approval.ts';

type Rule = typeof importApprovalFaults;

const digests = fc.constantFrom(sha256Hex('one'), sha256Hex('two'), '');
const names = fc.constantFrom('orders', 'orders-copy', ' ');
const instants = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -4, max: 4 }).map(minutes) }, fc.constant('noon'));
const targets = fc.record({ environment: fc.constantFrom('production', 'staging', ''), system: names });
const proofs = fc.record({ sha256: digests, at: instants });

/** Most parts as they should be, so that what differs is seen alone. */
const mostly = <Value>(good: Value, other: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: other });

const production = { environment: 'production', system: 'orders' };
const approvals: fc.Arbitrary<ImportApproval> = fc.record({
  target: mostly(production, targets),
  backup: mostly('s3://backups', names),
  dryRunSha256: mostly(sha256Hex('one'), digests),
  skippedReportSha256: mostly(sha256Hex('two'), digests),
  rollback: mostly('restore-orders', names),
  export: mostly({ sha256: sha256Hex('one'), at: minutes(-2) }, proofs),
  restore: mostly({ sha256: sha256Hex('two'), at: minutes(-1) }, proofs),
  approvedAt: mostly(minutes(0), instants),
});
const facts: fc.Arbitrary<ImportFacts> = fc.record({
  target: mostly(production, targets),
  dryRunSha256: mostly(sha256Hex('one'), digests),
  lastDataChangeAt: mostly<string | null>(minutes(-3), fc.oneof(instants, fc.constant(null))),
});

/** D05 read plainly: five parts are there and about this import, and both proofs lie between the last change and the approval. */
function holds(approval: ImportApproval, known: ImportFacts): boolean {
  const { target, backup, rollback, dryRunSha256, skippedReportSha256, approvedAt } = approval;
  const parts = [target.environment, target.system, backup, rollback, dryRunSha256, skippedReportSha256];
  const isThere = parts.every((part) => part.trim() !== '');
  const isThis =
    `${target.environment}/${target.system}` === `${known.target.environment}/${known.target.system}` &&
    dryRunSha256 === known.dryRunSha256;
  // An unreadable time is NaN, and nothing is before or after NaN.
  const changedMs = Date.parse(known.lastDataChangeAt ?? 'never');
  const isBetween = [approval.export, approval.restore].every(
    ({ sha256, at }) => sha256 !== '' && changedMs < Date.parse(at) && Date.parse(at) < Date.parse(approvedAt),
  );
  return isThere && isThis && isBetween;
}

const law = (rule: Rule) =>
  fc.property(approvals, facts, (approval, known) => (rule(approval, known).length === 0) === holds(approval, known));

const good = { sha256: sha256Hex('one') };
const before = (at: string): string => new Date(Date.parse(at) - 1).toISOString();
const planted: [string, Rule][] = [
  [
    'the target is not compared',
    (approval, known) => importApprovalFaults({ ...approval, target: known.target }, known),
  ],
  ['the backup may be missing', (approval, known) => importApprovalFaults({ ...approval, backup: 'x' }, known)],
  ['the rollback may be missing', (approval, known) => importApprovalFaults({ ...approval, rollback: 'x' }, known)],
  [
    'a changed dry run does not void',
    (approval, known) => importApprovalFaults(approval, { ...known, dryRunSha256: approval.dryRunSha256 }),
  ],
  [
    'the report of skipped records may be missing',
    (approval, known) => importApprovalFaults({ ...approval, skippedReportSha256: good.sha256 }, known),
  ],
  [
    'the export is taken for the restore',
    (approval, known) => importApprovalFaults({ ...approval, restore: approval.export }, known),
  ],
  [
    'the proof of the export may be missing',
    (approval, known) => importApprovalFaults({ ...approval, export: { ...approval.export, ...good } }, known),
  ],
  [
    'a change at the moment of the export is let pass',
    (approval, known) => {
      const at = known.lastDataChangeAt;
      const isReadable = at !== null && !Number.isNaN(Date.parse(at));
      return importApprovalFaults(approval, isReadable ? { ...known, lastDataChangeAt: before(at) } : known);
    },
  ],
  [
    'where nobody knows when the data changed, it never did',
    (approval, known) =>
      importApprovalFaults(approval, { ...known, lastDataChangeAt: known.lastDataChangeAt ?? minutes(-1000) }),
  ],
];

describe('the law of an import approval', () => {
  it('D05 holds exactly where a plain reading says so, over any mixture of parts and times', () => {
    fc.assert(law(importApprovalFaults), { numRuns: 5000 });
  });

  it.each(planted)('D05 the law finds a planted fault: %s', (_, faulty) => {
    expect(fc.check(law(faulty), { numRuns: 5000, seed: 5 }).failed).toBe(true);
  });
});

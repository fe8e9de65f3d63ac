import { isSha256 } from '@tminus/verify';

import { toInstantMs } from '../gate/instant.ts';

/** A proof by its digest and the moment it was made. */
export interface DatedProof {
  sha256: string;
  /** RFC 3339. */
  at: string;
}

/** What an approval of an import has to name (D05). */
export interface ImportApproval {
  /** Exact target: launch environment and the name of the system in it. */
  target: { environment: string; system: string };
  /** Where the current backup or archive lies. */
  backup: string;
  dryRunSha256: string;
  /** Digest of the report of skipped and failed records. */
  skippedReportSha256: string;
  /** Procedure that takes the import back. */
  rollback: string;
  export: DatedProof;
  restore: DatedProof;
  approvedAt: string;
}

/** What is known about the import at the moment it is to run. */
export interface ImportFacts {
  target: { environment: string; system: string };
  dryRunSha256: string;
  /** RFC 3339; null where nobody knows when the data changed last. */
  lastDataChangeAt: string | null;
}

/**
 * Why an approval of an import does not hold, each reason; empty where it does. Export and restore have to be older than the approval and newer
 * than the last change of the data: otherwise what was approved is not what can be brought back.
 */
export function importApprovalFaults(approval: ImportApproval, facts: ImportFacts): string[] {
  const { target, backup, rollback, dryRunSha256, skippedReportSha256 } = approval;
  const checks: [boolean, string][] = [
    [isNamed(target.environment) && isNamed(target.system), 'it names no exact target'],
    [
      target.environment === facts.target.environment && target.system === facts.target.system,
      'it is about another target',
    ],
    [isNamed(backup), 'it names no backup'],
    [isSha256(dryRunSha256), 'it names no dry run'],
    [dryRunSha256 === facts.dryRunSha256, 'the dry run has changed since'],
    [isSha256(skippedReportSha256), 'it names no report of skipped records'],
    [isNamed(rollback), 'it names no rollback'],
  ];
  const proofs = [
    proofFault('export', approval.export, { approval, facts }),
    proofFault('restore', approval.restore, { approval, facts }),
  ];
  const faults = [...checks.filter(([holds]) => !holds).map(([, fault]) => fault), ...proofs];
  // That nobody knows when the data changed is said of both proofs, and is one thing to mend.
  return [...new Set(faults.filter((fault) => fault !== null))];
}

function proofFault(
  name: string,
  proof: DatedProof,
  { approval, facts }: { approval: ImportApproval; facts: ImportFacts },
): string | null {
  if (!isSha256(proof.sha256)) return `it references no evidence of the ${name}`;
  const at = toInstantMs(proof.at);
  const approved = toInstantMs(approval.approvedAt);
  const changed = facts.lastDataChangeAt === null ? null : toInstantMs(facts.lastDataChangeAt);
  if (at === null || approved === null) return `the time of the ${name} or of the approval cannot be read`;
  if (changed === null) return 'nobody knows when the data changed last: name the column that says so as changed';
  if (at >= approved) return `the ${name} is not older than the approval`;
  return at > changed ? null : `the data has changed since the ${name}`;
}

function isNamed(text: string): boolean {
  return text.trim() !== '';
}

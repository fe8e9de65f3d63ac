import type { ApprovalScene } from './approval-request.ts';
import { documentGrants } from './document-grants.ts';
import type { RightsLaunch } from './document-grants.ts';
import type { Grant, Group } from './grant.ts';

/** What is stored about the rights of one launch. */
export interface AccessRecords {
  /** Grants that people gave; `revokedAt` is null in each. */
  grants: readonly Grant[];
  revocations: readonly { grant: string; at: string }[];
  groups: readonly Group[];
}

/** Everything that an answer rests on: what the document gives and what people gave, each ended where a revocation names it (it beats the document). */
export function toAccessScene(launch: RightsLaunch, records: AccessRecords): ApprovalScene {
  const revoked = new Map(records.revocations.map(({ grant, at }) => [grant, at]));
  const grants = [...documentGrants(launch), ...records.grants].map((grant) => ({
    ...grant,
    revokedAt: revoked.get(grant.id) ?? null,
  }));
  return { launch, groups: records.groups, grants, policies: [] };
}

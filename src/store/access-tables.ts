import type { JsonObject } from '@tminus/verify';
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

import type { ApprovalRequest } from '../core/access/approval-request.ts';
import type { Grant } from '../core/access/grant.ts';
import type { SecretAccess } from '../core/secret/secret.ts';

/** Tables of rights, approvals and secrets; rows are only added to any of them. */
export interface AccessTables {
  access_grant: AccessGrantRow;
  access_revocation: {
    grant_id: string;
    launch: string;
    revoked_by: string;
    revoked_at: Generated<Date>;
    reason: string;
  };
  access_group: {
    number: GeneratedAlways<string>;
    launch: string;
    id: string;
    people: string[];
    written_by: string;
    written_at: Generated<Date>;
  };
  approval_request: ApprovalRequestRow;
  action_token: { sha256: Buffer; subject_sha256: Buffer; issued_at: Date; expires_at: Date };
  action_token_use: { sha256: Buffer; used_at: Date };
  access_decision: AccessDecisionRow;
  secret_access: SecretAccessRow;
  secret_rotation: SecretRotationRow;
}

/** A right that was given. That it ended stands in a row of `access_revocation`. */
export interface AccessGrantRow {
  id: string;
  launch: string;
  environment: string;
  holder_kind: Grant['holder']['kind'];
  holder: string;
  role: Grant['role'];
  given_by: string | null;
  given_at: Generated<Date>;
  expires_at: Date | null;
  delegates: string | null;
  break_glass_reason: string | null;
  confirmed_by: string | null;
  reason: string;
}

/** A wish that wants approval; the columns beside the body are copies of what it says. */
export interface ApprovalRequestRow {
  id: string;
  launch: string;
  environment: string;
  run: string;
  level: ApprovalRequest['level'];
  plan_hash: string;
  requester: string;
  requested_at: Date;
  expires_at: Date;
  body: ColumnType<ApprovalRequest, string, never>;
}

/** One answer to whether somebody may. */
export interface AccessDecisionRow {
  id: GeneratedAlways<string>;
  at: Generated<Date>;
  launch: string;
  environment: string;
  actor: string;
  permission: string;
  run: string | null;
  subject: string | null;
  allowed: boolean;
  exception: boolean;
  reason: string;
}

/** One access to a secret, had or refused. */
export interface SecretAccessRow {
  id: GeneratedAlways<string>;
  at: Date;
  launch: string;
  environment: string;
  secret: string;
  kind: string;
  reference: ColumnType<JsonObject, string, never>;
  actor: string;
  purpose: string;
  outcome: SecretAccess['outcome'];
  version: string | null;
  trouble: SecretAccess['trouble'];
}

/** The beginning or the end of a rotation. */
export interface SecretRotationRow {
  id: GeneratedAlways<string>;
  rotation: string;
  at: Generated<Date>;
  launch: string;
  secret: string;
  reference: ColumnType<JsonObject, string, never>;
  actor: string;
  state: 'begun' | 'rotated' | 'rolled-back';
  detail: string;
}

import type { AccessRole } from './permission.ts';

export type ApprovalLevel = 0 | 1 | 2 | 3;

/** What a level asks for. */
export interface LevelRule {
  /** Distinct humans who have to say go. */
  approvers: number;
  /** Access roles of which each has to be among the votes. */
  roles: readonly AccessRole[];
  /** True where a vote by API token, chat button or plain session does not count (A27). */
  secondFactor: boolean;
  /** True where the request has to name a runbook (O02). */
  runbook: boolean;
  /** Longest life of a request and of each vote, in milliseconds. */
  lifeMs: number;
}

const hourMs = 3_600_000;

/** Level 0 is automatic, by a named policy; from 1 on humans vote. */
export const levelRules: Record<ApprovalLevel, LevelRule> = {
  0: { approvers: 0, roles: [], secondFactor: false, runbook: false, lifeMs: 24 * hourMs },
  1: { approvers: 1, roles: [], secondFactor: false, runbook: false, lifeMs: 24 * hourMs },
  2: { approvers: 2, roles: [], secondFactor: true, runbook: true, lifeMs: 8 * hourMs },
  3: { approvers: 3, roles: ['approver', 'lead'], secondFactor: true, runbook: true, lifeMs: 4 * hourMs },
};

/** What an action does, as far as its level depends on it. */
export interface ActionNature {
  /** True unless the environment is known to be harmless. */
  production: boolean;
  /** False where no undo is known. */
  reversible: boolean;
  /** True where it overwrites or removes data: a restore, an import, a drop. */
  destructive: boolean;
}

/** The lowest level that an action may be asked for at: nothing in production, and nothing that destroys data, is automatic (D11). */
export function leastLevel({ production, reversible, destructive }: ActionNature): ApprovalLevel {
  if (!production) return destructive ? 1 : 0;
  if (reversible && !destructive) return 1;
  return reversible || !destructive ? 2 : 3;
}

/** Ways to prove who one is that take more than one leaked secret, or that sign the very vote. Whatever is not named here counts as weak. */
const strongMethods: ReadonlySet<string> = new Set(['passkey', 'hardware-key', 'password-totp', 'signing-key']);

/** Whether a way of proving who one is will do where a second factor is asked for. */
export function isStrongMethod(method: string): boolean {
  return strongMethods.has(method);
}

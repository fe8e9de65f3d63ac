/** What a person may be to a launch in an environment. Not to be confused with the roles that a launch document declares. */
export const accessRoles = ['viewer', 'operator', 'approver', 'lead', 'admin'] as const;

export type AccessRole = (typeof accessRoles)[number];

/** One thing that can be allowed. */
export interface PermissionRule {
  /** Roles that carry it. No role carries what is not written here: an admin is not everything at once. */
  roles: readonly AccessRole[];
  /** True where only a human may use it, whatever an automation was granted. */
  human: boolean;
}

const everyone = accessRoles;

/**
 * The whole matrix, as data. Whoever hands out rights (admin) neither runs nor approves, and whoever approves does not run, so that no single role
 * takes a launch from request to effect. Documents say what machines carry out, so that mending one is for leads. `approval.bypass` is in no role: only a break-glass grant carries it.
 */
export const permissionRules = {
  'launch.view': { roles: everyone, human: false },
  'run.view': { roles: everyone, human: false },
  'audit.view': { roles: ['operator', 'approver', 'lead', 'admin'], human: false },
  /** Values of rows, as far as a dataset does not hide them: in differences, and in what a repair would write. */
  'data.view': { roles: ['operator', 'approver', 'lead'], human: false },
  'document.edit': { roles: ['lead'], human: true },
  'document.submit': { roles: ['operator', 'lead'], human: true },
  'document.review': { roles: ['operator', 'approver', 'lead'], human: true },
  'document.approve': { roles: ['approver', 'lead'], human: true },
  'document.lock': { roles: ['lead'], human: true },
  'check.run': { roles: ['operator', 'lead'], human: false },
  'run.start': { roles: ['operator', 'lead'], human: false },
  'run.hold': { roles: ['operator', 'approver', 'lead', 'admin'], human: false },
  'run.resume': { roles: ['operator', 'lead'], human: false },
  'run.cancel': { roles: ['operator', 'lead'], human: false },
  'run.retarget': { roles: ['lead'], human: true },
  /** To let a rollout go on although what was measured does not say so. */
  'rollout.promote': { roles: ['lead'], human: true },
  'step.run': { roles: ['operator', 'lead'], human: false },
  'step.skip': { roles: ['lead'], human: true },
  'step.attest': { roles: ['operator', 'approver', 'lead'], human: true },
  'secret.use': { roles: ['operator', 'lead'], human: false },
  'queue.requeue': { roles: ['operator', 'lead'], human: false },
  'approval.request': { roles: ['operator', 'lead'], human: false },
  'approval.vote': { roles: ['approver', 'lead'], human: true },
  'approval.bypass': { roles: [], human: true },
  'waiver.sign': { roles: ['lead'], human: true },
  'poll.call': { roles: ['lead'], human: true },
  'grant.give': { roles: ['admin'], human: true },
  'grant.revoke': { roles: ['admin'], human: true },
  'account.manage': { roles: ['admin'], human: true },
  'installation.manage': { roles: ['admin'], human: true },
} as const satisfies Record<string, PermissionRule>;

export type Permission = keyof typeof permissionRules;

/** Every permission, in the order of the table. */
export const permissions = Object.keys(permissionRules) as readonly Permission[];

/** What the table says of a permission; null for a word that is not in it, which nobody carries. */
export function ruleOf(permission: string): PermissionRule | null {
  return Object.hasOwn(permissionRules, permission) ? permissionRules[permission as Permission] : null;
}

import { findPerson } from '../approval/authority.ts';
import { grantFault } from './grant-fault.ts';
import { isHeldBy } from './grant.ts';
import type { AccessScene, Grant, Scope } from './grant.ts';
import { ruleOf } from './permission.ts';
import type { Permission } from './permission.ts';

/** Who asks for what, where. */
export interface AccessRequest {
  /** Account, as the launch declares it. */
  actor: string;
  permission: Permission;
  scope: Scope;
}

/** An answer, with its reason either way: each one is meant for the audit log. */
export interface AccessVerdict {
  allowed: boolean;
  reason: string;
  /** The grant that it rests on; null where refused. */
  grant: string | null;
  /** True where only a break-glass grant allows it: to be told loudly, and to stand in the report. */
  exception: boolean;
}

/** The single rules that an answer is built from. They can be handed in, so that the tests can plant a fault in each. */
export interface AccessRules {
  scopeFault: typeof scopeFault;
  actorFault: typeof actorFault;
  carries: typeof carries;
  covers: typeof covers;
  grantFault: typeof grantFault;
}

/**
 * Whether this account may do this here and now: no, unless a grant says so (O05). A worker asks again, with the grants of that
 * moment, before each step that it runs, so that a right which was taken away after queueing stops the work.
 */
export function allows(scene: AccessScene, request: AccessRequest, nowMs: number): AccessVerdict {
  return allowsBy(standardAccessRules, scene, request, nowMs);
}

/** The same by other rules. */
export function allowsBy(rules: AccessRules, scene: AccessScene, request: AccessRequest, nowMs: number): AccessVerdict {
  const { actor, permission, scope } = request;
  const fault = rules.scopeFault(scene, scope) ?? rules.actorFault(scene, actor, permission);
  if (fault !== null) return refuse(fault);
  const fitting = scene.grants
    .filter((grant) => isHeldBy(grant, actor, scene.groups) && rules.carries(grant, permission))
    .filter((grant) => rules.covers(grant, scope));
  const faults = fitting.map((grant) => ({ grant, fault: rules.grantFault(grant, actor, scene, nowMs) }));
  const good = faults.filter((each) => each.fault === null).map(({ grant }) => grant);
  // What an ordinary grant allows is no exception.
  const chosen = good.toSorted(ordinaryFirst)[0];
  if (chosen === undefined) {
    const where = `${permission} on ${scope.launch} in ${scope.environment}`;
    return refuse(faults[0]?.fault ?? `no grant gives ${actor} the permission ${where}`);
  }
  const exception = chosen.breakGlass !== null;
  const how = exception
    ? `break-glass grant ${chosen.id}: ${chosen.breakGlass?.reason}`
    : `grant ${chosen.id}, role ${chosen.role}`;
  return { allowed: true, reason: how, grant: chosen.id, exception };
}

/** Why this very grant does not allow it, or null: for whoever has to know on which grant an answer stands. */
export function refusalOf(grant: Grant, request: AccessRequest, scene: AccessScene, nowMs: number): string | null {
  const { actor, permission, scope } = request;
  const fault = scopeFault(scene, scope) ?? actorFault(scene, actor, permission);
  if (fault !== null) return fault;
  const isFitting = isHeldBy(grant, actor, scene.groups) && carries(grant, permission) && covers(grant, scope);
  return isFitting
    ? grantFault(grant, actor, scene, nowMs)
    : `grant ${grant.id} does not give ${actor} ${permission} there`;
}

function refuse(reason: string): AccessVerdict {
  return { allowed: false, reason, grant: null, exception: false };
}

function ordinaryFirst(a: Grant, b: Grant): number {
  if ((a.breakGlass === null) !== (b.breakGlass === null)) return a.breakGlass === null ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Another launch and an environment that the launch does not declare, exactly once, are refused whatever was granted there. */
function scopeFault({ launch }: AccessScene, scope: Scope): string | null {
  if (scope.launch !== launch.id) return `${scope.launch} is not the launch ${launch.id}`;
  const declared = launch.environments.filter(({ id }) => id === scope.environment).length;
  return declared === 1 ? null : `the environment ${scope.environment || '(none)'} is not declared in the launch`;
}

function actorFault({ launch }: AccessScene, actor: string, permission: string): string | null {
  const rule = ruleOf(permission);
  if (rule === null) return `there is no permission ${permission}`;
  const person = findPerson(launch, actor);
  if (person === null) return `${actor} is not declared in the launch`;
  return rule.human && person.automation ? `${actor} is an automation, and ${permission} is for humans only` : null;
}

function carries(grant: Grant, permission: string): boolean {
  if (grant.breakGlass !== null && permission === 'approval.bypass') return true;
  return ruleOf(permission)?.roles.includes(grant.role) ?? false;
}

function covers(grant: Scope, { launch, environment }: Scope): boolean {
  return grant.launch === launch && grant.environment === environment;
}

/** The rules as they hold. */
export const standardAccessRules: AccessRules = { scopeFault, actorFault, carries, covers, grantFault };

import type { Refusal } from './draft.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { Actor, ApprovalReference, Run } from './run.ts';

/** People of a role who are no automations. */
export function humansIn(plan: Pick<Plan, 'roles' | 'automations'>, role: string): string[] {
  const people = Object.hasOwn(plan.roles, role) ? (plan.roles[role] ?? []) : [];
  return people.filter((person) => !plan.automations.includes(person));
}

/** Everybody who may decide about the run. */
export function decidersOf(plan: Plan): string[] {
  return [...new Set(plan.deciders.flatMap((role) => humansIn(plan, role)))];
}

/** Who may do something that one of these roles may. */
export function peopleIn(plan: Plan, roles: readonly string[]): string[] {
  return [...new Set(roles.flatMap((role) => humansIn(plan, role)))];
}

/** Why this person may not act in one of these roles, or null. */
export function actorFault(plan: Plan, by: Actor, roles: readonly string[]): Refusal | null {
  if (plan.automations.includes(by.person))
    return { code: 'automation', reason: `${by.person}: expected a human, got an automation` };
  const wanted = roles.join(' or ') || 'none';
  if (!roles.includes(by.role))
    return { code: 'role_missing', reason: `${by.person}: expected the role ${wanted}, got ${by.role}` };
  return humansIn(plan, by.role).includes(by.person)
    ? null
    : {
        code: 'person_unknown',
        reason: `${by.person}: expected one of ${humansIn(plan, by.role).join(', ') || 'nobody'} as ${by.role}`,
      };
}

/** Why a decision of a person is refused: the wrong person, or no reason. */
export function decisionFault(
  plan: Plan,
  decision: { by: Actor; reason: string },
  roles: readonly string[],
): Refusal | null {
  return actorFault(plan, decision.by, roles) ?? reasonFault(decision);
}

/** Why a decision that gives no reason is refused. */
export function reasonFault({ reason }: { reason: string }): Refusal | null {
  return reason.trim() === '' ? { code: 'reason_missing', reason: 'expected a reason, got none' } : null;
}

/** Why an approval does not allow something that wants this level now, or null (O02). */
export function approvalFault(
  run: Run,
  approval: ApprovalReference | null,
  level: number,
  nowMs: number,
): Refusal | null {
  if (approval === null)
    return { code: 'approval_missing', reason: `expected an approval of level ${level}, got none` };
  if (approval.planHash !== run.plan.planHash)
    return { code: 'approval_other_plan', reason: `approval ${approval.id} is of another plan` };
  if (!(approval.level >= level))
    return {
      code: 'approval_level',
      reason: `approval ${approval.id}: expected level ${level}, got ${approval.level}`,
    };
  if (!(approval.expiresAtMs > nowMs))
    return { code: 'approval_expired', reason: `approval ${approval.id} has expired` };
  if (approval.approver === run.requestedBy)
    return { code: 'approval_own', reason: `${approval.approver} asked for the run` };
  return run.plan.automations.includes(approval.approver)
    ? { code: 'automation', reason: `${approval.approver}: expected a human, got an automation` }
    : null;
}

/** Plans never change, and every step of a run asks: counted each time, a run of many steps would look at all of them for each. */
const levels = new WeakMap<Plan, 0 | 1 | 2 | 3>();

/**
 * The level of approval that a run of this plan wants: writing to production 1, with a step that cannot be taken back 2, else none; one more behind the point of no return. Before it none is
 * wanted where nothing is written but weight 0: taking all traffic from the canary waits for nobody, whoever or whatever does it.
 */
export function approvalLevel(plan: Plan): 0 | 1 | 2 | 3 {
  const known = levels.get(plan);
  if (known !== undefined) return known;
  const level = levelOf(plan);
  levels.set(plan, level);
  return level;
}

function levelOf({ environment, steps, pastReturn }: Plan): 0 | 1 | 2 | 3 {
  const writing = environment.production ? steps.filter(({ writes }) => writes) : [];
  if (writing.length === 0 || (pastReturn !== true && writing.every(takesAllTraffic))) return 0;
  const level = writing.some(({ reversible }) => !reversible) ? 2 : 1;
  return pastReturn === true ? ((level + 1) as 2 | 3) : level;
}

function takesAllTraffic({ action }: PlannedStep): boolean {
  if (action?.kind !== 'rollout' || action.spec === null) return false;
  return action.spec['do'] === 'take-back' && (action.spec['to'] ?? 0) === 0;
}

import { approvalLevel, humansIn } from './authority.ts';
import type { Plan, PlannedStep } from './plan.ts';

/** Why a plan cannot be run. Codes are compared, texts are read. */
export interface PlanFault {
  code:
    | 'empty'
    | 'duplicate'
    | 'id_invalid'
    | 'procedure_unknown'
    | 'need_unknown'
    | 'need_cycle'
    | 'order_impossible'
    | 'undo_unknown'
    | 'role_empty'
    | 'decider_missing'
    | 'hold_invalid'
    | 'pause_invalid'
    | 'automation_only';
  reason: string;
}

/** Every fault of a plan at once; empty where it can be run. */
export function planFaults(plan: Plan): PlanFault[] {
  const known = new Map(plan.steps.map((step) => [step.id, step]));
  return [
    ...(plan.steps.length === 0 ? [fault('empty', `procedure ${plan.id}: expected steps, got none`)] : []),
    ...duplicates(plan),
    ...idFaults(plan),
    ...plan.steps.flatMap((step) => needFaults(step, known)),
    ...cycleFaults(plan.steps, known),
    ...undoFaults(plan),
    ...roleFaults(plan),
    ...holdFaults(plan),
    ...pauseFaults(plan),
  ];
}

function duplicates(plan: Plan): PlanFault[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const { id } of [...plan.steps, ...plan.undoSteps]) (seen.has(id) ? again : seen).add(id);
  return [...again].map((id) => fault('duplicate', `step ${id}: expected one of that id, got several`));
}

/** Steps are kept by id and in order; an object puts names that look like numbers first, and has no room for `__proto__`. */
function idFaults({ steps, undoSteps }: Plan): PlanFault[] {
  const wrong = [...steps, ...undoSteps].filter(({ id }) => /^\d+$/.test(id) || id === '__proto__' || id === '');
  return wrong.map(({ id }) => fault('id_invalid', `step ${id}: expected a name, got one that cannot be kept`));
}

function needFaults(step: PlannedStep, known: ReadonlyMap<string, PlannedStep>): PlanFault[] {
  return step.needs.flatMap((id) => {
    const need = known.get(id);
    if (!need) return [fault('need_unknown', `step ${step.id}: expected a step ${id}, got none`)];
    const isLater = need.timer.kind === step.timer.kind && dueOf(need) > dueOf(step);
    return isLater ? [fault('order_impossible', `step ${step.id} needs ${id}, which comes due after it`)] : [];
  });
}

function dueOf({ timer }: PlannedStep): number {
  if (timer.kind === 'needs') return 0;
  return timer.kind === 'at' ? timer.atMs : timer.offsetMs;
}

/** Kahn's algorithm: what cannot be put in order needs itself. */
function cycleFaults(steps: readonly PlannedStep[], known: ReadonlyMap<string, PlannedStep>): PlanFault[] {
  const open = new Map(steps.map(({ id, needs }) => [id, new Set(needs.filter((need) => known.has(need)))]));
  const neededBy = new Map<string, string[]>();
  for (const [id, needs] of open) for (const need of needs) neededBy.set(need, [...(neededBy.get(need) ?? []), id]);
  const free = [...open].filter(([, needs]) => needs.size === 0).map(([id]) => id);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    open.delete(id);
    for (const next of neededBy.get(id) ?? []) {
      const needs = open.get(next);
      if (needs?.delete(id) && needs.size === 0) free.push(next);
    }
  }
  return open.size === 0
    ? []
    : [fault('need_cycle', `steps that need each other: ${[...open.keys()].slice(0, 10).join(', ')}`)];
}

function undoFaults({ steps, undoSteps }: Plan): PlanFault[] {
  const known = new Set(undoSteps.map(({ id }) => id));
  return steps.flatMap(({ id, undo, undoAfterReturn }) =>
    [undo, undoAfterReturn]
      .filter((name): name is string => name !== null && name !== 'same' && !known.has(name))
      .map((name) => fault('undo_unknown', `step ${id}: expected an undo step ${name}, got none`)),
  );
}

/** C15: a run cannot start with an empty role, nor with one that only automations hold where a person has to act. */
function roleFaults(plan: Plan): PlanFault[] {
  const named = [...plan.steps, ...plan.undoSteps].flatMap(({ role }) => (role === null ? [] : [role]));
  const roles = [...new Set([...Object.keys(plan.roles), ...named, ...plan.deciders])];
  const empty = roles.filter((role) => !Object.hasOwn(plan.roles, role) || plan.roles[role]?.length === 0);
  const human = new Set(
    [...plan.steps, ...plan.undoSteps].flatMap(({ human: isHuman, role }) => (isHuman && role !== null ? [role] : [])),
  );
  const automated = [...human].filter((role) => !empty.includes(role) && humansIn(plan, role).length === 0);
  const noDecider = plan.deciders.every((role) => humansIn(plan, role).length === 0);
  return [
    ...empty.map((role) => fault('role_empty', `role ${role}: expected somebody, got nobody`)),
    ...automated.map((role) => fault('automation_only', `role ${role}: expected a human, got automations only`)),
    ...(noDecider
      ? [
          fault(
            'decider_missing',
            `procedure ${plan.id}: expected a human who may decide, got none (level ${approvalLevel(plan)})`,
          ),
        ]
      : []),
  ];
}

function holdFaults({ builtInHolds, recyclePoints }: Plan): PlanFault[] {
  const ids = [...builtInHolds, ...recyclePoints].map(({ id }) => id);
  const wrong = builtInHolds.filter(
    ({ atMs, forMs }) => !Number.isFinite(atMs) || !(forMs > 0 && Number.isFinite(forMs)),
  );
  return [
    ...wrong.map(({ id }) => fault('hold_invalid', `built-in hold ${id}: expected an offset and a length above zero`)),
    ...ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map((id) => fault('duplicate', `${id}: expected one hold or point of that id`)),
  ];
}

/** Only a length above zero and a readable instant ever end; what a person does is ended by the person. */
function pauseFaults({ steps, undoSteps }: Plan): PlanFault[] {
  return [...steps, ...undoSteps]
    .filter(isEndless)
    .map(({ id }) =>
      fault(
        'pause_invalid',
        `step ${id}: expected a machine step that waits for a length above zero or until an instant`,
      ),
    );
}

function isEndless({ pause, human }: PlannedStep): boolean {
  if (pause === null || human) return pause !== null;
  if (pause.kind === 'for') return !(pause.ms > 0 && Number.isFinite(pause.ms));
  return !Number.isFinite(pause.kind === 'until' ? pause.atMs : pause.offsetMs);
}

function fault(code: PlanFault['code'], reason: string): PlanFault {
  return { code, reason };
}

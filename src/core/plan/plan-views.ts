import { compare, planGraph } from './plan-graph.ts';
import type { Plan } from './plan.ts';

/** A plan and the names that keep it from being begun, or that contradict it. */
export interface PlanWith {
  id: string;
  names: string[];
}

/** What the plan files of a project amount to; everything by id, in an order that depends on nothing but the plans. */
export interface PlanViews {
  /** Dependencies first; what stands in a cycle, or behind one, is not in it. */
  order: string[];
  /** Plans that depend on nothing. */
  roots: string[];
  longestChain: string[];
  /** Planned, every dependency done, nothing awaited: can be begun now. */
  ready: string[];
  /** Planned, every dependency done, and waiting for something outside. */
  awaiting: PlanWith[];
  /** Planned, with the dependencies that are not done, or that no plan bears. */
  blockedByDependency: PlanWith[];
  blocked: { id: string; reason: string | null }[];
  /** Blocked, and neither a reason, nor something awaited, nor an open dependency says by what (C03). */
  blockedWithoutReason: string[];
  cycles: string[][];
  /** Dependencies that no plan bears. */
  dangling: PlanWith[];
  /** Done, though a dependency is planned, in progress or blocked, or its status is unknown. */
  doneWithOpenDependency: PlanWith[];
  /** Done, and no pull request is named in which the work could be read (T01): a smell, not a contradiction. */
  doneWithoutPr: string[];
  /** Ids that more than one plan bears: what depends on them depends on nobody knows which. */
  duplicates: string[];
  /** Plans whose status is missing or unknown. */
  withoutStatus: string[];
}

/** Returns what can be begun, what waits for what, and what cannot be true (C01, C03). Equal plans give equal views, whatever their order. */
export function planViews(plans: readonly Plan[]): PlanViews {
  const sorted = plans.toSorted((a, b) => compare(a.id, b.id) || compare(a.at.file, b.at.file));
  const statuses = statusesOf(sorted);
  const { order, cycles, longestChain } = planGraph(sorted);
  const undone = ({ depends }: Plan): string[] => names(depends.filter((name) => statuses.get(name) !== 'done'));
  const planned = sorted.filter(({ status }) => status === 'planned');
  const free = planned.filter((plan) => undone(plan).length === 0);
  const blocked = sorted.filter(({ status }) => status === 'blocked');
  return {
    order,
    roots: sorted.filter(({ depends }) => depends.length === 0).map(({ id }) => id),
    longestChain,
    ready: free.filter(({ awaits }) => awaits.length === 0).map(({ id }) => id),
    awaiting: withNames(free, ({ awaits }) => awaits),
    blockedByDependency: withNames(planned, undone),
    blocked: blocked.map(({ id, reason }) => ({ id, reason })),
    blockedWithoutReason: blocked
      .filter((plan) => isBlank(plan.reason) && plan.awaits.length === 0 && undone(plan).length === 0)
      .map(({ id }) => id),
    cycles,
    dangling: withNames(sorted, ({ depends }) => names(depends.filter((name) => !statuses.has(name)))),
    doneWithOpenDependency: withNames(
      sorted.filter(({ status }) => status === 'done'),
      (plan) => undone(plan).filter((name) => statuses.has(name) && statuses.get(name) !== 'cancelled'),
    ),
    doneWithoutPr: sorted.filter(({ status, pr }) => status === 'done' && isBlank(pr)).map(({ id }) => id),
    duplicates: names(sorted.flatMap(({ id }, at) => (sorted[at + 1]?.id === id ? [id] : []))),
    withoutStatus: sorted.filter(({ status }) => status === null).map(({ id }) => id),
  };
}

/** Whether the plans contradict each other or themselves: what then follows from them is not to be relied on. */
export function hasPlanFaults(views: PlanViews): boolean {
  const { cycles, dangling, doneWithOpenDependency, duplicates, withoutStatus } = views;
  return [cycles, dangling, doneWithOpenDependency, duplicates, withoutStatus].some((list) => list.length > 0);
}

/** The status of each id; null where two plans of one id do not agree, since nobody knows which was meant. */
function statusesOf(plans: readonly Plan[]): Map<string, Plan['status']> {
  const statuses = new Map<string, Plan['status']>();
  for (const { id, status } of plans)
    statuses.set(id, !statuses.has(id) || statuses.get(id) === status ? status : null);
  return statuses;
}

function withNames(plans: readonly Plan[], of: (plan: Plan) => string[]): PlanWith[] {
  return plans.map((plan) => ({ id: plan.id, names: of(plan) })).filter((found) => found.names.length > 0);
}

function names(list: readonly string[]): string[] {
  return [...new Set(list)].toSorted(compare);
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === '';
}

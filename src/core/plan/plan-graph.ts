import type { Plan } from './plan.ts';

/** The plans by id, with what they depend on among each other. */
export interface PlanGraph {
  /** Dependencies that are plans, each once, in the order of their ids. */
  needs: ReadonlyMap<string, readonly string[]>;
  /** Dependencies first, ids in order among equals; what stands in a cycle, or behind one, is not in it. */
  order: string[];
  /** Each cycle by its way round, from its smallest id; of cycles that share a plan only one. */
  cycles: string[][];
  /** The longest way from a plan without dependencies; of equals the one whose end comes first. */
  longestChain: string[];
}

/** Returns the graph of the plans; names that no plan bears are not in it. */
export function planGraph(plans: readonly Plan[]): PlanGraph {
  const ids = new Set(plans.map(({ id }) => id));
  const needs = new Map(
    plans
      .toSorted((a, b) => compare(a.id, b.id))
      .map(({ id, depends }) => [id, [...new Set(depends)].filter((name) => ids.has(name)).toSorted(compare)] as const),
  );
  const order = sortByNeeds(needs);
  return { needs, order, cycles: findCycles(needs, order), longestChain: longestChain(needs, order) };
}

/** The order of text in every language alike, so that equal plans give equal bytes everywhere. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type Needs = ReadonlyMap<string, readonly string[]>;

/** Level by level: whatever has all of its needs before it comes next. */
function sortByNeeds(needs: Needs): string[] {
  const open = new Map([...needs].map(([id, names]) => [id, names.length]));
  const neededBy = new Map<string, string[]>();
  for (const [id, names] of needs) for (const name of names) neededBy.set(name, [...(neededBy.get(name) ?? []), id]);
  const order: string[] = [];
  let level = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  while (level.length > 0) {
    order.push(...level.toSorted(compare));
    const next: string[] = [];
    for (const waiting of level.flatMap((id) => neededBy.get(id) ?? [])) {
      const left = (open.get(waiting) ?? 0) - 1;
      open.set(waiting, left);
      if (left === 0) next.push(waiting);
    }
    level = next;
  }
  return order;
}

/** Whatever has no place in the order leads into a cycle, however one walks: so each walk finds one, and its plans are taken out. */
function findCycles(needs: Needs, order: readonly string[]): string[][] {
  const cycles: string[][] = [];
  let left = without(needs, new Set(order));
  while (left.size > 0) {
    const cycle = walkToCycle(left);
    cycles.push(cycle);
    const rest = without(left, new Set(cycle));
    left = without(rest, new Set(sortByNeeds(rest)));
  }
  return cycles.toSorted(([a = ''], [b = '']) => compare(a, b));
}

function without(needs: Needs, gone: ReadonlySet<string>): Needs {
  return new Map(
    [...needs].filter(([id]) => !gone.has(id)).map(([id, names]) => [id, names.filter((name) => !gone.has(name))]),
  );
}

function walkToCycle(needs: Needs): string[] {
  const way: string[] = [];
  const seen = new Map<string, number>();
  let [id = ''] = needs.keys();
  while (!seen.has(id)) {
    seen.set(id, way.length);
    way.push(id);
    id = needs.get(id)?.[0] ?? id;
  }
  const cycle = way.slice(seen.get(id));
  const first = cycle.indexOf(cycle.toSorted(compare)[0] ?? '');
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

function longestChain(needs: Needs, order: readonly string[]): string[] {
  const before = new Map<string, { length: number; previous: string | null }>();
  let end: string | null = null;
  for (const id of order) {
    const chain = { length: 1, previous: null as string | null };
    for (const name of needs.get(id) ?? []) {
      const length = (before.get(name)?.length ?? 0) + 1;
      if (length > chain.length) Object.assign(chain, { length, previous: name });
    }
    before.set(id, chain);
    if (end === null || chain.length > (before.get(end)?.length ?? 0)) end = id;
  }
  const chain: string[] = [];
  for (let id = end; id !== null; id = before.get(id)?.previous ?? null) chain.unshift(id);
  return chain;
}

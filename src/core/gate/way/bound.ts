import type { Form } from './form.ts';

/** What is known of the smallest set without searching: no set is smaller than `lower`, and `found` is one that does. */
export interface Bound {
  lower: number;
  found: number[];
}

/** A form as arrays, children before parents, the root last. `action` is -1 for a group. */
interface Flat {
  action: number[];
  need: number[];
  members: number[][];
  /** Undefined for the root. */
  parent: (number | undefined)[];
  /** Leaf indexes of each action. */
  places: Map<number, number[]>;
}

const rounds = 40;

/**
 * Bounds the smallest set from both sides. An action that stands in several places is paid for in shares, which add up to 1;
 * then each place stands alone, and the cheapest choice is a plain sum over the tree. No set can cost less than that, whatever
 * the shares (Lagrangian decomposition); a few subgradient rounds move the shares to where the choice disagrees with itself.
 */
export function boundWay(form: Form): Bound {
  const flat = flatten(form);
  const share = flat.action.map((action) => (action < 0 ? 0 : 1 / (flat.places.get(action)?.length ?? 1)));
  let lower = 0;
  let found = prune(flat, [...flat.places.keys()]);
  for (let round = 0; round < rounds && lower < found.length; round += 1) {
    const { cost, chosen } = choose(flat, share);
    // Shares are fractions of floating point: 2.9999999 is three.
    lower = Math.max(lower, Math.ceil(cost - 1e-6));
    const actions = [...new Set(chosen.map((leaf) => flat.action[leaf]!))];
    if (actions.length < found.length * 1.25 + 2) {
      const pruned = prune(flat, actions);
      if (pruned.length < found.length) found = pruned;
    }
    moveShares(flat, share, { chosen: new Set(chosen), gap: found.length - cost });
  }
  return { lower, found: found.toSorted((a, b) => a - b) };
}

function flatten(form: Form): Flat {
  const flat: Flat = { action: [], need: [], members: [], parent: [], places: new Map() };
  add(form);
  return flat;

  function add(part: Form): number {
    const members = typeof part === 'object' ? part.of.map(add) : [];
    const index = flat.action.push(typeof part === 'number' ? part : -1) - 1;
    flat.need.push(typeof part === 'object' ? part.need : 1);
    flat.members.push(members);
    for (const member of members) flat.parent[member] = index;
    if (typeof part === 'number') addPlace(flat.places, part, index);
    return index;
  }
}

function addPlace(places: Map<number, number[]>, action: number, leaf: number): void {
  const known = places.get(action);
  if (known) known.push(leaf);
  else places.set(action, [leaf]);
}

/** The cheapest leaves at these shares, each place on its own. Ties go to the earlier member, so equal inputs choose alike. */
function choose(flat: Flat, share: readonly number[]): { cost: number; chosen: number[] } {
  const cost: number[] = [];
  const picked: number[][] = [];
  for (const [index, members] of flat.members.entries()) {
    const need = flat.need[index]!;
    const best =
      need === members.length ? members : members.toSorted((a, b) => cost[a]! - cost[b]! || a - b).slice(0, need);
    picked.push(best);
    cost.push(flat.action[index]! >= 0 ? share[index]! : best.reduce((sum, member) => sum + cost[member]!, 0));
  }
  const chosen: number[] = [];
  const queue = [flat.action.length - 1];
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    if (flat.action[index]! >= 0) chosen.push(index);
    queue.push(...picked[index]!);
  }
  return { cost: cost.at(-1) ?? 0, chosen };
}

function moveShares(flat: Flat, share: number[], { chosen, gap }: { chosen: ReadonlySet<number>; gap: number }): void {
  const pulls: [number, number][] = [];
  for (const places of flat.places.values()) {
    if (places.length === 1) continue;
    const mean = places.filter((leaf) => chosen.has(leaf)).length / places.length;
    for (const leaf of places) pulls.push([leaf, (chosen.has(leaf) ? 1 : 0) - mean]);
  }
  const norm = pulls.reduce((sum, [, pull]) => sum + pull * pull, 0);
  if (norm === 0) return;
  for (const [leaf, pull] of pulls) share[leaf] = Math.max(0, share[leaf]! + (gap / norm) * pull);
  for (const places of flat.places.values()) {
    const sum = places.reduce((total, leaf) => total + share[leaf]!, 0);
    for (const leaf of places) share[leaf] = sum > 0 ? share[leaf]! / sum : 1 / places.length;
  }
}

/** A set from which no action can be left out; the later ones are tried first. */
function prune(flat: Flat, actions: readonly number[]): number[] {
  const kept = new Set(actions);
  const held = flat.members.map(() => 0);
  for (const action of kept) shift(flat, held, { action, by: 1 });
  for (const action of actions.toSorted((a, b) => b - a)) {
    shift(flat, held, { action, by: -1 });
    if (isHeld(flat, held, flat.action.length - 1)) kept.delete(action);
    else shift(flat, held, { action, by: 1 });
  }
  return [...kept];
}

/** Counts an action in or out of every group above its places, as far up as that changes anything. */
function shift(flat: Flat, held: number[], { action, by }: { action: number; by: 1 | -1 }): void {
  for (const leaf of flat.places.get(action) ?? []) {
    let node = leaf;
    let was = isHeld(flat, held, node);
    held[node]! += by;
    while (was !== isHeld(flat, held, node) && flat.parent[node] !== undefined) {
      node = flat.parent[node]!;
      was = isHeld(flat, held, node);
      held[node]! += by;
    }
  }
}

function isHeld(flat: Flat, held: readonly number[], node: number): boolean {
  return held[node]! >= flat.need[node]!;
}

import { boundWay } from './bound.ts';
import { assign, countActions, isAll, toForm } from './form.ts';
import type { Form, Group } from './form.ts';
import { dropDominated } from './reduce.ts';

/** How much was searched. A form that no gate of people's making comes near ends the search with the smallest set found so far. */
export interface Effort {
  left: number;
}

/**
 * The smallest set of actions that makes the form hold, if it has fewer than `below`; else null.
 *
 * 1. Actions that every way needs are taken.
 * 2. Parts that share no action are solved on their own; a group of such members takes its cheapest ones.
 * 3. What is left is searched: the action with most places is taken, then ruled out, and a branch ends when its lower bound
 *    says that nothing smaller is in it.
 */
export function searchWay(form: Form, below: number, effort: Effort): number[] | null {
  if (form === false || below <= 0) return null;
  if (form === true) return [];
  if (typeof form === 'number') return below > 1 ? [form] : null;
  const forced = isAll(form) ? form.of.filter((member) => typeof member === 'number') : [];
  if (forced.length > 0) {
    const rest = searchWay(
      assign(form, new Map(forced.map((action) => [action, true]))),
      below - forced.length,
      effort,
    );
    return rest && [...forced, ...rest];
  }
  const reduced = dropDominated(form);
  if (reduced !== form) return searchWay(reduced, below, effort);
  const parts = splitIndependent(form);
  if (parts.length === form.of.length) return takeCheapest(form, below, effort);
  if (isAll(form) && parts.length > 1) return solveParts(parts, below, effort);
  return branch(form, below, effort);
}

/** Members in groups that share no action with one another, in the order of their first member. */
function splitIndependent(form: Group): (number | Group)[][] {
  const partOf = new Map<number, Set<number | Group>>();
  const parts = new Set<Set<number | Group>>();
  for (const member of form.of) {
    const mine = new Set([member]);
    for (const action of countActions(member).keys()) {
      const other = partOf.get(action);
      if (other && other !== mine) merge(other, mine);
      partOf.set(action, mine);
    }
    parts.add(mine);
  }
  return [...parts].map((part) => form.of.filter((member) => part.has(member)));

  function merge(other: Set<number | Group>, into: Set<number | Group>): void {
    for (const member of other) {
      into.add(member);
      for (const action of countActions(member).keys()) partOf.set(action, into);
    }
    parts.delete(other);
  }
}

function takeCheapest(form: Group, below: number, effort: Effort): number[] | null {
  const ways = form.of.map((member) => searchWay(member, below, effort)).filter((way) => way !== null);
  if (ways.length < form.need) return null;
  const way = ways
    .toSorted((a, b) => a.length - b.length)
    .slice(0, form.need)
    .flat();
  return way.length < below ? way : null;
}

function solveParts(parts: (number | Group)[][], below: number, effort: Effort): number[] | null {
  const way: number[] = [];
  for (const [index, part] of parts.entries()) {
    // Every part that is still to come costs one action at least.
    const left = below - way.length - (parts.length - index - 1);
    const partWay = searchWay(toForm(part.length, part), left, effort);
    if (!partWay) return null;
    way.push(...partWay);
  }
  return way.length < below ? way : null;
}

function branch(form: Group, below: number, effort: Effort): number[] | null {
  const { lower, found } = boundWay(form);
  if (lower >= below) return null;
  let best = found.length < below ? found : null;
  if (found.length === lower || effort.left <= 0) return best;
  effort.left -= 1;
  const action = mostShared(form);
  const taken = searchWay(assign(form, new Map([[action, true]])), (best?.length ?? below) - 1, effort);
  if (taken) best = [action, ...taken];
  if (best?.length === lower) return best;
  return searchWay(assign(form, new Map([[action, false]])), best?.length ?? below, effort) ?? best;
}

function mostShared(form: Form): number {
  let [chosen, most] = [-1, 0];
  for (const [action, count] of countActions(form)) {
    if (count > most || (count === most && action < chosen)) [chosen, most] = [action, count];
  }
  return chosen;
}

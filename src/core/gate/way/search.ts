import { boundWay } from './bound.ts';
import { assign, countActions, isAll, toForm } from './form.ts';
import type { Form, Group } from './form.ts';
import { dropDominated } from './reduce.ts';

/** How much may still be searched, in places of actions looked at. When it is used up, the smallest set found so far is taken. */
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

/** Members in groups that share no action with one another, in the order of their first member (union-find). */
function splitIndependent(form: Group): (number | Group)[][] {
  const root = form.of.map((_, index) => index);
  const find = (index: number): number => {
    let top = index;
    while (root[top] !== top) {
      root[top] = root[root[top]!]!;
      top = root[top]!;
    }
    return top;
  };
  const first = new Map<number, number>();
  for (const [index, member] of form.of.entries()) {
    for (const action of countActions(member).keys()) {
      const other = first.get(action);
      if (other === undefined) first.set(action, index);
      else root[find(index)] = find(other);
    }
  }
  const parts = new Map<number, (number | Group)[]>();
  for (const [index, member] of form.of.entries()) {
    const top = find(index);
    const part = parts.get(top);
    if (part) part.push(member);
    else parts.set(top, [member]);
  }
  return [...parts.values()];
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
  // A caller with a limit already has a set of that size: without effort left it keeps that one.
  if (effort.left <= 0 && below !== Infinity) return null;
  const { lower, found } = boundWay(form);
  effort.left -= sizeOf(form);
  if (lower >= below) return null;
  let best = found.length < below ? found : null;
  if (found.length === lower || effort.left <= 0) return best;
  const action = mostShared(form);
  const taken = searchWay(assign(form, new Map([[action, true]])), (best?.length ?? below) - 1, effort);
  if (taken) best = [action, ...taken];
  if (best?.length === lower) return best;
  return searchWay(assign(form, new Map([[action, false]])), best?.length ?? below, effort) ?? best;
}

function sizeOf(form: Form): number {
  return [...countActions(form).values()].reduce((sum, count) => sum + count, 0);
}

function mostShared(form: Form): number {
  let [chosen, most] = [-1, 0];
  for (const [action, count] of countActions(form)) {
    if (count > most || (count === most && action < chosen)) [chosen, most] = [action, count];
  }
  return chosen;
}

import { assign, isGroup } from './form.ts';
import type { Form, Group } from './form.ts';

/**
 * Rules out actions that another one stands in for: `a` stands only in `any` groups, and `b` stands in each of those, too.
 * Any set with `a` is no worse with `b` in its place. Of two equals the later index goes.
 */
export function dropDominated(form: Form): Form {
  const parents = new Map<number, Set<Group>>();
  collectParents(form, parents);
  const dropped = new Map<number, boolean>();
  for (const [action, groups] of parents) {
    if ([...groups].every(({ need }) => need === 1) && findDominator(action, groups, parents))
      dropped.set(action, false);
  }
  return dropped.size > 0 ? assign(form, dropped) : form;
}

function findDominator(action: number, groups: ReadonlySet<Group>, parents: ReadonlyMap<number, Set<Group>>): boolean {
  const [smallest] = [...groups].toSorted((a, b) => a.of.length - b.of.length);
  return (smallest?.of ?? []).some((other) => {
    if (typeof other !== 'number' || other === action) return false;
    const theirs = parents.get(other) ?? new Set<Group>();
    if (theirs.size < groups.size || ![...groups].every((group) => theirs.has(group))) return false;
    return theirs.size > groups.size || other < action;
  });
}

function collectParents(form: Form, parents: Map<number, Set<Group>>): void {
  if (!isGroup(form)) return;
  for (const member of form.of) {
    if (typeof member !== 'number') collectParents(member, parents);
    else if (parents.has(member)) parents.get(member)!.add(form);
    else parents.set(member, new Set([form]));
  }
}

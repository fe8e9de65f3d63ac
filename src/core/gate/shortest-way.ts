import type { Action } from './decision.ts';
import type { Requirement } from './requirement.ts';
import { toForm } from './way/form.ts';
import type { Form } from './way/form.ts';
import { searchWay } from './way/search.ts';

/**
 * Finding the smallest set is NP-hard (it contains vertex cover), so a document could be written to keep the search busy for
 * years. This many places of actions are looked at, about a second; gates of 500 criteria need a hundredth of it
 * (bench/decision.bench.ts). Past it the set is one from which nothing can be left out, but perhaps not the smallest.
 */
const effort = 200_000;

/**
 * The smallest set of actions that makes the requirement hold, by subject; empty where it holds, null where no set of actions can.
 * One action may turn several leaves. Of several smallest sets the same one is returned whatever the order of the input.
 */
export function shortestWay(requirement: Requirement): Action[] | null {
  const actions = mergeActions(requirement);
  const ids = [...actions.values()]
    .toSorted((a, b) => compare(a.subject, b.subject) || compare(a.id, b.id))
    .map(({ id }) => id);
  const indexes = new Map(ids.map((id, index) => [id, index]));
  const way = searchWay(toCanonicalForm(requirement, indexes).form, Infinity, { left: effort });
  return way && way.toSorted((a, b) => a - b).map((index) => actions.get(ids[index]!)!);
}

/** One action per id, however many leaves it turns: the most demanding wording, with the others' subjects named. */
function mergeActions(requirement: Requirement): Map<string, Action> {
  const all = new Map<string, Map<string, Action>>();
  collectActions(requirement, all);
  return new Map([...all].map(([id, wordings]) => [id, mergeWordings([...wordings.values()])]));
}

function collectActions(requirement: Requirement, all: Map<string, Map<string, Action>>): void {
  if (requirement.kind === 'some') for (const part of requirement.of) collectActions(part, all);
  if (requirement.kind !== 'action') return;
  const { action } = requirement;
  const wordings = all.get(action.id) ?? new Map<string, Action>();
  wordings.set(JSON.stringify([action.subject, action.verb, action.text, action.owner]), action);
  all.set(action.id, wordings);
}

function mergeWordings(wordings: Action[]): Action {
  const ordered = wordings.toSorted(
    (a, b) => rank(a) - rank(b) || compare(a.subject, b.subject) || compare(a.text, b.text),
  );
  const [first] = ordered as [Action];
  const others = [...new Set(ordered.map(({ subject }) => subject))].filter((subject) => subject !== first.subject);
  return others.length === 0
    ? first
    : { ...first, text: `${first.text} (this turns ${others.toSorted().join(', ')}, too)` };
}

/** Something to be fixed is more than something to be run again. */
function rank({ verb }: Action): number {
  return verb === 'run-check' ? 1 : 0;
}

/** The form with its members in an order that follows from what they are, so that the order of the input leaves no trace. */
function toCanonicalForm(requirement: Requirement, indexes: ReadonlyMap<string, number>): { form: Form; key: string } {
  if (requirement.kind === 'action') {
    const index = indexes.get(requirement.action.id)!;
    return { form: index, key: String(index) };
  }
  if (requirement.kind !== 'some') return { form: requirement.kind === 'holds', key: requirement.kind };
  const members = requirement.of
    .map((part) => toCanonicalForm(part, indexes))
    .toSorted((a, b) => compare(a.key, b.key));
  const form = toForm(
    requirement.need,
    members.map((member) => member.form),
  );
  return { form, key: `${requirement.need}(${members.map(({ key }) => key).join()})` };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

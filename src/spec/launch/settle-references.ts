import type { Criterion, Launch, Phase } from '../../core/launch/launch.ts';
import type { Draft, Reference, Target } from './draft.ts';
import { addProblem, hintFor } from './problem.ts';
import { offsetId, readOffset } from './read-offset.ts';

/** Looks up every name that was used. A name that nothing bears is a problem with the nearest one that exists. */
export function settleReferences(draft: Draft): void {
  const names = namesOf(draft.launch);
  const ordered = [...draft.references.filter(namesPhase), ...draft.references.filter((other) => !namesPhase(other))];
  for (const reference of ordered) {
    const id = reference.target === 'phase' ? phaseOf(draft.launch, reference) : find(names, draft.launch, reference);
    if (id !== null) reference.settle(id);
    else if (reference.optional !== true) addUnknown(draft, names, reference);
  }
}

function namesPhase({ target }: Reference): boolean {
  return target === 'phase';
}

type Names = { [target in Target]: Set<string> };

function namesOf(launch: Launch): Names {
  const steps = launch.procedures.flatMap(({ steps: list }) => list.map(({ id }) => id));
  const criteria = launch.gates.flatMap((gate) => gate.criteria.flatMap(idsOf));
  return {
    step: new Set(steps),
    criterion: new Set(criteria),
    'step or criterion': new Set([...steps, ...criteria]),
    procedure: new Set(launch.procedures.map(({ id }) => id)),
    'step or procedure': new Set([...steps, ...launch.procedures.map(({ id }) => id)]),
    role: new Set(launch.roles.map(({ id }) => id)),
    person: new Set(launch.people.map(({ id }) => id)),
    'role or person': new Set([...launch.roles, ...launch.people].map(({ id }) => id)),
    phase: new Set(launch.phases.map(({ id }) => id)),
    environment: new Set(launch.environments.map(({ id }) => id)),
    router: new Set(launch.routers.map(({ id }) => id)),
    'metric source': new Set(launch.metricSources.map(({ id }) => id)),
    datastore: new Set(launch.datastores.map(({ id }) => id)),
    secret: new Set(launch.secrets.map(({ id }) => id)),
  };
}

function idsOf(criterion: Criterion): string[] {
  return [criterion.id, ...criterion.children.flatMap(idsOf)];
}

function find(names: Names, launch: Launch, { target, name }: Reference): string | null {
  if (names[target].has(name)) return name;
  if (target !== 'person' && target !== 'role or person') return null;
  const folded = name.toLowerCase();
  return launch.people.find((person) => person.name.toLowerCase() === folded)?.id ?? null;
}

/** A phase is named by its id, or by an offset, which need not have a heading: `by=T+1h` makes the phase that it names. */
function phaseOf(launch: Launch, { name, at }: Reference): string | null {
  const known = launch.phases.find((phase) => phase.id === name);
  if (known !== undefined) return known.id;
  const offset = readOffset(name);
  if (offset === null) return null;
  const same = launch.phases.find((phase) => phase.offsetMs === offset.ms);
  if (same !== undefined) return same.id;
  const made: Phase = { id: offsetId(offset.ms), title: offset.text.toUpperCase(), offsetMs: offset.ms, at };
  launch.phases.push(made);
  return made.id;
}

function addUnknown(draft: Draft, names: Names, { use, target, name, at }: Reference): void {
  const known = names[target];
  addProblem(draft.problems, 'reference_unknown', at, {
    message: `${use} names a ${target} that does not exist`,
    expected: known.size === 0 ? `a ${target}; none is declared` : `one of ${[...known].slice(0, 12).join(', ')}`,
    got: name || 'nothing',
    hint: hintFor(name, known, `declare the ${target}, or correct the name`),
  });
}

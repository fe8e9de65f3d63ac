import type { Criterion, Launch } from '../launch/launch.ts';

/** The items in the order that the stream of numbers gives. */
export function shuffle<Item>(items: readonly Item[], random: Iterator<number>): Item[] {
  return items
    .map((item) => ({ item, key: Number(random.next().value) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Sets of a launch in another order: phases are a sequence and stay. */
export function shuffleSets(of: Launch, random: Iterator<number>): Launch {
  const gates = shuffle(of.gates, random).map((item) => ({
    ...item,
    roles: shuffle(item.roles, random),
    criteria: shuffleCriteria(item.criteria, random),
  }));
  const roles = shuffle(of.roles, random).map((role) => ({ ...role, people: shuffle(role.people, random) }));
  const { people, environments, scope, risks, dependencies } = of;
  return {
    ...of,
    gates,
    roles,
    people: shuffle(people, random),
    environments: shuffle(environments, random),
    scope: shuffle(scope, random),
    risks: shuffle(risks, random),
    dependencies: shuffle(dependencies, random),
  };
}

function shuffleCriteria(criteria: readonly Criterion[], random: Iterator<number>): Criterion[] {
  return shuffle(criteria, random).map((item) => ({ ...item, children: shuffleCriteria(item.children, random) }));
}

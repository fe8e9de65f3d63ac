import type { Launch, Phase } from '../../core/launch/launch.ts';

/**
 * Returns the launch in its canonical order: what is a set stands by id, so that moving it to another file, row or key changes nothing;
 * what is a sequence (criteria, steps, points of no return) stays as written.
 */
export function orderLaunch(launch: Launch): Launch {
  return {
    ...launch,
    dependencies: launch.dependencies.toSorted(byId),
    people: launch.people.toSorted(byId),
    roles: launch.roles.map((role) => ({ ...role, people: role.people.toSorted() })).toSorted(byId),
    environments: launch.environments
      .map((environment) => ({ ...environment, allow: environment.allow.toSorted() }))
      .toSorted(byId),
    secrets: launch.secrets.toSorted(byId),
    phases: orderPhases(launch.phases),
    gates: launch.gates.toSorted(byId),
    procedures: launch.procedures.toSorted(byId),
    scope: launch.scope.toSorted(byId),
    risks: launch.risks.toSorted(byId),
    metrics: launch.metrics.toSorted(byId),
    scenarios: launch.scenarios.toSorted(byId),
    datastores: launch.datastores.toSorted(byId),
    datasets: launch.datasets.toSorted(byId),
    imports: launch.imports.toSorted((a, b) => (a.dataset < b.dataset ? -1 : 1)),
    routers: launch.routers.toSorted(byId),
    metricSources: launch.metricSources.toSorted(byId),
    rollouts: launch.rollouts.toSorted(byId),
    objectives: launch.objectives.toSorted(byId),
    declarations: launch.declarations.toSorted((a, b) => (a.kind === b.kind ? byId(a, b) : a.kind < b.kind ? -1 : 1)),
  };
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** By offset; stages without one keep their order of declaration behind them, which is the order that gates compare them by. */
function orderPhases(phases: readonly Phase[]): Phase[] {
  return phases.toSorted((a, b) => (a.offsetMs ?? Infinity) - (b.offsetMs ?? Infinity) || 0);
}

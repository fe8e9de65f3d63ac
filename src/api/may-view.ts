import type { Identity } from '../engine/identity/identity.ts';
import { timeOf } from './admit.ts';
import type { ApiParts } from './api-parts.ts';
import type { HubEvent } from './events/event-hub.ts';
import { permitView } from './view-scene.ts';

/** Where somebody may look at runs. */
export interface View {
  /** Whether an event is one that they may see: of a run where they may look, or of the system for whoever may look anywhere. */
  shows(event: HubEvent): boolean;
  /** Whether they may look at some environment of a launch. */
  concerns(launch: string): boolean;
  /** Whether everything that this one shows is shown by the other, too. */
  within(other: View): boolean;
  /** Environments as `LAUNCH ENVIRONMENT`. */
  readonly places: ReadonlySet<string>;
}

/** Where an identity may look now, for a list or a stream. An account that stands for nobody and a token without the scope look nowhere. */
export async function readView(
  parts: ApiParts,
  { person, scopes }: Pick<Identity, 'person' | 'scopes'>,
): Promise<View> {
  if (person === null || (scopes !== null && !scopes.includes('run.view'))) return toView([]);
  const { nowMs } = await timeOf(parts);
  const served = await parts.launches.list();
  // While documents cannot be read, those before them say who may look: a stream must not lose events to a typing error.
  const asked = served.flatMap(({ plan, lastRead }) => {
    const launch = plan?.launch ?? lastRead;
    return launch === null ? [] : launch.environments.map(({ id: environment }) => ({ launch, environment }));
  });
  const places = await Promise.all(
    asked.map(async ({ launch, environment }) => {
      const verdict = await permitView(parts.store, launch, { person, permission: 'run.view', environment, nowMs });
      return verdict.allowed ? [{ launch: launch.id, environment }] : [];
    }),
  );
  return toView(places.flat());
}

function toView(found: readonly { launch: string; environment: string }[]): View {
  const places = new Set(found.map(({ launch, environment }) => `${launch} ${environment}`));
  const launches = new Set(found.map(({ launch }) => launch));
  return {
    places,
    // A run that nobody knows is shown to nobody: where it is cannot be told.
    shows: ({ event, launch, environment }) =>
      event.run === null && launch === null ? places.size > 0 : places.has(`${launch} ${environment}`),
    concerns: (launch) => launches.has(launch),
    within: (other) => [...places].every((place) => other.places.has(place)),
  };
}

import type { JsonObject } from '@tminus/verify';

import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext, RouterSession } from '../../../core/rollout/router-kind.ts';
import { openResource, textAt, valueAt } from '../open-cluster.ts';
import { refuseDrain } from '../refuse-drain.ts';
import { assertWeight } from '../weight-parts.ts';
import type { ArgoOptions } from './schema.ts';

/** Opens a session with a Rollout of Argo, whose own controller moves the traffic: it is told to go on, to go the whole way, or to go back. */
export async function openArgoSession(options: ArgoOptions, context: RouterContext): Promise<RouterSession> {
  const at = { group: 'apis/argoproj.io/v1alpha1', plural: 'rollouts', name: options.rollout };
  const rollout = await openResource(options, at, context);
  const set = async (weight: number): Promise<void> => {
    assertWeight(weight);
    const now = await rollout.read();
    const change = toChange(weight, now, options);
    if (change !== null) await rollout.patch(change, 'status');
    await rollout.until((resource) => {
      const refusal = refusalIn(resource);
      if (refusal !== null) return refusal;
      const got = weightIn(resource, options);
      return got === weight ? null : `expected weight ${weight}, got ${got}`;
    });
  };
  return {
    abilities: { sticky: false, loss: null, flips: false, drains: false, counts: false },
    async read() {
      const resource = await rollout.read();
      const refusal = refusalIn(resource);
      if (refusal !== null) throw new RouterTrouble('not_agreed', `rollouts/${options.rollout}: ${refusal}`);
      const weight = weightIn(resource, options);
      const detail = `Rollout ${options.namespace}/${options.rollout}: ${textAt(resource, 'status', 'phase') ?? 'no phase'}, canary ${weight} %`;
      return { atMs: context.now(), weight, requests: null, healthy: healthOf(resource), detail };
    },
    set,
    drain: refuseDrain('its controller scales an arm down by itself'),
    restore: (before) => set(before.weight),
    close: () => Promise.resolve(),
  };
}

/** What has to be said for a weight; null where nothing has. Only the weight of the next step can be reached by going on. */
function toChange(weight: number, resource: JsonObject, options: ArgoOptions): JsonObject | null {
  const now = weightIn(resource, options);
  if (weight === now && refusalIn(resource) === null) return null;
  if (isOver(resource))
    throw new RouterTrouble(
      'refused',
      `rollouts/${options.rollout}: expected one under way, got one that is over; what was the canary is stable now, and only its earlier revision goes back`,
    );
  if (weight === 0) return { status: { abort: true } };
  // An abort holds until it is taken back.
  if (weight === 100) return { status: { abort: false, promoteFull: true } };
  if (valueAt(resource, 'status', 'abort') === true)
    throw new RouterTrouble(
      'refused',
      `rollouts/${options.rollout}: expected one that goes on, got one that was aborted; a new candidate begins it again`,
    );
  const next = nextStep(resource);
  if (next !== weight)
    throw new RouterTrouble(
      'weight',
      `weight ${weight}: expected that of the next step of rollouts/${options.rollout}, ${next ?? 'which has none'}; declare phases as its steps`,
    );
  return { status: { pauseConditions: null } };
}

/** The weight of the next `setWeight` behind the step that stands; null behind the last. */
function nextStep(resource: JsonObject): number | null {
  const steps = valueAt(resource, 'spec', 'strategy', 'canary', 'steps');
  const index = Number(valueAt(resource, 'status', 'currentStepIndex') ?? 0);
  if (!Array.isArray(steps)) return null;
  for (const step of steps.slice(index)) {
    const weight = valueAt(step, 'setWeight');
    if (typeof weight === 'number') return weight;
  }
  return null;
}

/** What the controller says that it has set, not what it was told: without traffic routing it has no weights to tell. */
function weightIn(resource: JsonObject, { rollout }: ArgoOptions): number {
  // Behind the last step, what was the canary is the stable arm: everybody has it.
  if (isOver(resource)) return 100;
  const weight = valueAt(resource, 'status', 'canary', 'weights', 'canary', 'weight');
  if (typeof weight === 'number' && weight >= 0 && weight <= 100) return weight;
  // Behind the last step, what was the canary is the stable arm: everybody has it.
  const [stable, current] = [valueAt(resource, 'status', 'stableRS'), valueAt(resource, 'status', 'currentPodHash')];
  if (typeof stable === 'string' && stable === current && valueAt(resource, 'status', 'phase') === 'Healthy')
    return 100;
  throw new RouterTrouble(
    'no_weights',
    `rollouts/${rollout}: expected weights in its status, got none; it needs traffic routing`,
  );
}

function isOver(resource: JsonObject): boolean {
  const [stable, current] = [valueAt(resource, 'status', 'stableRS'), valueAt(resource, 'status', 'currentPodHash')];
  return typeof stable === 'string' && stable === current && valueAt(resource, 'status', 'phase') === 'Healthy';
}

/** A status of an earlier generation says nothing of this one. */
function refusalIn(resource: JsonObject): string | null {
  const wanted = textAt(resource, 'metadata', 'generation');
  const seen = textAt(resource, 'status', 'observedGeneration');
  return wanted !== null && wanted === seen
    ? null
    : `expected its controller to have seen generation ${wanted ?? 'of a number'}, got ${seen ?? 'none'}`;
}

function healthOf(resource: JsonObject): { stable: boolean | null; canary: boolean | null } {
  const ready = valueAt(resource, 'status', 'readyReplicas');
  return { stable: typeof ready === 'number' ? ready > 0 : null, canary: null };
}

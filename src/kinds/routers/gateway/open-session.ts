import type { JsonObject, JsonValue } from '@tminus/verify';

import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext, RouterSession } from '../../../core/rollout/router-kind.ts';
import { isObject } from '../../checks/parse-json.ts';
import { openResource, textAt, valueAt } from '../open-cluster.ts';
import type { ClusterResource } from '../open-cluster.ts';
import { refuseDrain } from '../refuse-drain.ts';
import { toWeightParts } from '../weight-parts.ts';
import type { GatewayOptions } from './schema.ts';

/** Largest weight of a backend (Gateway API, BackendRef). */
const largestWeight = 1_000_000;

/** Opens a session with an HTTPRoute. */
export async function openGatewaySession(options: GatewayOptions, context: RouterContext): Promise<RouterSession> {
  const at = { group: 'apis/gateway.networking.k8s.io/v1', plural: 'httproutes', name: options.route };
  const route = await openResource(options, at, context);
  const set = async (weight: number): Promise<void> => {
    const parts = toWeightParts(weight, { stable: 1, canary: 1 }, largestWeight);
    await patchRules(route, (now) => withWeights(now, options, parts));
    await route.until((resource) => {
      const [got, refusal] = [weightIn(resource, options), refusalIn(resource)];
      return got === weight ? refusal : `expected weight ${weight}, got ${got}`;
    });
  };
  return {
    abilities: { sticky: false, loss: null, flips: false, drains: false, counts: false },
    async read() {
      const resource = await route.read();
      const weight = weightIn(resource, options);
      const refusal = refusalIn(resource);
      // What the gateway has not taken over is no weight of requests.
      if (refusal !== null) throw new RouterTrouble('not_agreed', `httproutes/${options.route}: ${refusal}`);
      const detail = `HTTPRoute ${options.namespace}/${options.route}, rule ${options.rule}: ${options.canary} ${weight} %, accepted`;
      return { atMs: context.now(), weight, requests: null, healthy: { stable: null, canary: null }, detail };
    },
    set,
    drain: refuseDrain('a route knows no requests that are under way'),
    restore: (before) => set(before.weight),
    close: () => Promise.resolve(),
  };
}

/** Times that a change is made again because the resource has changed since it was read: gateways write its status whenever they like. */
const mostConflicts = 5;

/** A merge patch replaces lists whole: with the version that it was made from, it undoes nothing that somebody else did meanwhile. */
async function patchRules(route: ClusterResource, change: (resource: JsonObject) => JsonValue[]): Promise<void> {
  for (let round = 1; ; round += 1) {
    const now = await route.read();
    const resourceVersion = valueAt(now, 'metadata', 'resourceVersion') as string | null;
    try {
      await route.patch({ metadata: { resourceVersion }, spec: { rules: change(now) } }, 'spec');
      return;
    } catch (error) {
      const isConflict = error instanceof RouterTrouble && error.code === 'changed_meanwhile';
      if (!isConflict || round === mostConflicts) throw error;
    }
  }
}

interface Backend {
  name: string;
  weight: number;
}

/** Throws `RouterTrouble` where the rule has other backends than both arms: then no weight is the share of the canary. */
function weightIn(resource: JsonObject, options: GatewayOptions): number {
  const backends = backendsOf(resource, options);
  const names = backends
    .map(({ name }) => name)
    .toSorted()
    .join(', ');
  if (names !== [options.stable, options.canary].toSorted().join(', '))
    throw new RouterTrouble(
      'split_unclear',
      `httproutes/${options.route}: expected ${options.stable} and ${options.canary} only in rule ${options.rule}, got ${names || 'none'}`,
    );
  const weightOf = (name: string): number => backends.find((each) => each.name === name)?.weight ?? Number.NaN;
  const [ours, theirs] = [weightOf(options.canary), weightOf(options.stable)];
  if (ours + theirs > 0) return (100 * ours) / (ours + theirs);
  throw new RouterTrouble('no_weights', `httproutes/${options.route}: expected a backend with a weight, got none`);
}

function backendsOf(resource: JsonObject, { route, rule }: GatewayOptions): Backend[] {
  const list = valueAt(resource, 'spec', 'rules', Number(rule), 'backendRefs');
  if (!Array.isArray(list))
    throw new RouterTrouble('split_unclear', `httproutes/${route}: expected backends in rule ${rule}, got none`);
  return list.map((entry) => {
    const weight = valueAt(entry, 'weight') ?? 1;
    if (typeof weight !== 'number')
      throw new RouterTrouble('unreadable', `httproutes/${route}: expected a number as weight`);
    return { name: textAt(entry, 'name') ?? '', weight };
  });
}

/** All rules as they are, but for both weights. */
function withWeights(
  resource: JsonObject,
  options: GatewayOptions,
  parts: { stable: number; canary: number },
): JsonValue[] {
  // Asked first, so that no rule is written that holds a third backend.
  weightIn(resource, options);
  const rules = valueAt(resource, 'spec', 'rules') as JsonValue[];
  return rules.map((rule, at) => {
    if (at !== Number(options.rule) || !isObject(rule)) return rule;
    const backends = rule['backendRefs'] as JsonObject[];
    const weightOf = ({ name }: JsonObject): number => (name === options.canary ? parts.canary : parts.stable);
    return { ...rule, backendRefs: backends.map((each) => ({ ...each, weight: weightOf(each) })) };
  });
}

/** Every gateway that the route belongs to has to have taken over this very generation. */
function refusalIn(resource: JsonObject): string | null {
  const generation = textAt(resource, 'metadata', 'generation') ?? 'of a number';
  const parents = valueAt(resource, 'status', 'parents');
  if (!Array.isArray(parents) || parents.length === 0) return 'expected a gateway that has accepted it, got none';
  for (const parent of parents)
    for (const type of ['Accepted', 'ResolvedRefs']) {
      const conditions = (valueAt(parent, 'conditions') ?? []) as JsonObject[];
      const condition = conditions.find((each) => each['type'] === type);
      const isDone = condition?.['status'] === 'True' && Number(condition['observedGeneration']) >= Number(generation);
      if (!isDone)
        return `expected ${type} of generation ${generation} at every gateway, got ${textAt(condition, 'reason') ?? 'nothing'} of ${textAt(condition, 'observedGeneration') ?? 'none'}`;
    }
  return null;
}

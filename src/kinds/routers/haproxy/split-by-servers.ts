import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import { toWeightParts } from '../weight-parts.ts';
import type { Arms } from './open-session.ts';
import type { ServerLine } from './parse-answers.ts';
import type { HaproxyOptions } from './schema.ts';

/** Largest weight that HAProxy knows. */
const largestWeight = 256;

/** Returns the share of the canary by the weights of servers that get requests. Throws `RouterTrouble` where none does. */
export function serversWeight(backend: string, { stable, canary }: Arms): number {
  const [ours, theirs] = [sumOf(canary), sumOf(stable)];
  if (ours + theirs > 0) return (100 * ours) / (ours + theirs);
  throw new RouterTrouble('no_weights', `${backend}: expected a server with a weight, got none in either arm`);
}

/**
 * Returns the commands that set a weight. What rises comes first: were both arms at 0 for an instant, requests would be refused in it.
 */
export function weightCommands(weight: number, { backend }: HaproxyOptions, { stable, canary }: Arms): string[] {
  const parts = toWeightParts(weight, { stable: stable.length, canary: canary.length }, largestWeight);
  const changes = [
    ...canary.map(({ name, weight: from }) => ({ name, from, to: parts.canary })),
    ...stable.map(({ name, weight: from }) => ({ name, from, to: parts.stable })),
  ];
  return changes
    .toSorted((a, b) => Number(a.to < a.from) - Number(b.to < b.from))
    .map(({ name, to }) => `set weight ${backend}/${name} ${to}`);
}

function sumOf(servers: readonly ServerLine[]): number {
  return servers.reduce((total, { weight, isOut }) => total + (isOut ? 0 : weight), 0);
}

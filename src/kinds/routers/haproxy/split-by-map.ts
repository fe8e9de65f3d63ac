import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import { assertWeight } from '../weight-parts.ts';
import type { HaproxyBackend } from './open-session.ts';
import { parseMapValue } from './parse-answers.ts';

/** Returns the weight that the map holds. Throws `RouterTrouble` where it holds none. */
export async function readMapWeight({ options, ask }: HaproxyBackend): Promise<number> {
  const value = parseMapValue(await ask(`show map ${options.map}`), options.mapKey);
  const buckets = Number(options.buckets);
  if (value !== null && /^\d+$/.test(value) && Number(value) <= buckets) return (100 * Number(value)) / buckets;
  throw new RouterTrouble(
    'map_unreadable',
    `${options.map}: expected ${options.mapKey} to be a whole number up to ${buckets}, got ${value ?? 'nothing'}`,
  );
}

/** Returns the command that sets a weight. Throws `RouterTrouble` where the buckets cannot say it. */
export async function mapCommands(weight: number, { options, ask }: HaproxyBackend): Promise<string[]> {
  assertWeight(weight);
  const buckets = Number(options.buckets);
  const value = Math.round(weight * buckets * 1e6) / 1e8;
  if (!Number.isInteger(value))
    throw new RouterTrouble(
      'weight',
      `weight ${weight}: expected one that ${buckets} buckets can say; choose a rounder one`,
    );
  const isThere = parseMapValue(await ask(`show map ${options.map}`), options.mapKey) !== null;
  return [`${isThere ? 'set' : 'add'} map ${options.map} ${options.mapKey} ${value}`];
}

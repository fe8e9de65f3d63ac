import { RouterTrouble } from '../../core/rollout/router-kind.ts';

/** Whole numbers whose ratio is a weight. */
export interface WeightParts {
  canary: number;
  stable: number;
}

/** Throws `RouterTrouble` where a weight is no percentage. */
export function assertWeight(weight: number): void {
  if (!(weight >= 0 && weight <= 100))
    throw new RouterTrouble('weight', `weight: expected a percentage from 0 to 100, got ${weight}`);
}

/**
 * Returns the smallest whole numbers, none above `largest`, by which `servers` of both arms have the weight: each server of an arm gets its number. Throws
 * `RouterTrouble` where there are none that are exact: a router must not be told another weight than the document says.
 */
export function toWeightParts(weight: number, servers: WeightParts, largest: number): WeightParts {
  assertWeight(weight);
  if (weight === 0) return { canary: 0, stable: Math.min(100, largest) };
  if (weight === 100) return { canary: Math.min(100, largest), stable: 0 };
  // Percent with up to six decimals as whole numbers, so that no rounding of fractions gets in between.
  const scaled = Math.round(weight * 1e6);
  const [canary, stable] = [scaled * servers.stable, (1e8 - scaled) * servers.canary];
  const factor = divisorOf(canary, stable);
  const parts = { canary: canary / factor, stable: stable / factor };
  if (parts.canary <= largest && parts.stable <= largest) return keepPercent(weight, servers, parts);
  throw new RouterTrouble(
    'weight',
    `weight ${weight}: expected one that whole numbers up to ${largest} can say, got ${parts.canary} to ${parts.stable}; choose a rounder one`,
  );
}

/** One server on each side: 5 and 95 say more to whoever looks at the router than 1 and 19. */
function keepPercent(weight: number, servers: WeightParts, parts: WeightParts): WeightParts {
  const isPlain = Number.isInteger(weight) && servers.canary === 1 && servers.stable === 1;
  return isPlain ? { canary: weight, stable: 100 - weight } : parts;
}

function divisorOf(a: number, b: number): number {
  return b === 0 ? a : divisorOf(b, a % b);
}

import { capFalls, capRises } from './ratios.ts';
import { logMeanExp } from './split.ts';
import type { ArmCounts } from './split.ts';

/** Logarithm of the evidence that a share of bad events lies above the cap: a likelihood of higher shares over that of the cap, valid at every look. */
export function logAboveCap(counts: ArmCounts, cap: number, dispersion: number): number {
  return logOver(counts, cap, { multiples: capRises, dispersion });
}

/** Logarithm of the evidence that a share of bad events lies below the cap. */
export function logBelowCap(counts: ArmCounts, cap: number, dispersion: number): number {
  return logOver(counts, cap, { multiples: capFalls, dispersion });
}

function logOver(
  { total, bad }: ArmCounts,
  cap: number,
  { multiples, dispersion }: { multiples: readonly number[]; dispersion: number },
): number {
  // Above a cap of 100 % there is nothing, and below 0 neither.
  if (!(cap > 0 && cap < 1)) return -Infinity;
  const possible = multiples.filter((multiple) => multiple * cap < 1);
  return logMeanExp(
    possible.map(
      (multiple) =>
        (bad * Math.log(multiple) + (total - bad) * Math.log((1 - cap * multiple) / (1 - cap))) / dispersion,
    ),
  );
}

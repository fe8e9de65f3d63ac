import type { Measure } from './rollout.ts';

/** How many times worse than the margin a canary may be: what the evidence against it is spread over. */
const rises = [1.25, 1.5, 2, 3, 5, 10, 20];

/** How far below the excluded ratio a canary may be: what the evidence for it is spread over. */
const falls = [0.8, 2 / 3, 0.5, 1 / 3, 0.2, 0.1, 0.05];

/** Ratios that are asked whether the counts still allow them, from a tenth to thirtyfold. */
const asked = Array.from({ length: 21 }, (_, index) => 0.1 * (4 / 3) ** index);

/** The ratios of canary to stable at which likelihoods of one measure are kept; the first of `fail` and of `pass` is the limit itself. */
export interface Ratios {
  fail: readonly number[];
  pass: readonly number[];
  asked: readonly number[];
}

/** Returns the ratios of a measure: they follow from its margin and from what it excludes, and from nothing seen. */
export function ratiosOf({ margin, exclude }: Pick<Measure, 'margin' | 'exclude'>): Ratios {
  return {
    fail: [margin, ...rises.map((rise) => margin * rise)],
    pass: [exclude, ...falls.map((fall) => exclude * fall)],
    asked,
  };
}

/** Multiples of a rate that evidence about a cap is spread over, upwards and downwards. */
export const capRises: readonly number[] = rises;
export const capFalls: readonly number[] = falls;

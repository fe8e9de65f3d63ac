import type { ReconcileReport } from './reconcile-report.ts';

/** Returns why a comparison did not see everything, or null: rows that came are held against those that were counted, because reading that broke off on both sides alike looks like two equal tables. */
export function describePartial(
  counted: ReconcileReport['counts'],
  read: { source: number; target: number },
): string | null {
  const sides = (['source', 'target'] as const).filter((side) => counted[side] !== read[side]);
  const [side] = sides;
  return side === undefined
    ? null
    : `${side}: counted ${counted[side]} rows, and read ${read[side]}; it changed meanwhile, or was not read whole`;
}

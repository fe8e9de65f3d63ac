import type { Share } from './share.ts';
import { Unreadable } from '../unreadable.ts';

/** Throws `Unreadable` where a declared count is not the one added up. `NaN` is how MATLAB writes that nothing was measured. */
export function refuseCount(label: string, attribute: string, declared: string | undefined, counted: number): void {
  if (declared === undefined || (declared === 'NaN' && counted === 0)) return;
  if (!/^\d{1,15}$/.test(declared) || Number(declared) !== counted)
    disagree(label, `${attribute}=${declared}`, String(counted));
}

/**
 * Throws `Unreadable` where a declared rate is further from the lines than rounding or cutting goes: one unit of its last digit where
 * it has four or more, 0.01 where it has fewer (`0.6`, `1`, `66.7 %` are all written). A rate of nothing says nothing.
 */
export function refuseRate(label: string, attribute: string, declared: string | undefined, share: Share): void {
  if (declared === undefined || share.total === 0) return;
  const rate = /^\d+(\.\d+)?(e-\d+)?$/i.test(declared) ? Number(declared) : Number.NaN;
  const digits = declared.split('.')[1]?.length ?? 0;
  const tolerance = digits >= 4 ? 0.0001 : 0.01;
  const counted = share.covered / share.total;
  if (!(Math.abs(rate - counted) <= tolerance)) disagree(label, `${attribute}=${declared}`, counted.toFixed(4));
}

function disagree(label: string, declared: string, counted: string): never {
  throw new Unreadable('totals_disagree', `${label} declares ${declared}, its lines add up to ${counted}`);
}

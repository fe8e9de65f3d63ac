import type { StepAction } from '../launch/launch.ts';
import type { Pause } from './plan.ts';

const unitMs: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * What an action only waits for: `for: 30m`, `until: T+1h` or an instant, as the step kind `wait` has validated it. Null for every other action, and for a wait
 * that asks a check, which a worker does.
 */
export function pauseOf({ kind, spec }: Pick<StepAction, 'kind' | 'spec'>): Pause | null {
  if (kind !== 'wait' || spec === null) return null;
  const { for: length, until } = spec;
  if (typeof length === 'string') return { kind: 'for', ms: lengthOf(length) };
  if (typeof until !== 'string') return null;
  const sign = until.startsWith('T-') ? -1 : 1;
  return /^T[+-]/.test(until)
    ? { kind: 'until-offset', offsetMs: sign * lengthOf(until.slice(2)) }
    : { kind: 'until', atMs: Date.parse(until) };
}

/** The sum of `1h 30m`. */
function lengthOf(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h|d|w)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ''] ?? 0), 0);
}

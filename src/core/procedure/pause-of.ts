import type { StepAction } from '../launch/launch.ts';
import type { Pause } from './plan.ts';

const unitMs: { [unit: string]: number } = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** What a `wait` step waits for where that is time alone: a length, an instant or an offset of the count. Null for every other step, and for a wait that asks a check. */
export function pauseOf(action: StepAction | null): Pause | null {
  if (action?.kind !== 'wait' || action.spec === null) return null;
  const { for: length, until } = action.spec;
  if (typeof length === 'string') {
    const ms = lengthMs(length);
    return ms === null ? null : { kind: 'for', ms };
  }
  return typeof until === 'string' ? pauseUntil(until) : null;
}

function pauseUntil(until: string): Pause | null {
  const [, sign, length = ''] = /^T([+-])(.+)$/.exec(until) ?? [];
  if (sign === undefined) {
    const atMs = Date.parse(until);
    return Number.isNaN(atMs) ? null : { kind: 'until', atMs };
  }
  const ms = lengthMs(length);
  if (ms === null) return null;
  // T-0s is T-0: a negative zero would be written down as another number than it is compared as.
  return { kind: 'until-offset', offsetMs: sign === '-' && ms > 0 ? -ms : ms };
}

/** `2h`, `1h 30m`; null for what is no length. */
function lengthMs(text: string): number | null {
  const parts = text.trim().split(/\s+|(?<=[a-z])(?=\d)/);
  let sum = 0;
  for (const part of parts) {
    const [, amount, unit = ''] = /^(\d+)(ms|s|m|h|d|w)$/.exec(part) ?? [];
    if (amount === undefined) return null;
    sum += Number(amount) * (unitMs[unit] ?? Number.NaN);
  }
  return sum;
}

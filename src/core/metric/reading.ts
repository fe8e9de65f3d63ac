/** What a collector brought: a number that was counted or measured, or why there is none. Nothing is ever zero because it could not be read. */
export type Reading =
  | {
      state: 'known';
      value: number;
      /** What it was counted from, in plain words. */
      from: string;
    }
  | {
      state: 'unknown';
      /** `no_data`: there is nothing to count yet. `failed`: it could not be read. `absent`: this installation has no such part. */
      why: 'no_data' | 'failed' | 'absent';
      reason: string;
    };

/** A number that was read; one that is no finite number is a collector that failed. */
export function known(value: number, from: string): Reading {
  if (Number.isFinite(value)) return { state: 'known', value, from };
  return { state: 'unknown', why: 'failed', reason: `${from}: expected a finite number, got ${value}` };
}

/** Nothing was there to count. */
export function noData(reason: string): Reading {
  return { state: 'unknown', why: 'no_data', reason };
}

/** A part of a whole in percent; nothing where the whole is empty, because a share of nothing is no number. */
export function shareOf(part: number, whole: number, of: string): Reading {
  return whole === 0 ? noData(`no ${of}`) : known((100 * part) / whole, `${part} of ${whole} ${of}`);
}

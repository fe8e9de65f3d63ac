import { closest } from 'fastest-levenshtein';

import type { JsonObject } from '@tminus/verify';

import type { Fence, ReadFence } from '../../core/check/check.ts';

type FenceFault = Extract<ReadFence, { ok: false }>['faults'][number];

/** Line of the info string, seen from the first line of the fence's text. */
export const infoLine = -1;

/** The attributes of the info string as a written spec, digits as numbers, or a fault for each that the fence does not have. */
export function readAttributes(fence: Fence, known: readonly string[]): { spec: JsonObject; faults: FenceFault[] } {
  const names = Object.keys(fence.attributes);
  const faults = names
    .filter((name) => !known.includes(name))
    .map((name): FenceFault => {
      const hint = known.length === 0 ? 'remove it' : `did you mean ${closest(name, known)}?`;
      return {
        line: infoLine,
        column: 1,
        expected: known.length === 0 ? 'no attribute' : `one of ${known.join(', ')}`,
        got: name,
        hint,
      };
    });
  const entries = Object.entries(fence.attributes).map(
    ([name, value]) => [name, /^\d{1,15}$/.test(value) ? Number(value) : value] as const,
  );
  return { spec: Object.fromEntries(entries), faults };
}

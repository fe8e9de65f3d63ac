import type { JsonObject } from '@tminus/verify';

/** Where a shift is, and which one it is. */
export interface PlaceOfShift {
  shift: string;
  launch: string;
  environment: string;
}

/** Returns the place that an event of a shift names itself, because a shift is no run; undefined for every other event. */
export function placeOfShift({ type, body }: { type: string; body: JsonObject }): PlaceOfShift | undefined {
  const { shift, launch, environment } = body;
  if (!type.startsWith('rollout.') || typeof shift !== 'string') return undefined;
  if (typeof launch !== 'string' || typeof environment !== 'string') return undefined;
  return { shift, launch, environment };
}

import type { Grant } from './grant.ts';

/** How the id of an approval begins that is none: a break-glass grant stands in its place. */
export const breakGlassPrefix = 'break-glass/';

/** The person who answers for a run in the place of an approval; null for every ordinary approval. */
export function bypasserOf(approval: string | null, grants: readonly Grant[]): string | null {
  if (!approval?.startsWith(breakGlassPrefix)) return null;
  const id = approval.slice(breakGlassPrefix.length);
  return grants.find((grant) => grant.id === id && grant.breakGlass !== null)?.holder.id ?? null;
}

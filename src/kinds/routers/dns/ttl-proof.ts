/** What was seen of the time to live of a record. Kept in a file, since it has to be seen for longer than any process lives. */
export interface TtlProof {
  name: string;
  /** Since when no larger one than the declared was seen; null while one is. */
  lowSinceMs: number | null;
  /** The last larger one. */
  larger: { ttl: number; atMs: number } | null;
}

/** Returns the proof with one more look in it. Seconds. */
export function noteTtl(proof: TtlProof, seen: { ttl: number; atMs: number }, declared: number): TtlProof {
  if (seen.ttl > declared) return { ...proof, lowSinceMs: null, larger: seen };
  return { ...proof, lowSinceMs: proof.lowSinceMs ?? seen.atMs };
}

/**
 * Returns why a flip must wait, or null where every answer with the old time to live has run out: a resolver that asked a moment before it was lowered keeps its
 * answer for the old time, whatever the server says now.
 */
export function ttlRefusal(proof: TtlProof, at: { nowMs: number; ttl: number; oldTtl: number }): string | null {
  if (proof.lowSinceMs === null)
    return `expected a ttl of at most ${at.ttl} s, got ${proof.larger === null ? 'none' : `${proof.larger.ttl} s`}; lower it, and wait as long as the old one was`;
  const waitS = Math.max(at.oldTtl, proof.larger?.ttl ?? 0);
  const freeAtMs = proof.lowSinceMs + waitS * 1000;
  if (at.nowMs >= freeAtMs) return null;
  return `expected the ttl to be at most ${at.ttl} s for ${waitS} s, got it so since ${new Date(proof.lowSinceMs).toISOString()}; try again after ${new Date(freeAtMs).toISOString()}`;
}

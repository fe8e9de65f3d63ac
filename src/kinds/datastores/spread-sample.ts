/** Returns up to `count` whole numbers between `low` and `high`, spread evenly and moved by `seed`: the same for the same three. */
export function spreadPoints(low: bigint, high: bigint, count: number, seed: number): bigint[] {
  const span = high - low + 1n;
  if (span <= BigInt(count)) return Array.from({ length: Number(span) }, (_, at) => low + BigInt(at));
  const next = createNumbers(seed);
  // One random point in each of as many equal parts.
  return Array.from({ length: count }, (_, at) => {
    const from = low + (span * BigInt(at)) / BigInt(count);
    const to = low + (span * BigInt(at + 1)) / BigInt(count);
    return from + ((to - from) * BigInt(next())) / 4_294_967_296n;
  });
}

/** Numbers of 32 bits that look random (mulberry32). */
function createNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** What the Mann-Whitney test says of two samples: what Kayenta asks, and no rollout of ours does. */
export interface MannWhitney {
  /** Pairs in which the first is greater, ties counted half. */
  u: number;
  /** Two-sided: by the normal distribution, corrected for ties and continuity. */
  pValue: number;
}

/** Returns whether two samples differ in place (Mann and Whitney 1947). Equal or constant samples do not differ; an empty one says nothing, which is a p-value of 1. */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney {
  const [n, m] = [first.length, second.length];
  const { rankSum, ties } = rankOf(first, second);
  const u = rankSum - (n * (n + 1)) / 2;
  const all = n + m;
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  if (!(variance > 0)) return { u, pValue: 1 };
  const away = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return { u, pValue: Math.min(1, 2 * upperTail(away / Math.sqrt(variance))) };
}

/** Sum of the mid-ranks of the first sample, and the sum of `t^3 - t` over all ties. */
function rankOf(first: readonly number[], second: readonly number[]): { rankSum: number; ties: number } {
  const all = [...first.map((value) => ({ value, own: 1 })), ...second.map((value) => ({ value, own: 0 }))];
  all.sort((a, b) => a.value - b.value);
  let [rankSum, ties, from] = [0, 0, 0];
  while (from < all.length) {
    let to = from;
    while (to < all.length && all[to]!.value === all[from]!.value) to += 1;
    const count = to - from;
    for (let index = from; index < to; index += 1) rankSum += all[index]!.own * ((from + 1 + to) / 2);
    ties += count ** 3 - count;
    from = to;
  }
  return { rankSum, ties };
}

/** Returns the median of all differences of pairs and its confidence interval (Hodges and Lehmann 1963, Moses). */
export function hodgesLehmann(
  first: readonly number[],
  second: readonly number[],
  confidence: number,
): { shift: number; low: number; high: number } {
  const differences = Float64Array.from(first.flatMap((value) => second.map((other) => value - other))).toSorted();
  const pairs = differences.length;
  if (pairs === 0) return { shift: Number.NaN, low: -Infinity, high: Infinity };
  const [n, m] = [first.length, second.length];
  const spread = quantile((1 + confidence) / 2) * Math.sqrt((pairs * (n + m + 1)) / 12);
  const cut = Math.floor(pairs / 2 - spread);
  const shift = (differences[Math.floor((pairs - 1) / 2)]! + differences[Math.ceil((pairs - 1) / 2)]!) / 2;
  if (cut < 1) return { shift, low: -Infinity, high: Infinity };
  return { shift, low: differences[cut - 1]!, high: differences[pairs - cut]! };
}

/** Chance that a standard normal is greater, for 0 and more: by its power series near 0, by a continued fraction beyond. */
function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let odd = 3; Math.abs(term) > 1e-17 * sum; odd += 2) {
      term *= (z * z) / odd;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let step = 60; step >= 1; step -= 1) fraction = z + step / fraction;
  return density / fraction;
}

/** The standard normal below which this share lies, by bisection: its tail is monotone. */
function quantile(share: number): number {
  let [low, high] = [0, 40];
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (1 - upperTail(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

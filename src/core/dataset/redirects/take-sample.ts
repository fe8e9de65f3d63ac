/** Returns up to `size` of the items, in their order: all where there are no more, else those that the seed chooses, the same each time. */
export function takeSample<Item>(items: readonly Item[], size: number, seed: number): Item[] {
  if (items.length <= size) return [...items];
  const next = createNumbers(seed);
  const indexes = items.map((_, index) => index);
  for (let at = 0; at < size; at += 1) {
    const other = at + Math.floor(next() * (indexes.length - at));
    const kept = indexes[at]!;
    indexes[at] = indexes[other]!;
    indexes[other] = kept;
  }
  return indexes
    .slice(0, size)
    .toSorted((a, b) => a - b)
    .map((index) => items[index]!);
}

/** Numbers from 0 to below 1, by the generator SplitMix32. */
function createNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

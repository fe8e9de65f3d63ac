/** What came out of a decoding, and the way back to what was written. */
export interface Layer {
  bytes: Buffer;
  /** Names of the decodings that led here, the outermost first; empty for what was written. */
  path: readonly string[];
  /** How many steps of the depth that took: packed content is always written in some code, and both are one step. */
  level: number;
  /** Where in what was written the byte at `index` comes from. */
  originOf: (index: number) => number;
}

/** A stretch that was decoded, with the index in the layer it was decoded from for each of its own. */
export interface Decoded {
  bytes: Uint8Array;
  sourceOf: (index: number) => number;
}

const separator = Buffer.from([0xff, 0xff]);

/** One layer of all stretches that a decoding brought out, kept apart by bytes that no encoding and no text has; null where there are none. */
export function joinDecoded(parent: Layer, names: readonly string[], stretches: readonly Decoded[]): Layer | null {
  if (stretches.length === 0) return null;
  const begins: number[] = [];
  let length = 0;
  for (const { bytes } of stretches) {
    begins.push(length);
    length += bytes.length + separator.length;
  }
  return {
    bytes: Buffer.concat(stretches.flatMap(({ bytes }) => [bytes, separator])),
    path: [...parent.path, ...names],
    level: parent.level + 1,
    originOf(index) {
      const at = lastAtMost(begins, index);
      const { bytes, sourceOf } = stretches[at]!;
      return parent.originOf(sourceOf(Math.min(index - begins[at]!, bytes.length - 1)));
    },
  };
}

function lastAtMost(begins: readonly number[], index: number): number {
  let low = 0;
  let high = begins.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (begins[middle]! <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

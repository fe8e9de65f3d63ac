/**
 * Calls back for each line of a file with its bytes (without the newline) and index, and returns how many there were.
 * The lines are views: a log of a million entries is never held twice.
 */
export function splitLines(bytes: Uint8Array, each: (line: Uint8Array, index: number) => void): number {
  let start = 0;
  let index = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    each(bytes.subarray(start, end), index);
    start = end + 1;
    index += 1;
  }
  return index;
}

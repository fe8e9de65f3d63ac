/** A keyed digest of a text (HMAC-SHA-256): who does not have the key cannot reckon back. */
export type Mac = (text: string) => Uint8Array;

const rounds = 4;

/**
 * Returns a number of `[0, size)` for one of them: a keyed permutation, so that no two meet, and without fixed points where size is above 1, so that none stays.
 * A Feistel network over the next power of four, walked until it is inside (format-preserving encryption; Black and Rogaway 2002, "Cycle-Walking Cipher").
 */
export function permute(value: bigint, size: bigint, mac: Mac): bigint {
  if (size <= 1n) return value;
  const half = BigInt(Math.ceil((size - 1n).toString(2).length / 2));
  const mask = (1n << half) - 1n;
  const mix = (right: bigint, round: number): bigint => toNumber(mac(`${round}:${right}`)) & mask;
  const forward = (x: bigint): bigint => walk(x, size, (at) => feistel(at, half, mix));
  const backward = (x: bigint): bigint => walk(x, size, (at) => unfeistel(at, half, mix));
  // The conjugate of a shift by one has no fixed point.
  return backward((forward(value) + 1n) % size);
}

function walk(from: bigint, size: bigint, step: (at: bigint) => bigint): bigint {
  let at = step(from);
  while (at >= size) at = step(at);
  return at;
}

type Mix = (half: bigint, round: number) => bigint;

function feistel(value: bigint, half: bigint, mix: Mix): bigint {
  let [left, right] = [value >> half, value & ((1n << half) - 1n)];
  for (let round = 0; round < rounds; round += 1) [left, right] = [right, left ^ mix(right, round)];
  return (left << half) | right;
}

function unfeistel(value: bigint, half: bigint, mix: Mix): bigint {
  let [left, right] = [value >> half, value & ((1n << half) - 1n)];
  for (let round = rounds - 1; round >= 0; round -= 1) [left, right] = [right ^ mix(left, round), left];
  return (left << half) | right;
}

function toNumber(bytes: Uint8Array): bigint {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return number;
}

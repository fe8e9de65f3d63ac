/** Which keys were seen, at 16 bytes for each, however many. */
export interface KeySet {
  add(key: string): void;
  has(key: string): boolean;
  size(): number;
}

/** Returns an empty set. Keys are told apart by 53 bits of a hash: of 10 million keys, one that is missing is taken for present once in a billion. */
export function createKeySet(): KeySet {
  let table = new Float64Array(1024);
  let count = 0;
  const grow = (): void => {
    const larger = new Float64Array(table.length * 2);
    for (const hash of table) if (hash !== 0) insert(larger, hash);
    table = larger;
  };
  return {
    add(key) {
      if (insert(table, hashKey(key))) count += 1;
      if (count * 2 > table.length) grow();
    },
    has(key) {
      const hash = hashKey(key);
      let slot = hash % table.length;
      while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) % table.length;
      return table[slot] === hash;
    },
    size: () => count,
  };
}

function insert(into: Float64Array, hash: number): boolean {
  let slot = hash % into.length;
  while (into[slot] !== 0 && into[slot] !== hash) slot = (slot + 1) % into.length;
  const isNew = into[slot] === 0;
  into[slot] = hash;
  return isNew;
}

/** Returns 53 bits of a text, never 0: two rounds of multiplying and mixing with different primes, one for each half. */
function hashKey(text: string): number {
  let high = 0x9e3779b1;
  let low = 0x85ebca6b;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x27d4eb2f);
    low = Math.imul(low ^ code, 0x165667b1);
  }
  high = mix(high ^ (low >>> 13));
  low = mix(low ^ (high >>> 11));
  return ((high >>> 0) & 0x1fffff) * 4_294_967_296 + (low >>> 0) || 1;
}

function mix(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

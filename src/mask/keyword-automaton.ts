import type { SqueezedText } from './squeeze.ts';

/** Aho-Corasick over all keywords as one table: next state by state and byte class. */
export interface KeywordAutomaton {
  classOf: Uint8Array;
  classes: number;
  /** Next state, premultiplied by the number of classes. */
  next: Int32Array;
  /** For each state the keywords that end there. */
  ends: readonly (readonly number[])[];
  /** States from here on (premultiplied) end a keyword; all others can be passed over without a look. */
  firstEnding: number;
  lengths: readonly number[];
}

interface Trie {
  children: Map<number, number>[];
  ends: number[][];
}

/** The automaton that finds every keyword in one pass, one table step a byte (Aho and Corasick 1975). */
export function buildKeywordAutomaton(keywords: readonly Uint8Array[]): KeywordAutomaton {
  const classOf = new Uint8Array(256);
  let classes = 1;
  for (const keyword of keywords) for (const byte of keyword) if (classOf[byte] === 0) classOf[byte] = classes++;
  const trie = buildTrie(keywords, classOf);
  const rows = completeTrie(trie, classes);
  const order = rows.map((_, state) => state).toSorted((left, right) => rank(trie, left) - rank(trie, right));
  const renamed = new Int32Array(rows.length);
  order.forEach((state, position) => (renamed[state] = position * classes));
  const next = new Int32Array(rows.length * classes);
  order.forEach((state, position) =>
    rows[state]!.forEach((target, byteClass) => (next[position * classes + byteClass] = renamed[target]!)),
  );
  return {
    classOf,
    classes,
    next,
    ends: order.map((state) => trie.ends[state] ?? []),
    firstEnding: order.filter((state) => rank(trie, state) === 0).length * classes,
    lengths: keywords.map((keyword) => keyword.length),
  };
}

function rank(trie: Trie, state: number): number {
  return (trie.ends[state]?.length ?? 0) === 0 ? 0 : 1;
}

function buildTrie(keywords: readonly Uint8Array[], classOf: Uint8Array): Trie {
  const trie: Trie = { children: [new Map()], ends: [[]] };
  keywords.forEach((keyword, index) => {
    let state = 0;
    for (const byte of keyword) {
      const known = trie.children[state]?.get(classOf[byte]!);
      const target = known ?? trie.children.push(new Map()) - 1;
      if (known === undefined) {
        trie.ends.push([]);
        trie.children[state]?.set(classOf[byte]!, target);
      }
      state = target;
    }
    trie.ends[state]?.push(index);
  });
  return trie;
}

/** Fills in where each state goes on every class; a state also ends what its longest proper suffix ends. */
function completeTrie({ children, ends }: Trie, classes: number): Int32Array[] {
  const rows = children.map(() => new Int32Array(classes));
  const fail = new Int32Array(children.length);
  const queue = [0];
  for (const state of queue) {
    if (state !== 0) rows[state]!.set(rows[fail[state]!]!);
    for (const [byteClass, child] of children[state] ?? []) {
      fail[child] = state === 0 ? 0 : rows[fail[state]!]![byteClass]!;
      ends[child]?.push(...(ends[fail[child]] ?? []));
      queue.push(child);
    }
    for (const [byteClass, child] of children[state] ?? []) rows[state]![byteClass] = child;
  }
  return rows;
}

/** Calls `found` with each keyword and the squeezed index at which it begins, in the order of their ends. */
export function findKeywords(
  automaton: KeywordAutomaton,
  { bytes, length }: SqueezedText,
  found: (keyword: number, start: number) => void,
): void {
  const { next, classOf, firstEnding, ends, lengths, classes } = automaton;
  let state = 0;
  for (let at = 0; at < length; at += 1) {
    state = next[state + classOf[bytes[at]!]!]!;
    if (state < firstEnding) continue;
    for (const keyword of ends[state / classes]!) found(keyword, at - lengths[keyword]! + 1);
  }
}

import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const mebibyte = 1024 * 1024;

/** What a step may do to the process that carries it out: a word, and how much of it. Each returns what was seen. */
const strains: { [word: string]: (amount: number) => string | Promise<string> } = {
  /** Lets the event loop stand still for so many milliseconds: no timer, no answer of the database. */
  block(ms) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    return `blocked ${ms} ms`;
  },
  /** Takes so many MiB of memory outside of the heap, for a moment. */
  hog(count) {
    const taken = Array.from({ length: count }, () => Buffer.alloc(mebibyte, 1));
    return `held ${taken.length} MiB`;
  },
  /** Takes so many MiB of the heap, for a moment. */
  heap(count) {
    const taken = Array.from({ length: count }, (_, nr) => Array.from({ length: mebibyte / 8 }, () => nr + 0.5));
    return `held ${taken.length} MiB of heap`;
  },
  /** Takes all file descriptors that there are, for so many milliseconds. */
  async descriptors(ms) {
    const taken: number[] = [];
    let refused = '';
    while (refused === '' && taken.length < 100_000) {
      try {
        taken.push(openSync('/dev/null', 'r'));
      } catch (error) {
        refused = (error as NodeJS.ErrnoException).code ?? String(error);
      }
    }
    await pause(ms);
    for (const descriptor of taken) closeSync(descriptor);
    return `held ${taken.length} descriptors, then ${refused}`;
  },
};

/** Puts the process under the strain that the words of a step name; returns what was seen, or null where they name none. */
export async function strain(words: readonly string[]): Promise<string | null> {
  const at = words.findIndex((word) => word in strains);
  return at === -1 ? null : strains[words[at]!]!(Number(words[at + 1]));
}

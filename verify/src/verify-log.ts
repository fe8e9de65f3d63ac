import { verifyCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { FormatError } from './format-error.ts';
import type { LogVerifier } from './log-key.ts';
import { MerkleAppender } from './merkle-appender.ts';
import { leafHash } from './merkle-tree.ts';
import { splitLines } from './split-lines.ts';

/**
 * The checkpoint, once it is known to be signed by `key` and to have exactly the entries of `entries.jsonl` below it.
 * Reads the bytes once and keeps only the frontier of the tree.
 */
export function verifyLog(entries: Uint8Array, checkpoint: string, key: LogVerifier): Checkpoint {
  const head = verifyCheckpoint(checkpoint, key);
  const tree = new MerkleAppender();
  splitLines(entries, (line) => tree.append(leafHash(line)));
  if (tree.size !== head.size) {
    throw new FormatError({ where: 'log', expected: `${head.size} entries`, got: String(tree.size) });
  }
  const root = tree.root();
  if (root !== head.root) throw new FormatError({ where: 'log', expected: `root ${head.root}`, got: root });
  return head;
}

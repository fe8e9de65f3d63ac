import { bundleFiles } from './bundle-layout.ts';
import { held, notChecked, VerifyFailure } from './bundle-state.ts';
import type { BundleState, Step } from './bundle-state.ts';
import { parseCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { FormatError } from './format-error.ts';
import { subtreeRoot } from './merkle-tree.ts';

const hint = 'ask the team why the log of this bundle is not the log that this checkpoint was taken from';

/** Checkpoints kept elsewhere: the log must hold each as it is or as a prefix. Only these can show a cut tail. */
export const checkForeign: Step = {
  id: 'foreign',
  needed: false,
  code: 'history_rewritten',
  hint,
  run(state) {
    const { foreignCheckpoints } = state.options;
    if (foreignCheckpoints.length === 0) {
      const detail = 'no checkpoint from elsewhere was given: a cut tail or an older log could not be seen';
      return notChecked(detail, [detail]);
    }
    const sizes = foreignCheckpoints.map(({ name, note }) => compareForeign(state, `checkpoint ${name}`, note));
    return held(`continues ${sizes.length} checkpoint(s) kept elsewhere, the largest of ${Math.max(...sizes)} entries`);
  },
};

function compareForeign(state: BundleState, where: string, note: string): number {
  const foreign = verifyForeign(state, where, note);
  const { entries, leafHashes } = state;
  if (foreign.size > entries.length) {
    const expected = `a log of at least ${foreign.size} entries`;
    const got = `tail cut: the log had ${foreign.size} entries when this checkpoint was taken, the bundle has ${entries.length}`;
    throw new VerifyFailure({ code: 'tail_cut', where: bundleFiles.entries, expected, got, hint });
  }
  const root = subtreeRoot(leafHashes, 0, foreign.size);
  if (root !== foreign.root) {
    const expected = `root ${foreign.root} over the first ${foreign.size} entries (${where})`;
    const got = `root ${root}: these entries were rewritten`;
    throw new VerifyFailure({ code: 'history_rewritten', where: bundleFiles.entries, expected, got, hint });
  }
  return foreign.size;
}

/** A foreign checkpoint that this log's key did not sign is of another log, or this log was signed anew. */
function verifyForeign(state: BundleState, where: string, note: string): { size: number; root: string } {
  try {
    return verifyCheckpoint(note, state.logKey, where);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    // Unreadable is the reader's own file; readable and not ours is a matter of the key.
    parseCheckpoint(note, where);
    throw new VerifyFailure({ code: 'key_mismatch', ...error.fault, hint });
  }
}

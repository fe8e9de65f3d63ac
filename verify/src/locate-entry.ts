import { bundleFiles } from './bundle-layout.ts';
import { leafHash } from './merkle-tree.ts';
import { splitLines } from './split-lines.ts';
import type { VerifyFault } from './verify-report.ts';

/**
 * The first entry whose leaf hash is not the one that was logged at its place; null where all agree.
 * An entry that was taken out or put in shows at the place where the rest begins to be shifted, and is named as such.
 */
export function locateEntry(entries: Uint8Array, leaves: Uint8Array): Omit<VerifyFault, 'hint'> | null {
  const wanted = Buffer.from(leaves).toString('latin1').split('\n').slice(0, -1);
  const got: string[] = [];
  splitLines(entries, (line) => got.push(leafHash(line)));
  const at = firstMismatch(wanted, got);
  if (at === null) return null;
  const where = `${bundleFiles.entries} entry ${at}`;
  const [leaf, other] = [wanted[at], got[at]];
  if (leaf === undefined) {
    return { code: 'entry_extra', where, expected: `${wanted.length} entries as in the log`, got: 'one more' };
  }
  if (other === undefined || other === wanted[at + 1]) {
    return { code: 'entry_missing', where, expected: `leaf ${leaf}`, got: 'nothing at its place' };
  }
  if (leaf === got[at + 1])
    return { code: 'entry_extra', where, expected: `leaf ${leaf}`, got: 'an entry put before it' };
  return { code: 'entry_changed', where, expected: `leaf ${leaf}`, got: `leaf ${other}` };
}

function firstMismatch(wanted: readonly string[], got: readonly string[]): number | null {
  for (let at = 0; at < Math.max(wanted.length, got.length); at += 1) if (wanted[at] !== got[at]) return at;
  return null;
}

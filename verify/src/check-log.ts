import { bundleFiles, bundleLimits } from './bundle-layout.ts';
import { held, VerifyFailure } from './bundle-state.ts';
import type { Step } from './bundle-state.ts';
import { verifyCheckpoint } from './checkpoint.ts';
import { assertLogEntry } from './entry-shape.ts';
import { FormatError } from './format-error.ts';
import { locateEntry } from './locate-entry.ts';
import { parseLogVerifier } from './log-key.ts';
import { leafHash, rootOf } from './merkle-tree.ts';
import { decodeUtf8, parseStrictJson } from './parse-strict-json.ts';
import { readBundleText } from './read-bundle-text.ts';
import type { LoggedEntry } from './recompute.ts';
import { sha256Hex } from './sha256.ts';
import { splitLines } from './split-lines.ts';

const askTeam = 'ask the team for the log key and its bundle by a way that the sender of this one does not control';

/** The log key: the pinned one, or, said plainly, the one that came along. */
export const checkKey: Step = {
  id: 'key',
  needed: true,
  code: 'key_invalid',
  hint: askTeam,
  run(state) {
    const { pinnedKey } = state.options;
    const text = readBundleText(state.source, bundleFiles.logKey);
    if (!text.endsWith('\n'))
      throw new FormatError({ where: bundleFiles.logKey, expected: 'a line', got: 'no newline' });
    state.logKey = parseLogVerifier(text.slice(0, -1));
    if (pinnedKey === null) {
      const caution = `the log key came with the bundle: trusted on first use (${state.logKey.text})`;
      return held('no key was pinned: the key that came with the bundle is trusted on first use', [caution]);
    }
    const pinned = parseLogVerifier(pinnedKey.trim());
    if (pinned.text !== state.logKey.text) {
      const [expected, got] = [pinned.text, state.logKey.text];
      throw new VerifyFailure({ code: 'key_mismatch', where: bundleFiles.logKey, expected, got, hint: askTeam });
    }
    return held(`pinned: ${pinned.text}`);
  },
};

/** The signed tree head, and that index, key and head speak of one log. */
export const checkCheckpoint: Step = {
  id: 'checkpoint',
  needed: true,
  code: 'checkpoint_invalid',
  hint: askTeam,
  run(state) {
    const note = readBundleText(state.source, bundleFiles.checkpoint);
    state.checkpoint = verifyCheckpoint(note, state.logKey, bundleFiles.checkpoint);
    const { origin, size, root } = state.checkpoint;
    const { index } = state;
    if (index.origin !== origin || index.entries !== size) {
      const got = `${JSON.stringify(index.origin)} with ${index.entries}`;
      const expected = `origin ${JSON.stringify(origin)} with ${size} entries`;
      throw new VerifyFailure({ code: 'index_invalid', where: bundleFiles.index, expected, got, hint: askTeam });
    }
    return held(`${size} entries, root ${root}`);
  },
};

/** Each entry: the leaf that was logged at its place, canonical, of a known format, complete. */
export const checkEntries: Step = {
  id: 'entries',
  needed: true,
  code: 'entry_invalid',
  hint: 'the log was not written by Tminus as it stands here; compare with another copy of the log',
  run(state) {
    const bytes = state.source.read(bundleFiles.entries);
    const leaves = state.source.read(bundleFiles.leaves);
    const found = locateEntry(bytes, leaves);
    if (found !== null) throw new VerifyFailure({ ...found, hint: this.hint });
    if (bytes.length > 0 && bytes.at(-1) !== 0x0a) {
      throw new FormatError({ where: bundleFiles.entries, expected: 'a newline at the end', got: 'none' });
    }
    state.entries = [];
    state.leafHashes = [];
    splitLines(bytes, (line, at) => {
      state.entries.push(readEntry(line, at));
      state.leafHashes.push(leafHash(line));
    });
    if (Buffer.from(leaves).toString('latin1') !== state.leafHashes.map((hash) => `${hash}\n`).join('')) {
      throw new FormatError({ where: bundleFiles.leaves, expected: 'one leaf hash a line', got: 'other text' });
    }
    return held(`${state.entries.length} entries`);
  },
};

function readEntry(line: Uint8Array, index: number): LoggedEntry {
  const where = `${bundleFiles.entries} entry ${index}`;
  if (line.length > bundleLimits.entryBytes) {
    throw new FormatError({ where, expected: `at most ${bundleLimits.entryBytes} bytes`, got: String(line.length) });
  }
  const entry = parseStrictJson(decodeUtf8(line, where), where);
  assertLogEntry(entry, where);
  return { index, id: sha256Hex(line), entry };
}

/** The root over the entries, against the one that was signed. */
export const checkRoot: Step = {
  id: 'root',
  needed: true,
  code: 'root_mismatch',
  hint: 'entries.jsonl and leaves.txt were rewritten together; compare leaf by leaf with another copy of the log',
  run({ checkpoint, leafHashes }) {
    const root = rootOf(leafHashes);
    if (leafHashes.length !== checkpoint.size || root !== checkpoint.root) {
      const expected = `${checkpoint.size} entries with root ${checkpoint.root}`;
      const got = `${leafHashes.length} entries with root ${root}`;
      throw new VerifyFailure({ code: 'root_mismatch', where: bundleFiles.entries, expected, got, hint: this.hint });
    }
    return held(`root ${root}`);
  },
};

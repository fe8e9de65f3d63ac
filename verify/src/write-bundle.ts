import { bundleFiles, assertBundleName } from './bundle-layout.ts';
import type { BundleIndex } from './bundle-index.ts';
import type { BundleParts } from './bundle-parts.ts';
import { bundleReadme } from './bundle-readme.ts';
import { canonicalize } from './canonicalize.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { readDecisionHeader } from './decision-header.ts';
import { FormatError } from './format-error.ts';
import { leafHash } from './merkle-tree.ts';
import { sha256Hex } from './sha256.ts';

/**
 * Every file of a bundle by name, in name order; the same parts give the same bytes.
 * Refuses parts that could not verify for their form alone: a name that leads out of the folder, a blob under a digest
 * that is not its own, another number of entries than the checkpoint has.
 */
export function writeBundle(parts: BundleParts): Map<string, Uint8Array> {
  const files = toFiles(parts);
  for (const name of files.keys()) assertBundleName(name);
  const sorted = [...files].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const { origin, size } = parseCheckpoint(parts.checkpoint);
  if (size !== parts.entries.length) {
    throw new FormatError({
      where: 'bundle',
      expected: `${size} entries as signed`,
      got: String(parts.entries.length),
    });
  }
  const index: BundleIndex = {
    format: 'tminus/bundle/1',
    launch: readDecisionHeader(parts.decisionJson, bundleFiles.decision).launch,
    origin,
    entries: size,
    files: sorted.map(([name, bytes]) => ({ name, sha256: sha256Hex(bytes), size: bytes.length })),
  };
  return new Map([[bundleFiles.index, Buffer.from(canonicalize(index))], ...sorted]);
}

function toFiles(parts: BundleParts): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const add = (name: string, text: string): void => void files.set(name, Buffer.from(text));
  add(bundleFiles.readme, bundleReadme);
  add(bundleFiles.launch, parts.launchJson);
  add(bundleFiles.candidate, parts.candidateJson);
  add(bundleFiles.decision, parts.decisionJson);
  add(bundleFiles.checkpoint, parts.checkpoint);
  add(bundleFiles.logKey, `${parts.logKey}\n`);
  add(bundleFiles.statement, parts.statement);
  add(bundleFiles.entries, parts.entries.map((entry) => `${entry}\n`).join(''));
  add(bundleFiles.leaves, parts.entries.map((entry) => `${leafHash(entry)}\n`).join(''));
  for (const [path, bytes] of parts.documents) files.set(`documents/${path}`, bytes);
  for (const [sha256, bytes] of parts.blobs) {
    const got = sha256Hex(bytes);
    if (got !== sha256) throw new FormatError({ where: `blob ${sha256}`, expected: 'bytes of that digest', got });
    files.set(`blobs/${sha256}`, bytes);
  }
  return files;
}

import { readBundleIndex } from './bundle-index.ts';
import type { BundleIndex } from './bundle-index.ts';
import { assertBundleName, bundleFiles, bundleLimits } from './bundle-layout.ts';
import { bundleReadme } from './bundle-readme.ts';
import { held, VerifyFailure } from './bundle-state.ts';
import type { BundleState, Step } from './bundle-state.ts';
import { locateEntry } from './locate-entry.ts';
import { readBundleText } from './read-bundle-text.ts';
import { sha256Hex } from './sha256.ts';

const hint = 'get the bundle again from its source and compare the digest of bundle.json on both sides';

/** Files: exactly those of the index, each with its size and digest; a changed log names the entry. */
export const checkFiles: Step = {
  id: 'files',
  needed: true,
  code: 'index_invalid',
  hint,
  run(state) {
    const sizes = listFiles(state);
    if (!sizes.has(bundleFiles.index)) throw missing(bundleFiles.index);
    for (const name of sizes.keys()) refuseName(name);
    state.index = readBundleIndex(readBundleText(state.source, bundleFiles.index));
    compareNames(state.index, sizes);
    for (const file of state.index.files) compareFile(state, file);
    if (readBundleText(state.source, bundleFiles.readme) !== bundleReadme) {
      const got = 'another text, which could mislead whoever follows it';
      throw new VerifyFailure({
        code: 'file_changed',
        where: bundleFiles.readme,
        expected: 'the text of the format',
        got,
        hint,
      });
    }
    return held(`${sizes.size} files`);
  },
};

function listFiles({ source }: BundleState): Map<string, number> {
  const sizes = new Map<string, number>();
  let total = 0;
  for (const { name, size } of source.list()) {
    sizes.set(name, size);
    total += size;
    if (sizes.size > bundleLimits.files) throw exceeds('number of files', bundleLimits.files, sizes.size);
    if (size > bundleLimits.fileBytes) throw exceeds(`size of ${name}`, bundleLimits.fileBytes, size);
    if (total > bundleLimits.totalBytes) throw exceeds('size of the bundle', bundleLimits.totalBytes, total);
  }
  return sizes;
}

function exceeds(where: string, most: number, got: number): VerifyFailure {
  return new VerifyFailure({ code: 'limit_exceeded', where, expected: `at most ${most}`, got: String(got), hint });
}

function refuseName(name: string): void {
  try {
    assertBundleName(name);
  } catch {
    const where = JSON.stringify(name.slice(0, 80));
    const expected = 'a file of the bundle format';
    throw new VerifyFailure({ code: 'name_refused', where, expected, got: 'a name that is not one', hint });
  }
}

function compareNames(index: BundleIndex, sizes: ReadonlyMap<string, number>): void {
  const listed = new Set<string>([bundleFiles.index]);
  for (const { name } of index.files) {
    refuseName(name);
    listed.add(name);
    if (!sizes.has(name)) throw missing(name);
  }
  for (const name of Object.values(bundleFiles)) if (!listed.has(name)) throw missing(name);
  for (const name of sizes.keys()) {
    if (!listed.has(name)) {
      const got = 'a file that nobody vouches for';
      throw new VerifyFailure({ code: 'file_extra', where: name, expected: 'only files of bundle.json', got, hint });
    }
  }
}

function missing(name: string): VerifyFailure {
  const expected = 'the file to be there';
  return new VerifyFailure({ code: 'file_missing', where: name, expected, got: 'nothing', hint });
}

function compareFile(state: BundleState, file: BundleIndex['files'][number]): void {
  const bytes = state.source.read(file.name);
  const sha256 = sha256Hex(bytes);
  if (sha256 === file.sha256 && bytes.length === file.size) return;
  const expected = `${file.size} bytes, sha256 ${file.sha256}`;
  const got = `${bytes.length} bytes, sha256 ${sha256}`;
  // A blob carries its digest in its name: where the two agree it is the index that was changed.
  if (file.name === `blobs/${sha256}`) {
    throw new VerifyFailure({
      code: 'file_changed',
      where: `bundle.json for ${file.name}`,
      expected: got,
      got: expected,
      hint,
    });
  }
  if (file.name === bundleFiles.entries) {
    const found = locateEntry(bytes, state.source.read(bundleFiles.leaves));
    if (found !== null) throw new VerifyFailure({ ...found, hint });
  }
  throw new VerifyFailure({ code: 'file_changed', where: file.name, expected, got, hint });
}

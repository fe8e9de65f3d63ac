import { bundleFiles } from './bundle-layout.ts';
import { held, VerifyFailure } from './bundle-state.ts';
import type { Step } from './bundle-state.ts';
import type { EvidenceRecord } from './record.ts';

const hint = 'the bytes that a check saw are gone or replaced; get the bundle again, or run the check again';

/** Every source of every record has its bytes, of the size it had, and there are no bytes that no record speaks of. */
export const checkBlobs: Step = {
  id: 'blobs',
  needed: true,
  code: 'blob_missing',
  hint,
  run({ index, entries }) {
    // Step `files` compared each blob with its entry in the index; here the index is held against names and records.
    const blobs = new Map<string, number>();
    for (const { name, sha256, size } of index.files) {
      if (!name.startsWith('blobs/')) continue;
      if (name !== `blobs/${sha256}`) {
        throw new VerifyFailure({ code: 'blob_changed', where: name, expected: name.slice(6), got: sha256, hint });
      }
      blobs.set(sha256, size);
    }
    const wanted = new Set<string>();
    for (const { index: at, entry } of entries) {
      if (entry.format === 'tminus/evidence/1')
        compareSources(entry, `${bundleFiles.entries} entry ${at}`, blobs, wanted);
    }
    const extra = [...blobs.keys()].find((sha256) => !wanted.has(sha256));
    if (extra !== undefined) {
      const got = 'bytes that no evidence speaks of';
      throw new VerifyFailure({
        code: 'blob_extra',
        where: `blobs/${extra}`,
        expected: 'only sources of evidence',
        got,
        hint,
      });
    }
    return held(`${blobs.size} sources`);
  },
};

function compareSources(
  record: EvidenceRecord,
  where: string,
  blobs: ReadonlyMap<string, number>,
  wanted: Set<string>,
): void {
  for (const { name, sha256, size } of record.sources) {
    const got = blobs.get(sha256);
    if (got !== size) {
      const code = got === undefined ? 'blob_missing' : 'blob_changed';
      const expected = `${size} bytes in blobs/${sha256} for source ${JSON.stringify(name)}`;
      throw new VerifyFailure({
        code,
        where,
        expected,
        got: got === undefined ? 'no such file' : `${got} bytes`,
        hint,
      });
    }
    wanted.add(sha256);
  }
}

import { bundleFiles } from './bundle-layout.ts';
import { held, notChecked, VerifyFailure } from './bundle-state.ts';
import type { BundleState, Step } from './bundle-state.ts';
import { canonicalize } from './canonicalize.ts';
import { firstDifference } from './first-difference.ts';
import type { EvidenceRecord } from './record.ts';

const hint = 'the record says something that its own bytes do not say: do not rely on this log';

/** Evidence: the bytes are parsed and judged again, and must say what the record says. */
export const checkEvidence: Step = {
  id: 'evidence',
  needed: true,
  code: 'evidence_mismatch',
  hint,
  run(state) {
    if (state.recompute.rejudge === null) return notChecked('this verifier cannot parse the bytes of checks');
    let count = 0;
    const unknown = new Set<string>();
    for (const { index, entry } of state.entries) {
      if (entry.format !== 'tminus/evidence/1') continue;
      if (!compareRecord(state, entry, `${bundleFiles.entries} entry ${index}`)) unknown.add(entry.check.kind);
      count += 1;
    }
    if (unknown.size > 0) return notChecked(`this verifier does not know the check kinds ${[...unknown].join(', ')}`);
    return held(`${count} records judged again from their bytes`);
  },
};

/** False where nobody here can read bytes of that kind; throws where they say something else than the record. */
function compareRecord({ source, recompute }: BundleState, record: EvidenceRecord, where: string): boolean {
  const named = new Set(record.sources.map(({ sha256 }) => sha256));
  const again = recompute.rejudge?.(record, (sha256) => (named.has(sha256) ? source.read(`blobs/${sha256}`) : null));
  if (again === undefined || again === null) return false;
  const { facts, trouble, judgement, control } = record;
  const claimed = { facts, trouble, judgement, control };
  if (canonicalize(again) === canonicalize(claimed)) return true;
  const found = firstDifference(again, claimed);
  throw new VerifyFailure({
    code: 'evidence_mismatch',
    where: `${where} (${record.criterion}) ${found?.path ?? '$'}`,
    expected: `${found?.expected ?? 'the same'} from the bytes`,
    got: found?.got ?? 'another form',
    hint,
  });
}

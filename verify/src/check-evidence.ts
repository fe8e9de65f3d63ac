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
    let count = 0;
    if (state.recompute.rejudge === null) return notChecked('this verifier cannot parse the bytes of checks');
    for (const { index, entry } of state.entries) {
      if (entry.format !== 'tminus/evidence/1') continue;
      compareRecord(state, entry, `${bundleFiles.entries} entry ${index}`);
      count += 1;
    }
    return held(`${count} records judged again from their bytes`);
  },
};

function compareRecord({ source, recompute }: BundleState, record: EvidenceRecord, where: string): void {
  const named = new Set(record.sources.map(({ sha256 }) => sha256));
  const again = recompute.rejudge?.(record, (sha256) => (named.has(sha256) ? source.read(`blobs/${sha256}`) : null));
  const { facts, trouble, judgement, control } = record;
  const claimed = { facts, trouble, judgement, control };
  if (again === undefined || canonicalize(again) === canonicalize(claimed)) return;
  const found = firstDifference(again, claimed);
  throw new VerifyFailure({
    code: 'evidence_mismatch',
    where: `${where} (${record.criterion}) ${found?.path ?? '$'}`,
    expected: `${found?.expected ?? 'the same'} from the bytes`,
    got: found?.got ?? 'another form',
    hint,
  });
}

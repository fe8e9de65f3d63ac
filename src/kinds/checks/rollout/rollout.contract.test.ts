import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { rolloutKind } from './kind.ts';
import { carriedOut, sampleFile } from './sample-phase.fixture.ts';

// The contract asks with a spec as it is written, in which the names of plan, candidate and launch stand unfilled.
const asWritten = {
  launch: '{{ launch.id }}',
  environment: '{{ environment.id }}',
  planHash: '{{ launch.planHash }}',
  candidateSha256: '{{ candidate.sha256 }}',
};
const good = carriedOut();
const bad = carriedOut(50);

const at =
  (...envelopes: string[]): (() => ContractCase) =>
  () => ({
    written: { rollout: 'new-shop', phase: 'at-10' },
    now: () => good[0]!.toMs + 60_000,
    phases: { read: () => Promise.resolve(envelopes.map((envelope, place) => ({ name: `s-${place}`, envelope }))) },
  });

checkKindContract({
  kind: rolloutKind,
  success: at(sampleFile({ ...asWritten, report: good[0]! })),
  refusal: at(...bad.map((report) => sampleFile({ ...asWritten, report }))),
  slow: { none: 'it reads what its own store keeps' },
  garbage: at('no envelope at all }}}<<<'),
  huge: { none: 'the product itself wrote what is read, a few kilobytes a phase' },
  misspelt: { written: { rollout: 'new-shop', phase: 'at-10', maxAg: '1d' }, wrong: 'maxAg', meant: 'maxAge' },
  stricter: [{ phase: 'at-50' }],
});

import { canonicalize, signStatement } from '@tminus/verify';
import type { Attestation, EvidenceRecord, JsonObject } from '@tminus/verify';

import { checkSha256 } from '../core/check/check-sha256.ts';
import type { CheckKind, Expectation } from '../core/check/check.ts';
import { readExpectation } from '../core/check/read-expectation.ts';
import { ProductError } from '../core/error/product-error.ts';
import { newestEvidence } from '../core/evidence/newest-evidence.ts';
import { sealEvidence } from '../core/evidence/seal-evidence.ts';
import type { Criterion } from '../core/launch/launch.ts';
import { buildAttestation } from '../kinds/checks/manual/build-attestation.ts';
import { manualKind } from '../kinds/checks/manual/kind.ts';
import { toManualSpec } from '../kinds/checks/manual/to-manual-spec.ts';
import { appendEntries } from '../store/evidence-log.ts';
import { readNow } from '../store/open-store.ts';
import type { Store } from '../store/open-store.ts';
import type { Signer } from './append-statement.ts';
import { keepLaunch } from './keep-launch.ts';
import { readLog } from './read-log.ts';
import type { Scene } from './scene.ts';

/** What the person says. */
export interface Said {
  role: string | null;
  comment: string;
  proof: Attestation['proof'];
}

/**
 * Signs a person's word on a human criterion and seals it as evidence. What would not count is refused before anything is written:
 * an automation, a person without the role, a missing proof.
 */
export async function appendAttestation(
  store: Store,
  scene: Scene,
  criterion: Criterion,
  { signer, said }: { signer: Signer; said: Said },
): Promise<{ id: string; index: number; record: EvidenceRecord }> {
  const spec = toManualSpec({ launch: scene.launch, criterion, binding: scene.binding });
  const signedAt = await readNow(store);
  const statement = buildAttestation({ spec, person: signer.person.id, ...said, signedAt });
  const signed = signStatement(statement, signer.person.id, signer.privateKeyPem);
  const bytes = Buffer.from(canonicalize(signed));
  const { entries } = await readLog(store, scene.launch.id);
  const record = sealEvidence({
    reader: manualKind,
    binding: scene.binding,
    criterion: criterion.id,
    ...toAsked(criterion, manualKind, spec),
    observation: { sources: [{ name: 'attestation.json', mediaType: 'application/json', bytes }], trouble: null },
    mode: scene.environment.simulated ? 'simulated' : 'real',
    observedAt: signedAt,
    durationMs: 0,
    producer: { kind: 'person', person: signer.person.id },
    supersedes:
      newestEvidence(
        entries.map(({ entry }) => entry),
        criterion.id,
      )?.id ?? null,
  });
  assertPasses(record);
  await keepLaunch(store, scene);
  const [place] = await appendEntries(store, scene.launch.id, [{ entry: record, blobs: [bytes] }]);
  return { id: place!.id, index: place!.index, record };
}

interface Asked {
  checkSha256: string;
  asked: { spec: JsonObject; expectations: readonly Expectation[] };
}

/** The declared manual check of the criterion, or the default one of a criterion that only says [HUMAN]. */
function toAsked({ check }: Criterion, kind: CheckKind, spec: JsonObject): Asked {
  if (check?.kind === kind.kind)
    return { checkSha256: check.sha256, asked: { spec, expectations: check.expectations } };
  const expectations = kind.defaultExpectations(spec).map(toExpectation);
  return { checkSha256: checkSha256({ kind: kind.kind, spec: {}, expectations }), asked: { spec, expectations } };
}

function toExpectation(text: string): Expectation {
  const read = readExpectation(text);
  if (read.ok) return read.expectation;
  throw new ProductError(
    'internal',
    `default expectation "${text}": expected ${read.fault.expected}, got ${read.fault.got}`,
    {
      hint: 'report this',
    },
  );
}

function assertPasses({ criterion, judgement, trouble }: EvidenceRecord): void {
  if (judgement.outcome === 'pass') return;
  const bad = judgement.findings.find(({ outcome }) => outcome !== 'pass');
  const reason =
    trouble?.message ?? (bad ? `${bad.rule}: expected ${bad.expected}, got ${bad.got}` : 'nothing was judged');
  throw new ProductError('signature_invalid', `attestation of ${criterion}: ${reason}`, {
    hint: 'nothing was written; sign again with the declared key and the proof that is asked for',
  });
}

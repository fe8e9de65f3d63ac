import { canonicalize } from '@tminus/verify';
import type { Attestation, EvidenceRecord, Signed } from '@tminus/verify';

import { newestEvidence } from '../../core/evidence/newest-evidence.ts';
import { sealEvidence } from '../../core/evidence/seal-evidence.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { findCriterion } from '../../core/launch/find-criterion.ts';
import type { Criterion } from '../../core/launch/launch.ts';
import { buildAttestation } from '../../kinds/checks/manual/build-attestation.ts';
import { manualKind } from '../../kinds/checks/manual/kind.ts';
import { toManualSpec } from '../../kinds/checks/manual/to-manual-spec.ts';
import { appendEntries } from '../../store/evidence-log.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { keepLaunch } from '../keep-launch.ts';
import { readLog } from '../read-log.ts';
import type { Scene } from '../scene.ts';
import type { Appended } from './append-signed.ts';
import { assertSigned } from './append-signed.ts';
import { assertCurrent } from './assert-current.ts';
import { toAsked } from './asked.ts';
import { toPrepared } from './prepared.ts';
import type { Prepared } from './prepared.ts';

/** What a person says of a human criterion. */
export interface AttestationWish {
  criterion: string;
  role: string | null;
  comment: string;
  proof: Attestation['proof'];
}

/**
 * A person's word on a human criterion as it would count now. What would not count is refused: an automation, a person without the role,
 * a missing proof, a criterion that a check decides. Writes nothing.
 */
export async function prepareAttestation(
  store: Store,
  scene: Scene,
  person: string,
  wish: AttestationWish,
): Promise<Prepared<Attestation>> {
  const criterion = findCriterion(scene.launch, wish.criterion);
  assertHuman(criterion);
  const spec = toManualSpec({ launch: scene.launch, criterion, binding: scene.binding });
  const { role, comment, proof } = wish;
  return toPrepared(buildAttestation({ spec, person, role, comment, proof, signedAt: await readNow(store) }));
}

/** Seals a signed word as evidence, if it is what would be prepared now and its signature holds; else as `appendSignedApproval`. */
export async function appendSignedAttestation(
  store: Store,
  scene: Scene,
  signed: Signed<Attestation>,
): Promise<Appended & { record: EvidenceRecord }> {
  assertSigned(signed, 'tminus/attestation/1');
  const { statement: said } = signed;
  const { statement } = await prepareAttestation(store, scene, said.person, said);
  assertCurrent(said, { ...statement, signedAt: said.signedAt }, { words: {}, now: statement.signedAt });
  const bytes = Buffer.from(canonicalize(signed));
  const record = await toRecord(store, scene, { said, bytes });
  assertPasses(record);
  await keepLaunch(store, scene);
  const [place] = await appendEntries(store, scene.launch.id, [{ entry: record, blobs: [bytes] }]);
  return { id: place!.id, index: place!.index, record };
}

async function toRecord(
  store: Store,
  scene: Scene,
  { said, bytes }: { said: Attestation; bytes: Uint8Array },
): Promise<EvidenceRecord> {
  const criterion = findCriterion(scene.launch, said.criterion);
  const spec = toManualSpec({ launch: scene.launch, criterion, binding: scene.binding });
  const { entries } = await readLog(store, scene.launch.id);
  const log = entries.map(({ entry }) => entry);
  return sealEvidence({
    reader: manualKind,
    binding: scene.binding,
    criterion: criterion.id,
    ...toAsked(criterion, manualKind, spec),
    observation: { sources: [{ name: 'attestation.json', mediaType: 'application/json', bytes }], trouble: null },
    mode: scene.environment.simulated ? 'simulated' : 'real',
    observedAt: said.signedAt,
    durationMs: 0,
    producer: { kind: 'person', person: said.person },
    supersedes: newestEvidence(log, criterion.id)?.id ?? null,
  });
}

function assertPasses({ criterion, judgement, trouble, facts }: EvidenceRecord): void {
  if (judgement.outcome === 'pass') return;
  const bad = judgement.findings.find(({ outcome }) => outcome !== 'pass');
  const said = typeof facts?.['reason'] === 'string' ? `: ${facts['reason']}` : '';
  const reason =
    trouble?.message ?? (bad ? `${bad.rule}: expected ${bad.expected}, got ${bad.got}${said}` : 'nothing was judged');
  throw new ProductError('signature_invalid', `attestation of ${criterion}: ${reason}`, {
    hint: 'nothing was written; sign again with the declared key and the proof that is asked for',
  });
}

/** Throws where a check decides a criterion: a word does not stand in for it. */
export function assertHuman({ id, at, human }: Criterion): void {
  if (human) return;
  throw new ProductError('usage', `criterion ${id}: expected a [HUMAN] criterion, got one that a check decides`, {
    hint: `run "tminus check ${id}"; a word does not stand in for a check`,
    at,
  });
}

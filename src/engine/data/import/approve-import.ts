import { digestOf } from '@tminus/verify';
import type { Binding, EvidenceRecord, Signed } from '@tminus/verify';

import { importApprovalFaults } from '../../../core/access/import-approval.ts';
import type { DatedProof, ImportApproval, ImportFacts } from '../../../core/access/import-approval.ts';
import { approverFaults, signatureFault } from '../../../core/approval/authority.ts';
import { importReportFaults, skippedReportSha256 } from '../../../core/dataset/import/import-report.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { toInstantMs } from '../../../core/gate/instant.ts';
import { controlFault, outcomeOf } from '../../../core/gate/evidence-faults.ts';
import { newestEvidence } from '../../../core/evidence/newest-evidence.ts';
import type { ImportBatch } from '../../../store/import-batch.ts';
import { readNow } from '../../../store/open-store.ts';
import type { Store } from '../../../store/open-store.ts';
import { readLog } from '../../read-log.ts';
import { toPrepared } from '../../sign/prepared.ts';
import type { Prepared } from '../../sign/prepared.ts';
import { toDeclaredPerson } from '../../sign/signer.ts';
import { makeMove } from './make-move.ts';
import type { ImportSetting } from './open-ground.ts';

/** What a person signs: this import, by the digest of its dry run, with everything that D05 wants named. */
export interface ImportStatement {
  format: 'tminus/import-approval/1';
  launch: string;
  environment: string;
  planHash: string;
  candidateSha256: string;
  batch: string;
  dataset: string;
  person: string;
  comment: string;
  approval: ImportApproval;
}

/** The approval of a person, before it is signed. Throws `import_refused` with every reason why it would not hold; writes nothing. */
export async function prepareImportApproval(
  store: Store,
  setting: ImportSetting,
  { batch, person, comment }: { batch: ImportBatch; person: string; comment: string },
): Promise<Prepared<ImportStatement>> {
  const { scene } = setting;
  const said = toDeclaredPerson(scene.launch, person);
  const approvedAt = await readNow(store);
  const facts = await toImportFacts(store, setting, batch);
  const approval: ImportApproval = { ...(await toApproval(store, setting, batch)), approvedAt };
  const faults = [
    ...(batch.state === 'planned' ? [] : [`it is ${batch.state}`]),
    ...approverFaults(scene.launch, { person: said.id, requester: batch.requester }),
    ...importReportFaults(batch.report),
    ...importApprovalFaults(approval, facts),
  ];
  if (faults.length > 0) throw refuse(batch, faults);
  const { launch, planHash, candidateSha256, environment } = scene.binding;
  return toPrepared<ImportStatement>({
    format: 'tminus/import-approval/1',
    launch,
    environment,
    planHash,
    candidateSha256,
    person,
    comment,
    approval,
    batch: batch.id,
    dataset: batch.dataset,
  });
}

/**
 * Keeps a signed approval with its batch. Who signs writes the statement themselves, so that nothing of it is believed: throws `import_refused` where it does not hold, and
 * where what it names is not what would be shown to them now.
 */
export async function keepImportApproval(
  store: Store,
  setting: ImportSetting,
  { batch, signed }: { batch: ImportBatch; signed: Signed<ImportStatement> },
): Promise<void> {
  const faults = await shownFaults(store, setting, { batch, signed });
  if (faults.length === 0) faults.push(...(await importStatementFaults(store, setting, { batch, signed })));
  if (faults.length > 0) throw refuse(batch, faults);
  const { person, comment } = signed.statement;
  await makeMove(store, batch, { move: 'approve', person, detail: comment, write: { approval: signed } });
}

/** An approval names what was shown: the proofs are those of the log, the time is one since the dry run. */
async function shownFaults(
  store: Store,
  setting: ImportSetting,
  { batch, signed: { statement } }: { batch: ImportBatch; signed: Signed<ImportStatement> },
): Promise<string[]> {
  const { approvedAt, ...named } = { ...(statement.approval as Partial<ImportApproval> | undefined) };
  const at = toInstantMs(approvedAt ?? '') ?? Number.NaN;
  const now = Date.parse(await readNow(store));
  const isShown = digestOf(named) === digestOf(await toApproval(store, setting, batch));
  return [
    ...(isShown ? [] : ['it names something else than what is shown: look at it again']),
    ...(at >= Date.parse(batch.createdAt) && at <= now ? [] : ['it is of no time since the dry run']),
    ...importReportFaults(batch.report),
  ];
}

/** Lets a batch pass whose target is not production: there is nothing to lose, and rehearsals need no witness (C07). */
export async function passWithoutApproval(store: Store, { scene }: ImportSetting, batch: ImportBatch): Promise<void> {
  if (scene.environment.production) throw refuse(batch, ['its target is production']);
  const faults = importReportFaults(batch.report);
  if (faults.length > 0) throw refuse(batch, faults);
  const detail = `environment ${scene.environment.id} is not production`;
  await makeMove(store, batch, { move: 'approve', person: null, detail });
}

/** Why a signed approval does not hold for this batch, each reason; asked again before anything is written. */
export async function importStatementFaults(
  store: Store,
  setting: ImportSetting,
  { batch, signed }: { batch: ImportBatch; signed: Signed<ImportStatement> },
): Promise<string[]> {
  const { launch } = setting.scene;
  const { statement } = signed;
  const isThis =
    statement.format === 'tminus/import-approval/1' &&
    statement.batch === batch.id &&
    statement.launch === batch.launch &&
    statement.environment === batch.environment &&
    statement.planHash === batch.planHash &&
    statement.candidateSha256 === batch.candidateSha256;
  const forged = isThis ? signatureFault(launch, signed) : 'the approval is about another import';
  if (forged !== null) return [forged];
  return [
    ...approverFaults(launch, { person: statement.person, requester: batch.requester }),
    ...importApprovalFaults(statement.approval, await toImportFacts(store, setting, batch)),
    ...(await proofFaults(store, setting)),
  ];
}

/** A proof that was looked for again since, and not found, is none: what was signed rests on something that no longer holds. A newer one that holds voids nothing. */
async function proofFaults(store: Store, setting: ImportSetting): Promise<string[]> {
  const now = await readProofs(store, setting);
  return (['export', 'restore'] as const)
    .filter((name) => now[name].sha256 === '')
    .map((name) => `the newest evidence of the ${name} does not hold`);
}

/** What is known of the import now. The data of a target without rows never changed. */
export async function toImportFacts(store: Store, setting: ImportSetting, batch: ImportBatch): Promise<ImportFacts> {
  const { scene, dataset } = setting;
  return {
    target: { environment: scene.environment.id, system: dataset.target?.on ?? '' },
    dryRunSha256: batch.reportSha256,
    lastDataChangeAt: await readLastChange(setting),
  };
}

async function readLastChange({ dataset, terms, openDatastore, signal }: ImportSetting): Promise<string | null> {
  const target = dataset.target!;
  const session = await openDatastore(target.on, 'read', signal);
  try {
    const shape = await session.describe(target.table);
    if ((await session.count({ table: target.table, key: shape.key, where: [] })) === 0)
      return new Date(0).toISOString();
    const column = shape.columns.find(({ name }) => name === terms?.changed);
    if (column === undefined) return null;
    let newest: string | null = null;
    const wanted = { name: column.name, type: column.type, scale: column.scale };
    for await (const bytes of session.stream({
      table: target.table,
      columns: [wanted],
      key: [],
      where: [],
      order: 'any',
      after: null,
    }))
      for (const line of Buffer.from(bytes).toString().split('\n'))
        if (line !== '' && line !== String.raw`\N` && (newest === null || line > newest)) newest = line;
    return newest === null || newest.endsWith('Z') ? newest : `${newest}Z`;
  } finally {
    await session.close();
  }
}

async function toApproval(
  store: Store,
  setting: ImportSetting,
  batch: ImportBatch,
): Promise<Omit<ImportApproval, 'approvedAt'>> {
  const { scene, dataset, terms } = setting;
  return {
    target: { environment: scene.environment.id, system: dataset.target?.on ?? '' },
    backup: terms?.backup ?? '',
    dryRunSha256: batch.reportSha256,
    skippedReportSha256: skippedReportSha256(batch.report),
    rollback: terms?.rollback ?? '',
    ...(await readProofs(store, setting)),
  };
}

/** The newest evidence of the export and of its restore, each by an empty digest where it does not hold. */
async function readProofs(
  store: Store,
  { scene, terms }: ImportSetting,
): Promise<Pick<ImportApproval, 'export' | 'restore'>> {
  const entries = (await readLog(store, scene.launch.id)).entries.map(({ entry }) => entry);
  const proofOf = (criterion: string | null): DatedProof => {
    const found =
      criterion === null ? null : newestEvidence(entries, criterion, (record) => isBound(record, scene.binding));
    const holds =
      found !== null &&
      outcomeOf(found.record) === 'pass' &&
      found.record.mode === 'real' &&
      controlFault(found.record) === null;
    return holds ? { sha256: found.id, at: found.record.observedAt } : { sha256: '', at: '' };
  };
  return { export: proofOf(terms?.export ?? null), restore: proofOf(terms?.restore ?? null) };
}

/** A proof about another plan, candidate or environment shows nothing of this one (law 4). */
function isBound(record: EvidenceRecord, { launch, planHash, candidateSha256, environment }: Binding): boolean {
  return (
    record.launch === launch &&
    record.planHash === planHash &&
    record.candidateSha256 === candidateSha256 &&
    record.environment === environment
  );
}

function refuse(batch: ImportBatch, faults: readonly string[]): ProductError {
  return new ProductError(
    'import_refused',
    `import ${batch.id}: expected one that may be approved, got one that may not: ${faults.join('; ')}`,
    {
      hint: 'mend what is named; criteria, procedure, backup and changed stand under import: of the dataset',
    },
  );
}

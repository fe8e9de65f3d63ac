import { accountImport, openTally } from '../../../core/dataset/import/tally-import.ts';
import type { ImportCounts } from '../../../core/dataset/import/tally-import.ts';
import type { BatchAccount } from '../../../core/dataset/account-batch.ts';
import type { GoneCounts } from '../../../core/dataset/import/decide-gone.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { takeFence } from '../../../store/import-batch.ts';
import type { ImportBatch } from '../../../store/import-batch.ts';
import type { Store } from '../../../store/open-store.ts';
import { deleteGone } from './delete-gone.ts';
import { applyChunk, prepareChunk } from './apply-chunk.ts';
import type { Writer } from './apply-chunk.ts';
import { assertCurrentPlan } from './assert-current-plan.ts';
import { findUntouched } from './find-untouched.ts';
import { makeLedger, takeToken } from './ledger.ts';
import { makeMove } from './make-move.ts';
import { openGround } from './open-ground.ts';
import type { ImportGround, ImportSetting } from './open-ground.ts';
import type { ReportProgress } from './progress.ts';
import { readNewest } from './read-newest.ts';
import { readChunks } from './scan.ts';
import { openThrottle } from './throttle.ts';
import { verifyBatch } from './verify-batch.ts';
import type { Verification } from './verify-batch.ts';
import { whileAlone } from './while-alone.ts';

/** Who wants an import applied, and for which step of a run. */
export interface ImportOrigin {
  person: string | null;
  /** The key of the step; absent where a person asks. */
  step?: string;
}

/** How the move of a batch names the step that it was made for: by this it is found again. */
export const forStep = (key: string): string => ` for step ${key}`;

/** What an import came to. */
export interface ImportResult {
  counts: ImportCounts;
  account: BatchAccount;
  /** Null where the account does not hold: nothing is verified that is not whole. */
  verification: Verification | null;
  /** Rows of the target that this process wrote. */
  written: number;
  /** What became of rows whose records are gone from the source; null where the dataset does not declare that they are deleted, or the account does not hold. */
  gone: GoneCounts | null;
}

/**
 * Applies an approved import, or goes on with one that was stopped or killed: every chunk stands whole with its ledger, or not at all. Throws `import_refused` where
 * what was approved is not what would be done, and `import_running` while another process imports the dataset.
 */
export async function applyImport(
  store: Store,
  setting: ImportSetting,
  { batch, person, progress, step }: { batch: ImportBatch; progress: ReportProgress } & ImportOrigin,
): Promise<ImportResult> {
  return await whileAlone(store, batch, async () => {
    const shown = await assertCurrentPlan(store, setting, { batch, progress });
    const did = batch.state === 'approved' ? 'began' : 'taken up again';
    const detail = step === undefined ? did : `${did}${forStep(step)}`;
    await makeMove(store, batch, { move: 'begin', person, detail });
    const ground = await openGround(setting, { access: 'write', since: batch.report.since });
    try {
      await makeLedger(ground.target);
      const token = await takeFence(store, batch.id);
      await takeToken(ground.target, ground.ledgerName, { token, batch: batch.id });
      return await importAll(store, { setting, ground, batch, writer: { batch: batch.id, token }, shown, progress });
    } finally {
      await ground.close();
    }
  });
}

/**
 * Verifies an import that was written whole and not yet looked at again, as its process died between the two; with the result that it leaves. Throws `import_running`
 * while another process imports the dataset.
 */
export async function verifyImport(
  store: Store,
  setting: ImportSetting,
  { batch, progress }: { batch: ImportBatch; progress: ReportProgress },
): Promise<Verification> {
  return await whileAlone(store, batch, async () => {
    const ground = await openGround(setting, { access: 'read', since: null });
    try {
      const verification = await verifyBatch(ground, batch.id, { signal: setting.signal, progress });
      const result = { ...batch.result, verification };
      if (verification.outcome === 'pass')
        await makeMove(store, batch, { move: 'verify', person: null, detail: verification.reason, write: { result } });
      return verification;
    } finally {
      await ground.close();
    }
  });
}

interface Importing {
  setting: ImportSetting;
  ground: ImportGround;
  batch: ImportBatch;
  writer: Writer;
  /** Digests of the chunks that the source was looked at in. */
  shown: readonly string[];
  progress: ReportProgress;
}

async function importAll(store: Store, importing: Importing): Promise<ImportResult> {
  const { setting, ground, batch } = importing;
  const { counts, written, watermark } = await importRecords(importing);
  const account = accountImport(counts);
  const isWhole =
    account.outcome === 'pass' || (batch.mode === 'delta' && counts.source === 0 && account.missing === 0);
  const result: ImportResult = { counts, account, verification: null, written, gone: null };
  if (!isWhole) {
    await makeMove(
      store,
      { ...batch, state: 'applying' },
      { move: 'fail', person: null, detail: account.reason, write: { result } },
    );
    return result;
  }
  const { gone: plan } = batch.report;
  const { writer, progress } = importing;
  if (plan) result.gone = await deleteGone(ground, { plan, writer, signal: setting.signal, progress });
  const deleted = result.gone === null ? '' : `, ${result.gone.deleted} rows of records that are gone deleted`;
  await makeMove(
    store,
    { ...batch, state: 'applying' },
    { move: 'finish', person: null, detail: `${account.reason}${deleted}`, write: { result, watermark } },
  );
  result.verification = await verifyBatch(ground, batch.id, { signal: setting.signal, progress: importing.progress });
  if (result.verification.outcome === 'pass')
    await makeMove(
      store,
      { ...batch, state: 'applied' },
      { move: 'verify', person: null, detail: result.verification.reason, write: { result } },
    );
  return result;
}

async function importRecords({
  setting,
  ground,
  batch,
  writer,
  shown,
  progress,
}: Importing): Promise<{ counts: ImportCounts; written: number; watermark: string | null }> {
  const total = await ground.source.count(ground.sourceQuery);
  const untouched = await findUntouched(ground);
  const throttle = await openThrottle(setting);
  const watermark = await readNewest(setting, ground);
  const tally = openTally();
  let [written, at] = [0, 0];
  try {
    const means = { writer, untouched };
    for await (const ready of readChunks(ground, (chunk) => prepareChunk(ground, chunk, means))) {
      setting.signal.throwIfAborted();
      const lagMs = await throttle.wait();
      if (ready.chunk.sha256 !== shown[at++]) throw changedMeanwhile(batch.id);
      for (const { outcome, reason, records, wrote } of await applyChunk(ground, ready, means)) {
        tally.add(outcome, reason, records);
        written += wrote;
      }
      progress({ phase: 'import', done: tally.total(), total, lagMs });
    }
    if (at < shown.length) throw changedMeanwhile(batch.id);
  } finally {
    await throttle.close();
  }
  // What was written stands in packs that the ground has not seen.
  ground.packs.forget();
  return { counts: tally.counts(total), written, watermark };
}

function changedMeanwhile(batch: string): ProductError {
  return new ProductError(
    'import_refused',
    `import ${batch}: expected the source as it was shown, got one that has changed since the import began`,
    { hint: 'what was written until then is what was shown: take the import back, or plan again to import the rest' },
  );
}

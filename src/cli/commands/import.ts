import { DatastoreTrouble } from '../../core/dataset/datastore-kind.ts';
import { importReportFaults } from '../../core/dataset/import/import-report.ts';
import type { Permission } from '../../core/access/permission.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { applyImport } from '../../engine/data/import/apply-import.ts';
import {
  keepImportApproval,
  passWithoutApproval,
  prepareImportApproval,
} from '../../engine/data/import/approve-import.ts';
import { findImported } from '../../engine/data/import/open-ground.ts';
import type { ImportSetting } from '../../engine/data/import/open-ground.ts';
import { readImportLog } from '../../engine/data/import/read-import-log.ts';
import { planImport } from '../../engine/data/import/plan-import.ts';
import type { ReportProgress } from '../../engine/data/import/progress.ts';
import { rollBackImport } from '../../engine/data/import/roll-back.ts';
import { signPrepared } from '../../engine/sign/signer.ts';
import type { Signer } from '../../engine/sign/signer.ts';
import { listMoves, readBatch } from '../../store/import-batch.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import { findImportBatch, openImportData } from '../open-import-data.ts';
import { openProgress } from '../progress.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireSigner } from '../require-right.ts';
import { describeBatch, describeProgress, describeReport } from '../render-import.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';

type Options = GlobalOptions & SignerOptions;

/** Runs dry and keeps the report; 4 where it may not be approved as it is. */
export async function importPlan(
  shell: Shell,
  name: string,
  options: Options & { delta?: boolean },
): Promise<CommandResult> {
  return onDataset(
    shell,
    { name, options, permission: 'check.run' },
    async ({ session, setting, signer, progress }) => {
      const { person } = signer;
      const mode = options.delta === true ? 'delta' : 'full';
      const batch = await planImport(session.store, setting, { mode, requester: person.id, progress });
      return told(importReportFaults(batch.report).length === 0 ? 0 : 4, batch, describeReport(batch));
    },
  );
}

/** Signs the newest dry run of a dataset. */
export async function importApprove(
  shell: Shell,
  name: string,
  options: Options & { comment: string },
): Promise<CommandResult> {
  return onDataset(shell, { name, options, permission: 'approval.vote' }, async ({ session, setting, signer }) => {
    const batch = await findImportBatch(session, name, null);
    const wish = { batch, person: signer.person.id, comment: options.comment };
    const prepared = await prepareImportApproval(session.store, setting, wish);
    await keepImportApproval(session.store, setting, { batch, signed: signPrepared(prepared, signer) });
    return told(
      0,
      await readBatch(session.store, batch.id),
      `${signer.person.id} approves import ${batch.id} of ${name}, dry run ${batch.reportSha256.slice(0, 12)}\n`,
    );
  });
}

/** Writes what was approved, or goes on with it; 4 where the account or the verification does not hold. */
export async function importApply(shell: Shell, name: string, options: Options): Promise<CommandResult> {
  return onDataset(
    shell,
    { name, options, permission: 'run.start' },
    async ({ session, setting, signer, progress }) => {
      const { store, scene } = session;
      const { person } = signer;
      const found = await findImportBatch(session, name, null);
      if (found.state === 'planned' && !scene.environment.production) await passWithoutApproval(store, setting, found);
      const batch = await findImportBatch(session, name, found.id);
      await applyImport(store, setting, { batch, person: person.id, progress });
      const ended = await findImportBatch(session, name, batch.id);
      return told(ended.state === 'verified' ? 0 : 4, ended, describeBatch(ended, await listMoves(store, ended.id)));
    },
  );
}

/** Shows every import of a dataset, or of all of them. */
export async function importStatus(
  shell: Shell,
  name: string | undefined,
  options: GlobalOptions,
): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    if (name !== undefined) findImported(scene.launch, name);
    const logged = await readImportLog(store, scene, name ?? null);
    const shown = logged.map(({ batch, moves, entry }) => ({ ...batch, moves, log: entry }));
    const text = shown.map((batch) => describeBatch(batch, batch.moves)).join('\n') || 'no import was planned\n';
    return { exit: 0, json: shown, text: toInert(text, false) };
  });
}

/** Takes an import back; 5 where rows stay because people have edited them. */
export async function importRollback(
  shell: Shell,
  name: string,
  options: Options & { batch?: string },
): Promise<CommandResult> {
  return onDataset(
    shell,
    { name, options, permission: 'run.cancel' },
    async ({ session, setting, signer, progress }) => {
      const { person } = signer;
      const wrote = ['applying', 'applied', 'verified', 'failed'];
      const batch = await findImportBatch(session, name, options.batch ?? null, ({ state }) => wrote.includes(state));
      const undone = await rollBackImport(session.store, setting, { batch, person: person.id, progress });
      const { deleted, restored, edited } = undone.counts;
      const left =
        edited === 0
          ? ''
          : `; ${edited} rows stay, since people have edited them: ${undone.edited.slice(0, 20).join(', ')}`;
      return told(
        edited === 0 ? 0 : 5,
        undone,
        `import ${batch.id}: ${deleted} rows deleted, ${restored} restored${left}\n`,
      );
    },
  );
}

interface Ground {
  session: Session;
  setting: ImportSetting;
  signer: Signer;
  progress: ReportProgress;
}

async function onDataset(
  shell: Shell,
  { name, options, permission }: { name: string; options: Options; permission: Permission },
  action: (ground: Ground) => Promise<CommandResult>,
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const subject = `import ${name}`;
    const signer = await requireSigner(shell, session, { options, permission, subject });
    const found = findImported(session.scene.launch, name);
    // To approve is no right to use secrets: what is shown to an approver is looked up by the installation.
    const by = permission === 'approval.vote' ? null : signer.person.id;
    const data = await openImportData(shell, session, { by, purpose: subject });
    const line = openProgress(shell.terminal, options.json === true);
    const progress: ReportProgress = (state) => line.update(state.done, state.total, describe(state));
    const describe = describeProgress(performance.now());
    try {
      return await action({ session, setting: { ...data, ...found }, signer, progress });
    } catch (error) {
      throw error instanceof DatastoreTrouble ? toUnavailable(error) : error;
    } finally {
      line.end();
    }
  });
}

function toUnavailable(error: DatastoreTrouble): ProductError {
  return new ProductError('datastore_unavailable', `${error.code}: ${error.message}`, {
    hint: 'mend what it names and run the same command again: an import goes on where it stopped',
    cause: error,
  });
}

function told(exit: number, json: unknown, text: string): CommandResult {
  return { exit, json, text: toInert(text, false) };
}

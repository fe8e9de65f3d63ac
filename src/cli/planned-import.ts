import { importReportFaults } from '../core/dataset/import/import-report.ts';
import { applyImport } from '../engine/data/import/apply-import.ts';
import { passWithoutApproval } from '../engine/data/import/approve-import.ts';
import type { ImportSetting } from '../engine/data/import/open-ground.ts';
import { planImport } from '../engine/data/import/plan-import.ts';
import { rollBackImport } from '../engine/data/import/roll-back.ts';
import type { UndoResult } from '../engine/data/import/roll-back.ts';
import type { ImportBatch } from '../store/import-batch.ts';
import type { CommandResult } from './command-result.ts';
import { toInert } from './inert.ts';
import { findImportBatch } from './open-import-data.ts';
import { describeBatch, describeReport } from './render-import.ts';
import { requireRight } from './require-right.ts';
import type { Session } from './with-session.ts';

/** Imports of several datasets, parents first, and in whose name. */
export interface PlannedImports {
  settings: readonly ImportSetting[];
  person: string;
}

const progress = (): void => undefined;

/** Runs every dataset dry and keeps the reports, under the account of where they come from; 4 where one may not be approved. */
export async function planAll(
  session: Session,
  { settings, person }: PlannedImports,
  account: { report: object; text: string; isWhole: boolean },
): Promise<CommandResult> {
  const batches: ImportBatch[] = [];
  for (const setting of settings)
    await requireRight(session, { person, permission: 'check.run', subject: setting.dataset.id });
  for (const setting of settings)
    batches.push(await planImport(session.store, setting, { mode: 'full', requester: person, progress }));
  const isFine = account.isWhole && batches.every(({ report }) => importReportFaults(report).length === 0);
  const text = [account.text, ...batches.map(describeReport)].join('\n');
  return { exit: isFine ? 0 : 4, json: { report: account.report, batches }, text: toInert(text, false) };
}

/** Writes the newest planned import of every dataset; 4 where one does not end verified. */
export async function applyAll(session: Session, { settings, person }: PlannedImports): Promise<CommandResult> {
  const ended: ImportBatch[] = [];
  for (const setting of settings) ended.push(await applyOne(session, setting, person));
  const text = ended.map((batch) => describeBatch(batch, [])).join('\n');
  return { exit: ended.every(({ state }) => state === 'verified') ? 0 : 4, json: ended, text: toInert(text, false) };
}

async function applyOne(session: Session, setting: ImportSetting, person: string): Promise<ImportBatch> {
  const { store, scene } = session;
  const { id } = setting.dataset;
  await requireRight(session, { person, permission: 'run.start', subject: id });
  const found = await findImportBatch(session, id, null);
  if (found.state === 'planned' && !scene.environment.production) await passWithoutApproval(store, setting, found);
  await applyImport(store, setting, { batch: await findImportBatch(session, id, found.id), person, progress });
  return findImportBatch(session, id, found.id);
}

/** Takes the newest import of every dataset back, children first; 5 where rows stay because people have edited them. */
export async function rollBackAll(session: Session, { settings, person }: PlannedImports): Promise<CommandResult> {
  const undone: (UndoResult & { dataset: string })[] = [];
  for (const setting of settings.toReversed()) {
    const wrote = ['applying', 'applied', 'verified', 'failed'];
    const { id } = setting.dataset;
    await requireRight(session, { person, permission: 'run.cancel', subject: id });
    const batch = await findImportBatch(session, id, null, ({ state }) => wrote.includes(state));
    const result = await rollBackImport(session.store, setting, { batch, person, progress });
    undone.push({ dataset: id, ...result });
  }
  const lines = undone.map(({ dataset, counts, edited }) => {
    const named = edited.length === 0 ? '' : `: ${edited.slice(0, 20).join(', ')}`;
    return `${dataset}: ${counts.deleted} rows deleted, ${counts.restored} restored, ${counts.edited} stay since people have edited them${named}\n`;
  });
  const isWhole = undone.every(({ counts }) => counts.edited === 0);
  return { exit: isWhole ? 0 : 5, json: undone, text: toInert(lines.join(''), false) };
}

import { basename, join, resolve, sep } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { exportDatasets } from '../../engine/data/archive/export-datasets.ts';
import { exportOwn } from '../../engine/data/archive/export-own.ts';
import { putArchive } from '../../engine/data/archive/remote-archive.ts';
import type { OpenObjects } from '../../engine/data/archive/remote-archive.ts';
import { toSha256File } from '../../engine/data/archive/sha256-file.ts';
import { resolveWindow } from '../../engine/data/archive/resolve-window.ts';
import { tellWindow } from '../../engine/data/archive/tell-window.ts';
import type { AskedWindow } from '../../engine/data/archive/window-of-places.ts';
import type { WrittenArchive } from '../../engine/data/archive/write-archive.ts';
import { openDataOf } from '../../engine/data/data-desk.ts';
import { readGitHead } from '../../engine/read-git-head.ts';
import { writeNewFile } from '../../engine/write-file.ts';
import { nameObject } from '../../kinds/object-store/object-place.ts';
import { readNow } from '../../store/open-store.ts';
import type { CommandResult } from '../command-result.ts';
import { toDataDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { openObjects } from '../open-objects.ts';
import type { ObjectOptions } from '../open-objects.ts';
import { openProgress } from '../progress.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireSigner } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';

export interface ExportOptions extends GlobalOptions, ObjectOptions, Partial<SignerOptions> {
  to?: string;
  out?: string;
  recipient?: string[];
  source?: boolean;
  since?: string;
  until?: string;
  dryRun?: boolean;
}

/** Writes an archive of datasets, or where none is named of everything that Tminus keeps; beside it lies its sha256. */
export async function exportCommand(
  shell: Shell,
  names: readonly string[],
  options: ExportOptions,
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const datasets = findDatasets(session, names);
    const generatedAt = await readNow(session.store);
    const window = await readWindow(session, { names, options, generatedAt });
    const file = toFile(shell, session, { names, options, generatedAt });
    if (options.dryRun === true) return tellPlan(file, { names, window });
    const subject = ['export', ...names].join(' ');
    const { person } = await requireSigner(shell, session, { options, permission: 'run.start', subject });
    // Before anything is written: a place that is not there is found out first.
    const objects = await openPlace(shell, session, { file, options, by: person.id });
    const progress = openProgress(shell.terminal, options.json === true || !shell.terminal.interactive);
    const onRows = (entity: string, rows: number): void => progress.update(rows, rows, entity);
    try {
      const wish = { datasets, generatedAt, window, file, options, by: person.id, onRows };
      const written = await write(shell, session, wish);
      writeNewFile(`${file}.sha256`, toSha256File({ name: basename(file), sha256: written.sha256, step: null }));
      if (objects !== null) await putArchive(objects, written);
      const isSealed = (options.recipient ?? []).length > 0;
      return tellWritten(written, { isSealed, at: objects === null ? null : nameObject(objects.place) });
    } finally {
      progress.end();
    }
  });
}

/** Which records are wanted; null for every one. What Tminus keeps itself is exported whole. */
async function readWindow(
  { scene, store }: Session,
  { names, options, generatedAt }: { names: readonly string[]; options: ExportOptions; generatedAt: string },
): Promise<AskedWindow | null> {
  const { since = null, until = null } = options;
  if ((since !== null || until !== null) && (names.length === 0 || options.source === true))
    throw new ProductError('usage', 'export --since: expected datasets and their target, got another wish', {
      hint: 'name the datasets whose records users write on the new side, and leave out --source',
    });
  return await resolveWindow(store, scene, { since, until, nowMs: Date.parse(generatedAt) });
}

interface ExportWish {
  datasets: Session['scene']['launch']['datasets'];
  generatedAt: string;
  window: AskedWindow | null;
  file: string;
  options: ExportOptions;
  by: string;
  onRows: (entity: string, rows: number) => void;
}

async function write(
  shell: Shell,
  { scene, store }: Session,
  { datasets, generatedAt, window, file, options, by, onRows }: ExportWish,
): Promise<WrittenArchive> {
  const writing = { signal: shell.signal, recipients: options.recipient ?? [], onRows };
  const origin = { environment: scene.environment.id, appGitSha: await readGitHead(scene.directory) };
  if (datasets.length === 0) return await exportOwn(store, origin, file, writing);
  const { open } = await openDataOf(store, scene, { by, purpose: 'export' });
  const side = options.source === true ? 'source' : 'target';
  const wish = { ...origin, launch: scene.launch.id, generatedAt, datasets, side, open, window } as const;
  return await exportDatasets(wish, file, writing);
}

function findDatasets({ scene }: Session, names: readonly string[]): Session['scene']['launch']['datasets'] {
  const { datasets } = scene.launch;
  const lost = names.find((name) => !datasets.some(({ id }) => id === name));
  if (lost === undefined) return datasets.filter(({ id }) => names.includes(id));
  const known = datasets.map(({ id }) => id).join(', ') || 'none';
  throw new ProductError('dataset_unknown', `dataset ${lost}: expected one of ${known}, got none of that name`, {
    hint: 'name datasets that the documents declare; without a name everything that tminus keeps is exported',
  });
}

/** Environment and day, and nothing of whom it is about: names of files are read by many. */
function toFile(
  shell: Shell,
  { scene }: Session,
  { names, options, generatedAt }: { names: readonly string[]; options: ExportOptions; generatedAt: string },
): string {
  const folder =
    options.out === undefined
      ? join(toDataDirectory(shell, options), 'exports')
      : resolve(shell.directory, options.out);
  const moment = generatedAt.replaceAll(/[-:]|\.\d+/g, '');
  const ending = (options.recipient ?? []).length > 0 ? '.tar.gz.age' : '.tar.gz';
  const what = names.length === 0 ? 'store' : options.since === undefined ? 'datasets' : 'partial';
  return join(folder, scene.environment.id, generatedAt.slice(0, 10), `${what}-${moment}${ending}`);
}

/** The same folders as on the disk, below what `--to` names; null where it stays here. */
async function openPlace(
  shell: Shell,
  session: Session,
  { file, options, by }: { file: string; options: ExportOptions; by: string },
): Promise<OpenObjects | null> {
  if (options.to === undefined) return null;
  const [environment, day, name] = file.split(sep).slice(-3);
  const url = `${options.to.replace(/\/$/, '')}/${environment}/${day}/${name}`;
  return await openObjects(shell, session, { url, options, by });
}

function tellPlan(
  file: string,
  { names, window }: { names: readonly string[]; window: AskedWindow | null },
): CommandResult {
  const what = names.length === 0 ? 'everything that tminus keeps' : names.join(', ');
  const which = window === null ? '' : `, what was written ${tellWindow({ ...window, entities: {} })}`;
  const json = { file, datasets: names, window, written: false };
  return { exit: 0, json, text: `would export ${what}${which}\nto ${file}\n` };
}

function tellWritten(
  { file, sha256, manifest }: WrittenArchive,
  { isSealed, at }: { isSealed: boolean; at: string | null },
): CommandResult {
  const { entity_counts: counts, redactions, omitted_entities: omitted, window } = manifest;
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    exit: 0,
    json: { file, sha256, at, encrypted: isSealed, counts, redactions, omitted, window: window ?? null },
    text: [
      `${rows} rows of ${Object.keys(counts).length} entities${isSealed ? ', encrypted' : ''}`,
      `${redactions.length} fields redacted, ${omitted.length} entities left out, each named in the manifest`,
      `archive ${file}`,
      ...(at === null ? [] : [`and at  ${at}, read back with the same sha256`]),
      `sha256  ${sha256}`,
      window === undefined
        ? `it counts as a backup once it was restored: tminus restore-drill ${at ?? file}`
        : `partial: ${tellWindow(window)}; it is no backup, and no drill takes it for one`,
      '',
    ].join('\n'),
  };
}

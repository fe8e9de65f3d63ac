import { basename, join, resolve } from 'node:path';

import type { Dataset } from '../../core/dataset/dataset.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { productionHosts } from '../../core/procedure/rehearsal-faults.ts';
import { productionDatabases } from '../../engine/data/archive/production-databases.ts';
import { nameScratchServer, startScratchServer } from '../../engine/data/archive/scratch-server.ts';
import type { ScratchDatabase } from '../../engine/data/archive/scratch-server.ts';
import { openDataOf } from '../../engine/data/data-desk.ts';
import { createDataSecrets } from '../../engine/data/open-data-access.ts';
import { bootClone, keepClone } from '../../engine/data/snapshot/boot-clone.ts';
import type { CloneGround } from '../../engine/data/snapshot/boot-clone.ts';
import { seedPseudonyms, takeSnapshot } from '../../engine/data/snapshot/take-snapshot.ts';
import type { SnapshotWish, TakenSnapshot } from '../../engine/data/snapshot/take-snapshot.ts';
import { readGitHead } from '../../engine/read-git-head.ts';
import { writeNewFile } from '../../engine/write-file.ts';
import { readNow } from '../../store/open-store.ts';
import type { CommandResult } from '../command-result.ts';
import { toDataDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { openProgress } from '../progress.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireSigner } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';

export interface SnapshotOptions extends GlobalOptions, SignerOptions {
  seed: string;
  out?: string;
  into?: string;
  recipient?: string[];
  source?: boolean;
  smoke?: string;
}

/** Writes a scrubbed copy of datasets that was verified and of which a clone was seen to boot; where anything fails, nothing remains. */
export async function snapshotCommand(
  shell: Shell,
  names: readonly string[],
  options: SnapshotOptions,
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const subject = ['snapshot', ...names].join(' ');
    const { person } = await requireSigner(shell, session, { options, permission: 'run.start', subject });
    const ground = await openClones(shell, session, options);
    const progress = openProgress(shell.terminal, options.json === true || !shell.terminal.interactive);
    const kept: ScratchDatabase[] = [];
    try {
      const wish = await toWish(session, names, { ...options, by: person.id, signal: shell.signal });
      const boot: SnapshotWish['boot'] = async (archive) => {
        const faults = await bootClone(archive, ground);
        if (faults.length === 0 && options.into !== undefined)
          kept.push(await keepClone(archive, ground, toName(wish.generatedAt)));
        return faults;
      };
      const file = toFile(shell, session, options, wish.generatedAt);
      const onRows = (entity: string, rows: number): void => progress.update(rows, rows, entity);
      const recipients = options.recipient ?? [];
      const taken = await takeSnapshot({ ...wish, boot }, file, { signal: shell.signal, recipients, onRows });
      writeNewFile(`${file}.sha256`, `${taken.sha256}  ${basename(file)}\n`);
      return tellTaken(taken, kept[0]?.name ?? null);
    } catch (error) {
      for (const clone of kept) await clone.drop();
      throw error;
    } finally {
      progress.end();
      await ground.server.close();
    }
  });
}

async function openClones(shell: Shell, { scene }: Session, options: SnapshotOptions): Promise<CloneGround> {
  const password = shell.env['TMINUS_DRILL_PASSWORD'] ?? null;
  return {
    server: options.into === undefined ? await startScratchServer() : nameScratchServer(options.into, password),
    guard: { forbidden: productionHosts(scene.launch), productionDatabases: productionDatabases(scene.launch) },
    smoke: options.smoke ?? null,
    workspace: scene.directory,
    signal: shell.signal,
  };
}

async function toWish(
  { scene, store }: Session,
  names: readonly string[],
  { seed: name, source, by, signal }: SnapshotOptions & { by: string; signal: AbortSignal },
): Promise<Omit<SnapshotWish, 'boot'>> {
  const purpose = 'snapshot';
  const openSecret = createDataSecrets(store, scene, { actor: by, purpose, mask: () => undefined });
  const datasets = findDatasets(scene.launch.datasets, names);
  const seed = await openSecret(name, signal);
  const pseudonym = seedPseudonyms(seed.exposeBytes());
  seed.wipe();
  return {
    environment: scene.environment.id,
    appGitSha: await readGitHead(scene.directory),
    launch: scene.launch.id,
    generatedAt: await readNow(store),
    datasets,
    side: source === true ? 'source' : 'target',
    open: (await openDataOf(store, scene, { by, purpose })).open,
    pseudonym,
  };
}

function findDatasets(datasets: readonly Dataset[], names: readonly string[]): Dataset[] {
  return names.map((name) => {
    const found = datasets.find(({ id }) => id === name);
    if (found) return found;
    const known = datasets.map(({ id }) => id).join(', ') || 'none';
    throw new ProductError('dataset_unknown', `dataset ${name}: expected one of ${known}, got none of that name`, {
      hint: 'name datasets that the documents declare',
    });
  });
}

function toFile(shell: Shell, { scene }: Session, options: SnapshotOptions, generatedAt: string): string {
  const folder =
    options.out === undefined
      ? join(toDataDirectory(shell, options), 'snapshots')
      : resolve(shell.directory, options.out);
  const ending = (options.recipient ?? []).length > 0 ? '.tar.gz.age' : '.tar.gz';
  return join(folder, `${scene.environment.id}-snapshot-${toMoment(generatedAt)}${ending}`);
}

function toName(generatedAt: string): string {
  return `tminus_drill_snapshot_${toMoment(generatedAt).toLowerCase()}`;
}

function toMoment(at: string): string {
  return at.replaceAll(/[-:]|\.\d+/g, '');
}

function tellTaken({ file, sha256, tag, manifest }: TakenSnapshot, clone: string | null): CommandResult {
  const { entity_counts: counts } = manifest;
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    exit: 0,
    json: { file, sha256, tag, counts, clone },
    text: [
      `${tag}: ${rows} rows of ${Object.keys(counts).length} entities, none with a value of a person; a clone boots`,
      `archive ${file}`,
      `sha256  ${sha256}`,
      ...(clone === null ? [] : [`clone   ${clone}`]),
      '',
    ].join('\n'),
  };
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { ProductError } from '../../../core/error/product-error.ts';
import type { ReconciledPlace } from '../../../store/reconcile-report.ts';
import { readSha256File } from './sha256-file.ts';

/** An archive that a server wrote of a dataset, as it lies in the data directory. */
export interface KeptArchive {
  name: string;
  file: string;
  bytes: number;
  writtenAtMs: number;
  /** Kept beside it when it was written; null where it is gone, and then no drill of it can pass. */
  sha256: string | null;
}

/** The file of an archive that is written at this moment. */
export function keptArchiveFile(dataDirectory: string, place: ReconciledPlace, at: string): string {
  return join(folderOf(dataDirectory, place), `${at.replaceAll(/[-:]|\.\d+/g, '')}.tar.gz`);
}

/** Returns the archives of a dataset in an environment, the newest first. */
export async function listKeptArchives(dataDirectory: string, place: ReconciledPlace): Promise<KeptArchive[]> {
  const folder = folderOf(dataDirectory, place);
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^[\dTZ]+\.tar\.gz$/u.test(name));
  return Promise.all(
    names
      .toSorted()
      .toReversed()
      .map((name) => readKept(folder, name)),
  );
}

/** Returns one of them by its name. Throws `drill_refused` where there is none: a name is never taken as a path. */
export async function findKeptArchive(
  dataDirectory: string,
  place: ReconciledPlace,
  name: string,
): Promise<KeptArchive> {
  const found = (await listKeptArchives(dataDirectory, place)).find((one) => one.name === name);
  if (found) return found;
  throw new ProductError('drill_refused', `archive of ${place.dataset}: expected one that lies here, got ${name}`, {
    hint: 'export the dataset first, or name an archive as its list has it',
  });
}

async function readKept(folder: string, name: string): Promise<KeptArchive> {
  const file = join(folder, name);
  const { size, mtimeMs } = await stat(file);
  const beside = await readFile(`${file}.sha256`, 'utf8').catch(() => '');
  return { name, file, bytes: size, writtenAtMs: mtimeMs, sha256: readSha256File(beside)?.sha256 ?? null };
}

function folderOf(dataDirectory: string, { launch, environment, dataset }: ReconciledPlace): string {
  return join(dataDirectory, 'archives', launch, environment, dataset);
}

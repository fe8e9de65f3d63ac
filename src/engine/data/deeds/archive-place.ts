import { createHash } from 'node:crypto';
import { createReadStream, realpathSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { ProductError } from '../../../core/error/product-error.ts';
import type { ExportDeed, StepContext } from '../../../core/step/step-kind.ts';
import { writeNewFile } from '../../write-file.ts';
import { openObjects } from '../archive/open-objects.ts';
import { fetchArchive, lookAtArchive, putArchive } from '../archive/remote-archive.ts';
import type { OpenObjects } from '../archive/remote-archive.ts';
import { readSha256File, toSha256File } from '../archive/sha256-file.ts';
import type { RecordedSha256 } from '../archive/sha256-file.ts';
import type { WrittenArchive } from '../archive/write-archive.ts';

/** What lies where a step writes its archive. */
export type ArchiveStanding = { state: 'none' | 'other' } | { state: 'whole'; sha256: string };

/** Where the archive of a step lies: a path of the launch repository, or an object. */
export interface ArchivePlace {
  readStanding(key: string): Promise<ArchiveStanding>;
  /** Makes an archive, and puts it and its sha256 with the key of the step there; nothing is replaced. */
  keep(key: string, make: (file: string) => Promise<WrittenArchive>): Promise<WrittenArchive>;
  /** Hands the archive over as a file that lies here, with the sha256 that was recorded beside it; null where nobody kept it. */
  use<Result>(use: (file: string, recorded: string | null) => Promise<Result>): Promise<Result>;
}

/** Opens the place of an archive of a step. Throws `usage` for one outside of the workspace, and for a store of objects that is not written as one. */
export function openArchivePlace(
  { file: name, store }: Pick<ExportDeed, 'file' | 'store'>,
  context: StepContext,
): ArchivePlace {
  // A plan of an earlier version has no word of a store.
  return store
    ? openRemote(openObjects(name, store, { ...context, now: () => context.now() }))
    : openFolder(findPlace(context.workspace, name));
}

function openFolder(file: string): ArchivePlace {
  return {
    readStanding: (key) => readStanding(file, key),
    keep: async (key, make) => {
      const written = await make(file);
      recordArchive(file, { sha256: written.sha256, key });
      return written;
    },
    use: async (use) => use(file, (await readRecorded(file))?.sha256 ?? null),
  };
}

function openRemote(objects: OpenObjects): ArchivePlace {
  return {
    async readStanding(key) {
      const { sha256, recorded } = await lookAtArchive(objects);
      if (sha256 === null) return { state: recorded === null ? 'none' : 'other' };
      return standingOf(sha256, readSha256File(recorded ?? ''), key);
    },
    async keep(key, make) {
      const folder = await mkdtemp(join(tmpdir(), 'tminus-export-'));
      try {
        const written = await make(join(folder, basename(objects.place.key)));
        await putArchive(objects, { ...written, step: key });
        return written;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async use(use) {
      const fetched = await fetchArchive(objects);
      try {
        return await use(fetched.file, readSha256File(fetched.recorded ?? '')?.sha256 ?? null);
      } finally {
        await fetched.remove();
      }
    },
  };
}

/** Writes the sha256 of an archive beside it, with the key of the step that wrote it. */
export function recordArchive(file: string, { sha256, key }: { sha256: string; key: string }): void {
  writeNewFile(`${file}.sha256`, toSha256File({ name: basename(file), sha256, step: key }));
}

/** Returns the absolute path of a file of the launch repository. Throws `usage` for a place outside of the workspace, by its name or by a link on the way. */
export function findPlace(workspace: string, name: string): string {
  const file = resolve(workspace, name);
  if (!leaves(file, workspace) && !leaves(nearestReal(file), realpathSync(workspace))) return file;
  throw new ProductError('usage', `${name}: expected a file inside the launch repository, got one outside`, {
    hint: 'name a path from the launch repository, such as exports/orders.tar.gz',
  });
}

function leaves(path: string, root: string): boolean {
  const from = relative(root, path);
  return from === '..' || from.startsWith(`..${sep}`) || isAbsolute(from);
}

function nearestReal(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : nearestReal(dirname(path));
  }
}

/** Returns what lies at the place of an archive: nothing, what this step has written, or something else. */
export async function readStanding(file: string, key: string): Promise<ArchiveStanding> {
  const sha256 = await digestFile(file);
  return sha256 === null ? { state: 'none' } : standingOf(sha256, await readRecorded(file), key);
}

function standingOf(sha256: string, recorded: RecordedSha256 | null, key: string): ArchiveStanding {
  return recorded?.sha256 === sha256 && recorded.step === key ? { state: 'whole', sha256 } : { state: 'other' };
}

/** Returns the sha256 that was recorded beside an archive, and the step that wrote it; null where there is none. */
async function readRecorded(file: string): Promise<RecordedSha256 | null> {
  return readSha256File(await readFile(`${file}.sha256`, 'utf8').catch(() => ''));
}

async function digestFile(file: string): Promise<string | null> {
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(file), digest);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return digest.digest('hex');
}

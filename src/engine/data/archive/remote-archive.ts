import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { sha256Hex } from '@tminus/verify';

import { ProductError } from '../../../core/error/product-error.ts';
import { nameObject } from '../../../kinds/object-store/object-place.ts';
import type { ObjectPlace } from '../../../kinds/object-store/object-place.ts';
import { ObjectTrouble } from '../../../kinds/object-store/object-request.ts';
import type { ObjectContext } from '../../../kinds/object-store/object-request.ts';
import { fetchObject, hashObject } from '../../../kinds/object-store/read-object.ts';
import { uploadObject } from '../../../kinds/object-store/upload-object.ts';
import { toSha256File } from './sha256-file.ts';

/** A store of objects that is open for reading and writing. */
export interface OpenObjects {
  place: ObjectPlace;
  context: ObjectContext;
}

/** An archive of a store of objects as it lies here for a while. */
export interface FetchedArchive {
  file: string;
  /** Recorded beside it when it was put there; null where nothing was. */
  recorded: string | null;
  remove(): Promise<void>;
}

interface RemoteWish {
  file: string;
  sha256: string;
  /** Key of the step that wrote it, recorded beside it. */
  step?: string;
  onBytes?: (done: number, total: number) => void;
}

/** Puts an archive and its sha256 into a store of objects, each verified there. Throws `output_exists` for one that is there, and `export_refused` where it is not what was sent. */
export async function putArchive(
  { place, context }: OpenObjects,
  { file, sha256, step, onBytes }: RemoteWish,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tminus-upload-'));
  try {
    const beside = join(folder, 'sha256');
    const line = toSha256File({ name: basename(place.key), sha256, step: step ?? null });
    await writeFile(beside, line);
    await uploadObject(place, { file, sha256, ...(onBytes && { onBytes }) }, context);
    const recorded = { ...place, key: `${place.key}.sha256` };
    await uploadObject(recorded, { file: beside, sha256: sha256Hex(line) }, context);
  } catch (error) {
    throw toWritingError(place, error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function toWritingError(place: ObjectPlace, error: unknown): unknown {
  if (!(error instanceof ObjectTrouble)) return error;
  const { code, message } = error;
  return code === 'exists'
    ? new ProductError('output_exists', message, { hint: 'name another place; an archive is never overwritten' })
    : new ProductError('export_refused', `${code}: ${message}`, {
        hint: `mend what it names and put the file there again: the archive is whole here, and not known to be in ${nameObject(place)}`,
        cause: error,
      });
}

/** Fetches an archive into a folder of its own, for nobody else to read. Throws `archive_unreadable`. */
export async function fetchArchive({ place, context }: OpenObjects): Promise<FetchedArchive> {
  const folder = await mkdtemp(join(tmpdir(), 'tminus-archive-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const file = join(folder, basename(place.key));
  try {
    await fetchObject(place, file, context);
    return { file, recorded: await fetchRecorded({ place, context }, `${file}.sha256`), remove };
  } catch (error) {
    await remove();
    throw toReadingError(error);
  }
}

/** What a store of objects holds at the place of an archive: the sha256 of its bytes as they are now, and what was recorded beside it; null for what is not there. Throws `archive_unreadable`. */
export async function lookAtArchive(objects: OpenObjects): Promise<{ sha256: string | null; recorded: string | null }> {
  const folder = await mkdtemp(join(tmpdir(), 'tminus-look-'));
  try {
    const sha256 = await orMissing(hashObject(objects.place, objects.context));
    return { sha256, recorded: await fetchRecorded(objects, join(folder, 'sha256')) };
  } catch (error) {
    throw toReadingError(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchRecorded({ place, context }: OpenObjects, file: string): Promise<string | null> {
  const fetched = fetchObject({ ...place, key: `${place.key}.sha256` }, file, context);
  return (await orMissing(fetched.then(() => true))) === null ? null : await readFile(file, 'utf8');
}

async function orMissing<Result>(asked: Promise<Result>): Promise<Result | null> {
  return await asked.catch((error: unknown) => {
    if (error instanceof ObjectTrouble && error.code === 'missing') return null;
    throw error;
  });
}

function toReadingError(error: unknown): unknown {
  if (!(error instanceof ObjectTrouble)) return error;
  return new ProductError('archive_unreadable', `${error.code}: ${error.message}`, {
    hint: 'see that the place, the key and its secret are those of the store',
    cause: error,
  });
}

import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { DatastoreContext } from '../../../core/dataset/datastore-kind.ts';
import { resolveInWorkspace } from '../../checks/workspace-file.ts';

/** A regular file inside the launch repository, read from its beginning as often as asked. */
export interface FileInput {
  /** Name without folder and endings. */
  table: string;
  /** Path as the document writes it. */
  path: string;
  /** Absolute path, links resolved. */
  real: string;
  /** Bytes after unpacking where it is gzip. Throws where the file changes while it is read, or unpacks to more than `limit`. */
  read(): AsyncGenerator<Buffer>;
}

/** Rows of a table shrink twenty times, perhaps fifty; gzip itself ends at 1,030, and only a bomb comes near. */
const largestRatio = 300;
const smallestLimit = 64 * 1024 ** 2;
const chunkSize = 1024 ** 2;

/** Returns the files that a `file:` URL names: one, or those of a folder with one of these endings, each perhaps with `.gz`, in order of their names. */
export async function findFileInputs(
  url: string,
  endings: readonly string[],
  context: DatastoreContext,
): Promise<FileInput[]> {
  const path = url.replace(/^[a-z]+:/, '');
  const real = await resolveFile(path, context);
  if (!(await stat(real)).isDirectory()) return [toInput(path, real, context)];
  const ends = new RegExp(`(?:${endings.map((ending) => ending.replaceAll('.', '\\.')).join('|')})(?:\\.gz)?$`, 'i');
  const names = (await readdir(real)).filter((name) => ends.test(name) && !name.startsWith('.')).toSorted();
  const files = await Promise.all(
    names.map(async (name) => ({ name, real: await resolveFile(join(path, name), context) })),
  );
  const inputs = files.map((file) => toInput(join(path, file.name), file.real, context));
  const double = inputs.find(({ table }, index) => inputs.findIndex((other) => other.table === table) !== index);
  if (double)
    throw new DatastoreTrouble('table_ambiguous', `${path}: expected one file for ${double.table}, got several`);
  return inputs;
}

async function resolveFile(path: string, context: DatastoreContext): Promise<string> {
  const found = await resolveInWorkspace(context.workspace, path);
  if (!found.ok) throw new DatastoreTrouble(found.trouble.code, found.trouble.message);
  return found.path;
}

/** Returns a file that is known to be one of ours: of the workspace, or a copy in a private folder. */
export function toInput(path: string, real: string, context: Pick<DatastoreContext, 'signal'>): FileInput {
  return {
    table: basename(path).replace(/^(.+?)(?:\.[a-z]+)?(?:\.gz)?$/i, '$1'),
    path,
    real,
    read: () => readFile(path, real, context.signal),
  };
}

/** Opens a file of the workspace for reading, links not followed, pipes not waited for. */
async function openFile(path: string, real: string): Promise<FileHandle> {
  const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW).catch(
    (error: NodeJS.ErrnoException) => {
      throw new DatastoreTrouble('file_unreadable', `${path}: expected a file that can be read, got ${error.code}`);
    },
  );
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new DatastoreTrouble('not_a_file', `${path}: expected a regular file, got something else`);
}

async function* readFile(path: string, real: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const handle = await openFile(path, real);
  try {
    const before = await handle.stat({ bigint: true });
    const packed = await isGzip(handle);
    const raw = handle.createReadStream({ autoClose: false, start: 0, highWaterMark: chunkSize, signal });
    // The next read throws what happened before it; without a listener that ends the process.
    raw.on('error', () => undefined);
    const stream = packed ? pipeline(raw, createGunzip({ chunkSize }), () => undefined) : raw;
    yield* limited(stream as AsyncIterable<Buffer>, path, packed ? Number(before.size) : null);
    if (!isSame(before, await handle.stat({ bigint: true })))
      throw new DatastoreTrouble(
        'file_changed',
        `${path}: expected a file at rest, got one that changed while it was read`,
      );
  } catch (error) {
    throw toTrouble(error, path, signal);
  } finally {
    await handle.close();
  }
}

async function* limited(
  chunks: AsyncIterable<Buffer>,
  path: string,
  packedSize: number | null,
): AsyncGenerator<Buffer> {
  const limit = packedSize === null ? Infinity : Math.max(smallestLimit, packedSize * largestRatio);
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit)
      throw new DatastoreTrouble('too_large', `${path}: expected at most ${limit} bytes unpacked, got more`);
    yield chunk;
  }
}

async function isGzip(handle: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

function isSame(before: BigIntStats, after: BigIntStats): boolean {
  return before.size === after.size && before.mtimeNs === after.mtimeNs && before.ino === after.ino;
}

function toTrouble(error: unknown, path: string, signal: AbortSignal): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (signal.aborted || error instanceof DatastoreTrouble) return signal.aborted ? signal.reason : error;
  if (code.startsWith('Z_')) return new DatastoreTrouble('damaged', `${path}: expected whole gzip data, got ${code}`);
  return error;
}

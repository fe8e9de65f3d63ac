import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { SecretReference } from '../../core/secret/secret.ts';
import type { WriteResult } from '../../core/secret/secret-writer.ts';
import { failedReading } from './failed-reading.ts';
import { readPrivateFile } from './read-private-file.ts';

/** The value before, beside the file until the new one is settled. */
const previousOf = (path: string): string => `${path}.previous`;

/**
 * Puts new bytes into a private file at once, on disk, and the old ones beside it as `PATH.previous`. Where that is there already an older change was
 * interrupted, and the file may hold either value: it is refused.
 */
export async function replaceFile(secret: SecretReference, path: string, bytes: Uint8Array): Promise<WriteResult> {
  const old = await readPrivateFile(path, 4 * 64 * 1024 + 64 * 1024);
  if (!old.ok) return fail(secret, `expected the file that is to be replaced: ${old.fault.says}`);
  try {
    // Exclusive: of two changes at once one gets no further.
    await writePrivate(previousOf(path), old.bytes);
  } catch (error) {
    return fail(secret, `expected no change under way, got ${codeOf(error)} for the file of the value before`);
  } finally {
    old.bytes.fill(0);
  }
  try {
    await unlink(`${path}.new`).catch(() => undefined);
    await writePrivate(`${path}.new`, bytes);
    await rename(`${path}.new`, path);
    await syncFolder(path);
    return { ok: true };
  } catch (error) {
    // The same bytes, whether or not the new ones had come so far.
    await rename(previousOf(path), path).catch(() => undefined);
    return fail(secret, `expected to write the file, got ${codeOf(error)}`);
  }
}

/** Puts the file before back, where there is one. */
export async function restoreFile(secret: SecretReference, path: string): Promise<WriteResult> {
  return change(secret, path, () => rename(previousOf(path), path));
}

/** Removes the file before, where there is one. */
export async function settleFile(secret: SecretReference, path: string): Promise<WriteResult> {
  return change(secret, path, () => unlink(previousOf(path)));
}

async function change(secret: SecretReference, path: string, work: () => Promise<void>): Promise<WriteResult> {
  try {
    await work();
    await syncFolder(path);
    return { ok: true };
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? { ok: true } : fail(secret, `expected to settle it, got ${codeOf(error)}`);
  }
}

async function writePrivate(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The names are on disk, too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'an error';
}

function fail(secret: SecretReference, says: string): WriteResult {
  const failed = failedReading(secret, 'unsafe', says, 'look at the file and at FILE.previous beside it');
  return { ok: false, trouble: (failed as Extract<typeof failed, { state: 'failed' }>).trouble };
}

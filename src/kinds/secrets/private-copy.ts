import { constants } from 'node:fs';
import { access, mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SecretValue } from '../../core/secret/secret-value.ts';

/** Memory that looks like a folder on Linux: what lies there is on no disk. */
const memoryFolder = '/dev/shm';

/** O_TMPFILE of Linux (open(2)): a file that never has a name, so that nothing is left where this process is killed. */
const nameless = 0o20000000 | constants.O_DIRECTORY;

/** The secret as an open file for reading, in memory, without a name; elsewhere than on Linux as `openUnlinked` has it. */
export async function openNameless(value: SecretValue): Promise<FileHandle> {
  const isLinux = process.platform === 'linux';
  const writer = isLinux ? await open(memoryFolder, nameless | constants.O_RDWR, 0o400).catch(() => null) : null;
  if (writer === null) return openUnlinked(value);
  try {
    await writeWiped(writer, value);
    return await open(`/proc/self/fd/${writer.fd}`, constants.O_RDONLY);
  } finally {
    await writer.close();
  }
}

/** The secret as an open file for reading, whose name is gone before anybody is told of it. */
export async function openUnlinked(value: SecretValue): Promise<FileHandle> {
  const { folder, path } = await writePrivateFile(value);
  try {
    return await open(path, constants.O_RDONLY);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The secret in a file of mode 0600 in a new folder of mode 0700, in memory where the system has such a folder. Where it cannot be written, nothing is left. */
export async function writePrivateFile(value: SecretValue): Promise<{ folder: string; path: string }> {
  const isMemory = await access(memoryFolder, constants.W_OK).then(
    () => true,
    () => false,
  );
  const folder = await mkdtemp(join(isMemory ? memoryFolder : tmpdir(), 'tminus-secret-'));
  const path = join(folder, 'value');
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const writer = await open(path, flags, 0o600);
    try {
      await writeWiped(writer, value);
    } finally {
      await writer.close();
    }
    return { folder, path };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function writeWiped(writer: FileHandle, value: SecretValue): Promise<void> {
  const bytes = value.exposeBytes();
  try {
    await writer.writeFile(bytes);
  } finally {
    bytes.fill(0);
  }
}

import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { SecretTrouble } from '../../core/secret/secret.ts';

export type FileFault = { code: SecretTrouble['code']; says: string };
export type PrivateFile = { ok: true; bytes: Uint8Array } | { ok: false; fault: FileFault };

const codes: { [code: string]: FileFault } = {
  ENOENT: { code: 'missing', says: 'expected a file, got nothing' },
  ENOTDIR: { code: 'missing', says: 'expected a file, got nothing' },
  EACCES: { code: 'denied', says: 'expected to be allowed to read it, got no permission' },
  EPERM: { code: 'denied', says: 'expected to be allowed to read it, got no permission' },
  ELOOP: { code: 'unsafe', says: 'expected a file, got a symbolic link' },
  EISDIR: { code: 'unsafe', says: 'expected a file, got a folder' },
};

/**
 * Reads a file that nobody else can read or exchange: a regular file, no link, of this user or root, closed to group and others; and every folder
 * above it belongs to them, too, and is closed to writers (as sshd wants it of keys). Folders are checked first, so what is opened then is what was checked.
 */
export async function readPrivateFile(path: string, limit: number): Promise<PrivateFile> {
  const uid = process.getuid?.();
  // Without owners and modes nothing can be checked, and what cannot be checked is not private.
  if (uid === undefined) return refuse('expected a system with file owners, got none');
  try {
    const folder = await realpath(dirname(path));
    const exchanger = await openFolder(folder, uid);
    if (exchanger !== null) return refuse(`expected folders that only their owner writes to, got ${exchanger}`);
    // Not blocking: a pipe of that name must not hold up the run.
    const file = await open(
      join(folder, basename(path)),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      const says = privacyFault(await file.stat(), uid);
      return says === null ? await readUpTo(file, limit) : refuse(says);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return { ok: false, fault: codes[code] ?? { code: 'unreadable', says: `expected a readable file, got ${code}` } };
  }
}

/** The first folder from here to the root that somebody else could exchange things in, or null. A sticky folder keeps what is ours. */
async function openFolder(folder: string, uid: number): Promise<string | null> {
  for (let current = folder; ; current = dirname(current)) {
    const { mode, uid: owner } = await stat(current);
    const isSticky = (mode & 0o1000) !== 0;
    if ((owner !== uid && owner !== 0) || ((mode & 0o022) !== 0 && !isSticky)) return current;
    if (current === dirname(current)) return null;
  }
}

function privacyFault(found: Stats, uid: number): string | null {
  if (!found.isFile()) return 'expected a regular file, got something else';
  if (found.uid !== uid && found.uid !== 0) return `expected a file of this user or root, got one of user ${found.uid}`;
  const mode = found.mode & 0o777;
  return (mode & 0o077) === 0 ? null : `expected mode 0600 or less, got 0${mode.toString(8)}`;
}

async function readUpTo(file: FileHandle, limit: number): Promise<PrivateFile> {
  const bytes = Buffer.alloc(limit + 1);
  let size = 0;
  for (let read = 1; read > 0 && size < bytes.length; size += read) {
    read = (await file.read(bytes, size, bytes.length - size)).bytesRead;
  }
  if (size <= limit) return { ok: true, bytes: bytes.subarray(0, size) };
  bytes.fill(0);
  return { ok: false, fault: { code: 'too_large', says: `expected ${limit} bytes at most, got more` } };
}

function refuse(says: string): PrivateFile {
  return { ok: false, fault: { code: 'unsafe', says } };
}

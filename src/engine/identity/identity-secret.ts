import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';

/**
 * Returns the secret of sign-in, 64 hex digits, made on first use under `keys/` of the data directory: outside the database, so that whoever reads that
 * can forge no session. Servers of one store on several machines need the same file.
 */
export function readSecret(dataDirectory: string): string {
  const file = join(dataDirectory, 'keys', 'identity.secret');
  if (!existsSync(file)) createSecret(dataDirectory, file);
  const secret = readFileSync(file, 'utf8').trim();
  if (/^[0-9a-f]{64}$/.test(secret)) return secret;
  throw new ProductError('key_unreadable', `${file}: expected 64 hex digits, got ${secret.length} characters`, {
    hint: 'restore the keys folder from a backup; without it every session ends and authenticators have to be enrolled again',
  });
}

/** Written whole and synced before it gets its name; of two processes that do it at once, one name wins and both read that secret. */
function createSecret(dataDirectory: string, file: string): void {
  mkdirSync(join(dataDirectory, 'keys'), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  rmSync(draft, { force: true });
  const handle = openSync(draft, 'wx', 0o600);
  writeSync(handle, `${randomBytes(32).toString('hex')}\n`);
  fsyncSync(handle);
  closeSync(handle);
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

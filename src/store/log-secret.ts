import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
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

import { ProductError } from '../core/error/product-error.ts';

/** Returns where the signing key of the logs lies: outside the database, so that whoever rules that cannot sign a new history. */
function toLogSecretFile(dataDirectory: string): string {
  return join(dataDirectory, 'keys', 'log.pem');
}

/**
 * Returns the Ed25519 key that signs checkpoints, as PKCS #8 PEM; made on first use.
 * `mayCreate` says whether no log exists yet. With one, a missing key is `log_broken`: a new key would let a swapped history look genuine.
 */
export function readOrCreateLogSecret(dataDirectory: string, mayCreate: boolean): string {
  const file = toLogSecretFile(dataDirectory);
  if (!existsSync(file)) {
    if (!mayCreate) {
      throw new ProductError(
        'log_broken',
        `${file}: expected the key that signed the logs of this store, got no such file`,
        {
          hint: 'restore the keys folder from a backup; a new key cannot carry on a signed log',
        },
      );
    }
    createSecret(dataDirectory, file);
  }
  return readSecret(file);
}

function readSecret(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8');
    if (createPrivateKey(pem).asymmetricKeyType !== 'ed25519') throw new Error('a key of another kind');
    return pem;
  } catch (error) {
    throw new ProductError(
      'key_unreadable',
      `${file}: expected an Ed25519 private key in PEM, got ${(error as Error).message}`,
      {
        hint: 'restore the keys folder from a backup, and check its owner and mode',
        cause: error,
      },
    );
  }
}

/** Written whole and synced before it gets its name; of two processes that do it at once, one name wins and both read that key. */
function createSecret(dataDirectory: string, file: string): void {
  mkdirSync(join(dataDirectory, 'keys'), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  rmSync(draft, { force: true });
  const handle = openSync(draft, 'wx', 0o600);
  writeSync(handle, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
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

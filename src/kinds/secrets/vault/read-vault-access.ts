import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { SecretContext, SecretReading, SecretReference } from '../../../core/secret/secret.ts';
import { failedReading } from '../failed-reading.ts';
import { readPrivateFile } from '../read-private-file.ts';
import { readStoreAddress } from '../store-address.ts';

export type VaultAccess =
  | { ok: true; address: URL; headers: { [name: string]: string }; ca: string | null }
  | { ok: false; failed: SecretReading };

const tokenLimit = 8192;

/**
 * Where vault is and what opens it: VAULT_ADDR, VAULT_NAMESPACE, VAULT_CACERT, and the token in VAULT_TOKEN, in the file that VAULT_TOKEN_FILE names, or in
 * ~/.vault-token. BAO_ADDR and BAO_TOKEN stand for the same where the others are not set.
 */
export async function readVaultAccess(secret: SecretReference, context: SecretContext): Promise<VaultAccess> {
  const { environment, workspace } = context;
  const fail = (says: string, hint: string, code: 'not_configured' | 'unsafe' = 'not_configured'): VaultAccess => ({
    ok: false,
    failed: failedReading(secret, code, says, hint),
  });
  const written = environment['VAULT_ADDR'] || environment['BAO_ADDR'];
  if (!written) return fail('expected VAULT_ADDR, got nothing', 'set VAULT_ADDR for the worker');
  const address = readStoreAddress(written);
  if (!address.ok) return fail(`VAULT_ADDR: ${address.says}`, 'set VAULT_ADDR to the https address of vault', 'unsafe');
  const token = await readToken(context);
  if (token === null)
    return fail(
      'expected a token for vault, got none that can be used',
      'set VAULT_TOKEN, or VAULT_TOKEN_FILE to a private file',
    );
  const caPath = environment['VAULT_CACERT'];
  const ca = caPath ? await readFile(resolve(workspace, caPath), 'utf8').catch(() => undefined) : null;
  if (ca === undefined) return fail('expected the file of VAULT_CACERT, got nothing readable', 'correct VAULT_CACERT');
  const namespace = environment['VAULT_NAMESPACE'];
  const headers = {
    'x-vault-token': token,
    'x-vault-request': 'true',
    accept: 'application/json',
    ...(namespace ? { 'x-vault-namespace': namespace } : {}),
  };
  return { ok: true, address: address.url, headers, ca };
}

/** Visible characters only: anything else cannot stand in a header. */
async function readToken({ environment, workspace }: SecretContext): Promise<string | null> {
  const given = environment['VAULT_TOKEN'] || environment['BAO_TOKEN'];
  if (given) return isToken(given) ? given : null;
  const home = environment['HOME'];
  const path = environment['VAULT_TOKEN_FILE'] || (home ? join(home, '.vault-token') : null);
  if (path === null) return null;
  const file = await readPrivateFile(resolve(workspace, path), tokenLimit);
  if (!file.ok) return null;
  const text = Buffer.from(file.bytes).toString('utf8').trim();
  file.bytes.fill(0);
  return isToken(text) ? text : null;
}

function isToken(text: string): boolean {
  return /^[\u0021-\u007e]+$/.test(text);
}

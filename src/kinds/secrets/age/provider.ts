import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { SecretContext, SecretProvider, SecretReading, SecretReference } from '../../../core/secret/secret.ts';
import { failedReading } from '../failed-reading.ts';
import { readPrivateFile } from '../read-private-file.ts';
import { readReference } from '../read-reference.ts';
import { maxSecretBytes, toReading, withoutLastLineBreak } from '../to-reading.ts';

const identityVariable = 'AGE_IDENTITY_FILE';
/** Header, stanzas and armour around a secret of the largest size. */
const maxFileBytes = 4 * maxSecretBytes;
const armorBegin = '-----BEGIN AGE ENCRYPTED FILE-----';

type Fetched<Value> = { ok: true; value: Value } | { ok: false; failed: SecretReading };

/** Secrets in files encrypted with age (C2SP age v1, binary or armoured). The identity lies in a private file outside the repository. */
export const ageProvider: SecretProvider = {
  kind: 'age',
  summary: 'A file encrypted with age, opened by the identities in AGE_IDENTITY_FILE.',
  async resolve(secret, context) {
    const read = readReference(secret, 'age');
    if (!read.ok) return read.failed;
    if (context.signal.aborted)
      return failedReading(secret, 'aborted', 'expected time to read it, got a stop', 'run it again');
    const identities = await readIdentities(secret, context);
    if (!identities.ok) return identities.failed;
    const file = await readEncrypted(secret, resolve(context.workspace, read.reference.target), read.reference.target);
    return file.ok ? decrypt(secret, identities.value, file.value) : file.failed;
  },
};

async function readIdentities(
  secret: SecretReference,
  { environment, workspace }: SecretContext,
): Promise<Fetched<string[]>> {
  const path = environment[identityVariable];
  const hint = `name a private file with an age identity in ${identityVariable}`;
  if (!path)
    return {
      ok: false,
      failed: failedReading(secret, 'not_configured', `expected ${identityVariable}, got nothing`, hint),
    };
  const file = await readPrivateFile(resolve(workspace, path), maxSecretBytes);
  if (!file.ok) {
    const code = file.fault.code === 'missing' ? 'not_configured' : file.fault.code;
    return { ok: false, failed: failedReading(secret, code, `identity file: ${file.fault.says}`, hint) };
  }
  const lines = Buffer.from(file.bytes)
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim());
  file.bytes.fill(0);
  const found = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (found.length > 0) return { ok: true, value: found };
  return {
    ok: false,
    failed: failedReading(secret, 'not_configured', 'identity file: expected an identity, got none', hint),
  };
}

async function readEncrypted(secret: SecretReference, path: string, shown: string): Promise<Fetched<Uint8Array>> {
  const hint = 'check where the reference points';
  try {
    const { size } = await stat(path);
    if (size > maxFileBytes)
      return {
        ok: false,
        failed: failedReading(
          secret,
          'too_large',
          `${shown}: expected ${maxFileBytes} bytes at most, got ${size}`,
          hint,
        ),
      };
    return { ok: true, value: await readFile(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    return {
      ok: false,
      failed: failedReading(
        secret,
        isMissing ? 'missing' : 'denied',
        `${shown}: expected a readable file, got ${code ?? 'an error'}`,
        hint,
      ),
    };
  }
}

/** What the library says is not repeated: it may quote what it could not read. */
async function decrypt(
  secret: SecretReference,
  identities: readonly string[],
  file: Uint8Array,
): Promise<SecretReading> {
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
  } catch {
    return failedReading(
      secret,
      'unreadable',
      'identity file: expected age identities, got something else',
      'make one with age-keygen',
    );
  }
  const text = Buffer.from(file).toString('latin1').trimStart();
  try {
    const bytes = await decrypter.decrypt(text.startsWith(armorBegin) ? armor.decode(text.trimEnd()) : file);
    return toReading(secret, withoutLastLineBreak(bytes));
  } catch (error) {
    const isForOthers = error instanceof Error && /no identity matched/.test(error.message);
    const hint = 'encrypt the file again, for the recipient of this worker';
    return isForOthers
      ? failedReading(secret, 'denied', 'expected a file for this identity, got one for others', hint)
      : failedReading(secret, 'unreadable', 'expected a whole age file, got a damaged one or something else', hint);
  }
}

import { resolve } from 'node:path';

import type { SecretContext, SecretReference } from '../../../core/secret/secret.ts';
import type { SecretWriter, WriteResult } from '../../../core/secret/secret-writer.ts';
import { readReference } from '../read-reference.ts';
import { replaceFile, restoreFile, settleFile } from '../replace-file.ts';

/** Changes secrets in private files; relative paths start from the workspace. */
export const fileWriter: SecretWriter = {
  kind: 'file',
  replace: (secret, value, context) => at(secret, context, (path) => replaceFile(secret, path, value)),
  restore: (secret, context) => at(secret, context, (path) => restoreFile(secret, path)),
  settle: (secret, context) => at(secret, context, (path) => settleFile(secret, path)),
};

async function at(
  secret: SecretReference,
  { workspace }: SecretContext,
  work: (path: string) => Promise<WriteResult>,
): Promise<WriteResult> {
  const read = readReference(secret, 'file');
  if (read.ok) return work(resolve(workspace, read.reference.target));
  const { failed } = read;
  if (failed.state === 'resolved') throw new TypeError('a reference that cannot be read has no value');
  return { ok: false, trouble: failed.trouble };
}

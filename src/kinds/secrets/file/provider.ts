import { resolve } from 'node:path';

import type { SecretProvider } from '../../../core/secret/secret.ts';
import { failedReading } from '../failed-reading.ts';
import { readPrivateFile } from '../read-private-file.ts';
import { readReference } from '../read-reference.ts';
import { maxSecretBytes, toReading, withoutLastLineBreak } from '../to-reading.ts';

/** Secrets in files that only this user (or root) can read; relative paths start from the workspace. */
export const fileProvider: SecretProvider = {
  kind: 'file',
  summary: 'A file that only the worker can read, without its last line break.',
  async resolve(secret, { workspace, signal }) {
    const read = readReference(secret, 'file');
    if (!read.ok) return read.failed;
    if (signal.aborted) return failedReading(secret, 'aborted', 'expected time to read it, got a stop', 'run it again');
    const { target } = read.reference;
    const file = await readPrivateFile(resolve(workspace, target), maxSecretBytes);
    if (file.ok) return toReading(secret, withoutLastLineBreak(file.bytes));
    const { code, says } = file.fault;
    return failedReading(
      secret,
      code,
      `${target}: ${says}`,
      'put the value into a file of mode 0600 in a folder of its own',
    );
  },
};

import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { formatPersonKey } from '@tminus/verify';

import { writeNewFile } from '../../engine/write-file.ts';
import type { CommandResult } from '../command-result.ts';
import { toKeyFile } from '../key-file.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Shell } from '../shell.ts';

/** Makes an Ed25519 key pair for a person: the private half in a file of mode 0600, the public half as a line for the front matter. */
export function createKey(shell: Shell, person: string, options: { out?: string }): CommandResult {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/u.test(person)) {
    throw new ProductError('usage', `person: expected letters, digits, dots and hyphens, got ${person}`, {
      hint: 'use the id that the launch gives the person',
    });
  }
  const file = options.out === undefined ? toKeyFile(shell, person) : resolve(shell.directory, options.out);
  if (options.out === undefined) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  writeNewFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), 0o600);
  const publicKey = formatPersonKey(createPublicKey(privateKey));
  const text = `private key in ${file}: it never leaves this machine\nwrite into the front matter of the launch:\n\npeople:\n  ${person}: { key: "${publicKey}" }\n`;
  return { exit: 0, json: { person, file, publicKey }, text };
}

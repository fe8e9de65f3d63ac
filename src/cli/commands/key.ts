import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { formatPersonKey } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import type { CommandResult } from '../command-result.ts';
import type { Shell } from '../shell.ts';

/** Makes an Ed25519 key pair for a person: the private half in a file of mode 0600, the public half as a line for the front matter. */
export function createKey(shell: Shell, person: string, options: { out?: string }): CommandResult {
  const file = resolve(shell.directory, options.out ?? `${person}.pem`);
  if (existsSync(file)) {
    throw new ProductError('output_exists', `${file}: expected no such file, got one`, {
      hint: 'name another file with --out; a key is never overwritten',
    });
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' });
  const publicKey = formatPersonKey(createPublicKey(privateKey));
  const text = `private key in ${file}, keep it out of Git\nwrite into the front matter of the launch:\n\npeople:\n  ${person}: { key: "${publicKey}" }\n`;
  return { exit: 0, json: { person, file, publicKey }, text };
}

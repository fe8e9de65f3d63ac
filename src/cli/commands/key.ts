import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { resolve } from 'node:path';

import { formatPersonKey } from '@tminus/verify';

import { writeNewFile } from '../../engine/write-file.ts';
import type { CommandResult } from '../command-result.ts';
import type { Shell } from '../shell.ts';

/** Makes an Ed25519 key pair for a person: the private half in a file of mode 0600, the public half as a line for the front matter. */
export function createKey(shell: Shell, person: string, options: { out?: string }): CommandResult {
  const file = resolve(shell.directory, options.out ?? `${person}.pem`);
  const { privateKey } = generateKeyPairSync('ed25519');
  writeNewFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), 0o600);
  const publicKey = formatPersonKey(createPublicKey(privateKey));
  const text = `private key in ${file}, keep it out of Git\nwrite into the front matter of the launch:\n\npeople:\n  ${person}: { key: "${publicKey}" }\n`;
  return { exit: 0, json: { person, file, publicKey }, text };
}

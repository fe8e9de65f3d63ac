import { resolve } from 'node:path';

import { describeFileError } from '../core/error/describe-file-error.ts';
import { ProductError } from '../core/error/product-error.ts';
import type { Scene } from '../engine/scene.ts';
import { assertSignsByFile, toSigner } from '../engine/sign/signer.ts';
import type { Signer } from '../engine/sign/signer.ts';
import { readRegularFile } from '../spec/read-regular-file.ts';
import { toKeyFile } from './key-file.ts';
import type { Shell } from './shell.ts';

/** Who signs: a person of the launch and the file with their private key. */
export interface SignerOptions {
  as: string;
  key?: string;
}

/** Reads the key file and returns the signer; throws `key_unreadable` where there is no such file, and `signature_invalid` for a person with a passkey. */
export function readSigner(shell: Shell, { launch }: Pick<Scene, 'launch'>, options: SignerOptions): Signer {
  assertSignsByFile(launch, options.as);
  return toSigner(launch, options.as, readKeyFile(toFile(shell, options)));
}

function toFile(shell: Shell, { as, key }: SignerOptions): string {
  return key === undefined ? toKeyFile(shell, as) : resolve(shell.directory, key);
}

/** A key in PEM has a few hundred bytes. */
const mostKeyBytes = 65_536;

function readKeyFile(file: string): string {
  try {
    return new TextDecoder().decode(readRegularFile(file, mostKeyBytes));
  } catch (error) {
    throw new ProductError(
      'key_unreadable',
      `${file}: expected a private key in PEM, got ${describeFileError(error)}`,
      {
        hint: 'name the file with --key; make one with "tminus key create"',
        cause: error,
      },
    );
  }
}

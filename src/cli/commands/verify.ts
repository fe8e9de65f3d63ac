import { resolve } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { runVerifier } from '../../verifier/run-verifier.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Shell } from '../shell.ts';

export interface VerifyOptions extends GlobalOptions {
  key?: string;
  checkpoint?: string[];
}

/** Does what the one-file verifier does, by the same code; needs neither store nor network. */
export function verify(shell: Shell, bundle: string, options: VerifyOptions): CommandResult {
  const directory = resolve(shell.directory, bundle);
  const key = options.key === undefined ? [] : ['--key', options.key];
  const checkpoints = (options.checkpoint ?? []).flatMap((file) => ['--checkpoint', resolve(shell.directory, file)]);
  const run = runVerifier([directory, ...key, ...checkpoints, ...(options.json ? ['--json'] : [])]);
  if (run.output === '') {
    throw new ProductError('bundle_unreadable', run.error.replace(/^tminus-verify: /u, '').trim(), {
      hint: 'name the folder of a bundle, as "tminus evidence export" wrote it',
    });
  }
  return { exit: run.exit, json: options.json ? JSON.parse(run.output) : null, text: run.output };
}

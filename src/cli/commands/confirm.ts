import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import { proofText } from '../../core/procedure/proof-text.ts';
import type { Run } from '../../core/procedure/run.ts';
import { findRun } from '../../engine/runs/find-run.ts';
import { readRunView } from '../../engine/runs/read-run-view.ts';
import { appendSignedConfirmation, prepareConfirmation } from '../../engine/sign/confirmation.ts';
import { signPrepared } from '../../engine/sign/signer.ts';
import { readRegularFile } from '../../spec/read-regular-file.ts';
import type { CommandResult } from '../command-result.ts';
import { readSigner } from '../read-signer.ts';
import { renderRun } from '../render-run.ts';
import type { Shell } from '../shell.ts';
import { withRunSession } from '../with-run-session.ts';
import type { DeedOptions } from './deed.ts';

/** Closes a step that waits for a person by their signed word, which is kept in the log, and shows where the run stands then. */
export async function confirm(
  shell: Shell,
  step: string,
  options: DeedOptions & { proof?: string; comment?: string },
): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ scene: { launch }, store, engine }) => {
    const place = { launch: launch.id, environment: options.environment ?? null };
    const { run } = await findRun(store, place, options.run ?? null);
    const signer = readSigner(shell, { launch }, options);
    const { role = null, comment = '' } = options;
    const wish = { run: run.id, step, role, proof: toProof(shell, run, step, options.proof), comment };
    const prepared = await prepareConfirmation(store, launch, signer.person.id, wish);
    await appendSignedConfirmation(engine, launch, signPrepared(prepared, signer));
    const view = await readRunView(store, run.id);
    return { exit: 0, json: view, text: renderRun(view, shell.terminal.palette) };
  });
}

/** A proof is a page, a picture, a report; what is larger is named by its digest. */
const mostProofBytes = 256 * 1024 * 1024;

/** The proof in the words that stay with the step: a file by its name and digest, everything else as it was said. */
function toProof(shell: Shell, run: Run, step: string, value: string | undefined): string {
  const kind = plannedSteps(run.plan).get(step)?.proof ?? null;
  if (value === undefined) return '';
  const sha256 = kind === 'file' || kind === 'artifact' ? digestFile(shell, step, value) : null;
  const told = proofText(kind, { value, sha256 });
  if (told.ok) return told.text;
  throw wrongProof(step, told.expected, told.got);
}

function digestFile(shell: Shell, step: string, file: string): string {
  try {
    const bytes = readRegularFile(resolve(shell.directory, file), mostProofBytes);
    return createHash('sha256').update(bytes).digest('hex');
  } catch (error) {
    throw wrongProof(step, 'a file that can be read', (error as Error).message);
  }
}

function wrongProof(step: string, expected: string, got: string): ProductError {
  return new ProductError('usage', `proof of ${step}: expected ${expected}, got ${got}`, {
    hint: 'name it with --proof',
  });
}

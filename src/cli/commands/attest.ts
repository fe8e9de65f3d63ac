import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

import type { Attestation } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import { findCriterion } from '../../core/launch/find-criterion.ts';
import type { Criterion } from '../../core/launch/launch.ts';
import { appendSignedAttestation, assertHuman, prepareAttestation } from '../../engine/sign/attestation.ts';
import { signPrepared } from '../../engine/sign/signer.ts';
import { readRegularFile } from '../../spec/read-regular-file.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

export interface AttestOptions extends GlobalOptions, SignerOptions {
  role?: string;
  comment: string;
  proof?: string;
}

/** Signs that a human criterion holds, for this candidate, plan and environment and no other. */
export async function attest(shell: Shell, criterionId: string, options: AttestOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const criterion = findCriterion(scene.launch, criterionId);
    assertHuman(criterion);
    const signer = readSigner(shell, scene, options);
    const said = { role: options.role ?? null, comment: options.comment, proof: toProof(shell, criterion, options) };
    const wish = { criterion: criterionId, ...said };
    const prepared = await prepareAttestation(store, scene, signer.person.id, wish);
    const { id, index, record } = await appendSignedAttestation(store, scene, signPrepared(prepared, signer));
    const text = `${signer.person.id} signs ${criterion.id}: ${criterion.title}\nev-${id.slice(0, 8)}, entry ${index}\n`;
    return { exit: 0, json: { id, index, record }, text };
  });
}

/** A proof is a page, a picture, a report; what is larger is named by its digest. */
const mostProofBytes = 256 * 1024 * 1024;

function toProof(shell: Shell, { proof: kind }: Criterion, options: AttestOptions): Attestation['proof'] {
  if (options.proof === undefined) return null;
  const value = options.proof;
  if (kind !== 'file' && kind !== 'artifact') return { kind: kind ?? 'comment', value, sha256: null };
  try {
    const sha256 = createHash('sha256')
      .update(readRegularFile(resolve(shell.directory, value), mostProofBytes))
      .digest('hex');
    return { kind, value, sha256 };
  } catch (error) {
    throw new ProductError(
      'usage',
      `proof ${value}: expected a file that can be read, got ${(error as Error).message}`,
      {
        hint: 'name the file with --proof',
        cause: error,
      },
    );
  }
}

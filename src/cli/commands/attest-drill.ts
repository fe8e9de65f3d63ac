import { ProductError } from '../../core/error/product-error.ts';
import { keepDrillAttestation, prepareDrillAttestation } from '../../engine/rollback/attest-drill.ts';
import { signPrepared } from '../../engine/sign/signer.ts';
import type { CommandResult } from '../command-result.ts';
import { readSigner } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import type { AttestOptions } from './attest.ts';

/** Signs that somebody watched a drill; the file of it lies beside the report, where a `drill` check finds both. */
export async function attestDrill(shell: Shell, drill: string, options: AttestOptions): Promise<CommandResult> {
  if (options.proof !== undefined || options.role !== undefined)
    throw new ProductError('usage', `attest ${drill}: expected no --proof and no --role, got one`, {
      hint: 'the way back names who watches, and the report of the drill is what is signed',
    });
  return withSession(shell, options, async ({ scene, store }) => {
    const signer = readSigner(shell, scene, options);
    const wish = { drill, comment: options.comment.trim() };
    const prepared = await prepareDrillAttestation(store, scene, signer.person.id, wish);
    const kept = await keepDrillAttestation(store, scene, signPrepared(prepared, signer));
    const { procedure, environment } = prepared.statement;
    const text = `${kept.person} attests ${drill}: watched the way back ${procedure} in ${environment}\n${kept.file}\n`;
    return { exit: 0, json: kept, text };
  });
}

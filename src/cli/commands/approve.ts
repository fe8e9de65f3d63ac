import type { Approval } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import { appendStatement, toHeldRole } from '../../engine/append-statement.ts';
import { explainGate } from '../../engine/explain-gate.ts';
import { readNow } from '../../store/open-store.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import { renderDecision } from '../render-decision.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import { onlyGate } from './decide.ts';

export interface ApproveOptions extends GlobalOptions, SignerOptions {
  role?: string;
  comment?: string;
  noGo?: boolean;
  phase?: string;
  subject?: string;
}

/**
 * Signs a go or no-go vote on exactly what is shown now. With `--subject` the vote is refused where what stands now is not what was read,
 * so that nobody signs a page that has changed under them.
 */
export async function approve(shell: Shell, gate: string | undefined, options: ApproveOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const signer = readSigner(shell, scene, options);
    const asked = { gate: gate ?? onlyGate(scene), phase: options.phase };
    const { decision } = await explainGate(store, scene, asked);
    if (options.subject !== undefined && !decision.subjectSha256.startsWith(options.subject))
      throw outdated(decision.subjectSha256, options.subject);
    const statement: Approval = {
      format: 'tminus/approval/1',
      ...scene.binding,
      gate: decision.gate,
      subjectSha256: decision.subjectSha256,
      vote: options.noGo ? 'no-go' : 'go',
      person: signer.person.id,
      role: toHeldRole(scene.launch, signer, options.role ?? null),
      comment: options.comment ?? '',
      signedAt: await readNow(store),
    };
    const place = await appendStatement(store, scene, signer, statement);
    const after = await explainGate(store, scene, asked);
    return {
      exit: 0,
      json: { ...place, statement, decision: after.decision },
      text: `${statement.person} votes ${statement.vote} on ${statement.subjectSha256.slice(0, 12)}, entry ${place.index}\n\n${renderDecision(after.decision, shell.terminal.palette)}`,
    };
  });
}

function outdated(now: string, read: string): ProductError {
  return new ProductError(
    'signature_invalid',
    `vote: expected what was read, ${read.slice(0, 12)}, got ${now.slice(0, 12)} that stands now`,
    { hint: 'run "tminus decide", read it again, and vote on what it shows' },
  );
}

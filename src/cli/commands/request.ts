import { ProductError } from '../../core/error/product-error.ts';
import { askApproval, wantedLevel } from '../../engine/runs/ask-approval.ts';
import { findRun } from '../../engine/runs/find-run.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

export interface RequestOptions extends GlobalOptions, SignerOptions {
  reason: string;
  wayBack?: boolean;
}

/** Asks for an approval of a run that has none, or whose approval has expired; with `wayBack`, for taking it back from where it stands. */
export async function request(
  shell: Shell,
  named: string | undefined,
  options: RequestOptions,
): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const { run } = await findRun(
      store,
      { launch: scene.launch.id, environment: options.environment ?? null },
      named ?? null,
    );
    const what = options.wayBack === true ? 'way-back' : 'run';
    const requester = readSigner(shell, scene, options).person.id;
    if (wantedLevel(run, what) === 0) throw nothingWanted(run.id);
    const made = await askApproval(store, scene, {
      run,
      what,
      requester,
      reason: options.reason,
      kinds: await shell.loadStepKinds(),
    });
    const text = `asked for an approval of level ${made.level}: ${made.id}, open until ${made.expiresAt}\nothers read it and vote with "tminus approve ${run.id} --as PERSON"\n`;
    return { exit: 5, json: { request: made }, text };
  });
}

function nothingWanted(run: string): ProductError {
  return new ProductError('usage', `run ${run}: expected one that wants an approval, got one that wants none`, {
    hint: 'go on without: nothing of it writes to production',
  });
}

import { permitEverywhere } from '../../engine/access/permit-everywhere.ts';
import { pruneEvents } from '../../engine/monitor/prune-events.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readLength } from '../read-length.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

export interface PruneOptions extends GlobalOptions, SignerOptions {
  olderThan: string;
  reason: string;
  dryRun?: boolean;
}

/** Removes old events that nobody needs any more; `--dry-run` only counts them. */
export async function eventsPrune(shell: Shell, options: PruneOptions): Promise<CommandResult> {
  const keepMs = readLength('--older-than', options.olderThan);
  return withSession(shell, options, async ({ store, scene }) => {
    const { person } = readSigner(shell, scene, options);
    const ask = { person: person.id, permission: 'installation.manage', subject: 'prune events' } as const;
    await permitEverywhere(store, [scene.launch], ask);
    const dryRun = options.dryRun === true;
    const pruned = await pruneEvents(store, { keepMs, person: person.id, reason: options.reason, dryRun });
    const verb = dryRun ? 'would remove' : 'removed';
    const text = `${verb} ${pruned.events} events; the oldest that stays is ${pruned.floor}\n`;
    return { exit: 0, json: { ...pruned, dryRun }, text };
  });
}

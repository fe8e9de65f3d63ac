import { cancelRuns } from '../../engine/runs/cancel-runs.ts';
import type { CommandResult } from '../command-result.ts';
import { readSigner } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withRunSession } from '../with-run-session.ts';
import type { DeedOptions } from './deed.ts';

/** Calls every open run of the launch off, of one environment where it is named; what was done stays done. Says of each what became of it. */
export async function cancelAll(shell: Shell, options: DeedOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ scene, engine }) => {
    const signer = readSigner(shell, scene, options);
    const { environment = null, role = null, reason = '' } = options;
    const done = await cancelRuns(engine, scene.launch, { environment, person: signer.person.id, role, reason });
    const lines = done.map(({ run, state, refused }) => `${run}  ${refused ?? state.replaceAll('_', ' ')}`);
    const text = lines.length === 0 ? 'no run is open\n' : `${lines.join('\n')}\n`;
    return { exit: done.some(({ refused }) => refused !== null) ? 6 : 0, json: { runs: done }, text };
  });
}

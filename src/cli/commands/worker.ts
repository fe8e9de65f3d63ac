import { once } from 'node:events';

import type { CommandResult } from '../command-result.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Shell } from '../shell.ts';
import { startShellWorker } from '../start-shell-worker.ts';
import { withRunSession } from '../with-run-session.ts';
import { toSlots } from './run.ts';

export interface WorkerOptions extends GlobalOptions {
  slots?: string;
  grace?: string;
}

/** Carries out steps until it is interrupted: what runs then has its grace, and what is left goes to the other workers. */
export async function worker(shell: Shell, options: WorkerOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ engine, scene }) => {
    const slots = toSlots(options.slots);
    const started = await startShellWorker(shell, engine, { directory: toDirectory(shell, options), slots });
    shell.terminal.err(`worker ${started.id}: ${scene.launch.id}, ${slots} steps at once; interrupt it to end\n`);
    const stopScaling = scaleOnSignals(started);
    if (!shell.signal.aborted) await once(shell.signal, 'abort');
    stopScaling();
    await started.stop({ graceSeconds: Number(options.grace ?? '30') });
    return { exit: 0, json: { worker: started.id, state: 'gone' }, text: `worker ${started.id} has left\n` };
  });
}

/** SIGUSR2 adds a slot, SIGTTOU takes one away: the pool changes while it works, and what runs is finished. */
function scaleOnSignals(started: Awaited<ReturnType<typeof startShellWorker>>): () => void {
  const more = (): void => void started.resize(Math.min(64, started.slots + 1));
  const fewer = (): void => void started.resize(Math.max(1, started.slots - 1));
  process.on('SIGUSR2', more).on('SIGTTOU', fewer);
  return () => void process.off('SIGUSR2', more).off('SIGTTOU', fewer);
}

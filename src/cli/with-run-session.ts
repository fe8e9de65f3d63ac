import { openEngine } from '../engine/runs/open-engine.ts';
import type { Engine } from '../engine/runs/open-engine.ts';
import type { CommandResult } from './command-result.ts';
import type { GlobalOptions } from './global-options.ts';
import { noteError } from './shell-log.ts';
import type { Shell } from './shell.ts';
import { withSession } from './with-session.ts';
import type { Session } from './with-session.ts';

/** What the commands about runs work on. */
export interface RunSession extends Session {
  engine: Engine;
}

/** The same as `withSession`, with the engine; what is under way in this process is handed back to other workers at the end. */
export async function withRunSession(
  shell: Shell,
  options: GlobalOptions,
  action: (session: RunSession) => Promise<CommandResult>,
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const engine = await openEngine(session.store, { report: (error) => noteTrouble(shell, error) });
    try {
      return await action({ ...session, engine });
    } finally {
      await engine.close({ graceSeconds: 5 });
    }
  });
}

/** Trouble that is overcome without anybody: a warning in the log of a process that stays, else told only to whoever looks for it. */
export function noteTrouble({ terminal, env, logging }: Shell, error: unknown, about: { request?: string } = {}): void {
  if (logging !== undefined) return noteError(logging.log, error, about);
  if (!env['TMINUS_DEBUG']) return;
  terminal.err(`${terminal.palette.dim(`note ${error instanceof Error ? error.message : String(error)}`)}\n`);
}

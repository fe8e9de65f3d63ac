import type { TimelessInput } from '../../engine/advance/advance-request.ts';
import { doDeed } from '../../engine/runs/do-deed.ts';
import type { DeedScene } from '../../engine/runs/do-deed.ts';
import { findRun } from '../../engine/runs/find-run.ts';
import { readRunView } from '../../engine/runs/read-run-view.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import { renderRun } from '../render-run.ts';
import type { Shell } from '../shell.ts';
import { withRunSession } from '../with-run-session.ts';

export interface DeedOptions extends GlobalOptions, SignerOptions {
  role?: string;
  run?: string;
  reason?: string;
}

/**
 * Does one thing to a run in the name of a person who has the key that the launch declares for them, and shows where the run stands then. `step` names
 * the step that it is about, so that the role of that step is the one they speak in.
 */
export async function deed(
  shell: Shell,
  options: DeedOptions,
  {
    run: named = null,
    step = null,
    toInput,
  }: { run?: string | null; step?: string | null; toInput: (scene: DeedScene) => TimelessInput },
): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ scene, store, engine }) => {
    const place = { launch: scene.launch.id, environment: options.environment ?? null };
    const stored = await findRun(store, place, options.run ?? named);
    const { person } = readSigner(shell, scene, options);
    const { role = null, reason = '' } = options;
    const wish = { person: person.id, role, reason, step, seen: null, toInput };
    const { id } = await doDeed(engine, { stored, launch: scene.launch }, wish);
    const view = await readRunView(store, id);
    return { exit: 0, json: view, text: renderRun(view, shell.terminal.palette) };
  });
}

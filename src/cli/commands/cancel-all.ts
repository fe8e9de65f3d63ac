import { toHeldRole } from '../../engine/append-statement.ts';
import { actOnRun } from '../../engine/runs/act-on-run.ts';
import { toRunSetting } from '../../engine/run-setting.ts';
import { listRuns, loadRuns } from '../../store/run.ts';
import type { CommandResult } from '../command-result.ts';
import { readSigner } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withRunSession } from '../with-run-session.ts';
import type { DeedOptions } from './deed.ts';

/** Calls every open run of the launch off, of one environment where it is named; what was done stays done. Says of each what became of it. */
export async function cancelAll(shell: Shell, options: DeedOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ scene, store, engine }) => {
    const signer = readSigner(shell, scene, options);
    const open = await listRuns(store, {
      launch: scene.launch.id,
      environment: options.environment ?? null,
      open: true,
      limit: 10_000,
    });
    const stored = await loadRuns(
      store,
      open.map(({ id }) => id),
    );
    const done: { run: string; state: string; refused: string | null }[] = [];
    for (const { run, setting } of stored.values()) {
      const by = {
        person: signer.person.id,
        role: toHeldRole(scene.launch, signer, options.role ?? null, run.plan.deciders),
      };
      const input = {
        kind: 'cancel',
        cause: 'user_initiated',
        takeBack: false,
        approval: null,
        by,
        reason: options.reason ?? '',
      } as const;
      const deed = { run, launch: scene.launch, setting: toRunSetting(setting), person: by.person, input };
      // One run that refuses must not keep the others running.
      const ended = await actOnRun(engine, deed).catch((error: unknown) => (error as Error).message);
      done.push(
        typeof ended === 'string'
          ? { run: run.id, state: run.state, refused: ended }
          : { run: run.id, state: ended.run.state, refused: null },
      );
    }
    const lines = done.map(({ run, state, refused }) => `${run}  ${refused ?? state.replaceAll('_', ' ')}`);
    const text = lines.length === 0 ? 'no run is open\n' : `${lines.join('\n')}\n`;
    return { exit: done.some(({ refused }) => refused !== null) ? 6 : 0, json: { runs: done }, text };
  });
}

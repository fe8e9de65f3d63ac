import { createPlanLoader } from '../engine/load-plan.ts';
import { openRecurring } from '../engine/recurring/open-recurring.ts';
import type { Recurring } from '../engine/recurring/open-recurring.ts';
import type { Engine } from '../engine/runs/open-engine.ts';
import { toScene } from '../engine/scene.ts';
import type { Shell } from './shell.ts';
import { noteTrouble } from './with-run-session.ts';

/** Begins to look after what recurs in a checkout of a launch; documents, candidate and environment are read anew each time. */
export async function startRecurring(
  shell: Shell,
  engine: Engine,
  at: { directory: string; environment: string | null },
): Promise<Recurring> {
  const load = createPlanLoader(await shell.loadReaders());
  return openRecurring(engine, {
    loadScene: async () => toScene(await load(at.directory), at.environment),
    kinds: await shell.loadStepKinds(),
    report: (error) => noteTrouble(shell, error),
  });
}

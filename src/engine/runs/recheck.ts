import type { CheckKind } from '../../core/check/check.ts';
import { keepMessage } from '../../store/message.ts';
import { recheckQueue } from '../advance/work-queues.ts';
import { runChecks } from '../run-checks.ts';
import type { Scene } from '../scene.ts';
import { openSchedule } from '../schedule/open-schedule.ts';
import type { Engine } from './open-engine.ts';

/** How the checks of a launch are run again and again. */
export interface RecheckOptions {
  /** Five fields of cron, UTC. */
  cron: string;
  kinds: readonly CheckKind[];
  /** Reads the launch as it is at that moment. */
  loadScene: () => Promise<Scene>;
  /** Name of the launch and its environment. */
  name: string;
  signal: AbortSignal;
  report: (error: unknown) => void;
}

/** A round that has not begun two minutes after it was due, or not ended after fifteen, raises an alarm, which stays after the round is made up for. */
const graceSeconds = 120;
const limitSeconds = 900;

/** Runs whatever check is due, on schedule, so that evidence does not grow old before the gate is asked; of many workers one does each round. */
export async function openRecheck(engine: Engine, options: RecheckOptions): Promise<{ stop(): Promise<void> }> {
  const { store, delivery } = engine;
  const { cron, kinds, loadScene, name, signal, report } = options;
  const schedule = await openSchedule(store, delivery, {
    scope: `recheck ${name}`,
    entries: [{ name: `recheck ${name}`, cron, timeZone: 'UTC', missed: 'once', graceSeconds, limitSeconds }],
    queue: recheckQueue.name,
    async onAlarm(changes, tx) {
      for (const { subject, detail } of changes)
        await keepMessage(tx, { run: 'system', what: 'alarm', people: [], body: `${subject}: ${detail}` });
      return [];
    },
    report,
  });
  await delivery.work(recheckQueue.name, async (claim) => {
    await schedule.run(claim, async () => {
      await runChecks({ store, scene: await loadScene(), kinds, signal: AbortSignal.any([signal, claim.signal]) });
      return [];
    });
  });
  return { stop: () => schedule.stop() };
}

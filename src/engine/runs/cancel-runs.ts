import type { Launch } from '../../core/launch/launch.ts';
import { listRuns, loadRuns } from '../../store/run.ts';
import { doDeed } from './do-deed.ts';
import type { Engine } from './open-engine.ts';

/** What became of one of the runs that were called off together. */
export interface CancelledRun {
  run: string;
  state: string;
  /** Why it goes on; null where it does not. */
  refused: string | null;
}

/** Which runs are called off, by whom. */
export interface CancelRunsWish {
  /** Null takes those of every environment. */
  environment: string | null;
  person: string;
  role: string | null;
  reason: string;
}

/** Calls every open run of a launch off; what was done stays done. One run that refuses does not keep the others running. */
export async function cancelRuns(engine: Engine, launch: Launch, wish: CancelRunsWish): Promise<CancelledRun[]> {
  const { environment, person, role, reason } = wish;
  const open = await listRuns(engine.store, { launch: launch.id, environment, open: true, limit: 10_000 });
  const stored = await loadRuns(
    engine.store,
    open.map(({ id }) => id),
  );
  const done: CancelledRun[] = [];
  for (const one of stored.values()) {
    const ended = await doDeed(
      engine,
      { stored: one, launch },
      {
        person,
        role,
        reason,
        step: null,
        seen: null,
        toInput: ({ by }) => ({
          kind: 'cancel',
          cause: 'user_initiated',
          takeBack: false,
          approval: null,
          by,
          reason,
        }),
      },
    ).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    const { id, state } = one.run;
    done.push(
      typeof ended === 'string' ? { run: id, state, refused: ended } : { run: id, state: ended.state, refused: null },
    );
  }
  return done;
}

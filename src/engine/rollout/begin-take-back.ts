import { beginRollout } from '../../core/rollout/begin-rollout.ts';
import { insertShift, listShifts, lockShift, lockStarts } from '../../store/rollout.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import { keepLaunch } from '../keep-launch.ts';
import type { Scene } from '../scene.ts';
import { decideShift, toBody, writeDecided } from './decide-shift.ts';
import { openSealer } from './open-sealer.ts';
import { findRollout } from './start-shift.ts';

/** Who wants the canary of a rollout to get nothing any more. */
export interface TakeBackWish {
  rollout: string;
  person: string;
  reason: string;
}

/**
 * Takes traffic back and returns the shift that does it: the one under way, which is aborted, or, where it has ended, a new one that sets weight 0 and nothing else. Neither
 * gate, window nor hold stands before it: what made a launch bad must not keep it from being undone. Throws `permission_denied`.
 */
export async function beginTakeBack(store: Store, scene: Scene, wish: TakeBackWish): Promise<string> {
  const { launch, environment, planHash, candidate, candidateSha256 } = scene;
  const { rollout, person, reason } = wish;
  const declared = findRollout(scene, rollout);
  const nowMs = Date.parse(await readNow(store));
  const ask = { person, permission: 'run.hold', environment: environment.id, nowMs, subject: rollout } as const;
  await requirePermission(store, launch, ask);
  await keepLaunch(store, scene);
  const seal = await openSealer(store, launch.id);
  return store.tables.transaction().execute(async (tx) => {
    await lockStarts(tx);
    const place = { launch: launch.id, environment: environment.id, rollout };
    const open = (await listShifts(store, place, { tx })).find(({ endedAt }) => endedAt === null);
    const own =
      open ??
      (await insertShift(
        tx,
        {
          launch: launch.id,
          environment: environment.id,
          rollout,
          planHash,
          candidateSha256,
          declared,
          reason,
          requester: person,
          setting: { candidate, labels: [], step: null },
          routers: [...declared.rollout.routers],
          state: toAhead(beginRollout(declared.rollout, { candidateSha256, dispersions: {}, nowMs })),
          pending: [],
        },
        { nowMs, entries: [{ kind: 'started', body: toBody({ by: person, reason, candidate, planHash }) }] },
      ));
    const shift = (await lockShift(tx, own.id))!;
    const by = { person, automation: false };
    const { write } = decideShift(shift, { kind: 'abort', atMs: nowMs, by, reason }, { seal });
    await writeDecided(tx, shift, write);
    return shift.id;
  });
}

/** Nothing was ever sent by this one: weight 0 is the way back that was chosen by whoever asked. */
function toAhead<State extends { returnPoint: string }>(state: State): State & { returnPoint: 'ahead' } {
  return { ...state, returnPoint: 'ahead' };
}

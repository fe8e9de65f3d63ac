import { ProductError } from '../../core/error/product-error.ts';
import { beginHeld } from '../../core/rollout/lower.ts';
import { insertShift, listShifts, lockShift, lockStarts } from '../../store/rollout.ts';
import type { Shift } from '../../store/rollout.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { requirePermission } from '../access/permit-person.ts';
import { keepLaunch } from '../keep-launch.ts';
import { decideShift, tellMoved, toBody, writeDecided } from '../rollout/decide-shift.ts';
import { openSealer } from '../rollout/open-sealer.ts';
import { toShiftSetting } from '../rollout/shift-parts.ts';
import { findRollout, rolloutRefused } from '../rollout/start-shift.ts';
import type { Scene } from '../scene.ts';

/** Less traffic for the canary of a rollout, step by step. */
export interface LowerWish {
  rollout: string;
  /** Percent that it keeps. */
  weight: number;
  person: string;
  reason: string;
}

/**
 * Lowers the weight of the canary and returns the shift that does it: the one under way, or, where it has ended, a new one that is held at that weight (O29). Like every way back it asks
 * no gate, window or hold. Throws `permission_denied`, and `rollout_refused` where it is not lower.
 */
export async function beginLower(store: Store, scene: Scene, wish: LowerWish): Promise<string> {
  const { launch, environment } = scene;
  const { rollout, weight, person, reason } = wish;
  const nowMs = Date.parse(await readNow(store));
  const ask = { person, permission: 'run.hold', environment: environment.id, nowMs, subject: rollout } as const;
  await requirePermission(store, launch, ask);
  await keepLaunch(store, scene);
  const seal = await openSealer(store, launch.id);
  return store.tables.transaction().execute(async (tx) => {
    await lockStarts(tx);
    const open = (await listShifts(store, placeOf(scene, rollout), { tx })).find(({ endedAt }) => endedAt === null);
    if (open === undefined) return (await insertHeld(tx, scene, { ...wish, nowMs })).id;
    const shift = (await lockShift(tx, open.id))!;
    // It goes to 0 already, and that is lower than whatever is wanted.
    if (shift.state.stands === 'going-back' || shift.endedAt !== null) return shift.id;
    const input = { kind: 'lower', weight, atMs: nowMs, by: { person, automation: false }, reason } as const;
    const { write, events } = decideShift(shift, input, { seal });
    const refusal = events.find((event) => event.kind === 'refused');
    if (refusal?.kind === 'refused') throw rolloutRefused(`rollout ${rollout}`, [refusal.reason]);
    await writeDecided(tx, shift, write);
    return shift.id;
  });
}

/**
 * Gives the canary all traffic for a drill, so that it can be taken back, and returns the shift. Only outside of production, and only where no other shift is open. Throws
 * `rollout_refused`.
 */
export async function raiseForDrill(
  store: Store,
  scene: Scene,
  { rollout, person }: Pick<LowerWish, 'rollout' | 'person'>,
): Promise<string> {
  const { launch, environment } = scene;
  if (environment.production)
    throw new ProductError(
      'run_refused',
      `drill in ${environment.id}: expected no environment of production, got one`,
      {
        hint: 'name another environment with --environment',
      },
    );
  const nowMs = Date.parse(await readNow(store));
  const ask = { person, permission: 'run.start', environment: environment.id, nowMs, subject: rollout } as const;
  await requirePermission(store, launch, ask);
  await keepLaunch(store, scene);
  return store.tables.transaction().execute(async (tx) => {
    await lockStarts(tx);
    const others = (await listShifts(store, placeOf(scene, null), { tx, limit: 200 })).filter((one) => isRival(one));
    const { routers } = findRollout(scene, rollout).rollout;
    const rival = others.find((one) => one.routers.some((router) => routers.includes(router)));
    if (rival !== undefined)
      throw rolloutRefused(`drill of ${rollout}`, [`${rival.id} of ${rival.rollout} is ${rival.stands}`]);
    const wish = { rollout, person, weight: 100, reason: 'a drill takes it back', nowMs, isDrill: true };
    return (await insertHeld(tx, scene, wish)).id;
  });
}

function isRival({ endedAt }: Shift): boolean {
  return endedAt === null;
}

/** Whether a drill gave the canary of a rollout its traffic, and nobody has taken it back. */
export async function isDrilled(store: Store, scene: Scene, rollout: string): Promise<boolean> {
  if (scene.environment.production) return false;
  const [newest] = await listShifts(store, placeOf(scene, rollout), { limit: 1 });
  return newest !== undefined && newest.endedAt === null && toShiftSetting(newest).drill === true;
}

function placeOf({ launch, environment }: Scene, rollout: string | null): Parameters<typeof listShifts>[1] {
  return { launch: launch.id, environment: environment.id, rollout };
}

async function insertHeld(
  tx: StoreTransaction,
  scene: Scene,
  { rollout, weight, person, reason, nowMs, isDrill = false }: LowerWish & { nowMs: number; isDrill?: boolean },
): Promise<Shift> {
  const { launch, environment, planHash, candidate, candidateSha256 } = scene;
  const declared = findRollout(scene, rollout);
  const by = { person, automation: false };
  const { state, actions } = beginHeld(declared.rollout, { candidateSha256, nowMs }, { weight, by, reason });
  const entry = { by: person, reason, candidate, planHash, weight, ...(isDrill && { drill: true }) };
  const made = await insertShift(
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
      setting: { candidate, labels: [], step: null, ...(isDrill && { drill: true }) },
      routers: [...declared.rollout.routers],
      state,
      pending: actions,
    },
    {
      nowMs,
      entries: [
        { kind: 'started', body: toBody(entry) },
        ...actions.map((action) => ({ kind: 'asked', body: toBody(action) })),
      ],
    },
  );
  await tellMoved(tx, made, nowMs);
  return made;
}

/** Whether every router was read with the weight that was asked for, after it was asked for. */
export function hasAskedWeight({ state, pending }: Pick<Shift, 'state' | 'pending'>): boolean {
  const { asked, askedAtMs } = state.weight;
  const isToldAll = !pending.some(({ kind }) => kind === 'set_weight');
  const areRead = state.routers.every(({ weight }) => weight !== null && Math.abs(weight - asked) <= 0.5);
  return isToldAll && areRead && state.seen !== null && state.nowMs > askedAtMs;
}

import { setTimeout as pause } from 'node:timers/promises';

import { listDueShifts, readLookAt, readShift } from '../../store/rollout.ts';
import type { DueShift } from '../../store/rollout.ts';
import { readClock } from '../../store/store-clock.ts';
import { createLockKeeper } from '../delivery/keep-locks.ts';
import type { AssetLocks, LockTimes } from '../delivery/keep-locks.ts';
import type { Engine } from '../runs/open-engine.ts';
import { openLaunchShelf } from '../worker/launch-shelf.ts';
import type { Workspaces } from '../worker/workspaces.ts';
import { carryShift } from './carry-shift.ts';
import { openConnections } from './open-connections.ts';
import type { ConnectionSetting, TrafficKinds } from './open-connections.ts';
import { openSealer } from './open-sealer.ts';
import { toShiftScene } from './shift-parts.ts';
import type { ShiftParts } from './shift-parts.ts';

/** What a process carries shifts with. */
export interface ShiftKeeping extends Pick<ShiftParts, 'stepKinds' | 'report'> {
  engine: Engine;
  kinds: TrafficKinds;
  workspaces: Workspaces;
  /** Secrets of routers and sources, in the name of whoever started the shift. */
  openSecret: (ask: SecretOfShift) => ReturnType<ConnectionSetting['openSecret']>;
  lockTimes?: Partial<LockTimes>;
}

/** A secret that a router or source of a shift asks for. */
export interface SecretOfShift {
  shift: string;
  requester: string;
  scene: ShiftParts['scene'];
  name: string;
  signal: AbortSignal;
}

/** Shifts that this process looks after. */
export interface ShiftKeeper {
  /** Takes no shift any more, ends the look under way and gives the locks back: others go on from there. */
  close(): Promise<void>;
}

/** How often it is looked which shifts are due: also how late a deed of a person may be seen. */
const everyMs = 100;
/** So long is a controller believed without a sign of life; then another one takes over. Traffic stays where it is meanwhile. */
const lockTimes: Partial<LockTimes> = { leaseSeconds: 10, renewSeconds: 3, silentSeconds: 6 };

/** Looks after every shift that is due and nobody else carries, until it is closed. */
export function keepShifts(keeping: ShiftKeeping): ShiftKeeper {
  const closing = new AbortController();
  const carried = new Map<string, Promise<void>>();
  const locks = createLockKeeper(keeping.engine.store, { ...lockTimes, ...keeping.lockTimes });
  const begin = (due: DueShift): void => {
    const work = carryWhileOurs({ ...keeping, signal: closing.signal }, due, (id, owner) =>
      locks.take({ keys: [`shift ${id}`], owner, waitSeconds: 0 }),
    )
      .catch((error: unknown) => {
        keeping.report(error);
        return rest({ signal: closing.signal });
      })
      .finally(() => carried.delete(due.id));
    carried.set(due.id, work);
  };
  const kept = (async () => {
    while (!closing.signal.aborted) {
      const due = await listDueShifts(keeping.engine.store).catch((error: unknown) => {
        keeping.report(error);
        return [];
      });
      for (const shift of due) if (!carried.has(shift.id)) begin(shift);
      await pause(everyMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    async close() {
      closing.abort();
      await kept;
      await Promise.all(carried.values());
      await locks.close();
    },
  };
}

interface Carrying extends ShiftKeeping {
  signal: AbortSignal;
}

type TakeLock = (shift: string, owner: string) => Promise<AssetLocks | null>;

/** How long one that could not be carried here is left to others. */
const restMs = 2_000;

async function carryWhileOurs(keeping: Carrying, due: DueShift, take: TakeLock): Promise<void> {
  const place = await keeping.workspaces.find({ ...due, workspace: null });
  if ('unfit' in place) return rest(keeping);
  const locks = await take(due.id, `shift ${due.id} by ${process.pid}`);
  if (locks === null) return rest(keeping);
  try {
    await carryLocked(keeping, due, { locks, directory: place.directory });
  } finally {
    await locks.release();
  }
}

async function carryLocked(
  keeping: Carrying,
  { id, launch: launchId, planHash }: DueShift,
  { locks, directory }: { locks: AssetLocks; directory: string },
): Promise<void> {
  const { engine, kinds, stepKinds, report } = keeping;
  const shift = await readShift(engine.store, id);
  if (shift === null) return;
  const launch = await openLaunchShelf(engine.store).find(launchId, planHash);
  const scene = toShiftScene(shift, launch, directory);
  if (scene === null) return rest(keeping);
  const signal = AbortSignal.any([keeping.signal, locks.signal]);
  const now = await readClock(engine.store);
  const seal = await openSealer(engine.store, launchId);
  const ending = new AbortController();
  const connections = openConnections(shift.declared, {
    scene,
    kinds,
    openSecret: (name) => keeping.openSecret({ shift: id, requester: shift.requester, scene, name, signal }),
    signal: AbortSignal.any([locks.signal, ending.signal]),
    now,
  });
  try {
    await carryOn({ engine, scene, locks, connections, seal, stepKinds, now, report }, { id, signal });
  } finally {
    await connections.close();
    ending.abort();
  }
}

async function carryOn(parts: ShiftParts, { id, signal }: { id: string; signal: AbortSignal }): Promise<void> {
  while (!signal.aborted) {
    if ((await carryShift(parts, id)) !== 'goes-on') return;
    if (!(await isDue(parts, id, signal))) return;
  }
}

/** Resolves when the shift is to be looked at; false where it has ended. Asks again and again, because a person may act on it at any time. */
async function isDue({ engine, now }: ShiftParts, id: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const lookAtMs = await readLookAt(engine.store, id);
    if (lookAtMs === null) return false;
    const leftMs = lookAtMs - now();
    if (leftMs <= 0) return true;
    await pause(Math.min(leftMs, everyMs), undefined, { signal, ref: false }).catch(() => undefined);
  }
  return false;
}

async function rest({ signal }: Pick<Carrying, 'signal'>): Promise<void> {
  await pause(restMs, undefined, { signal, ref: false }).catch(() => undefined);
}

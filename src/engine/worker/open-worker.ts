import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import { noteWorker } from '../../store/worker.ts';
import type { WorkerNote } from '../../store/worker.ts';
import { applyHolds } from '../advance/apply-holds.ts';
import type { Store } from '../../store/open-store.ts';
import { appendStepLogs } from '../../store/step-record.ts';
import type { LogAddition } from '../../store/step-record.ts';
import { choreQueue, stepQueue } from '../advance/work-queues.ts';
import type { Workers } from '../delivery.ts';
import { createGather } from '../delivery/gather.ts';
import { createLockKeeper } from '../delivery/keep-locks.ts';
import type { LockKeeper, LockTimes } from '../delivery/keep-locks.ts';
import { createWishFollower } from './follow-wish.ts';
import type { WishFollower } from './follow-wish.ts';
import { handleChore } from './handle-chore.ts';
import { handleStepJob } from './handle-step-job.ts';
import { keepTime } from './keep-time.ts';
import { openLaunchShelf } from './launch-shelf.ts';
import { openStopWatch } from './stop-watch.ts';
import type { WorkerParts } from './worker-parts.ts';

/** What a worker is made of; the rest it makes itself. */
export interface WorkerOptions extends Omit<
  WorkerParts,
  'locks' | 'stops' | 'shelf' | 'appendLog' | 'lockWaitSeconds'
> {
  version: string;
  /** Steps that it carries out at once. */
  slots: number;
  /** How long a step waits for its assets before it goes back into the row, seconds; 30 where nothing is said (O04). */
  lockWaitSeconds?: number;
  /** How often it is looked whether somebody asked a step to stop, milliseconds. */
  stopEveryMs?: number;
  /** Other leases of assets than those of O04. */
  lockTimes?: Partial<LockTimes>;
}

/** A process that carries out steps. */
export interface Worker {
  readonly id: string;
  readonly slots: number;
  /** Carries out more or fewer steps at once from now on; what runs is finished. */
  resize(slots: number): Promise<void>;
  /** Takes nothing new and resolves when what is under way has ended. */
  drain(): Promise<void>;
  /** Drains for so long, hands the rest back to the other workers, and leaves. Delivery is closed by whoever opened it. */
  stop(options?: { graceSeconds?: number }): Promise<void>;
}

const noteEveryMs = 5_000;
/** How long a hold above single runs may take to reach them where the process that put it is gone. */
const holdEveryMs = 2_000;

/** Starts a worker: steps, chores, and the time, until `stop`. */
export async function openWorker({
  version,
  slots,
  stopEveryMs = 500,
  lockTimes,
  ...options
}: WorkerOptions): Promise<Worker> {
  const { store, delivery, report } = options;
  const locks = createLockKeeper(store, lockTimes);
  const stops = openStopWatch(store, stopEveryMs);
  const parts: WorkerParts = {
    lockWaitSeconds: 30,
    ...options,
    locks,
    stops,
    shelf: openLaunchShelf(store),
    appendLog: gatherLogs(store),
  };
  const steps = await delivery.work(stepQueue.name, (claim) => handleStepJob(parts, claim), { slots });
  const chores = await delivery.work(choreQueue.name, (claim) => handleChore(parts, claim), { slots: 1 });
  const clock = keepTime(store, options.advancer, report);
  const id = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  const follower = createWishFollower(store, id, { steps, chores, report });
  const pulse = startPulse(parts, { id, version, steps, follower });
  return {
    id,
    get slots() {
      return steps.slots;
    },
    resize: (count) => steps.resize(count),
    drain: async () => {
      await pulse.end('draining');
      await Promise.all([steps.drain(), chores.drain()]);
    },
    stop: createStop({ parts, locks, pulse, closeClock: () => clock.close() }),
  };
}

/** What a worker does at its own pace beside its jobs. */
interface Pulse {
  /** Ends it, and notes how the worker stands now. */
  end(state: 'draining' | 'gone'): Promise<void>;
}

/** Says again and again that the worker is there, and brings holds above single runs to the runs. */
function startPulse(
  { store, advancer, workspaces, report }: WorkerParts,
  { id, version, steps, follower }: { id: string; version: string; steps: Workers; follower: WishFollower },
): Pulse {
  const note = async (state: WorkerNote['state']): Promise<void> => {
    const launches = (await workspaces.list()).map(({ launch, planHash }) => `${launch}@${planHash}`);
    await noteWorker(store, { id, host: hostname(), pid: process.pid, version, launches, slots: steps.slots, state });
  };
  const beat = async (): Promise<void> => {
    await follower.look();
    await note(follower.isDrained ? 'draining' : 'working');
  };
  const timers = [
    setInterval(() => void beat().catch(report), noteEveryMs),
    setInterval(() => void applyHolds(store, advancer).catch(report), holdEveryMs),
  ];
  for (const timer of timers) timer.unref();
  void note('working').catch(report);
  return {
    async end(state) {
      follower.close();
      for (const timer of timers) clearInterval(timer);
      await note(state).catch(report);
    },
  };
}

function gatherLogs(store: Store): WorkerParts['appendLog'] {
  return createGather(async (additions: readonly LogAddition[]) => {
    await appendStepLogs(store, additions);
    return additions.map(() => undefined);
  });
}

interface Leaving {
  parts: WorkerParts;
  locks: LockKeeper;
  pulse: Pulse;
  closeClock: () => Promise<void>;
}

function createStop({ parts, locks, pulse, closeClock }: Leaving): Worker['stop'] {
  let stopping: Promise<void> | null = null;
  const stop = async (graceSeconds: number): Promise<void> => {
    await pulse.end('draining');
    await closeClock();
    await parts.delivery.stop({ graceSeconds });
    parts.stops.close();
    await locks.close();
    await pulse.end('gone');
  };
  return ({ graceSeconds = 30 } = {}) => (stopping ??= stop(graceSeconds));
}

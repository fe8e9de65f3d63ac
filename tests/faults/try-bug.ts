import { setTimeout as pause } from 'node:timers/promises';

import { checkHistory } from './check-history.ts';
import { driveRun, orderRun } from './drive-run.ts';
import type { Driven, Wishes } from './drive-run.ts';
import { openPlace, readHistory, silenceDead } from './place.ts';
import type { FaultDatabase } from './place.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { createRandom, randomPlan } from './random-plan.ts';

/** A case of a bug: what is to happen, with the bug planted or without. */
export type BugCase = Pick<PlantedBug, 'die' | 'cancels' | 'holds' | 'crashes' | 'lockTimes'>;

const script = new URL('plant-bug.ts', import.meta.url);
/** What would never end is called so after this time; an engine that is whole gets more, because a busy machine is no bug. */
const giveUpMs = { planted: 14_000, whole: 60_000 };

/** Runs a plan with two workers whose engine has the bug of this name, and returns what the checker finds. */
export async function tryBug(database: FaultDatabase, bug: string | null, wanted: BugCase): Promise<string[]> {
  const { lockTimes = { renewSeconds: 0.1 }, die } = wanted;
  const imports = bug === null ? [] : [`${script.href}?bug=${encodeURIComponent(bug)}`];
  const place = await openPlace(database, { imports, lockTimes });
  try {
    const victim = place.start(die?.role ?? 'worker', die && { point: die.point, passage: 1 });
    await victim.ready;
    const heir = place.start('worker');
    if (die?.role === 'worker') void victim.exited.then(() => heir.tell({ tell: 'work' }));
    await heir.ready;
    if (die?.role === 'worker') heir.tell({ tell: 'rest' });
    const id = await orderRun(place, die?.role === 'person' ? victim : null, toWishes(wanted));
    const driven: Driven = { held: false, cancelled: false, deeds: 0 };
    const giveUp = performance.now() + giveUpMs[bug === null ? 'whole' : 'planted'];
    while (performance.now() < giveUp) {
      await silenceDead(place);
      if (await driveRun(place, null, { id, wishes: toWishes(wanted), driven })) break;
      await pause(60);
    }
    if (place.children.some((child) => child.complaints().includes('planted bug')))
      throw new Error(place.children.map((child) => child.complaints()).join('\n'));
    for (let round = 0; round < 30 && (await readHistory(place)).leftJobs > 0; round += 1) await pause(100);
    return checkHistory(await readHistory(place));
  } finally {
    await place.close();
  }
}

function toWishes({ cancels = false, holds = false, crashes = false }: BugCase): Wishes {
  return {
    plan: randomPlan(createRandom(7), ' slow 250'),
    key: 'bug',
    holds,
    cancels,
    mode: crashes ? 'rehearsal' : 'live',
    faults: crashes ? { p1: 'crash_after', p2: 'crash_before', p3: 'crash_after', p5: 'crash_after' } : {},
  };
}

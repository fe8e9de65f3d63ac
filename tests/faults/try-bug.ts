import { setTimeout as pause } from 'node:timers/promises';

import type { BugScene } from './bug-scenes.ts';
import { checkHistory, isOfTime } from './check-history.ts';
import { driveRun, orderRun } from './drive-run.ts';
import type { Driven } from './drive-run.ts';
import { openPlace, readHistory, silenceDead } from './place.ts';
import type { FaultDatabase, Place } from './place.ts';

const script = new URL('plant-bug.ts', import.meta.url);

/** What is wanted of a try. */
export interface Try {
  scene: BugScene;
  /** Name of the planted bug; null leaves the engine whole. */
  bug: string | null;
  /** Ends as soon as the checker says this. */
  until: (found: readonly string[]) => boolean;
  giveUpMs: number;
}

/**
 * Plays a scene with two workers and a person whose engine has the bug, and looks at the history again and again; returns what was found last. While
 * the run is under way that is only what may be said at any moment.
 */
export async function tryBug(database: FaultDatabase, { scene, bug, until, giveUpMs }: Try): Promise<string[]> {
  const imports = bug === null ? [] : [`${script.href}?bug=${encodeURIComponent(bug)}`];
  const place = await openPlace(database, { imports, lockTimes: scene.lockTimes });
  try {
    const { die } = scene;
    const first = place.start('worker', die?.role === 'worker' ? { ...die, passage: 1 } : null);
    const heir = place.start('worker');
    const person = place.start('person', die?.role === 'person' ? { ...die, passage: 1 } : null);
    await Promise.all([first, heir, person].map(({ ready }) => ready));
    if (die?.role === 'worker') heir.tell({ tell: 'rest' });
    void first.exited.then(() => heir.tell({ tell: 'work' }));
    const wishes = { ...scene.wishes, key: 'bug' };
    const id = await orderRun(place, person, wishes);
    const driven: Driven = { heldAt: null, cancelled: false, deeds: 0 };
    const giveUp = performance.now() + giveUpMs;
    const live = async (): Promise<boolean> => {
      await silenceDead(place);
      return driveRun(place, person.ended() === null ? person : null, { id, wishes, driven });
    };
    return await lookOn(place, { live, until, giveUp });
  } finally {
    await place.close();
  }
}

async function lookOn(
  place: Place,
  { live, until, giveUp }: { live: () => Promise<boolean>; until: Try['until']; giveUp: number },
): Promise<string[]> {
  for (;;) {
    const ended = await live();
    const complaint = place.children.find((child) => child.complaints().includes('planted bug'))?.complaints();
    if (complaint !== undefined) throw new Error(complaint);
    const history = await readHistory(place);
    const found = checkHistory(history);
    const isOver = (ended && history.leftJobs === 0) || performance.now() > giveUp;
    const sure = isOver ? found : found.filter((text) => !isOfTime(text));
    if (isOver || until(sure)) return sure;
    await pause(100);
  }
}

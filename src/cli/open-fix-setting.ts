import { openDataOf } from '../engine/data/data-desk.ts';
import type { FixSetting } from '../engine/data/fix/fix-setting.ts';
import { readClock } from '../store/store-clock.ts';
import { openProgress } from './progress.ts';
import type { Shell } from './shell.ts';
import type { Session } from './with-session.ts';

/** The data of a launch as rules and fixes see it, with a line of progress; whoever opens it ends that line. */
export async function openFixSetting(
  shell: Shell,
  { scene, store }: Session,
  { by, about, isJson }: { by: string | null; about: string; isJson: boolean },
): Promise<{ setting: FixSetting; end: () => void }> {
  const now = await readClock(store);
  const data = await openDataOf(store, scene, { by, purpose: about });
  const line = openProgress(shell.terminal, isJson);
  const progress: FixSetting['progress'] = (done, total, text) =>
    total === null ? undefined : line.update(done, total, text);
  return { setting: { scene, data, signal: shell.signal, now, progress }, end: () => line.end() };
}

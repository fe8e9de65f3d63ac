import { listSlots } from './list-slots.ts';
import type { ScheduleState } from './schedule.ts';

/** What is to be done about the slots that came due since somebody looked. */
export interface SlotPlan {
  send: number[];
  skip: number[];
}

/** Returns which slots are sent now and which are left out. One that is due within its grace was not missed: the rule for missed ones does not touch it. */
export function planSlots({ entry, seenUntilMs }: ScheduleState, nowMs: number): SlotPlan {
  const due = listSlots(entry, { afterMs: seenUntilMs, untilMs: nowMs });
  const missed = due.filter((at) => at + entry.graceSeconds * 1000 < nowMs);
  const madeUp =
    entry.missed === 'all' ? missed : entry.missed === 'once' && missed.length === due.length ? missed.slice(-1) : [];
  const skip = missed.filter((at) => !madeUp.includes(at));
  return { send: due.filter((at) => !skip.includes(at)), skip };
}

import { listSlots } from './list-slots.ts';
import type { OverdueSlot, ScheduleSlot, ScheduleState } from './schedule.ts';

/**
 * Returns the slots that should have begun or ended by now, oldest first. Slots that nobody has even looked at count, so that it also tells when no
 * worker runs at all. A slot that was left out is overdue until a later one has begun: only then the schedule works again.
 */
export function overdueSlots(states: readonly ScheduleState[], nowMs: number): OverdueSlot[] {
  return states.flatMap((state) => overdueOf(state, nowMs)).toSorted((a, b) => a.sinceMs - b.sinceMs);
}

function overdueOf(state: ScheduleState, nowMs: number): OverdueSlot[] {
  const { entry, slots, seenUntilMs } = state;
  const unseen = listSlots(entry, { afterMs: seenUntilMs, untilMs: nowMs }).map((dueMs): ScheduleSlot => ({
    dueMs,
    skipped: false,
    begunMs: null,
    endedMs: null,
  }));
  const newestBegun = Math.max(-Infinity, ...slots.filter(({ begunMs }) => begunMs !== null).map(({ dueMs }) => dueMs));
  return [...slots, ...unseen].flatMap((slot): OverdueSlot[] => {
    const found = (kind: OverdueSlot['kind'], sinceMs: number): OverdueSlot[] =>
      sinceMs < nowMs ? [{ schedule: entry.name, dueMs: slot.dueMs, kind, sinceMs }] : [];
    if (slot.endedMs !== null) return [];
    if (slot.begunMs !== null) return found('slot_not_ended', slot.begunMs + entry.limitSeconds * 1000);
    if (slot.skipped && slot.dueMs < newestBegun) return [];
    return found('slot_not_begun', slot.dueMs + entry.graceSeconds * 1000);
  });
}

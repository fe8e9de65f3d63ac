import type { Launch } from '../../core/launch/launch.ts';
import { awaitedNames, recurringProcedures, recurringScope } from '../../core/schedule/recurring.ts';
import { toRecurringLines } from '../../core/schedule/to-recurring-lines.ts';
import type { RecurringLine } from '../../core/schedule/to-recurring-lines.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { readEnds, readFirstDone } from '../../store/run-ends.ts';
import { readSchedules, readSlots } from '../../store/schedule.ts';
import { runOfSlot } from './run-of-slot.ts';

/** Slots that are told of each procedure. */
const shownSlots = 14;

/** Returns how what recurs in a launch stands in an environment now, by the database's clock; it needs no worker. */
export async function readRecurring(store: Store, launch: Launch, environment: string): Promise<RecurringLine[]> {
  const procedures = recurringProcedures(launch);
  if (procedures.length === 0) return [];
  const names = procedures.map(({ id }) => `${recurringScope(launch.id, environment)} ${id}`);
  const { states, nowMs } = await readSchedules(store.tables);
  const record = {
    states: new Map(states.map((state) => [state.entry.name, state])),
    slots: await readSlots(store, names, shownSlots),
    ends: await readEnds(store, { launch: launch.id, environment }),
    firstDone: await readFirstDone(store, { launch: launch.id, environment }, awaitedNames(launch)),
    runOf: runOfSlot,
  };
  return toRecurringLines(launch, environment, {
    record,
    nowMs: nowMs === 0 ? Date.parse(await readNow(store)) : nowMs,
  });
}

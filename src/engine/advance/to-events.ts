import type { Change } from '../../core/procedure/change.ts';
import type { Run } from '../../core/procedure/run.ts';
import { toEvents as toRunEvents } from '../../core/procedure/to-events.ts';
import type { NewEvent } from '../../store/event.ts';
import type { EventMark } from '../../store/seen-history.ts';

/** The events of changes, numbered on from those that the run had. The body is the change, so that replaying the events gives the run. */
export function toEvents(run: Run, changes: readonly Change[], before: number): NewEvent[] {
  const types = new Map(
    toRunEvents(run, changes)
      .toReversed()
      .map(({ change, type }) => [change, type]),
  );
  return changes.map((change, place) => ({
    run: run.id,
    number: before + place + 1,
    type: types.get(place) ?? 'system.notice',
    atMs: change.atMs,
    body: change,
  }));
}

/** The events of runs as a process remembers them once their commit was acknowledged. */
export function toMarks(events: readonly NewEvent[]): EventMark[] {
  return events.flatMap(({ run, number, type, atMs }) =>
    run === null || number === null ? [] : [{ run, number, type, atMs }],
  );
}

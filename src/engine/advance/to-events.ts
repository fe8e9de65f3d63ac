import type { Change } from '../../core/procedure/change.ts';
import type { Run } from '../../core/procedure/run.ts';
import type { NewEvent } from '../../store/event.ts';

/** The events of changes, numbered on from those that the run had. */
export function toEvents(run: Run, changes: readonly Change[], before: number): NewEvent[] {
  return changes.map((change, place) => ({
    run: run.id,
    number: before + place + 1,
    type: change.kind,
    atMs: change.atMs,
    body: change,
  }));
}

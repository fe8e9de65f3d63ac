import type { Launch, Procedure } from '../launch/launch.ts';
import type { Recurrence } from '../launch/recurrence.ts';
import { shortestPauseMs } from './read-every.ts';
import type { ScheduleEntry } from './schedule.ts';

/** A worker that is there takes a slot within seconds; one that has not become a run after so long has been missed. */
const graceSeconds = 900;

/** A procedure that recurs. */
export type RecurringProcedure = Procedure & { recurs: Recurrence };

/** Returns the procedures of a launch that recur. */
export function recurringProcedures({ procedures }: Pick<Launch, 'procedures'>): RecurringProcedure[] {
  return procedures.filter((procedure): procedure is RecurringProcedure => procedure.recurs !== undefined);
}

/** The name under which schedules of a launch in an environment stand; each bears the procedure behind it. */
export function recurringScope(launch: string, environment: string): string {
  return `recurring ${launch} ${environment}`;
}

/** Names of procedures and steps after which something recurs. */
export function awaitedNames(launch: Pick<Launch, 'procedures'>): string[] {
  return [...new Set(recurringProcedures(launch).flatMap(({ recurs: { after } }) => after ?? []))];
}

/** Who asks for the runs of a procedure that recurs; null where nobody was named, and nothing can begin. */
export function requesterOf({ owner }: Pick<Launch, 'owner'>, { recurs }: RecurringProcedure): string | null {
  return recurs.requester ?? owner;
}

/** How long after a run began it must have ended well. */
export function withinMsOf({ recurs: { withinMs, cron } }: RecurringProcedure): number {
  return withinMs ?? shortestPauseMs(cron) ?? 86_400_000;
}

/**
 * Returns what is to be looked after in an environment. `firstDone` says when what others recur after was first done: before that
 * nothing is due, and from then on it is, whenever it is first looked for.
 */
export function toRecurringEntries(
  launch: Pick<Launch, 'id' | 'procedures'>,
  environment: string,
  firstDone: ReadonlyMap<string, number>,
): ScheduleEntry[] {
  return recurringProcedures(launch).flatMap((procedure): ScheduleEntry[] => {
    const { id, recurs } = procedure;
    const fromMs = recurs.after === null ? null : (firstDone.get(recurs.after) ?? null);
    if (recurs.after !== null && fromMs === null) return [];
    return [
      {
        name: `${recurringScope(launch.id, environment)} ${id}`,
        cron: recurs.cron,
        timeZone: recurs.timeZone,
        missed: 'once',
        graceSeconds,
        limitSeconds: Math.ceil(withinMsOf(procedure) / 1000),
        endedBy: { launch: launch.id, procedure: id, environment },
        ...(fromMs === null ? {} : { fromMs }),
      },
    ];
  });
}

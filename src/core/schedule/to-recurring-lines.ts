import type { Launch } from '../launch/launch.ts';
import { overdueSlots } from './overdue-slots.ts';
import { nextSlotMs } from './read-every.ts';
import { recurringProcedures, recurringScope, requesterOf, withinMsOf } from './recurring.ts';
import type { RecurringProcedure } from './recurring.ts';
import type { OverdueSlot, ScheduleSlot, ScheduleState } from './schedule.ts';

/**
 * `before`: what it follows is not done yet; `unwatched`: no worker has looked after it yet, so nothing will begin; `overdue`: one was not begun or not
 * ended by its time; `due`: one is under way; `kept`: nothing is open.
 */
export type RecurringState = 'before' | 'unwatched' | 'overdue' | 'due' | 'kept';

/** What became of a slot. `late`: it ended well, after its time; `missed`: nothing was begun in its time, or it never ended well. */
export type SlotOutcome = 'done' | 'late' | 'missed' | 'open';

/** A procedure that recurs, as it stands in one environment. */
export interface RecurringLine {
  procedure: string;
  title: string;
  environment: string;
  state: RecurringState;
  cron: string;
  timeZone: string;
  withinMs: number;
  /** In whose name its runs are made; null where nobody was named. */
  requester: string | null;
  /** Who does its steps. */
  people: string[];
  /** Null where nothing is due before something else has happened. */
  nextDueMs: number | null;
  /** The live run that ended well last. */
  lastProof: { run: string; endedMs: number } | null;
  /** The slot that is under way; null without one. */
  due: { dueMs: number; run: string; untilMs: number } | null;
  /** The oldest slot that should have begun or ended by now, and how many stand behind it. */
  overdue: { dueMs: number; kind: OverdueSlot['kind']; sinceMs: number; more: number } | null;
  /** The newest first. */
  slots: { dueMs: number; outcome: SlotOutcome; endedMs: number | null; run: string | null }[];
}

/** What is stored about the schedules of a launch. */
export interface RecurringRecord {
  states: ReadonlyMap<string, ScheduleState>;
  /** The newest slots of each, newest first. */
  slots: ReadonlyMap<string, readonly ScheduleSlot[]>;
  ends: ReadonlyMap<string, { lastMs: number; lastRun: string }>;
  /** When what something recurs after was first done. */
  firstDone: ReadonlyMap<string, number>;
  /** Names the run that a slot becomes. */
  runOf: (slot: { schedule: string; dueMs: number }) => string;
}

/** Returns how everything that recurs in an environment stands now; computed from documents and rows, so that it is the same whoever looks. */
export function toRecurringLines(
  launch: RecurringLaunch,
  environment: string,
  { record, nowMs }: { record: RecurringRecord; nowMs: number },
): RecurringLine[] {
  return recurringProcedures(launch).map((procedure) => toLine({ launch, environment, procedure, record, nowMs }));
}

type RecurringLaunch = Pick<Launch, 'id' | 'owner' | 'procedures' | 'roles'>;

interface LineParts {
  launch: RecurringLaunch;
  environment: string;
  procedure: RecurringProcedure;
  record: RecurringRecord;
  nowMs: number;
}

function toLine({ launch, environment, procedure, record, nowMs }: LineParts): RecurringLine {
  const { id, title, recurs } = procedure;
  const name = `${recurringScope(launch.id, environment)} ${id}`;
  const state = record.states.get(name);
  const isBefore = recurs.after !== null && !record.firstDone.has(recurs.after);
  const late = state === undefined ? [] : overdueSlots([state], nowMs);
  const withinMs = withinMsOf(procedure);
  const slots = record.slots.get(name) ?? [];
  const runOf = ({ dueMs }: ScheduleSlot): string => record.runOf({ schedule: name, dueMs });
  const [overdue, due] = [toOverdue(late), toDue(slots, withinMs, runOf)];
  const proof = record.ends.get(id);
  return {
    procedure: id,
    title,
    environment,
    state: isBefore ? 'before' : state === undefined ? 'unwatched' : overdue ? 'overdue' : due ? 'due' : 'kept',
    cron: recurs.cron,
    timeZone: recurs.timeZone,
    withinMs,
    requester: requesterOf(launch, procedure),
    people: peopleOf(launch, procedure),
    nextDueMs: isBefore ? null : nextSlotMs(recurs, nowMs),
    lastProof: proof === undefined ? null : { run: proof.lastRun, endedMs: proof.lastMs },
    due,
    overdue,
    slots: slots.map((slot) => ({
      dueMs: slot.dueMs,
      outcome: outcomeOf(slot, { withinMs, overdue: late.some(({ dueMs }) => dueMs === slot.dueMs) }),
      endedMs: slot.endedMs,
      run: slot.skipped || slot.begunMs === null ? null : runOf(slot),
    })),
  };
}

function toOverdue([first, ...more]: readonly OverdueSlot[]): RecurringLine['overdue'] {
  if (first === undefined) return null;
  const { dueMs, kind, sinceMs } = first;
  return { dueMs, kind, sinceMs, more: more.length };
}

function toDue(
  slots: readonly ScheduleSlot[],
  withinMs: number,
  runOf: (slot: ScheduleSlot) => string,
): RecurringLine['due'] {
  for (const slot of slots) {
    const { dueMs, skipped, begunMs, endedMs } = slot;
    if (!skipped && begunMs !== null && endedMs === null)
      return { dueMs, run: runOf(slot), untilMs: begunMs + withinMs };
  }
  return null;
}

function outcomeOf(
  { skipped, begunMs, endedMs }: ScheduleSlot,
  { withinMs, overdue }: { withinMs: number; overdue: boolean },
): SlotOutcome {
  if (skipped || overdue) return 'missed';
  if (endedMs === null) return 'open';
  return begunMs !== null && endedMs > begunMs + withinMs ? 'late' : 'done';
}

function peopleOf({ roles, owner }: Pick<Launch, 'roles' | 'owner'>, procedure: RecurringProcedure): string[] {
  const named = new Set(procedure.steps.flatMap(({ role }) => (role === null ? [] : [role])));
  const people = roles.filter(({ id }) => named.has(id)).flatMap(({ people: holders }) => holders);
  const requester = requesterOf({ owner }, procedure);
  return people.length > 0 ? [...new Set(people)] : requester === null ? [] : [requester];
}

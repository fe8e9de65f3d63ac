/** Something that recurs: a name, when it is due, and what counts as missed. */
export interface ScheduleEntry {
  name: string;
  /** Cron pattern of five or six fields. */
  cron: string;
  /** IANA time zone in which the pattern is read. */
  timeZone: string;
  /** What becomes of slots that came due while nobody looked: none is made up for, the newest, or all. */
  missed: 'skip' | 'once' | 'all';
  /** A slot that has not begun so long after it was due is overdue. */
  graceSeconds: number;
  /** A slot that has not ended so long after it began is overdue. */
  limitSeconds: number;
  /** Set where a slot is a live run of a procedure: it has ended when such a run, made since it was due, has ended well. Absent where the work itself notes its end. */
  endedBy?: { launch: string; procedure: string; environment: string };
  /** Nothing was due before; absent where that is so before it was first declared. Milliseconds since the epoch. */
  fromMs?: number;
}

/** A slot that was decided on. */
export interface ScheduleSlot {
  dueMs: number;
  /** Left out by the rule for missed slots; never begins. */
  skipped: boolean;
  begunMs: number | null;
  endedMs: number | null;
}

/** An entry with what is known of its slots. */
export interface ScheduleState {
  entry: ScheduleEntry;
  /** Slots up to here were decided on, and stand in `slots` as long as they matter. */
  seenUntilMs: number;
  slots: readonly ScheduleSlot[];
}

/** A slot that should have begun, or ended, by now. */
export interface OverdueSlot {
  schedule: string;
  dueMs: number;
  kind: 'slot_not_begun' | 'slot_not_ended';
  /** When it became overdue. */
  sinceMs: number;
}

/** Most slots of one entry that are looked at together, the newest; what lies before them was missed beyond making up. */
export const mostSlots = 1000;

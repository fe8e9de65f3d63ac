/** When a procedure is run again and again: live, in the environment of the launch, each time with its own proof. */
export interface Recurrence {
  /** Five fields of cron. */
  cron: string;
  /** IANA time zone in which the pattern is read. */
  timeZone: string;
  /** How long after a run began it must have ended well; null for as long as the shortest pause between two. */
  withinMs: number | null;
  /** Account in whose name the runs are made; null for the owner of the launch. */
  requester: string | null;
  /** Procedure of which a live run must have ended well, or step that must be done in one, before anything is due; null where it is due from the day on which it is first seen. */
  after: string | null;
}

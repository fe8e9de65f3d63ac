import type { Generated, GeneratedAlways } from 'kysely';

import type { ScheduleEntry } from '../core/schedule/schedule.ts';

/** Tables of what recurs, and of alarms. */
export interface ScheduleTables {
  schedule: { name: string; body: ScheduleEntry; seen_until: Generated<Date> };
  schedule_slot: { schedule: string; due_at: Date; skipped: boolean; begun_at: Date | null; ended_at: Date | null };
  alarm: {
    id: GeneratedAlways<string>;
    subject: string;
    kind: string;
    since: Date;
    until: Date | null;
    detail: string;
    at: Generated<Date>;
  };
}

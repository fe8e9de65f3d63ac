import type { Place } from '../launch/place.ts';

/** How good a service has to be: which share of events may not be bad, over a time. */
export interface Objective {
  id: string;
  title: string;
  /** Id of a metric source that keeps a history. */
  source: string;
  /** Counters of all events, as selectors. */
  total: string;
  /** Counters of bad events, or of good ones, such as the bucket of a histogram up to a limit; one of the two. */
  counted: { bad: string } | { good: string };
  /** Share of events that must be good, above 0 and up to 1; of 1, a single bad event is too many. */
  goal: number;
  windowMs: number;
  at: Place;
}

const minute = 60_000;
const hour = 60 * minute;

/** A burn rate that is too high where both windows say so: the long one that it is worth it, the short one that it goes on. */
export interface BurnPair {
  name: 'fast' | 'slow' | 'steady';
  longMs: number;
  shortMs: number;
  /** 1 uses up the budget exactly at the end of its window. */
  factor: number;
  severity: 'page' | 'ticket';
}

/** The pairs of T27: of a budget of 30 days, 2 % in an hour, 5 % in six, 10 % in three days. */
export const burnPairs: readonly BurnPair[] = [
  { name: 'fast', longMs: hour, shortMs: 5 * minute, factor: 14.4, severity: 'page' },
  { name: 'slow', longMs: 6 * hour, shortMs: 30 * minute, factor: 6, severity: 'page' },
  { name: 'steady', longMs: 72 * hour, shortMs: 6 * hour, factor: 1, severity: 'ticket' },
];

/** What is left of a budget says how to deploy: `green` freely, `approval` with a vote, `freeze` not without an override, `incident` only to end one. */
export type BudgetLevel = 'green' | 'approval' | 'freeze' | 'incident';

/** Returns the level at which a share of the budget is left (T27): above 50 %, from 20 %, from 10 %, below. What is no number is an incident. */
export function levelOf(left: number): BudgetLevel {
  if (left > 0.5) return 'green';
  if (left >= 0.2) return 'approval';
  return left >= 0.1 ? 'freeze' : 'incident';
}

import type { Place } from '../launch/place.ts';

/** Lanes in the order in which they want attention: each item stands in one of them only (D13). */
export const homeLanes = ['at-risk', 'overdue', 'follow-up', 'today', 'missing-proof', 'approval', 'waiting'] as const;
export type HomeLane = (typeof homeLanes)[number];

/** The one thing to do next about an item. */
export const homeDeeds = [
  'confirm',
  'attach-proof',
  'let-begin',
  'decide',
  'start',
  'attest',
  'run-check',
  'fix',
  'vote',
  'vote-again',
  'approve',
  'link-follow-up',
  'review',
  'change',
  'ask-again',
  'wait',
  'look',
] as const;
export type HomeDeed = (typeof homeDeeds)[number];

/** Where an item is dealt with. */
export type HomePlace =
  | { kind: 'run'; launch: string; run: string; step: string | null }
  | { kind: 'gate'; launch: string; gate: string; environment: string; criterion: string | null }
  | { kind: 'document'; launch: string; at: Place }
  | { kind: 'runs'; launch: string }
  | { kind: 'queue' };

/** One line of Home. */
export interface HomeItem {
  /** The thing and when it is due: the same as long as it is the same task. */
  key: string;
  lane: HomeLane;
  /** Null for what is about the whole installation. */
  launch: string | null;
  title: string;
  /** Why it is here. */
  why: string;
  next: HomeDeed;
  place: HomePlace;
  /** Who can do it; empty where nobody was named. */
  who: string[];
  mine: boolean;
  sinceMs: number | null;
  /** When it is due, or when its limit passes. */
  untilMs: number | null;
  /** What happens then; null where nothing does by itself. */
  onLimit: string | null;
}

import type { Place } from '../launch/place.ts';

export type ScopeClass = 'critical' | 'adjacent' | 'post-launch' | 'unsupported';

/** Why an item is put off: complete only with both, and with the item's follow-up. */
export interface Deferral {
  owner: string | null;
  riskNote: string | null;
}

/** One thing that is, or is not, part of the launch. */
export interface ScopeItem {
  id: string;
  title: string;
  /** null where the document does not classify it, which blocks GO. */
  class: ScopeClass | null;
  state: 'open' | 'closed' | 'deferred';
  owner: string | null;
  /** Where what is left of it is tracked: an issue or a plan. Wanted of every item that is not closed (D07). */
  followUp: string | null;
  /** What users and operators meet in its place; wanted of every unsupported case (F04). */
  userSees: string | null;
  deferral: Deferral | null;
  /** A surface marked high risk needs a tested undo or kill switch: the criterion that proves it. */
  highRisk: boolean;
  undoCriterion: string | null;
  at: Place;
}

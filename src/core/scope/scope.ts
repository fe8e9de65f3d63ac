import type { Place } from '../launch/place.ts';

export type ScopeClass = 'critical' | 'adjacent' | 'post-launch' | 'unsupported';

/** Why an item is put off: complete only with all three. */
export interface Deferral {
  followUp: string | null;
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
  deferral: Deferral | null;
  /** A surface marked high risk needs a tested undo or kill switch: the criterion that proves it. */
  highRisk: boolean;
  undoCriterion: string | null;
  at: Place;
}

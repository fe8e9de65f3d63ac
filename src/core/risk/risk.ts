import type { Place } from '../launch/place.ts';

export interface Risk {
  id: string;
  title: string;
  /** 1 to 5; null where the document gives none, which leaves the level unknown. */
  likelihood: number | null;
  impact: number | null;
  mitigation: string | null;
  /** Criterion that proves the mitigation; a high risk is open until its evidence passes. */
  mitigatedBy: string | null;
  owner: string | null;
  at: Place;
}

import type { Place } from '../launch/place.ts';

export const planStatuses = ['planned', 'in-progress', 'done', 'blocked', 'cancelled'] as const;

/** What the front matter of a plan file says about its progress: a claim, like every status that is typed in. */
export type PlanStatus = (typeof planStatuses)[number];

/** One plan file of a project, as its front matter declares it. */
export interface Plan {
  /** Name of the file without folder and ending, which is what other plans depend on. */
  id: string;
  title: string;
  /** null where it says nothing, or a word that nobody knows. */
  status: PlanStatus | null;
  depends: string[];
  /** What it waits for outside of the plans: a contract, a certificate, a vendor. */
  awaits: string[];
  specs: string[];
  upstreamSpecs: string[];
  issues: string[];
  pr: string | null;
  /** Why a blocked plan is blocked. */
  reason: string | null;
  at: Place;
}

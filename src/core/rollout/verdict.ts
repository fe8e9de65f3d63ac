/** What is known of a measure in a phase. Only PASS lets a rollout go on. */
export type Verdict = 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'NO_DATA' | 'ERROR';

/** Why a measure has its verdict. */
export type VerdictReason =
  /** PASS: a ratio as bad as the excluded one is excluded. */
  | 'ratio_excluded'
  /** PASS: too few bad events for a ratio, and the share of the canary is proven to be below the cap. */
  | 'cap_kept'
  /** FAIL: the canary is proven to be worse than its margin. */
  | 'worse_than_margin'
  /** FAIL: the canary is proven to be above the cap, and the stable arm is not. */
  | 'cap_broken'
  /** INCONCLUSIVE: the time or the requests that the phase asks for are not there yet. */
  | 'too_early'
  /** INCONCLUSIVE: above the cap as counted, which is not proven, or which the stable arm is, too. */
  | 'above_cap'
  /** INCONCLUSIVE: neither is proven. */
  | 'not_proven'
  /** INCONCLUSIVE: no arm stands beside the canary, and the measure has no cap. */
  | 'no_control'
  /** NO_DATA: the source has no answer, not of both arms, an old one, or one from the future. */
  | 'no_samples'
  | 'stale'
  /** NO_DATA: a counter fell, and what was counted before it is lost. */
  | 'reset'
  /** NO_DATA: no bucket of the histogram divides slow from fast, or the stable arm had too few requests to tell. */
  | 'no_bound'
  /** NO_DATA: the canary gets another share of the requests than the router was told. */
  | 'share_mismatch'
  /** ERROR: the source could not be asked, or its counters are no counters. */
  | 'unreadable';

/** The verdict of one measure at one look, with every number that its explanation needs. */
export interface MeasureVerdict {
  measure: string;
  verdict: Verdict;
  reason: VerdictReason;
  /** Whether the phase waits for it. */
  gating: boolean;
  /** What the source said of its own trouble; empty where it had none. */
  detail: string;
  /** Since when it was counted; null before the first look that counts. */
  sinceMs: number | null;
  stable: { total: number; bad: number };
  canary: { total: number; bad: number };
  /** Bad events that could be compared, those in the canary, and how many its share of requests explains. */
  compared: { bad: number; canary: number; explained: number };
  /** Natural logarithms of the evidence; `limit` is no logarithm. */
  logAgainst: number;
  logFor: number;
  limit: number;
  /** Looks with bad events in the canary, of `needed` that a FAIL takes. */
  badWindows: number;
  /** Ratios that the counts leave open. */
  interval: { low: number | null; high: number | null };
  dispersion: number;
  /** Looks of which a part was left out because a counter fell. */
  resets: number;
}

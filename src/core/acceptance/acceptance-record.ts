/** What a person has to do once before a launch is accepted, in the order in which a page asks for it (D12). */
export const acceptanceActions = [
  'sign-in',
  'see-work',
  'open-work',
  'finish-work',
  'see-waiting',
  'use-document',
] as const;

export type AcceptanceAction = (typeof acceptanceActions)[number];

interface Kept {
  /** Names the row where it was found, such as `log/9f…` or `sight/12`. */
  ref: string;
  /** RFC 3339 in UTC with six digits of a second, so that text sorts as time does. */
  at: string;
}

/** A row that somebody's doing left behind. None of them can be written by the person themselves. */
export type AcceptanceRow = Kept &
  (
    | { kind: 'signed-in' }
    /** Home was shown. `work`: what was there for the person, each with everything that it is known by. */
    | { kind: 'home'; work: readonly (readonly string[])[]; isWaitingKnown: boolean }
    | { kind: 'opened'; subject: string }
    /** `proof` is what was left with it; a block has its reason. */
    | { kind: 'finished'; subject: string; how: 'completed' | 'blocked'; proof: string }
    | { kind: 'document'; subject: string }
  );

/** One of the six with the row that shows it; null where nothing does. */
export interface AcceptanceAct {
  action: AcceptanceAction;
  row: AcceptanceRow | null;
}

/** A go/no-go poll: somebody who leads asks the room about one decision, until a time. */
export interface Poll {
  id: string;
  gate: string;
  /** Digest of the decision that the room was asked about. */
  subjectSha256: string;
  openedBy: string;
  openedAtMs: number;
  closesAtMs: number;
  closedBy: string | null;
  closedAtMs: number | null;
}

/** `stale`: what was asked about has changed since, so that its votes are void. `ended`: its time has passed. */
export type PollState = 'open' | 'stale' | 'ended' | 'closed';

/** How a poll stands. Its time is only a call: a vote counts by what it signs, in a poll or outside of one. */
export function pollState(poll: Poll, subjectSha256: string, nowMs: number): PollState {
  if (poll.closedAtMs !== null) return 'closed';
  if (poll.subjectSha256 !== subjectSha256) return 'stale';
  return nowMs >= poll.closesAtMs ? 'ended' : 'open';
}

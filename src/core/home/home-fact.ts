import type { DecisionNode } from '../gate/decision.ts';
import type { ProofKind } from '../launch/launch.ts';
import type { Place } from '../launch/place.ts';
import type { DocumentState } from '../review/review-moves.ts';

interface OfLaunch {
  launch: string;
  /** Who can do something about it, by person id; empty where nobody was named, and it is for whoever sees it. */
  people: string[];
}

/** Gates are decided for each environment by itself. */
interface OfGate extends OfLaunch {
  gate: string;
  environment: string;
}

interface OfRun extends OfLaunch {
  run: string;
  environment: string;
}

/** A step of a run in progress that waits for a person. */
export interface StepFact extends OfRun {
  kind: 'step';
  step: string;
  title: string;
  /** `late-start`: it came due long ago and wants a yes before it begins. */
  waitsFor: 'confirmation' | 'late-start';
  role: string | null;
  proof: ProofKind | null;
  sinceMs: number;
  untilMs: number | null;
  /** What happens at the limit; null where there is none. */
  onLimit: string | null;
}

/** A run that does not go on by itself. */
export interface TroubleFact extends OfRun {
  kind: 'trouble';
  /** Null where the whole run is meant. */
  step: string | null;
  title: string;
  cause: 'failed' | 'outcome-unknown' | 'held' | 'not-started' | 'ended';
  why: string;
  sinceMs: number | null;
}

/** An approval of a run that waits for votes. */
export interface RequestFact extends OfRun {
  kind: 'request';
  request: string;
  title: string;
  /** What is wanted still. */
  why: string;
  untilMs: number;
}

/** A criterion of a gate that is not met. */
export interface CriterionFact extends OfGate {
  kind: 'criterion';
  criterion: string;
  title: string;
  /** True where a person's word is wanted, false where a check is. */
  isWord: boolean;
  proof: ProofKind | null;
  standing: DecisionNode['standing'];
  expected: string;
  got: string;
  /** When the gate is due; null where nobody knows. */
  dueMs: number | null;
}

/** A vote that a gate wants. */
export interface VoteFact extends OfGate {
  kind: 'vote';
  title: string;
  role: string | null;
  /** How many other actions come before the votes. */
  before: number;
  /** Why the last vote of each of these people does not count any more. */
  voided: { person: string; why: string }[];
  /** The end of a poll that is open; null without one. */
  pollUntilMs: number | null;
  dueMs: number | null;
}

/** An item of the scope that was put off, or is left, without what tracks it. */
export interface DeferralFact extends OfLaunch {
  kind: 'deferral';
  item: string;
  title: string;
  /** What to do about it. */
  why: string;
  at: Place;
}

/** A version of a document whose review waits for somebody. */
export interface ReviewFact extends OfLaunch {
  kind: 'review';
  at: Place;
  state: DocumentState;
  submittedBy: string;
  /** What the last move said; null where it said nothing. */
  why: string | null;
  sinceMs: number;
}

/** A procedure that recurs and wants somebody: it is due, was missed, or nobody looks after it. */
export interface RecurringFact extends OfLaunch {
  kind: 'recurring';
  environment: string;
  procedure: string;
  title: string;
  state: 'due' | 'overdue' | 'unwatched';
  /** When it came due; null where nothing has been due yet. */
  dueMs: number | null;
  /** By when it must have ended well, or when it should have; null where nobody knows. */
  untilMs: number | null;
  /** The run that is under way; null without one. */
  run: string | null;
}

/** Something that the installation itself is worried about. */
export interface AlarmFact {
  kind: 'alarm';
  subject: string;
  alarm: string;
  why: string;
  sinceMs: number;
}

/** A live run that has begun, ended or passed the point of no return: news, nothing to do. */
export interface StageFact extends OfRun {
  kind: 'stage';
  title: string;
  stage: 'started' | 'ended' | 'crossed';
  atMs: number;
}

/** Something that was found where it stands: in documents, runs, the log, alarms. Never typed in. */
export type HomeFact =
  | StepFact
  | TroubleFact
  | RequestFact
  | CriterionFact
  | VoteFact
  | DeferralFact
  | RecurringFact
  | ReviewFact
  | AlarmFact
  | StageFact;

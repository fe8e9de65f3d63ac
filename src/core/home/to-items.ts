import type { CriterionFact, DeferralFact, HomeFact, RequestFact } from './home-fact.ts';
import type { RecurringFact, StepFact, TroubleFact, VoteFact } from './home-fact.ts';
import { homeLanes } from './home-item.ts';
import type { HomeItem, HomeLane } from './home-item.ts';
import { toAlarmItem } from './to-alarm-item.ts';
import { toReviewItem } from './to-review-item.ts';

/** Who looks, and when. */
export interface HomeViewer {
  person: string;
  nowMs: number;
}

/** What is due within this is for today. */
const dayMs = 86_400_000;

/**
 * Every fact that asks for something as one line in one lane, those that want attention first, the soonest first among them. A fact that comes twice is
 * one line; none is left out, however many there are.
 */
export function toItems(facts: readonly HomeFact[], viewer: HomeViewer): HomeItem[] {
  const items = new Map<string, HomeItem>();
  for (const fact of facts) {
    const item = toItem(fact, viewer);
    if (item !== null) items.set(item.key, item);
  }
  return [...items.values()].toSorted(byAttention);
}

function byAttention(a: HomeItem, b: HomeItem): number {
  const lanes = homeLanes.indexOf(a.lane) - homeLanes.indexOf(b.lane);
  if (lanes !== 0) return lanes;
  const [first, second] = [a.untilMs ?? Infinity, b.untilMs ?? Infinity];
  if (first !== second) return first < second ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function toItem(fact: HomeFact, viewer: HomeViewer): HomeItem | null {
  switch (fact.kind) {
    case 'step':
      return stepItem(fact, viewer);
    case 'trouble':
      return troubleItem(fact, viewer);
    case 'request':
      return requestItem(fact, viewer);
    case 'criterion':
      return criterionItem(fact, viewer);
    case 'vote':
      return voteItem(fact, viewer);
    case 'deferral':
      return deferralItem(fact, viewer);
    case 'review':
      return toReviewItem(fact, isMine(fact.people, viewer));
    case 'recurring':
      return recurringItem(fact, viewer);
    case 'alarm':
      return toAlarmItem(fact);
    case 'stage':
      return null;
  }
}

/** Whether it is for this person: they were named, or nobody was. */
function isMine(people: readonly string[], { person }: HomeViewer): boolean {
  return people.length === 0 || people.includes(person);
}

/** What waits for somebody else is theirs until it is overdue; from then on it wants a follow-up (D13). */
function laneOf(
  { mine, dueMs, otherwise }: { mine: boolean; dueMs: number | null; otherwise: HomeLane },
  { nowMs }: HomeViewer,
): HomeLane {
  const isOverdue = dueMs !== null && dueMs <= nowMs;
  if (isOverdue) return mine ? 'overdue' : 'follow-up';
  if (!mine) return 'waiting';
  return dueMs !== null && dueMs - nowMs <= dayMs && otherwise !== 'approval' ? 'today' : otherwise;
}

/** What somebody else has to do is asked for again once it is late, and waited for until then. */
function nextOf(lane: HomeLane, mine: boolean, deed: HomeItem['next']): HomeItem['next'] {
  if (mine) return deed;
  return lane === 'follow-up' ? 'ask-again' : 'wait';
}

function stepItem(fact: StepFact, viewer: HomeViewer): HomeItem {
  const { launch, run, step, title, waitsFor, role, proof, people, sinceMs, untilMs, onLimit } = fact;
  const mine = isMine(people, viewer);
  const lane = laneOf({ mine, dueMs: untilMs, otherwise: 'today' }, viewer);
  const deed = waitsFor === 'late-start' ? 'let-begin' : proof === null ? 'confirm' : 'attach-proof';
  const as = role === null ? 'somebody who decides' : role;
  return {
    key: `step ${run} ${step} ${untilMs ?? ''}`,
    lane,
    launch,
    title,
    why: waitsFor === 'late-start' ? `it is late, and wants a yes of ${as} to begin` : `the run waits for ${as}`,
    next: nextOf(lane, mine, deed),
    place: { kind: 'run', launch, run, step },
    who: people,
    mine,
    sinceMs,
    untilMs,
    onLimit,
  };
}

function troubleItem(fact: TroubleFact, viewer: HomeViewer): HomeItem {
  const { launch, run, step, title, cause, why, people, sinceMs } = fact;
  const mine = isMine(people, viewer);
  const isAsked = cause !== 'not-started';
  const deed = cause === 'ended' ? 'look' : isAsked ? 'decide' : 'start';
  return {
    key: `trouble ${run} ${step ?? ''} ${cause}`,
    lane: isAsked ? 'at-risk' : mine ? 'today' : 'waiting',
    launch,
    title,
    why,
    next: mine ? deed : isAsked ? 'look' : 'wait',
    place: { kind: 'run', launch, run, step },
    who: people,
    mine,
    sinceMs,
    untilMs: null,
    onLimit: null,
  };
}

function requestItem(fact: RequestFact, viewer: HomeViewer): HomeItem {
  const { launch, run, request, title, why, people, untilMs } = fact;
  const mine = isMine(people, viewer);
  return {
    key: `request ${request}`,
    lane: mine ? 'approval' : 'waiting',
    launch,
    title,
    why,
    next: mine ? 'approve' : 'wait',
    place: { kind: 'run', launch, run, step: null },
    who: people,
    mine,
    sinceMs: null,
    untilMs,
    onLimit: 'the request expires',
  };
}

function criterionItem(fact: CriterionFact, viewer: HomeViewer): HomeItem {
  const { launch, gate, environment, criterion, title, isWord, standing, expected, got, people, dueMs } = fact;
  const mine = isMine(people, viewer);
  const lane = laneOf({ mine, dueMs, otherwise: isWord ? 'missing-proof' : 'today' }, viewer);
  const deed = isWord ? 'attest' : standing === 'failed' || standing === 'unreadable' ? 'fix' : 'run-check';
  return {
    key: `criterion ${launch} ${environment} ${criterion} ${dueMs ?? ''}`,
    lane,
    launch,
    title,
    why: standing === 'missing' ? got : `${standing}: ${got}, expected ${expected}`,
    next: nextOf(lane, mine, deed),
    place: { kind: 'gate', launch, gate, environment, criterion },
    who: people,
    mine,
    sinceMs: null,
    untilMs: dueMs,
    onLimit: null,
  };
}

function voteItem(fact: VoteFact, viewer: HomeViewer): HomeItem {
  const { launch, gate, environment, title, role, before, voided, pollUntilMs, dueMs, people } = fact;
  const mine = isMine(people, viewer);
  const isCalled = pollUntilMs !== null;
  const own = voided.find(({ person }) => person === viewer.person);
  const isReady = before === 0 || isCalled;
  const due = isCalled ? pollUntilMs : dueMs;
  const lane = isReady ? laneOf({ mine, dueMs: due, otherwise: 'approval' }, viewer) : 'waiting';
  const as = role === null ? 'one more person' : role;
  const first = before === 1 ? '1 action comes first' : `${before} actions come first`;
  return {
    key: `vote ${launch} ${environment} ${gate} ${role ?? ''} ${due ?? ''}`,
    lane,
    launch,
    title,
    why: own ? `your vote does not count: ${own.why}` : isReady ? `a vote of ${as} is wanted` : `${as} votes; ${first}`,
    next: isReady ? nextOf(lane, mine, own ? 'vote-again' : 'vote') : 'wait',
    place: { kind: 'gate', launch, gate, environment, criterion: null },
    who: people,
    mine,
    sinceMs: null,
    untilMs: due,
    onLimit: isCalled ? 'the poll ends' : null,
  };
}

function deferralItem(fact: DeferralFact, viewer: HomeViewer): HomeItem {
  const { launch, item, title, why, people, at } = fact;
  const mine = isMine(people, viewer);
  return {
    key: `deferral ${launch} ${item}`,
    lane: mine ? 'follow-up' : 'waiting',
    launch,
    title,
    why,
    next: mine ? 'link-follow-up' : 'wait',
    place: { kind: 'document', launch, at },
    who: people,
    mine,
    sinceMs: null,
    untilMs: null,
    onLimit: null,
  };
}

function recurringItem(fact: RecurringFact, viewer: HomeViewer): HomeItem {
  const { launch, environment, procedure, title, state, dueMs, untilMs, run, people } = fact;
  const mine = isMine(people, viewer);
  const lane = state === 'unwatched' ? 'at-risk' : laneOf({ mine, dueMs: untilMs, otherwise: 'today' }, viewer);
  const why = {
    due: 'it recurs, and is due',
    overdue:
      run === null ? 'it recurs, and was not begun in its time' : 'it recurs, and has not ended well in its time',
    unwatched: 'it recurs, and no worker looks after it: nothing will begin',
  };
  return {
    key: `recurring ${launch} ${environment} ${procedure} ${dueMs ?? ''}`,
    lane,
    launch,
    title,
    why: why[state],
    next: nextOf(lane, mine, 'look'),
    place: run === null ? { kind: 'runs', launch } : { kind: 'run', launch, run, step: null },
    who: people,
    mine,
    sinceMs: dueMs,
    untilMs,
    onLimit: state === 'due' ? 'it counts as missed' : null,
  };
}

import { describe, expect, it } from 'vitest';

import { countLanes } from './count-lanes.ts';
import type { HomeFact } from './home-fact.ts';
import { toItems } from './to-items.ts';
import { toNotices } from './to-notices.ts';

const nowMs = Date.parse('2026-12-05T12:00:00Z');
const hourMs = 3_600_000;
const viewer = { person: 'carol', nowMs };
const run = { launch: 'shop', run: 'r1', environment: 'production' };

function step(id: string, patch: Partial<Extract<HomeFact, { kind: 'step' }>> = {}): HomeFact {
  const fact = { kind: 'step', ...run, step: id, title: id, waitsFor: 'confirmation', role: 'operator' } as const;
  const rest = { proof: null, people: ['carol'], sinceMs: nowMs - hourMs, untilMs: null, onLimit: null };
  return { ...fact, ...rest, ...patch };
}

function criterion(id: string, patch: Partial<Extract<HomeFact, { kind: 'criterion' }>> = {}): HomeFact {
  const fact = {
    kind: 'criterion',
    launch: 'shop',
    gate: 'ready',
    environment: 'production',
    criterion: id,
    title: id,
    isWord: true,
  } as const;
  const rest = { proof: null, standing: 'missing', expected: 'a word', got: 'none', people: ['carol'] } as const;
  return { ...fact, ...rest, people: [...rest.people], dueMs: nowMs + 40 * hourMs, ...patch };
}

const at = { file: 'launch.md', line: 3, column: 1 };
const vote: HomeFact = {
  kind: 'vote',
  launch: 'shop',
  gate: 'ready',
  environment: 'production',
  title: 'Ready',
  role: 'operator',
  before: 0,
  voided: [],
  pollUntilMs: null,
  dueMs: nowMs + 2 * hourMs,
  people: ['carol'],
};

/** One fact for each lane, in no order. */
const onePerLane: HomeFact[] = [
  step('of-others', { people: ['bob'], untilMs: nowMs + hourMs }),
  vote,
  criterion('word'),
  step('now'),
  { kind: 'deferral', launch: 'shop', item: 'cards', title: 'Cards', why: 'link it', people: [], at },
  step('late', { untilMs: nowMs - 1 }),
  { kind: 'alarm', subject: 'component queue', alarm: 'component_unhealthy', why: 'stuck', sinceMs: nowMs - 1 },
];

describe('Home', () => {
  it('T14 a document waits for whoever may review or approve it, and for whoever submitted it where changes are wanted', () => {
    const review = (state: 'in_review' | 'review_approved' | 'changes_requested', people: string[]): HomeFact => {
      return { kind: 'review', launch: 'shop', at, state, submittedBy: 'dave', why: null, people, sinceMs: nowMs };
    };
    const shown = (fact: HomeFact) =>
      toItems([fact], viewer).map(({ lane, next, title, why }) => [lane, next, title, why]);
    const why = (word: string): string => `${word}, submitted by dave`;
    expect(shown(review('in_review', ['carol']))).toEqual([['approval', 'review', 'launch.md', why('in review')]]);
    expect(shown(review('review_approved', ['carol']))[0]?.slice(0, 2)).toEqual(['approval', 'approve']);
    expect(shown(review('changes_requested', ['carol']))[0]?.slice(0, 2)).toEqual(['approval', 'change']);
    expect(shown(review('review_approved', ['erin']))[0]?.slice(0, 2)).toEqual(['waiting', 'wait']);
  });

  it('D13 one fact for each lane appears exactly once, in the order of attention, each with what to do next', () => {
    expect(toItems(onePerLane, viewer).map(({ lane, title, next }) => [lane, title, next])).toEqual([
      ['at-risk', 'component queue', 'look'],
      ['overdue', 'late', 'confirm'],
      ['follow-up', 'Cards', 'link-follow-up'],
      ['today', 'now', 'confirm'],
      ['missing-proof', 'word', 'attest'],
      ['approval', 'Ready', 'vote'],
      ['waiting', 'of-others', 'wait'],
    ]);
  });

  it('D13 what waits for somebody else wants a follow-up once it is overdue', () => {
    const [item] = toItems([step('x', { people: ['bob'], untilMs: nowMs })], viewer);
    expect([item?.lane, item?.next, item?.mine]).toEqual(['follow-up', 'ask-again', false]);
  });

  it('D13 what nobody was named for is for whoever looks, and what is due within a day is for today', () => {
    expect(toItems([step('x', { people: [] })], viewer)[0]?.lane).toBe('today');
    expect(toItems([criterion('x', { dueMs: nowMs + 24 * hourMs })], viewer)[0]?.lane).toBe('today');
    expect(toItems([criterion('x', { dueMs: nowMs + 24 * hourMs + 1 })], viewer)[0]?.lane).toBe('missing-proof');
  });

  it('D13 lists all of five hundred, and one that comes twice once', () => {
    const many = Array.from({ length: 500 }, (_, index) => step(`s${index}`));
    expect(toItems([...many, ...many], viewer)).toHaveLength(500);
  });

  it('A28 a vote that a change made void is asked for again, with the reason', () => {
    const voided = [{ person: 'carol', why: 'what was shown has changed since' }];
    const [item] = toItems([{ ...vote, voided }], viewer);
    expect([item?.next, item?.why]).toEqual([
      'vote-again',
      'your vote does not count: what was shown has changed since',
    ]);
  });

  it('a vote is not asked for before its time, unless a poll is open', () => {
    expect(toItems([{ ...vote, before: 3 }], viewer)[0]).toMatchObject({ lane: 'waiting', next: 'wait' });
    const called = { ...vote, before: 3, pollUntilMs: nowMs + 60_000 };
    expect(toItems([called], viewer)[0]).toMatchObject({ lane: 'approval', next: 'vote', onLimit: 'the poll ends' });
  });

  it('D14 a lane with a source that did not answer is told so; the others are whole', () => {
    const sources = [
      { kind: 'runs', launch: 'shop', trouble: null },
      { kind: 'alarms', launch: null, trouble: 'the store did not answer' },
    ] as const;
    const items = toItems([step('now')], viewer);
    const lanes = new Map(countLanes(items, sources).map((lane) => [lane.lane, lane]));
    expect(lanes.get('at-risk')).toMatchObject({ count: 0, unavailable: [{ kind: 'alarms' }] });
    expect(lanes.get('today')).toMatchObject({ count: 1, mine: 1, unavailable: [] });
  });

  it('D20 the same scan twice gives the same notices, and each of the kinds that can be derived', () => {
    const facts: HomeFact[] = [
      ...onePerLane,
      { kind: 'stage', ...run, people: [], title: 'Runbook', stage: 'started', atMs: nowMs - hourMs },
      { kind: 'alarm', subject: 'schedule x', alarm: 'slot_not_begun', why: 'not begun', sinceMs: nowMs - 5 },
    ];
    const scan = () => toNotices(facts, toItems(facts, viewer));
    expect(scan()).toEqual(toNotices([...facts, ...facts], toItems(facts, viewer)));
    expect(new Set(scan().map(({ kind }) => kind))).toEqual(
      new Set([
        'task-due',
        'task-overdue',
        'follow-up-due',
        'missing-evidence',
        'recurring-due',
        'stage-change',
        'automation-failure',
      ]),
    );
  });

  it('D20 another due time is another notice', () => {
    const keyOf = (untilMs: number) => toNotices([], toItems([step('x', { untilMs })], viewer))[0]?.key;
    expect(keyOf(nowMs - 1)).not.toBe(keyOf(nowMs - 2));
  });

  it('D20 what recurs is told once for each time it is due, and stays where it is, overdue, when it is put away', () => {
    const recurring = (patch: Partial<Extract<HomeFact, { kind: 'recurring' }>> = {}): HomeFact => ({
      kind: 'recurring',
      launch: 'shop',
      environment: 'production',
      procedure: 'daily',
      title: 'Daily',
      state: 'due',
      dueMs: nowMs - hourMs,
      untilMs: nowMs + hourMs,
      run: 'r2',
      people: ['carol'],
      ...patch,
    });
    const scan = (fact: HomeFact) => {
      const items = toItems([fact, fact], viewer);
      return { items, notices: toNotices([fact, fact], items) };
    };
    const due = scan(recurring());
    expect(due.items).toMatchObject([{ lane: 'today', next: 'look', mine: true, place: { kind: 'run', run: 'r2' } }]);
    const overdue = scan(recurring({ state: 'overdue', untilMs: nowMs - 1 }));
    expect(overdue.items).toMatchObject([{ lane: 'overdue', why: 'it recurs, and has not ended well in its time' }]);
    expect([due, overdue].map(({ notices }) => notices.map(({ kind, key }) => [kind, key]))).toEqual([
      [['recurring-due', due.notices[0]!.key]],
      [['recurring-due', due.notices[0]!.key]],
    ]);
    const next = scan(recurring({ dueMs: nowMs, untilMs: nowMs + 2 * hourMs }));
    expect(next.notices[0]!.key).not.toBe(due.notices[0]!.key);
    expect(scan(recurring({ people: ['bob'] })).notices).toEqual([]);
    expect(scan(recurring({ people: ['bob'], state: 'overdue', untilMs: nowMs - 1 })).items[0]?.next).toBe('ask-again');
    const never = scan(recurring({ state: 'unwatched', dueMs: null, untilMs: null, run: null }));
    expect(never.items).toMatchObject([{ lane: 'at-risk', place: { kind: 'runs', launch: 'shop' } }]);
  });
});

import type { HomeFact, StageFact } from './home-fact.ts';
import type { HomeItem, HomePlace } from './home-item.ts';

/** Kinds of notices (D20). `recurring-due` is of procedures that recur, and of checks on schedule that did not happen. */
export const noticeKinds = [
  'task-due',
  'task-overdue',
  'follow-up-due',
  'missing-evidence',
  'recurring-due',
  'stage-change',
  'automation-failure',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Something that somebody is told once. */
export interface Notice {
  /** Kind, thing and due time: the same again is the same notice, whether it was put away or not. */
  key: string;
  kind: NoticeKind;
  launch: string | null;
  title: string;
  why: string;
  place: HomePlace;
  atMs: number | null;
}

/** Notices of what is on Home for this person, and of what happened. Putting one away leaves what it is about where it is. */
export function toNotices(facts: readonly HomeFact[], items: readonly HomeItem[]): Notice[] {
  const found = [
    ...items.flatMap(itemNotice),
    ...facts.filter((fact) => fact.kind === 'stage').map((fact) => stageNotice(fact)),
  ];
  const byKey = new Map(found.map((notice) => [notice.key, notice]));
  return [...byKey.values()].toSorted((a, b) => (b.atMs ?? 0) - (a.atMs ?? 0) || (a.key < b.key ? -1 : 1));
}

function itemNotice(item: HomeItem): Notice[] {
  const kind = kindOf(item);
  if (kind === null) return [];
  const { key, launch, title, why, place, sinceMs, untilMs } = item;
  return [{ key: `${kind} ${key}`, kind, launch, title, why, place, atMs: sinceMs ?? untilMs }];
}

function kindOf({ lane, mine, key, next }: HomeItem): NoticeKind | null {
  if (key.startsWith('recurring ')) return mine || lane === 'follow-up' ? 'recurring-due' : null;
  if (lane === 'at-risk') return key.startsWith('alarm slot_') ? 'recurring-due' : 'automation-failure';
  if (lane === 'follow-up') return 'follow-up-due';
  if (!mine) return null;
  if (lane === 'overdue') return 'task-overdue';
  if (lane === 'missing-proof' || next === 'run-check') return 'missing-evidence';
  return lane === 'today' || lane === 'approval' ? 'task-due' : null;
}

function stageNotice({ launch, run, title, stage, atMs }: StageFact): Notice {
  const words = { started: 'it began', ended: 'it ended', crossed: 'it passed the point of no return' };
  return {
    key: `stage-change ${run} ${stage} ${atMs}`,
    kind: 'stage-change',
    launch,
    title,
    why: words[stage],
    place: { kind: 'run', launch, run, step: null },
    atMs,
  };
}

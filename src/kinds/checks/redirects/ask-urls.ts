import { setTimeout as pause } from 'node:timers/promises';

import { redirectStatuses, toAbsolute } from '../../../core/dataset/redirects/redirect.ts';
import type { IdentityMarker, RedirectAnswer } from '../../../core/dataset/redirects/redirect.ts';
import { farthest } from '../../../core/dataset/redirects/walk-redirects.ts';
import type { Asker } from './open-asker.ts';

/** A URL to ask for, and what to look for on the page that it leads to. */
export interface Question {
  url: string;
  markers: readonly IdentityMarker[];
  /** Redirects followed before this one. */
  hop: number;
}

/** How politely it is asked. */
export interface Manners {
  /** Requests a second over all hosts; 0 for no limit. */
  rate: number;
  /** Requests under way at a time. */
  atOnce: number;
  signal: AbortSignal;
  progress: (done: number, total: number) => void;
}

/** Asks for every URL once, and for those that they lead to, in rounds: pages that many lead to are asked for once, too. */
export async function askUrls(
  questions: readonly Question[],
  asker: Asker,
  manners: Manners,
): Promise<RedirectAnswer[]> {
  const answers = new Map<string, RedirectAnswer>();
  const pace = createPace(manners);
  let round = merge(questions);
  for (let hop = 0; round.length > 0 && hop <= farthest + 1; hop += 1) {
    await askAll(round, { ...manners, answers, pace, asker });
    round = merge(round.flatMap((question) => nextOf(question, answers)).filter(({ url }) => !answers.has(url)));
  }
  return [...answers.values()];
}

function nextOf({ url, markers, hop }: Question, answers: ReadonlyMap<string, RedirectAnswer>): Question[] {
  const answer = answers.get(url);
  if (answer?.status == null || answer.location === null || !redirectStatuses.includes(answer.status)) return [];
  const next = toAbsolute(answer.location, url);
  return next === null ? [] : [{ url: next, markers, hop: hop + 1 }];
}

/** Each URL once, with everything that anybody looks for there. */
function merge(questions: readonly Question[]): Question[] {
  const merged = new Map<string, Question>();
  for (const question of questions) {
    const known = merged.get(question.url);
    merged.set(question.url, known ? { ...known, markers: [...known.markers, ...question.markers] } : question);
  }
  return [...merged.values()];
}

interface Round extends Manners {
  answers: Map<string, RedirectAnswer>;
  pace: () => Promise<void>;
  asker: Asker;
}

async function askAll(questions: readonly Question[], round: Round): Promise<void> {
  const { answers, pace, asker, signal } = round;
  let at = 0;
  const work = async (): Promise<void> => {
    while (at < questions.length) {
      const question = questions[at]!;
      at += 1;
      if (round.rate > 0) await pace();
      signal.throwIfAborted();
      answers.set(question.url, await asker.ask(question));
      if (answers.size % 50 === 0) round.progress(answers.size, questions.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(round.atOnce, questions.length) }, work));
}

/** Waits until the next request may go: evenly, so that no second has more than the rate. */
function createPace({ rate, signal }: Manners): () => Promise<void> {
  let next = performance.now();
  return async () => {
    const now = performance.now();
    const mine = Math.max(now, next);
    next = mine + 1_000 / rate;
    if (mine > now) await pause(mine - now, undefined, { signal });
  };
}

import { redirectStatuses, toAbsolute } from './redirect.ts';
import type { RedirectAnswer } from './redirect.ts';

/** The way that a reader is sent: every answer on it, and how it ends. */
export interface RedirectWalk {
  answers: RedirectAnswer[];
  ends: 'page' | 'loop' | 'too-far' | 'unknown' | 'nowhere';
  /** Where it ends; of `unknown`, what was not asked or did not answer. */
  url: string;
}

/** Nobody follows more: Fetch, section 4.4, has the same limit. */
export const farthest = 20;

/** Follows what servers answered, from a URL to its end. Asks nobody: what is not among the answers is `unknown`. */
export function walkRedirects(from: string, answers: ReadonlyMap<string, RedirectAnswer>): RedirectWalk {
  const walked: RedirectAnswer[] = [];
  for (let url = from; ;) {
    // So few that a set of them costs more.
    for (const { url: met } of walked) if (met === url) return { answers: walked, ends: 'loop', url };
    const answer = answers.get(url);
    if (answer === undefined || answer.status === null) return { answers: walked, ends: 'unknown', url };
    walked.push(answer);
    if (!redirectStatuses.includes(answer.status)) return { answers: walked, ends: 'page', url };
    const next = answer.location === null ? null : toAbsolute(answer.location, url);
    if (next === null) return { answers: walked, ends: 'nowhere', url };
    if (walked.length > farthest) return { answers: walked, ends: 'too-far', url };
    url = next;
  }
}

import { markerKey, originOf, redirectStatuses } from './redirect.ts';
import type { RedirectAnswer, RedirectExpectation, RedirectTerms } from './redirect.ts';
import type { RedirectWalk } from './walk-redirects.ts';

/** What is wrong with a URL. `unanswered` says that nothing is known of it. */
export type RedirectFault =
  | 'unanswered'
  | 'wrong-status'
  | 'wrong-location'
  | 'too-many-hops'
  | 'loop'
  | 'wrong-page-status'
  | 'wrong-page'
  | 'fallback-page'
  | 'unproven-page'
  | 'not-gone'
  | 'redirected'
  | 'wrong-cache';

/** What holds for each, and what URLs that cannot exist lead to, by the origin of their host. */
export interface RedirectGround {
  terms: RedirectTerms;
  controls: ReadonlyMap<string, RedirectWalk>;
}

/** Returns everything that is wrong with one URL by the way that it leads; empty where it is as expected. */
export function judgeRedirect(
  wanted: RedirectExpectation,
  walk: RedirectWalk,
  ground: RedirectGround,
): RedirectFault[] {
  const first = walk.answers[0];
  if (first === undefined) return ['unanswered'];
  switch (wanted.wants) {
    case 'gone':
      return first.status === 410 ? [] : ['not-gone'];
    case 'stay':
      return isRedirect(first) ? ['redirected'] : isAnswered(first) ? [] : ['wrong-status'];
    case 'page':
      return isRedirect(first) ? ['redirected'] : judgePage(wanted, walk, ground);
    case 'settle':
      return [...judgeWay(walk, ground), ...judgePage(wanted, walk, ground)];
    case 'redirect':
      return judgeMove(wanted, walk, ground);
  }
}

function judgeMove(wanted: RedirectExpectation, walk: RedirectWalk, ground: RedirectGround): RedirectFault[] {
  const faults: RedirectFault[] = [];
  // Where nothing moved there is no page at the end to be judged; whatever was wanted, that is no redirect.
  if (!isRedirect(walk.answers[0])) return ['wrong-status'];
  if (walk.answers[0]?.status !== wanted.status) faults.push('wrong-status');
  faults.push(...judgeWay(walk, ground));
  if (walk.url !== wanted.to) faults.push('wrong-location');
  else if (walk.ends === 'page') faults.push(...judgePage(wanted, walk, ground));
  return faults;
}

function judgeWay({ answers, ends }: RedirectWalk, { terms }: RedirectGround): RedirectFault[] {
  const hops = answers.filter(isRedirect);
  const faults: RedirectFault[] = [];
  if (ends === 'unknown') faults.push('unanswered');
  if (ends === 'loop') faults.push('loop');
  if (ends === 'nowhere') faults.push('wrong-location');
  if (hops.length > terms.hops || ends === 'too-far') faults.push('too-many-hops');
  const { cache } = terms;
  if (cache !== null && hops.some(({ cacheControl }) => !(cacheControl ?? '').includes(cache)))
    faults.push('wrong-cache');
  return faults;
}

/** Status 200 proves a page only where a URL that cannot exist gets another answer, or where something on the page says what it is. */
function judgePage(
  { identity }: RedirectExpectation,
  walk: RedirectWalk,
  { controls }: RedirectGround,
): RedirectFault[] {
  if (walk.ends !== 'page') return walk.ends === 'unknown' ? ['unanswered'] : [];
  const page = walk.answers.at(-1)!;
  if (page.status !== 200) return ['wrong-page-status'];
  const control = controls.get(originOf(page.url));
  const end = control?.answers.at(-1);
  const isFallback =
    end?.status === 200 && (end.url === page.url || (end.sha256 !== null && end.sha256 === page.sha256));
  if (isFallback) return ['fallback-page'];
  if (identity !== null) return page.seen[markerKey(identity)] === identity.equals ? [] : ['wrong-page'];
  if (control === undefined || end === undefined || control.ends === 'unknown') return ['unproven-page'];
  return control.answers.length === 1 && end.status === 200 ? ['unproven-page'] : [];
}

function isRedirect(answer: RedirectAnswer | undefined): boolean {
  return answer?.status !== undefined && answer.status !== null && redirectStatuses.includes(answer.status);
}

/** A server that fails has not said that a URL stays. */
function isAnswered({ status }: RedirectAnswer): boolean {
  return status !== null && status < 500 && status !== 429;
}

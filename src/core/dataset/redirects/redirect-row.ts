import { redirectStatuses, toAbsolute } from './redirect.ts';
import type { RedirectExpectation, RedirectOrigin } from './redirect.ts';

/** A row of a redirects table or of a list, as it is written. */
export interface RedirectRow {
  from: string;
  status: string | null;
  to: string | null;
}

/** Where URLs are asked for, and where those that move to a path lead. */
export interface RedirectBases {
  base: string;
  target: string;
}

/**
 * Returns what a row wants: the redirect that it names, 301 where it names none; 410 for what is gone; a page for a URL alone. Null where the row cannot be read:
 * a redirect without a target, a target with another status, a path that is no URL.
 */
export function toRowExpectation(
  { from: path, status: written, to: goal }: RedirectRow,
  origin: RedirectOrigin,
  { base, target }: RedirectBases,
): RedirectExpectation | null {
  const from = toAbsolute(path, base);
  const to = goal === null || goal === '' ? null : toAbsolute(goal, target);
  const status = written === null || written === '' ? (to === null ? null : 301) : Number(written);
  if (from === null || (to === null && goal !== null && goal !== '')) return null;
  const plain = { from, origin, status: null, to: null, identity: null };
  if (status === null) return { ...plain, wants: 'settle' };
  if (status === 410) return to === null ? { ...plain, wants: 'gone' } : null;
  if (to === null || !redirectStatuses.includes(status)) return null;
  return { ...plain, wants: 'redirect', status, to };
}

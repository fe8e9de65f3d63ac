import { readQuery, readRate } from '../../rollout/import/read-query.ts';
import { renderSelector } from '../../rollout/selector.ts';
import type { Selector } from '../../rollout/selector.ts';
import { readCounter, toBad } from './to-bad.ts';

/** What an objective counts beside all events. */
type Counted = { bad: string } | { good: string };

/**
 * Returns how an objective counts what good events of another tool are: by the condition turned round where one picks them, or as they are. Null where they may be no part
 * of all events: a share of one counter in another is only one where both are of one name, or of one histogram.
 */
export function toCounted(total: Selector, good: Selector, isSaid: boolean): Counted | null {
  const bad = toBad(total, good);
  if (bad !== null) return { bad };
  return isSaid || isBucketOf(total, good) ? { good: renderSelector(good).replace(/\{\}$/, '') } : null;
}

/** Whether a counter is the bucket, up to one limit, of the histogram whose count the other is. */
function isBucketOf(total: Selector, good: Selector): boolean {
  const base = /^(.+)_bucket$/.exec(good.name)?.[1];
  if (base === undefined || total.name !== `${base}_count`) return false;
  const limits = good.matchers.filter(({ label }) => label === 'le');
  const rest = good.matchers
    .filter(({ label }) => label !== 'le')
    .map(({ label, operator, value }) => JSON.stringify([label, operator, value]));
  const wanted = total.matchers.map(({ label, operator, value }) => JSON.stringify([label, operator, value]));
  const isOneLimit = limits.length === 1 && limits[0]!.operator === '=' && Number.isFinite(Number(limits[0]!.value));
  return isOneLimit && rest.toSorted(byText).join() === wanted.toSorted(byText).join();
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns what is subtracted from all events in a query of the bad ones, `sum(rate(all)) - sum(rate(good))`; null for every other query. */
export function readRest(query: string, total: string): string | null {
  const text = query.trim().replace(/^\((.*)\)$/s, '$1');
  const parts = text.split(/\s-\s/);
  if (parts.length !== 2) return null;
  const [all, good] = parts.map((part) => readRate(part));
  const [whole, counted] = [readCounter(all ?? null), readCounter(total)];
  if (!good || whole === null || counted === null) return null;
  return renderSelector(whole) === renderSelector(counted) && readCounter(good) !== null ? good : null;
}

/** Returns the counters of a share that is taken from 1, `1 - (sum(rate(good)) / sum(rate(all)))`; null for every other query. */
export function readRestOfShare(query: string): { total: string; good: string } | null {
  const [, share] =
    /^1\s*-\s*(?:\((.*)\)|([^()].*))$/s
      .exec(query.trim().replace(/^\((1\s*-.*)\)$/s, '$1'))
      ?.filter((part) => part !== undefined) ?? [];
  const read = share === undefined ? null : readQuery(share);
  const [total, good] = [read?.total, read?.bad];
  if (total === undefined || good === undefined) return null;
  return readCounter(total) === null || readCounter(good) === null ? null : { total, good };
}

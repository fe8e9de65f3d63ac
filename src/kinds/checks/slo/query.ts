import { readSelectors, renderSelector } from '../../../core/rollout/selector.ts';
import type { Selector } from '../../../core/rollout/selector.ts';
import type { SloSpec } from './schema.ts';

/** Labels by which the parts of the one query are told apart. */
export const marks = { of: 'tminus_of', name: 'tminus_name' } as const;

/** Names of the sources: when was asked, the last hours in small steps, the whole window in large ones. */
export const sourceNames = { request: 'request.json', recent: 'recent.json', whole: 'whole.json' } as const;

/** The last hours, in steps that the shortest window of a burn rate has ten of. */
export const recent = { forMs: 6 * 3_600_000 + 60_000, stepMs: 30_000 } as const;

/** Steps of the whole window: as fine as a server answers in one piece. */
export function wholeStepMs({ window }: SloSpec): number {
  return Math.max(60_000, Math.ceil(Math.max(window, 73 * 3_600_000) / 2_000 / 1_000) * 1_000);
}

/** Counters that a spec names: of all events, and of those on the side that it counts. */
export interface SpecCounters {
  total: Selector[];
  side: 'bad' | 'good';
  counted: Selector[];
}

/** Returns the counters that a spec names. */
export function selectorsOf({ total, bad, good }: Pick<SloSpec, 'total' | 'bad' | 'good'>): SpecCounters {
  return {
    total: selectorsIn(total),
    side: good === undefined ? 'bad' : 'good',
    counted: selectorsIn(good ?? bad ?? ''),
  };
}

function selectorsIn(text: string): Selector[] {
  const found = readSelectors(text);
  return found.ok ? found.selectors : [];
}

/** Returns the raw counters as one query, each with what it counts, and the times of the samples behind all events. */
export function toQuery(spec: SloSpec): string {
  const { total, side, counted } = selectorsOf(spec);
  const values = [
    ...total.map((selector) => toPart('total', selector, renderSelector(selector))),
    ...counted.map((selector) => toPart(side, selector, renderSelector(selector))),
    ...total.map((selector) => toPart('at', selector, `timestamp(${renderSelector(selector)})`)),
  ];
  return values.join(' or ');
}

function toPart(of: string, { name }: Selector, expression: string): string {
  return `label_replace(label_replace(${expression},"${marks.of}","${of}","",""),"${marks.name}","${name}","","")`;
}

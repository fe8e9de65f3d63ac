import { toAbsolute } from '../../../core/dataset/redirects/redirect.ts';
import type {
  RedirectExpectation,
  RedirectOrigin,
  RedirectReport,
  RedirectSource,
} from '../../../core/dataset/redirects/redirect.ts';
import { Unreadable } from '../unreadable.ts';
import type { RedirectsSpec } from './schema.ts';

/** Returns the sources that a check names: of each at least one URL has to be looked at. */
export function namedSources(spec: RedirectsSpec): RedirectSource[] {
  const { templates, table, list, log, sitemap, gone, stay } = spec;
  return [
    ...templates.map(() => toSource('template')),
    ...(table ? [toSource('table')] : []),
    ...(list === undefined ? [] : [toSource('list')]),
    ...(log === undefined ? [] : [toSource('log')]),
    ...(sitemap === undefined ? [] : [toSource('sitemap')]),
    ...(gone.length > 0 ? [toSource('gone', gone.length)] : []),
    ...(stay.length > 0 ? [toSource('negative', stay.length)] : []),
  ];
}

/** Returns what a check wants of each URL that it names one by one. */
export function namedExpectations({ gone, stay, base }: RedirectsSpec): RedirectExpectation[] {
  const toWant = (origin: RedirectOrigin, wants: 'gone' | 'stay') => (path: string) => {
    const from = toAbsolute(path, base);
    return from === null ? [] : [{ from, origin, wants, status: null, to: null, identity: null }];
  };
  return [...gone.flatMap(toWant('gone', 'gone')), ...stay.flatMap(toWant('negative', 'stay'))];
}

/** Returns the path of a page that no site has: what answers there proves nothing of a page. */
export function noSuchPage(seed: number): string {
  return `/tminus-no-such-page-${seed}`;
}

/** Throws `Unreadable` for a report that leaves out what the check names, or counts what it did not look at: what is not in it would be correct. */
export function refuseOthers(spec: RedirectsSpec, { sources, expectations, controls, seed }: RedirectReport): void {
  const [named, told] = [listOrigins(namedSources(spec)), listOrigins(sources)];
  if (named !== told) throw new Unreadable('other_report', `expected URLs of ${named}, got some of ${told || 'none'}`);
  const asked = new Set(expectations.map(({ from, wants }) => `${wants} ${from}`));
  const missing = namedExpectations(spec).find(({ from, wants }) => !asked.has(`${wants} ${from}`));
  if (missing !== undefined)
    throw new Unreadable('other_report', `expected every path that the check names, got none for ${missing.wants}`);
  const silent = sources.find(
    ({ origin, taken, population }) =>
      taken > population || (taken > 0 && !expectations.some((one) => one.origin === origin)),
  );
  if (silent !== undefined)
    throw new Unreadable('contradiction', `expected the URLs of ${silent.origin} that are counted, got others`);
  if (controls.some((url) => new URL(url).pathname !== noSuchPage(seed)))
    throw new Unreadable('contradiction', 'expected controls that no site has, got other pages');
}

function toSource(origin: RedirectOrigin, count = 1): RedirectSource {
  return { origin, name: 'of the check', population: count, taken: count };
}

function listOrigins(sources: readonly RedirectSource[]): string {
  return sources
    .map(({ origin }) => origin)
    .toSorted()
    .join(', ');
}

import type { JsonObject } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { RedirectAnswer, RedirectReport } from '../../../core/dataset/redirects/redirect.ts';
import { redirectsReader, toSource } from './reader.ts';

const base = 'https://old.test';
const readSpec = (written: JsonObject): JsonObject => {
  const read = redirectsReader.readSpec(written);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.spec;
};
const spec = readSpec({ base, list: 'list', gone: ['/retired', '/dead'], stay: ['/here'] });
const answer = (path: string, status: number, location: string | null = null): RedirectAnswer => {
  const nothing = { cacheControl: null, seen: {}, trouble: null };
  return { url: `${base}${path}`, status, location, sha256: status === 200 ? `of ${path}` : null, ...nothing };
};
const plain = { status: null, to: null, identity: null };

/** What servers answered where everything is as the check wants it. */
const good: RedirectReport = {
  format: 'tminus-redirects/1',
  base,
  seed: 1,
  rate: 50,
  connections: 4,
  startedAt: '2026-12-01T08:00:00.000Z',
  endedAt: '2026-12-01T08:00:01.000Z',
  sources: [
    { origin: 'list', name: 'list', population: 1, taken: 1 },
    { origin: 'gone', name: 'of the check', population: 2, taken: 2 },
    { origin: 'negative', name: 'of the check', population: 1, taken: 1 },
  ],
  expectations: [
    { from: `${base}/a`, origin: 'list', wants: 'redirect', status: 301, to: `${base}/b`, identity: null },
    { from: `${base}/retired`, origin: 'gone', wants: 'gone', ...plain },
    { from: `${base}/dead`, origin: 'gone', wants: 'gone', ...plain },
    { from: `${base}/here`, origin: 'negative', wants: 'stay', ...plain },
  ],
  controls: [`${base}/tminus-no-such-page-1`],
  answers: [
    answer('/a', 301, '/b'),
    answer('/b', 200),
    answer('/retired', 410),
    answer('/dead', 410),
    answer('/here', 400),
    answer('/tminus-no-such-page-1', 404),
  ],
};
const [moved, retired, , here] = good.expectations;

const verdictOf = (report: RedirectReport, asked = spec): unknown => {
  const reading = redirectsReader.parse(asked, [toSource(report)]);
  return reading.state === 'readable' ? reading.facts['verdict'] : reading.trouble.code;
};

describe('the report of a redirects check', () => {
  it('is correct where every URL that the check names was answered as it should be', () => {
    expect(verdictOf(good)).toBe('correct');
  });

  it.each<[string, Partial<RedirectReport>, string]>([
    ['a path that is gone less', { expectations: [moved!, retired!, here!] }, 'other_report'],
    ['no path that stays', { expectations: good.expectations.slice(0, 3) }, 'other_report'],
    ['a source less', { sources: good.sources.slice(1), expectations: good.expectations.slice(1) }, 'other_report'],
    ['nothing of a source that counts something', { expectations: good.expectations.slice(1) }, 'contradiction'],
    [
      'more taken than there were',
      { sources: good.sources.map((one) => ({ ...one, population: 0 })) },
      'contradiction',
    ],
    ['a control that a site may have', { controls: [`${base}/b`] }, 'contradiction'],
    ['no control', { controls: [] }, 'wrong'],
    ['no answer', { answers: [] }, 'inconclusive'],
    ['nothing at all', { sources: [], expectations: [], answers: [], controls: [] }, 'other_report'],
    ['another seed', { seed: 2 }, 'other_report'],
  ])('C10 law 3: with %s is not correct', (_, change, verdict) => {
    expect(verdictOf({ ...good, ...change })).toBe(verdict);
  });

  it('C10 an answer that is no redirect is none, whatever status was wanted', () => {
    const wants = (status: number): RedirectReport => ({
      ...good,
      expectations: [{ ...moved!, status }, ...good.expectations.slice(1)],
      answers: [answer('/a', status), ...good.answers.slice(1)],
    });
    expect(verdictOf(wants(200))).toBe('malformed');
    expect(verdictOf(wants(304))).toBe('malformed');
    const template = { dataset: 'projects', from: '/a/{id}', to: '/b/{id}' };
    expect(redirectsReader.readSpec({ base, templates: [{ ...template, status: 304 }] }).ok).toBe(false);
    expect(redirectsReader.readSpec({ base, templates: [{ ...template, status: 308 }] }).ok).toBe(true);
  });

  it.each<JsonObject>([
    { base, gone: ['/retired'] },
    { base, stay: ['/here'] },
    { base, list: 'list' },
    { base, table: true, log: 'log', sitemap: 'sitemap.xml', gone: ['/retired'], stay: ['/here'] },
  ])('(negative control) of %j is a report of that check, and wrong', (written) => {
    const asked = readSpec(written);
    const reading = redirectsReader.parse(asked, redirectsReader.negativeControl(asked));
    expect(reading).toMatchObject({ state: 'readable', facts: { verdict: 'wrong', correct: 0 } });
  });
});

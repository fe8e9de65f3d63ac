import type { JsonObject } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { judgeRedirects } from '../../../core/dataset/redirects/judge-redirects.ts';
import { redirectReportFormat, redirectStatuses } from '../../../core/dataset/redirects/redirect.ts';
import type { RedirectAnswer, RedirectReport } from '../../../core/dataset/redirects/redirect.ts';
import { refuseFence } from '../no-fence.ts';
import { parseJson, textOf } from '../parse-json.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toPlainText, toReading, Unreadable } from '../unreadable.ts';
import { namedExpectations, namedSources, noSuchPage, refuseOthers } from './named-urls.ts';
import { redirectsSchema } from './schema.ts';
import type { RedirectsSpec } from './schema.ts';

/** Whether old URLs lead where they should: judged again from what servers answered, never from a verdict in the report. */
export const redirectsReader: CheckReader = {
  kind: 'redirects',
  summary: 'Asks for old URLs and holds status, target, hops and the page at the end against what was declared.',
  jsonSchema: toJsonSchema(redirectsSchema),
  readSpec: (written) => readSchema(redirectsSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['verdict == correct'],
  parse: (spec, sources) => toReading(() => toFacts(spec, readReport(spec, sources))),
  negativeControl: (spec) => [toSource(toBroken(spec))],
};

const name = 'redirects.json';

/** The bytes of a report, as evidence keeps them. */
export function toSource(report: RedirectReport): ObservedSource {
  return { name, mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(report)) };
}

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const httpUrl = z.url({ protocol: /^https?$/ });
const text = z.string().nullable();
const origin = z.enum(['template', 'table', 'list', 'log', 'sitemap', 'gone', 'negative']);
const identity = z.strictObject({
  by: z.enum(['title', 'text', 'json', 'header']),
  at: z.string(),
  equals: z.string().min(1),
});

const shape = z.strictObject({
  format: z.literal(redirectReportFormat),
  base: z.string(),
  seed: count,
  rate: count,
  connections: count,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  sources: z.array(z.strictObject({ origin, name: z.string(), population: count, taken: count })),
  expectations: z.array(
    z.strictObject({
      from: httpUrl,
      origin,
      wants: z.enum(['redirect', 'page', 'gone', 'stay', 'settle']),
      status: z.literal(redirectStatuses).nullable(),
      to: httpUrl.nullable(),
      identity: identity.nullable(),
    }),
  ),
  controls: z.array(httpUrl),
  answers: z.array(
    z.strictObject({
      url: httpUrl,
      status: z.number().int().min(100).max(999).nullable(),
      location: text,
      cacheControl: text,
      sha256: text,
      seen: z.record(z.string(), text),
      trouble: text,
    }),
  ),
});

function readReport(spec: JsonObject, sources: readonly ObservedSource[]): RedirectReport {
  const [source] = sources;
  if (source === undefined || sources.length !== 1 || source.name !== name)
    throw new Unreadable('missing', `expected the source ${name}, got ${sources.length} sources`);
  const read = shape.safeParse(parseJson(source.bytes));
  if (!read.success) throw new Unreadable('malformed', `expected a report of ${redirectReportFormat}, got other JSON`);
  const report = read.data;
  if (report.base !== spec['base'] || report.seed !== spec['seed'])
    throw new Unreadable(
      'other_report',
      `expected a report of ${textOf(spec['base'])}, got one of another base or seed`,
    );
  if (new Set(report.answers.map((answer) => answer.url)).size !== report.answers.length)
    throw new Unreadable('contradiction', 'expected one answer for each URL, got two');
  const taken = report.sources.reduce((sum, one) => sum + one.taken, 0);
  if (taken < report.expectations.length)
    throw new Unreadable('contradiction', `expected at most ${taken} URLs, got ${report.expectations.length}`);
  refuseOthers(spec as unknown as RedirectsSpec, report);
  return report;
}

function toFacts(spec: JsonObject, report: RedirectReport): JsonObject {
  const terms = { hops: Number(spec['hops']), cache: typeof spec['cache'] === 'string' ? spec['cache'] : null };
  const { verdict, reason, checked, correct, wrong, faults, pages } = judgeRedirects(report, terms);
  return {
    verdict,
    reason: toPlainText(reason),
    checked,
    correct,
    wrong: wrong.length,
    faults,
    pages,
    seed: report.seed,
    rate: report.rate,
    sources: report.sources.map(({ origin: from, name: called, population, taken }) => ({
      origin: from,
      name: toPlainText(called),
      population,
      taken,
    })),
    examples: wrong.slice(0, 20).map(({ expectation, faults: found, way }) => ({
      from: toPlainText(expectation.from, 500),
      faults: found,
      way: way.slice(0, 5).map((step) => toPlainText(step, 500)),
    })),
  };
}

/** The site answers everything with the same page, as a fallback does: no URL moved, nothing is gone, and what must stay leads to it. */
function toBroken(spec: JsonObject): RedirectReport {
  const named = spec as unknown as RedirectsSpec;
  const host = 'https://control.example';
  const page = { status: 200, location: null, cacheControl: null, sha256: 'a'.repeat(64), seen: {}, trouble: null };
  const [from, to, control] = [`${host}/old`, `${host}/new`, `${host}${noSuchPage(named.seed)}`];
  const sources = namedSources(named);
  const others = [...new Set(sources.map(({ origin: each }) => each))].filter(
    (each) => each !== 'gone' && each !== 'negative',
  );
  const moved = others.map((each) => ({
    from,
    origin: each,
    wants: 'redirect' as const,
    status: 301,
    to,
    identity: null,
  }));
  const own = namedExpectations(named);
  const answers = new Map<string, RedirectAnswer>();
  for (const url of [from, to, control]) answers.set(url, { ...page, url });
  for (const { from: url, wants } of own)
    answers.set(url, wants === 'stay' ? { ...page, url, status: 301, location: to } : { ...page, url });
  return {
    format: redirectReportFormat,
    base: named.base,
    seed: named.seed,
    rate: 50,
    connections: 4,
    startedAt: '2000-01-01T00:00:00.000Z',
    endedAt: '2000-01-01T00:00:01.000Z',
    sources,
    expectations: [...moved, ...own],
    controls: [control],
    answers: [...answers.values()],
  };
}

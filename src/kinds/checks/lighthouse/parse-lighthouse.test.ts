import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { Reading } from '../../../core/check/check.ts';
import { lighthouseReader } from './reader.ts';

const source = (result: JsonValue) => ({
  name: 'lhr.json',
  mediaType: 'application/json',
  bytes: new TextEncoder().encode(JSON.stringify(result)),
});
const read = (...results: JsonValue[]): Reading => lighthouseReader.parse({ path: 'x' }, results.map(source));
const codeOf = (reading: Reading): string => (reading.state === 'unreadable' ? reading.trouble.code : 'readable');
const factsOf = (reading: Reading): JsonObject =>
  reading.state === 'readable' ? reading.facts : { trouble: reading.trouble.code };
const category = (score: JsonValue, weight = 1): JsonObject => ({
  score,
  auditRefs: [
    { id: 'a', weight },
    { id: 'manual', weight: 0 },
  ],
});
const lhr = (more: JsonObject = {}): JsonObject => ({
  lighthouseVersion: '12.1.0',
  requestedUrl: 'http://shop.invalid/',
  audits: { a: { score: 0.95 }, manual: { score: null } },
  categories: { performance: category(0.95), accessibility: category(null) },
  ...more,
});

describe('parseLighthouse', () => {
  it('U6 leaves a null score out: it is unknown and not zero', () => {
    expect(factsOf(read(lhr()))['scores']).toEqual({ performance: 0.95 });
  });

  it.each<[string, JsonObject, string]>([
    ['a run that failed', { runtimeError: { code: 'ERRORED_DOCUMENT_REQUEST', message: 'status 500' } }, 'run_failed'],
    ['a score that its audits do not give', { categories: { performance: category(1) } }, 'totals_disagree'],
    ['a score beyond 1', { categories: { performance: category(95) } }, 'wrong_format'],
    ['no score at all', { categories: { performance: category(null) } }, 'nothing_measured'],
    ['version 2', { lighthouseVersion: '2.9.4' }, 'wrong_version'],
    ['no audits', { audits: [] }, 'wrong_format'],
    ['no address', { requestedUrl: 7 }, 'wrong_format'],
  ])('U6 refuses %s', (_what, more, code) => {
    expect(codeOf(read(lhr(more)))).toBe(code);
  });

  it('does not take the NO_ERROR of older releases for an error', () => {
    expect(codeOf(read(lhr({ runtimeError: { code: 'NO_ERROR', message: '' } })))).toBe('readable');
  });

  it('T24 gives the vitals in ms, from numericValue or rawValue, and none of an audit that has no score', () => {
    const audits = {
      a: { score: 0.95 },
      'largest-contentful-paint': { score: 1, numericValue: 2400.5 },
      'total-blocking-time': { score: 0.5, rawValue: 310 },
      'cumulative-layout-shift': { score: null, numericValue: 0 },
    };
    const facts = factsOf(read(lhr({ audits })));
    expect(facts).toMatchObject({ lcpMs: 2400.5, tbtMs: 310 });
    expect(facts).not.toHaveProperty('cls');
  });

  it('T24 lets the worst of several pages count', () => {
    const slow = lhr({ audits: { a: { score: 0.5 } }, categories: { performance: category(0.5), seo: category(0.5) } });
    expect(factsOf(read(lhr(), slow))).toMatchObject({ pages: 2, scores: { performance: 0.5 } });
    expect(factsOf(read(slow, lhr()))['scores']).toEqual({ performance: 0.5 });
  });
});

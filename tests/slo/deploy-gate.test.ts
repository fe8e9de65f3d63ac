import type { JsonObject } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { judge } from '../../src/core/check/judge.ts';
import { waiverTermsFault } from '../../src/core/gate/waiver-fault.ts';
import type { Launch } from '../../src/core/launch/launch.ts';
import { sourcesOf } from '../../src/kinds/checks/slo/answer.fixture.ts';
import type { Badness } from '../../src/kinds/checks/slo/answer.fixture.ts';
import { sourceNames } from '../../src/kinds/checks/slo/query.ts';
import { sloReader, toSource } from '../../src/kinds/checks/slo/reader.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { readLaunch } from '../../src/spec/launch/read-launch.ts';
import type { ReadLaunch } from '../../src/spec/launch/read-launch.ts';
import { shopDocument } from '../metrics/watched-shop.ts';

const now = Date.UTC(2026, 10, 21, 12);
const document = shopDocument('http://prom.example:9090');

function read(text: string): ReadLaunch {
  return readLaunch([{ path: 'launch.md', bytes: new TextEncoder().encode(text) }], {
    checks: checkReaders,
    steps: stepReaders,
  });
}

function launchOf(text: string): Launch & { planHash: string } {
  const result = read(text);
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return { ...result.launch, planHash: result.planHash };
}

const problemsOf = (text: string): string[] =>
  read(text).problems.map(({ code, got, hint }) => `${code}: ${got}; ${hint}`);
const check = launchOf(document).gates[0]!.criteria[0]!.check!;

/** What the gate says of a service that did so: of its counters, by the expectations that hold where a document names none. */
function outcomeOf(sources: ReturnType<typeof sourcesOf>, goal = 0.999): [string, unknown] {
  const reading = sloReader.parse({ ...check.spec, goal }, sources);
  const level = reading.state === 'readable' ? reading.facts['level'] : reading.trouble.code;
  return [judge(check.expectations, reading).outcome, level];
}

describe('an objective in a document', () => {
  it('T27 fills in the check that names it, and is part of the plan', () => {
    expect(check.spec).toMatchObject({
      objective: 'requests',
      url: '{{ metrics.prom.url }}',
      total: 'http_requests_total',
      bad: 'http_requests_total{code=~"5.."}',
      goal: 0.999,
      window: 2_592_000_000,
    });
    expect(check.expectations.map(({ text }) => text)).toEqual(['left >= 20%', 'burn1h <= 14.4', 'burn6h <= 6']);
    expect(launchOf(document.replace('99.9%', '99.8%')).planHash).not.toBe(launchOf(document).planHash);
    expect(launchOf(document.replace('99.9%', '99.90%')).objectives[0]?.goal).toBe(0.999);
  });

  it.each([
    ['a gate without a vote', ['quorum=1', 'quorum=0'], 'budget_unapproved'],
    [
      'a name that nobody declared',
      ['objective: requests', 'objective: request'],
      'reference_unknown: request; did you mean requests?',
    ],
    ['a source that keeps no history', ['source: prom', 'source: pro'], 'reference_unknown: pro; did you mean prom?'],
    ['a function in the place of a counter', ['total: http_requests_total', 'total: "rate(x[5m])"'], 'value_invalid'],
    ['a goal of nothing', ['99.9%', '0%'], 'value_invalid: 0%'],
    ['a goal beyond all', ['99.9%', '100.1%'], 'value_invalid: 100.1%'],
    ['a key that is none', ['goal:', 'gaol:'], 'key_unknown: gaol; did you mean goal?'],
  ])('T27 %s is a problem', (_, [from, to], problem) => {
    expect(problemsOf(document.replace(from!, to!)).join('\n')).toContain(problem);
  });
});

describe('the gate of a deploy', () => {
  it.each<[string, Badness, string, string]>([
    ['nothing is bad', () => 0, 'pass', 'green'],
    ['a third of the budget is used', () => 33, 'pass', 'green'],
    ['60 % of it is used: with an approval', () => 60, 'pass', 'approval'],
    ['85 % of it is used', () => 85, 'fail', 'freeze'],
    ['95 % of it is used', () => 95, 'fail', 'incident'],
    ['more than all of it is used', () => 200, 'fail', 'incident'],
    ['it burns 15 times too fast since an hour', (ago) => (ago < 1 ? 1_500 : 0), 'fail', 'green'],
    ['it burns 14 times too fast since an hour', (ago) => (ago < 1 ? 1_400 : 0), 'pass', 'green'],
    ['it burns 7 times too fast since six hours', (ago) => (ago < 6 ? 700 : 0), 'fail', 'green'],
  ])('T27 where %s', (_, badness, outcome, level) => {
    expect(outcomeOf(sourcesOf(now, badness))).toEqual([outcome, level]);
  });

  it('T27 one violation of what must never happen stops it, a month later still', () => {
    expect(
      outcomeOf(
        sourcesOf(now, (ago) => (ago === 700 ? 1 : 0)),
        1,
      ),
    ).toEqual(['fail', 'incident']);
    expect(
      outcomeOf(
        sourcesOf(now, () => 0),
        1,
      ),
    ).toEqual(['pass', 'green']);
  });

  it('T27 missing data stops it: no series, a mistyped name, old samples, an answer that is none', () => {
    const whole = sourcesOf(now, () => 0);
    const replaced = (name: string, value: object) =>
      whole.map((source) => (source.name === name ? toSource(name, value) : source));
    const empty = { status: 'success', data: { resultType: 'matrix', result: [] } };
    expect(outcomeOf(replaced(sourceNames.recent, empty))).toEqual(['unknown', 'no_data']);
    expect(outcomeOf(replaced(sourceNames.recent, { status: 'error', error: 'x' }))).toEqual([
      'unknown',
      'query_failed',
    ]);
    expect(outcomeOf(whole.slice(1))).toEqual(['unknown', 'missing']);
    expect(outcomeOf(replaced(sourceNames.request, { at: now + 600_000 }))).toEqual(['unknown', 'no_data']);
    const asked: JsonObject = { ...check.spec, bad: 'http_requests_total{status=~"5.."}' };
    expect(sloReader.parse(asked, whole)).toMatchObject({ state: 'unreadable', trouble: { code: 'no_data' } });
  });

  it('T27 a waiver of it names reason, incident and post-mortem; one that does not has no effect', () => {
    const binding = { launch: 'shop', planHash: 'a', candidateSha256: 'b', environment: 'production' };
    const launch = launchOf(document);
    const roster = {
      ...launch,
      people: [{ id: 'carol', name: 'Carol', human: 'carol', automation: false, key: null, at: launch.gates[0]!.at }],
    };
    const fault = (reason: string, checkKind = 'slo'): string | null =>
      waiverTermsFault(
        {
          format: 'tminus/waiver/1',
          ...binding,
          criterion: 'budget',
          reason,
          person: 'carol',
          role: 'operator',
          requestedBy: 'dave',
          signedAt: new Date(now - 60_000).toISOString(),
          expiresAt: new Date(now + 3_600_000).toISOString(),
        },
        { ...binding, waivable: true, checkKind, requester: null, roster, nowMs: now },
      );
    expect(fault('we want to ship')).toMatch(/^an error budget is set aside for/);
    expect(fault('security_vulnerability: incident INC-7')).toBe('it names no post-mortem');
    expect(fault('security_vulnerability: incident INC-7, post-mortem PM-7')).toBeNull();
    expect(fault('we want to ship', 'http')).toBeNull();
  });
});

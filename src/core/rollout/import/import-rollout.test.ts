import { existsSync, readdirSync, readFileSync } from 'node:fs';

import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { FieldLedger } from './field-ledger.ts';
import { importRollout } from './import-rollout.ts';
import type { ImportedRollout } from './imported-rollout.ts';
import { readBound, readQuery } from './read-query.ts';

const analysis = (metric: JsonObject) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AnalysisTemplate',
  metadata: { name: 'errors' },
  spec: { metrics: [metric] },
});
function drafted(document: JsonObject): ImportedRollout {
  const draft = importRollout(document);
  if (typeof draft === 'string') throw new Error(draft);
  return draft;
}

const prometheus = (query: string) => ({ prometheus: { address: 'http://prom:9090', query } });

describe('what becomes of fields of other tools', () => {
  it('T28 a field that nobody takes is lost by name, and none is left out', () => {
    const ledger = new FieldLedger({ a: { b: 1, c: [{ d: 2 }, {}] }, e: null });
    ledger.take(['a', 'b'], 'weight');
    ledger.lose(['a', 'c', 0], 'for a reason');
    expect(ledger.fields()).toEqual([
      { path: 'a.b', became: 'mapped', to: 'weight' },
      { path: 'a.c[0].d', became: 'lost', why: 'for a reason' },
      { path: 'a.c[1]', became: 'lost', why: 'a rollout has nothing like it' },
      { path: 'e', became: 'lost', why: 'a rollout has nothing like it' },
    ]);
  });

  it('T28 a share of rates becomes its counters, a quantile its buckets, and anything else stays what it is', () => {
    expect(readQuery('sum(rate(http_total{code=~"5.."}[5m])) / sum(rate(http_total[5m]))')).toEqual({
      bad: 'http_total{code=~"5.."}',
      total: 'http_total',
    });
    expect(readQuery('histogram_quantile(0.95, sum(rate(latency_bucket{app="a/b"}[1m])) by (le))')).toEqual({
      buckets: 'latency_bucket{app="a/b"}',
      quantile: 0.95,
    });
    expect(readQuery('a / b / c')).toBeNull();
    expect(readQuery('up')).toBeNull();
    expect(readQuery('1 - sum(rate(a[5m])) / sum(rate(b[5m]))')).toBeNull();
    expect(readBound('result[0] <= 0.01')).toEqual({ side: 'below', value: 0.01 });
    expect(readBound('result >= 0.5', true)).toEqual({ side: 'below', value: 0.5 });
    expect(readBound('result[0] < 1 && result[1] < 2')).toBeNull();
  });

  it('T28 what counts good events is no measure: taken for bad ones, every healthy canary would fail and a broken one pass', () => {
    const query = 'sum(rate(ok[5m])) / sum(rate(all[5m]))';
    const good = drafted(analysis({ name: 'ok', successCondition: 'result[0] >= 0.95', provider: prometheus(query) }));
    expect(good.measures).toEqual({});
    expect(good.open.join()).toContain('it counts what is good');
    const unsaid = drafted(analysis({ name: 'ok', provider: prometheus(query) }));
    expect(unsaid.measures).toEqual({});
    const bad = drafted(analysis({ name: 'bad', failureCondition: 'result[0] > 0.05', provider: prometheus(query) }));
    expect(bad.measures).toEqual({ bad: { source: '', bad: 'ok', total: 'all', cap: '5%' } });
  });

  it('T28 a pause without an end asks a person, and all traffic goes to the new version after the last step', () => {
    const steps = [
      { setWeight: 20 },
      { pause: {} },
      { setWeight: 40 },
      { pause: { duration: 90 } },
      { setCanaryScale: {} },
    ];
    const rollout = drafted({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'shop' },
      spec: { strategy: { canary: { steps } } },
    });
    expect(rollout.phases).toEqual([
      { weight: 20, note: 'may it go on?' },
      { weight: 40, minTime: '90s' },
      { weight: 100 },
    ]);
    expect(rollout.fields.find(({ path }) => path === 'spec.strategy.canary.steps[4].setCanaryScale')).toMatchObject({
      became: 'lost',
    });
  });

  it('T28 every condition is a cap or a question: the strictest is the cap, and one that cannot be read is asked about', () => {
    const query = 'sum(rate(bad[5m])) / sum(rate(all[5m]))';
    const both = drafted(
      analysis({
        name: 'a',
        successCondition: 'result[0] < 0.01',
        failureCondition: 'result[0] >= 0.05',
        provider: prometheus(query),
      }),
    );
    expect(both.measures['a']?.cap).toBe('1%');
    const half = drafted(
      analysis({
        name: 'a',
        successCondition: 'all(result, # < 0.001)',
        failureCondition: 'result[0] >= 0.05',
        provider: prometheus(query),
      }),
    );
    expect(half.measures['a']?.cap).toBe('5%');
    expect(half.open.join()).toContain('a: it has to be all(result, # < 0.001)');
    const quantile = 'histogram_quantile(0.95, sum(rate(latency_bucket[1m])) by (le))';
    const slow = drafted(
      analysis({ name: 'p95', successCondition: 'result[0] < 500', provider: prometheus(quantile) }),
    );
    expect(slow.measures['p95']?.cap).toBeUndefined();
    expect(slow.open.join()).toContain('p95: it has to be result[0] < 500');
    expect(slow.fields).toContainEqual(
      expect.objectContaining({ path: 'spec.metrics[0].successCondition', became: 'lost' }),
    );
  });

  it('T28 what judges or asks beside the measures is a question: analysis of a step, webhooks of a canary', () => {
    const rollout = drafted({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'shop' },
      spec: { strategy: { canary: { steps: [{ pause: {} }, { setWeight: 20 }, { analysis: { templates: [] } }] } } },
    });
    expect(rollout.open.join()).toMatch(/pauses before the first weight.*judges by an analysis at 2/);
    const canary = drafted({
      apiVersion: 'flagger.app/v1beta1',
      kind: 'Canary',
      metadata: { name: 'shop' },
      spec: {
        analysis: {
          stepWeight: 50,
          metrics: [{ name: 'latency', thresholdRange: { max: 500 } }, { name: 'latency' }],
          webhooks: [{ name: 'gate', type: 'confirm-promotion', url: 'http://gate' }],
        },
      },
    });
    expect(canary.open.join()).toMatch(/asks gate \(confirm-promotion\).*its limit was 500.*two are called latency/);
    expect(Object.keys(canary.measures)).toEqual(['latency', 'latency-2']);
  });

  it('T28 each criterion of Keptn is a question in its own words, and what it only stores gates nothing', () => {
    const draft = drafted({
      spec_version: '0.1.1',
      filter: { handler: 'cart' },
      objectives: [
        {
          sli: 'latency_p95',
          pass: [{ criteria: ['<=+10%', '<200'] }, { criteria: ['<100'] }],
          warning: [{ criteria: ['<800'] }],
          weight: 2,
        },
        { sli: 'throughput' },
      ],
      total_score: { pass: '90%' },
    });
    expect(draft.measures).toEqual({
      latency_p95: { source: '', quantile: 0.95 },
      throughput: { source: '', gating: false },
    });
    expect(draft.open.join()).toContain('looks only at handler cart');
    expect(draft.open.join()).toContain('latency_p95: it passed at <=+10% and <200, or <100');
    expect(draft.fields.every(({ became, path }) => became === 'mapped' || !path.endsWith('sli'))).toBe(true);
  });

  it.each<[JsonValue, string]>([
    [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }, 'it is v1 Service: expected an Argo Rollout'],
    [{ apiVersion: 'argoproj.io/v1', kind: 'Rollout' }, 'it is argoproj.io/v1 Rollout: expected a Rollout or'],
    [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' }, 'expected a Rollout or AnalysisTemplate'],
    [{ apiVersion: 'flagger.app/v1alpha3', kind: 'Canary' }, 'expected a Canary of flagger.app/v1beta1'],
    [{ apiVersion: 'spec.keptn.sh/0.2.2', kind: 'Shipyard' }, 'that is a procedure'],
    [{ spec_version: '2.0', objectives: [] }, 'its spec_version is 2.0: expected 0.1.x or 1.0'],
    [null, 'no mapping'],
    [[], 'no mapping'],
  ])('T28 a document of somebody else is refused in words: %j', (document, why) => {
    expect(importRollout(document)).toContain(why);
  });
});

const samples = '../shared/samples/imports';
describe.skipIf(!existsSync(samples))(
  'rollouts of others (skipped where the samples are not beside the project)',
  () => {
    const documents = ['argo-rollouts', 'flagger', 'kayenta', 'keptn'].flatMap((folder) =>
      (existsSync(samples) ? readdirSync(`${samples}/${folder}`) : []).flatMap((name) =>
        [...parseAllDocuments(readFileSync(`${samples}/${folder}/${name}`, 'utf8'))].map(
          (one, at) => [`${name} ${at}`, one.toJS() as never] as const,
        ),
      ),
    );
    const known = documents.flatMap(([name, document]) => {
      const draft = importRollout(document);
      return typeof draft === 'string' ? [] : [[name, document, draft] as const];
    });

    it('T28 are recognised, all but the services and the stages of delivery beside them', () => {
      expect(documents.length).toBeGreaterThan(20);
      expect(known.length).toBe(documents.length - 4);
      expect(known.map(([, , { format }]) => format)).toEqual(
        expect.arrayContaining([
          'argo-rollout',
          'argo-analysis-template',
          'flagger-canary',
          'kayenta-canary-config',
          'keptn-slo',
        ]),
      );
    });

    it.each(known)('T28 %s: every field is mapped or lost, and something says what is open', (_, document, draft) => {
      expect(draft.fields.map(({ path }) => path)).toEqual(new FieldLedger(document).fields().map(({ path }) => path));
      expect(draft.fields.length).toBeGreaterThan(5);
      expect(draft.fields.some(({ became }) => became === 'mapped')).toBe(true);
      expect(draft.open.length).toBeGreaterThan(0);
    });

    it('T28 weights of Flagger are those that it would have walked', () => {
      const weights = Object.fromEntries(
        known
          .filter(([, , { format }]) => format === 'flagger-canary')
          .map(([name, , { phases }]) => [name.split('__')[1], phases.map(({ weight }) => weight)]),
      );
      expect(weights).toMatchObject({
        'istio-canary.yaml 0': [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 100],
        'istio-abtest.yaml 0': [],
        'kuma-canary.yaml 0': [10, 20, 30, 40, 50, 100],
      });
    });
  },
);

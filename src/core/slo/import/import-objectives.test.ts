import { existsSync, readdirSync, readFileSync } from 'node:fs';

import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { FieldLedger } from '../../rollout/import/field-ledger.ts';
import { importObjectives } from './import-objectives.ts';
import type { ImportedObjectives } from './imported-objectives.ts';
import { toAlertQuestions } from './to-alert-checks.ts';
import { readCounter, toBad } from './to-bad.ts';
import { toCounted } from './to-counted.ts';

function drafted(document: JsonObject): ImportedObjectives {
  const draft = importObjectives(document);
  if (typeof draft === 'string') throw new Error(draft);
  return draft;
}

const openSlo = (spec: JsonObject): JsonObject => ({
  apiVersion: 'openslo/v1',
  kind: 'SLO',
  metadata: { name: 'shop' },
  spec: { budgetingMethod: 'Occurrences', timeWindow: [{ duration: '4w', isRolling: true }], ...spec },
});
const query = (text: string): JsonObject => ({ metricSource: { type: 'Prometheus', spec: { query: text } } });
const ratio = (metrics: JsonObject): JsonObject => ({ indicator: { spec: { ratioMetric: metrics } } });
const sloth = (slo: JsonObject): JsonObject => ({
  version: 'prometheus/v1',
  service: 'shop',
  slos: [{ name: 'a', ...slo }],
});
const rules = (...list: JsonObject[]): JsonObject => ({ groups: [{ name: 'shop', rules: list }] });

describe('objectives of other tools', () => {
  it('T12 what is good is turned round where one condition picks it, and is asked about everywhere else', () => {
    const turned = (total: string, good: string): string | null => toBad(readCounter(total)!, readCounter(good)!);
    expect(turned('a_total', 'a_total{code!~"5.."}')).toBe('a_total{code=~"5.."}');
    expect(turned('a_total{job="x"}', 'a_total{code="200",job="x"}')).toBe('a_total{job="x",code!="200"}');
    expect(turned('a_total{job="x"}', 'a_total{code="200",job="y"}')).toBeNull();
    expect(turned('a_total', 'a_total{code="200",path="/"}')).toBeNull();
    expect(turned('a_total', 'a_total')).toBeNull();
    expect(turned('a_count', 'a_bucket{le="0.4"}')).toBeNull();
    expect(readCounter('sum(a)')).toBeNull();
  });

  it('T12 OpenSLO: counters, goal and window are taken over; a target in percent, too', () => {
    const spec = ratio({
      good: query('sum(rate(a[{{.window}}]))'),
      bad: query('sum(rate(a{code="500"}[5m]))'),
      total: query('sum(rate(a[5m]))'),
    });
    const { objectives, open } = drafted(
      openSlo({ ...spec, objectives: [{ target: 0.995 }, { targetPercent: 99.95 }] }),
    );
    expect(objectives).toEqual([
      { id: 'shop', title: 'shop', total: 'a', bad: 'a{code="500"}', goal: '99.5%', window: '28d' },
      { id: 'shop-2', title: 'shop', total: 'a', bad: 'a{code="500"}', goal: '99.95%', window: '28d' },
    ]);
    expect(open).toEqual([]);
  });

  it.each<[string, JsonObject, RegExp, string[]]>([
    ['time slices', { budgetingMethod: 'Timeslices' }, /budget is of Timeslices/, ['goal']],
    [
      'a limit of a value',
      { indicator: { spec: { thresholdMetric: {} } }, objectives: [{ op: 'lt', value: 500, target: 0.99 }] },
      /good where its value is lt 500/,
      ['total', 'bad'],
    ],
    [
      'an indicator elsewhere',
      { indicator: undefined as never, indicatorRef: 'sli' },
      /total and bad of the SLI sli/,
      ['total', 'bad'],
    ],
    ['a calendar', { timeWindow: [{ duration: '4w', isRolling: false, calendar: {} }] }, /by the calendar/, []],
    ['a target of all', { objectives: [{ target: 1.5 }] }, /write goal/, ['goal']],
    ['no objective', { objectives: [] }, /it has no objectives/, []],
  ])('T12 OpenSLO: %s is a question, and what it would need is missing in the draft', (_, spec, why, missing) => {
    const whole = {
      ...ratio({ bad: query('sum(rate(b[5m]))'), total: query('sum(rate(a[5m]))') }),
      objectives: [{ target: 0.99 }],
      ...spec,
    };
    const { objectives, open } = drafted(JSON.parse(JSON.stringify(openSlo(whole))) as JsonObject);
    expect(open.join('\n')).toMatch(why);
    for (const key of missing) expect(objectives[0]).not.toHaveProperty(key);
  });

  it('T12 OpenSLO: an indicator is that of its name in the same file, where there is one, and once', () => {
    const sli = (name: string, total = 'a'): JsonObject => ({
      apiVersion: 'openslo/v1',
      kind: 'SLI',
      metadata: { name },
      spec: { ratioMetric: { good: query('sum(rate(a{code!="500"}[5m]))'), total: query(`sum(rate(${total}[5m]))`) } },
    });
    const slo = openSlo({ indicatorRef: 'paid', objectives: [{ target: 0.99 }] });
    const of = (all: JsonObject[], document = slo): ImportedObjectives => {
      const draft = importObjectives(document, all);
      if (typeof draft === 'string') throw new Error(draft);
      return draft;
    };
    const found = of([slo, sli('other', 'b'), sli('paid')]);
    expect([found.objectives, found.open]).toMatchObject([[{ total: 'a', bad: 'a{code="500"}', goal: '99%' }], []]);
    for (const all of [[slo], [slo, sli('unpaid')], [slo, sli('paid'), sli('paid', 'b')]]) {
      expect(of(all).objectives[0]).not.toHaveProperty('total');
      expect(of(all).open.join()).toMatch(/write total and bad of the SLI paid/);
    }
    const own = of([slo, sli('paid')], sli('paid'));
    expect([own.objectives, own.open, own.fields.every(({ became }) => became === 'mapped')]).toEqual([[], [], true]);
    expect(of([sli('paid')], sli('paid')).open.join()).toMatch(/no SLO of the file names it/);
  });

  const fast = 'http_seconds_bucket{le="0.4",job="x"}';
  const all = 'http_seconds_count{job="x"}';

  it('T12 a bucket of a histogram over its count is what is good, and nothing else is taken for a part of the total', () => {
    const of = (total: string, good: string, isSaid = false) =>
      toCounted(readCounter(total)!, readCounter(good)!, isSaid);
    expect(of(all, fast)).toEqual({ good: 'http_seconds_bucket{le="0.4",job="x"}' });
    for (const [total, good] of [
      [all, 'http_seconds_bucket{le="0.4"}'],
      [all, 'http_seconds_bucket{le=~"0.4|1",job="x"}'],
      [all, 'http_seconds_bucket{le="+Inf",job="x"}'],
      [all, 'http_seconds_bucket{job="x"}'],
      [all, 'other_seconds_bucket{le="0.4",job="x"}'],
      ['http_seconds_sum{job="x"}', fast],
    ] as const)
      expect([total, good, of(total, good)]).toEqual([total, good, null]);
    // What a document itself calls good is good.
    expect(of('orders_total', 'orders_paid_total', true)).toEqual({ good: 'orders_paid_total' });
  });

  it('T12 latency is an objective in OpenSLO, in Sloth by what is taken away or from 1, and in records that an alert keeps high', () => {
    const wanted = { total: all, good: fast, goal: '99%' };
    const [good, total] = [`sum(rate(${fast}[{{.window}}]))`, `sum(rate(${all}[{{.window}}]))`];
    const own = drafted(
      openSlo({ ...ratio({ good: query(good), total: query(total) }), objectives: [{ target: 0.99 }] }),
    );
    expect([own.objectives, own.open]).toMatchObject([[wanted], []]);
    const taken = sloth({
      objective: 99,
      sli: { events: { error_query: `(\n${total}\n-\n${good}\n)\n`, total_query: total } },
    });
    expect(drafted(taken).objectives).toMatchObject([wanted]);
    const raw = sloth({ objective: 99, sli: { raw: { error_ratio_query: `1 - (\n${good}\n/\n${total}\n)` } } });
    expect(drafted(raw).objectives).toMatchObject([wanted]);
    const record = { record: 'slo:fast:ratio5m', expr: `${good} / ${total}`.replaceAll('{{.window}}', '5m') };
    const kept = drafted(rules(record, { alert: 'Slow', expr: 'slo:fast:ratio5m < 0.99' }));
    expect(kept.objectives).toMatchObject([{ total: all, good: fast }]);
    // Other counters taken from the total, and several of them, stay questions.
    for (const error of [`${total} - ${good} - ${good}`, `sum(rate(other_count[5m])) - ${good}`, `${total} + ${good}`])
      expect(
        drafted(sloth({ objective: 99, sli: { events: { error_query: error, total_query: total } } })).objectives[0],
      ).not.toHaveProperty('good');
  });

  it('T12 a window that is no fixed time, or too short, is left as it is, so that reading refuses it', () => {
    const windowOf = (duration: string): unknown =>
      drafted(openSlo({ timeWindow: [{ duration }], objectives: [{ target: 0.9 }] })).objectives[0]?.window;
    expect([windowOf('1M'), windowOf('1m'), windowOf('30d'), windowOf('soon')]).toEqual(['1M', '1m', '30d', 'unknown']);
  });

  it('T12 Sloth: events and raw ratios, in both of its formats', () => {
    const events = { error_query: 'sum(rate(a{code="500"}[{{.window}}]))', total_query: 'sum(rate(a[{{.window}}]))' };
    const wanted = { id: 'shop-a', title: 'shop-a', total: 'a', bad: 'a{code="500"}', goal: '99.9%' };
    expect(drafted(sloth({ objective: 99.9, sli: { events } })).objectives).toEqual([wanted]);
    const raw = { error_ratio_query: `${events.error_query} / ${events.total_query}` };
    expect(drafted(sloth({ objective: 99.9, sli: { raw } })).objectives).toEqual([wanted]);
    const kubernetes = {
      apiVersion: 'sloth.slok.dev/v1',
      kind: 'PrometheusServiceLevel',
      metadata: { name: 'x' },
      spec: {
        service: 'shop',
        slos: [
          {
            name: 'a',
            objective: 99.9,
            sli: { events: { errorQuery: events.error_query, totalQuery: events.total_query } },
            alerting: { pageAlert: { disable: true }, ticketAlert: { disable: true } },
          },
        ],
      },
    };
    expect(drafted(kubernetes).objectives).toEqual([wanted]);
    expect(drafted(kubernetes).open.join()).toContain('its alerts are switched off');
    const plugin = drafted(sloth({ objective: '99.9', sli: { plugin: { id: 'x' } } }));
    expect(plugin.objectives).toEqual([{ id: 'shop-a', title: 'shop-a' }]);
    expect(plugin.open.join('\n')).toMatch(/write total and bad[\s\S]*write goal/);
  });

  it('T12 recorded ratios: which side is bad, and what is allowed, is said by alerts or asked', () => {
    const record = { record: 'slo:errors:ratio5m', expr: 'sum(rate(a{code!="500"}[5m])) / sum(rate(a[5m]))' };
    const burn = (expr: string): JsonObject => ({ alert: 'Burns', expr });
    const bad = drafted(rules(record, burn('slo:errors:ratio5m{job="x"} > (14.4 * (1 - 0.999))')));
    expect(bad.objectives).toEqual([
      { id: 'slo-errors-ratio5m', title: 'slo:errors:ratio5m', total: 'a', bad: 'a{code!="500"}', goal: '99.9%' },
    ]);
    const good = drafted(rules(record, burn('slo:errors:ratio5m < 0.99')));
    expect(good.objectives).toMatchObject([{ bad: 'a{code="500"}' }]);
    expect(good.open.join()).toContain('write goal');
    const silent = drafted(rules(record));
    expect(silent.objectives).toEqual([]);
    expect(silent.open.join()).toContain('no alert says whether it counts what is good or what is bad');
    // The name of another record that only begins like this one says nothing.
    expect(drafted(rules(record, burn('slo:errors:ratio5m:max > 0.1'))).objectives).toEqual([]);
  });

  it.each<[string, { [query: string]: string[] } | null]>([
    ['a > 5', { a: ['max <= 5'] }],
    ['a >= 5', { a: ['max < 5'] }],
    ['a < 0.95', { a: ['min >= 0.95'] }],
    ['a <= -1', { a: ['min > -1'] }],
    ['a != 0', { a: ['min == 0', 'max == 0'] }],
    ['a == 0', { 'abs((a) - (0))': ['min > 0'] }],
    ['a{x=">"} >= on(job) group_left (b) c + d', { '(a{x=">"}) - on(job) group_left (b) (c + d)': ['max < 0'] }],
    ['sum(a > 5) != 0', { 'sum(a > 5)': ['min == 0', 'max == 0'] }],
    ['a + b < (21 * 24 * 3600)', { '(a + b) - ((21 * 24 * 3600))': ['min >= 0'] }],
    ['a <= 199 OR b >= 400', { a: ['min > 199'], b: ['max < 400'] }],
    ['slo:or:ratio > 5', { 'slo:or:ratio': ['max <= 5'] }],
    ['absent(up{job="a"})', { 'count(up{job="a"})': ['value > 0'] }],
    ['absent(a) or absent(b)', { 'count(a)': ['value > 0'], 'count(b)': ['value > 0'] }],
    ['a > 5 # b < 3', { '(a) - (5 # b < 3\n)': ['max <= 0'] }],
    ['a > 5 and b > 3', null],
    ['a unless b', null],
    ['3 <= a < 20', null],
    ['a > bool 5', null],
    ['a', null],
    ['a > ', null],
    ['a{x="} > 5', null],
    ['(a > 5', null],
    ['a{x="{{ $labels.x }}"} > 5', null],
    ['absent(a)) or (absent(b)', null],
  ])('T12 the alert %s is turned into what answers while all is well, or is a question', (expression, wanted) => {
    const asked = toAlertQuestions(expression);
    const found = asked === null ? null : Object.fromEntries(asked.map((one) => [one.query, one.expect]));
    expect(found).toEqual(wanted);
  });

  it('T12 an alert whose expression cannot be turned round stands in the ledger and is a question', () => {
    const { checks, open, fields } = drafted(
      rules(
        { alert: 'Both', expr: 'a > 1 and b > 1' },
        { alert: 'One', expr: 'a > 1' },
        { alert: 'One', expr: 'b > 1' },
      ),
    );
    expect(checks.map(({ id }) => id)).toEqual(['One', 'One-2']);
    expect(open.join()).toContain('Both: its expression cannot be turned');
    expect(fields.find(({ path }) => path === 'groups[0].rules[0].expr')?.became).toBe('lost');
  });

  it.each<[JsonValue, string]>([
    [{ apiVersion: 'openslo/v2', kind: 'SLO' }, 'it is openslo/v2 SLO: expected openslo/v1 or openslo/v1alpha'],
    [{ apiVersion: 'openslo/v1', kind: 'AlertPolicy' }, 'which says nothing of how good a service has to be'],
    [{ version: 'prometheus/v2', slos: [] }, 'expected version prometheus/v1'],
    [{ apiVersion: 'v1', kind: 'ConfigMap' }, 'it is v1 ConfigMap: expected an SLO of OpenSLO'],
    [{ groups: {} }, 'it is of no version and no kind'],
    [[], 'no mapping'],
    ['text', 'no mapping'],
  ])('T12 a document of somebody else is refused in words: %j', (document, why) => {
    expect(importObjectives(document)).toContain(why);
  });
});

const samples = '../shared/samples/imports';
describe.skipIf(!existsSync(samples))(
  'objectives of others (skipped where the samples are not beside the project)',
  () => {
    const documents = ['openslo', 'sloth', 'prometheus'].flatMap((folder) =>
      (existsSync(samples) ? readdirSync(`${samples}/${folder}`) : []).flatMap((name) =>
        [...parseAllDocuments(readFileSync(`${samples}/${folder}/${name}`, 'utf8'))].map(
          (one, at) => [`${name} ${at}`, one.toJS() as JsonObject] as const,
        ),
      ),
    );

    it.each(documents)('T12 %s: every field is mapped or lost', (_, document) => {
      const { fields, objectives, checks } = drafted(document);
      expect(fields.map(({ path }) => path)).toEqual(new FieldLedger(document).fields().map(({ path }) => path));
      expect(objectives.length + checks.length).toBeGreaterThan(0);
      expect(fields.some(({ became }) => became === 'mapped')).toBe(true);
    });

    it('T12 every alert of the rule files is a check or a question', () => {
      const alerts = documents.flatMap(([, { groups }]) =>
        Array.isArray(groups)
          ? (groups as { rules: { alert?: string }[] }[]).flatMap(({ rules: list }) =>
              list.flatMap(({ alert }) => alert ?? []),
            )
          : [],
      );
      const read = documents.map(([, document]) => drafted(document));
      const found = new Set(
        read.flatMap(({ checks }) => checks.map(({ title }) => title.replace(' does not fire', ''))),
      );
      const asked = read.flatMap(({ open }) => open.map((line) => line.split(':')[0]!));
      expect(alerts.length).toBeGreaterThan(25);
      expect(alerts.filter((name) => !found.has(name) && !asked.includes(name))).toEqual([]);
      expect(alerts.filter((name) => found.has(name)).length).toBeGreaterThan(20);
    });
  },
);

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { JsonObject } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkKindContract, run } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { startPrometheus } from '../../../../tests/servers/start-prometheus.ts';
import { prometheusKind } from './kind.ts';
import { parseAnswer, sourceNames } from './parse-answer.ts';
import { prometheusReader, toSource } from './reader.ts';

const allow = ['127.0.0.1'];
const servers: Server[] = [];
let old = Date.now() - 120_000;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const target = await serve((_, response) => {
  response.end(`shop_up 1
shop_orders{side="legacy"} 200
shop_orders{side="new"} 193
shop_ratio NaN
shop_slow 42 ${old}
`);
});
const prometheus = await startPrometheus(target);
const url = prometheus.state === 'started' ? prometheus.url : 'http://127.0.0.1:1';

afterAll(async () => {
  if (prometheus.state === 'started') await prometheus.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

function ask(query: string, more: { [key: string]: string } = {}): ContractCase {
  return { written: { url, query, ...more }, allow };
}

async function factsOf(given: ContractCase): Promise<JsonObject | string | undefined> {
  const { record } = await run(prometheusKind, given);
  return record.facts ?? record.trouble?.code;
}

describe.skipIf(prometheus.state === 'missing')(
  `prometheus on a real server ${prometheus.state === 'missing' ? prometheus.reason : ''}`,
  () => {
    beforeAll(async () => {
      old = Date.now() - 120_000;
      for (
        let round = 0;
        round < 600 && (await factsOf(ask('count_over_time(shop_up[1m]) >= 3'))) === 'no_data';
        round += 1
      ) {
        await pause(200);
      }
    });

    checkKindContract({
      kind: prometheusKind,
      success: () => ask('shop_up'),
      refusal: () => ask('shop_orders'),
      slow: () => ({ written: { url: `http://${silent}`, query: 'up', timeout: '1m' }, allow }),
      garbage: () => ({ written: { url: `http://${garbage}`, query: 'up' }, allow }),
      huge: () => ({ written: { url: `http://${huge}`, query: 'up' }, allow }),
      misspelt: { written: { url, query: 'up', maxage: '1m' }, wrong: 'maxage', meant: 'maxAge' },
      stricter: [{ range: '1h', step: '1m' }],
    });

    it('reads an instant: one series has a value, several have a list, min and max', async () => {
      expect(await factsOf(ask('shop_orders{side="new"}'))).toMatchObject({
        value: 193,
        count: 1,
        holds: false,
        resultType: 'vector',
      });
      const both = await factsOf(ask('shop_orders'));
      expect(both).toMatchObject({ count: 2, min: 193, max: 200, holds: false });
      expect(both).not.toHaveProperty('value');
      expect(await factsOf(ask('scalar(shop_up)'))).toMatchObject({ value: 1, resultType: 'scalar', holds: true });
      expect(await factsOf(ask('sum(shop_orders) > bool 300 # all'))).toMatchObject({ value: 1, holds: true });
    });

    it('reads a range with every step', async () => {
      const facts = await factsOf(ask('shop_orders{side="new"}', { range: '5s', step: '1s' }));
      expect(facts).toMatchObject({ resultType: 'matrix', value: 193, count: 1, min: 193, max: 193 });
      expect((facts as JsonObject)['samples']).toBeGreaterThan(1);
    });

    it('takes an empty answer for no data, at an instant and over a range', async () => {
      expect(await factsOf(ask('shop_nothing'))).toBe('no_data');
      expect(await factsOf(ask('shop_up > 1'))).toBe('no_data');
      expect(await factsOf(ask('shop_nothing', { range: '1m' }))).toBe('no_data');
    });

    it('knows the age of a sample that an instant query hides, and refuses what is too old', async () => {
      const facts = (await factsOf(ask('shop_slow', { maxAge: '5m' }))) as JsonObject;
      expect(facts['value']).toBe(42);
      expect(facts['ageMs']).toBeGreaterThanOrEqual(120_000);
      // Servers that know lookback_delta leave the series out; of others, timestamp() tells the age.
      expect(['stale', 'no_data']).toContain(await factsOf(ask('shop_slow', { maxAge: '1m' })));
    });

    it('takes NaN for unreadable and a bad query for a failed one', async () => {
      expect(await factsOf(ask('shop_ratio'))).toBe('not_a_number');
      expect(await factsOf(ask('shop_up / 0'))).toBe('not_a_number');
      expect(await factsOf(ask('sum(('))).toBe('query_failed');
    });

    it('refuses a private address that the environment does not allow', async () => {
      expect(await factsOf({ written: { url, query: 'up' } })).toBe('egress_blocked');
    });
  },
);

const silent = await serve(() => undefined);
const garbage = await serve((_, response) => void response.end('<html>sign in</html>'));
const huge = await serve((_, response) => void response.end(`{"status":"success","x":"${'x'.repeat(9_000_000)}"}`));

describe('prometheus without a server', () => {
  it('names a status, and a token that is not set, and sends one that is', async () => {
    let seen: string | undefined;
    const locked = await serve((request, response) => {
      seen = request.headers.authorization;
      response.writeHead(401).end();
    });
    const written = { url: `http://${locked}`, query: 'up', tokenEnv: 'TMINUS_TEST_TOKEN' };
    expect(await factsOf({ written, allow })).toBe('configuration');
    process.env['TMINUS_TEST_TOKEN'] = 'canary-token-5d1';
    const { record } = await run(prometheusKind, { written, allow });
    expect([record.trouble?.code, seen]).toEqual(['http_status', 'Bearer canary-token-5d1']);
    expect(JSON.stringify(record)).not.toContain('canary-token');
  });

  it('reads a promql fence', () => {
    const text = '# orders\nsum(shop_orders)\n# expect value == 200\n';
    const read = prometheusReader.readFence({ language: 'promql', attributes: { url, maxAge: '1m' }, text });
    expect(read).toMatchObject({
      spec: { query: '# orders\nsum(shop_orders)', maxAge: 60_000 },
      expectations: [{ text: 'value == 200', line: 2 }],
    });
    const refused = prometheusReader.readFence({ language: 'promql', attributes: { uri: url }, text });
    expect(refused.ok ? [] : refused.faults.map(({ line, got }) => [line, got])).toContainEqual([-1, 'uri']);
  });

  it.each(['ftp://a', 'prometheus:9090', 'http://me:secret@host', 'http://host?x=1'])('refuses the url %s', (bad) => {
    expect(prometheusReader.readSpec({ url: bad, query: 'up' }).ok).toBe(false);
  });
});

const samples = join(import.meta.dirname, '../../../../../shared/samples/reports/prometheus-api');

function readSample(name: string, at: number): string {
  const bytes = readFileSync(join(samples, name));
  const sources = [
    toSource(sourceNames.request, { at }),
    { name: sourceNames.response, mediaType: 'application/json', bytes },
  ];
  const reading = parseAnswer({ maxAge: 300_000 }, sources);
  if (reading.state === 'unreadable') return reading.trouble.code;
  const { value, samples: count, ageMs } = reading.facts;
  return JSON.stringify([value, count, ageMs]);
}

describe.skipIf(!existsSync(samples))(
  'prometheus answers of other teams (skipped where the samples are not beside the project)',
  () => {
    it.each([
      ['error-bad-data.json', 0, 'query_failed'],
      ['matrix-nan-inf.json', 1_641_889_532_000, 'not_a_number'],
      ['range-empty.json', 0, 'no_data'],
      ['vector-empty-warnings.json', 0, 'no_data'],
      ['scalar.json', 1_651_680_139_104, '[0.00002482,1,0]'],
      ['scalar.json', 1_651_680_139_104 + 300_001, 'stale'],
      ['scalar.json', 1_651_680_139_104 - 60_001, 'future'],
      ['range-without-labels.json', 1_599_657_239_540, '[43,58,3000]'],
      ['range-with-labels.json', 1_599_658_255_474, '[2,57,4000]'],
    ])('reads %s asked at %i', (name, at, wanted) => {
      expect(readSample(name, at)).toBe(wanted);
    });
  },
);

function vector(...result: object[]): object {
  return { status: 'success', data: { resultType: 'vector', result } };
}

describe('parseAnswer', () => {
  const at = 1_000_000;
  const read = (body: object, times?: object): unknown => {
    const sources = [toSource(sourceNames.request, { at }), toSource(sourceNames.response, body)];
    if (times) sources.push(toSource(sourceNames.timestamps, times));
    const reading = parseAnswer({ maxAge: 300_000 }, sources);
    return reading.state === 'readable' ? reading.facts : reading.trouble.code;
  };
  const one = { metric: { __name__: 'up', job: 'a' }, value: [1000, '1'] };

  it('counts the stalest series of an instant', () => {
    const two = vector(one, { metric: { __name__: 'up', job: 'b' }, value: [1000, '1'] });
    const times = (seconds: string): object =>
      vector({ metric: { job: 'a' }, value: [1000, '990'] }, { metric: { job: 'b' }, value: [1000, seconds] });
    expect(read(two, times('900'))).toMatchObject({ ageMs: 100_000 });
    expect(read(two, times('600'))).toBe('stale');
    expect(read(two)).toMatchObject({ ageMs: 0 });
  });

  it('refuses partial answers, and keeps other warnings', () => {
    expect(read({ ...vector(one), warnings: ['PARTIAL response: store timed out'] })).toBe('partial');
    expect(read({ ...vector(one), isPartial: true })).toBe('partial');
    expect(read({ ...vector(one), warnings: ['slow'], infos: ['metric might not be a counter'] })).toMatchObject({
      warnings: ['slow', 'metric might not be a counter'],
    });
  });

  it.each([
    [vector({ metric: {}, histogram: [1000, {}] }), 'histogram'],
    [vector({ metric: {}, value: [1000, 1] }), 'malformed'],
    [vector({ metric: {}, value: [1000, ''] }), 'not_a_number'],
    [{ status: 'success', data: { resultType: 'string', result: [1000, 'x'] } }, 'malformed'],
    [{ status: 'success' }, 'malformed'],
    [{ data: { resultType: 'vector', result: [one] } }, 'malformed'],
    [{ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values: [] }] } }, 'malformed'],
  ])('takes %j for %s', (body, code) => expect(read(body)).toBe(code));
});

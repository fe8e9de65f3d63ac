import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import { openLog } from '../../src/engine/log/open-log.ts';
import type { Log, LogLine } from '../../src/engine/log/open-log.ts';
import { openWarnings } from '../../src/engine/log/send-warnings.ts';
import { openTestApi } from '../api/open-api.ts';
import type { TestApi } from '../api/open-api.ts';
import { openReceiver } from '../api/open-receiver.ts';
import { ledgerPlan, ledgerStep, startEngine } from '../runs/start-engine.ts';
import { createTestDatabase } from '../setup/test-database.ts';

const lines: LogLine[] = [];
const log: Log = openLog({ sinks: [(line) => lines.push(line)], maskText: (text) => text, now: () => new Date() });

describe('what a server writes', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi({ log });
  });
  afterAll(() => api.close());

  it('T04 every answer says the id of its request, that of the client where it reads like one, and the line has it', async () => {
    const [own, made, bad] = await Promise.all([
      api.send('carol', 'GET', '/api/launches', { headers: { 'x-request-id': 'client-4711-a' } }),
      api.send(null, 'GET', '/api/launches'),
      api.send(null, 'GET', '/api/none?token=tmt_secret', { headers: { 'x-request-id': 'a b\tc' } }),
    ]);
    expect(own.headers.get('x-request-id')).toBe('client-4711-a');
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/u);
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/u);
    expect(made.body).toMatchObject({ instance: made.headers.get('x-request-id') });
    const of = (id: string | null): LogLine | undefined => lines.find(({ fields }) => fields['request'] === id);
    // The line is written once the answer has left.
    for (const { headers } of [own, made]) await expect.poll(() => of(headers.get('x-request-id'))).toBeDefined();
    expect(of('client-4711-a')).toMatchObject({
      level: 'info',
      message: 'GET /api/launches 200',
      fields: { status: 200, ms: expect.any(Number), account: expect.stringMatching(/./u) },
    });
    expect(of(made.headers.get('x-request-id'))).toMatchObject({ fields: { status: 401, account: 'none' } });
    expect(JSON.stringify(lines)).not.toContain('tmt_secret');
  });

  it('T04 a request about a run is found beside its trace', async () => {
    const { headers } = await api.send('carol', 'GET', '/api/runs/run-4711');
    await expect
      .poll(() => lines.find(({ fields }) => fields['request'] === headers.get('x-request-id'))?.fields)
      .toMatchObject({ run: 'run-4711', trace_id: expect.stringMatching(/^[0-9a-f]{32}$/u) });
  });
});

describe('what a worker writes', () => {
  it('T04 a line for each attempt that begins and ends, with run, step, attempt, trace and span', async () => {
    const database = await createTestDatabase();
    const engine = await startEngine(database);
    await engine.work({ log });
    const run = await engine.start(
      ledgerPlan([ledgerStep('good', 'apply'), ledgerStep('bad', 'fail', { onFail: 'fail' })]),
    );
    await engine.until(run, isFinal);
    const toldOf = (): LogLine[] =>
      lines.filter(({ fields }) => fields['run'] === run && fields['attempt'] !== undefined);
    await expect.poll(() => toldOf().length).toBeGreaterThanOrEqual(4);
    const told = toldOf();
    expect(told.map(({ level, message, fields }) => [level, message, fields['step'], fields['attempt']])).toEqual([
      ['info', 'step begun', 'good', 1],
      ['info', 'step done', 'good', 1],
      ['info', 'step begun', 'bad', 1],
      ['warn', 'step failed', 'bad', 1],
    ]);
    expect(new Set(told.map(({ fields }) => fields['trace_id'])).size).toBe(1);
    expect(new Set(told.map(({ fields }) => fields['span_id'])).size).toBe(2);
    await engine.close();
    await database.drop();
  });
});

describe('warnings by webhook', () => {
  it('C21 one a minute for each kind arrives, signed, with the number of those kept back; what is no warning does not', async () => {
    const receiver = await openReceiver();
    const warnings = openWarnings({ url: new URL(receiver.url), key: 'k', host: 'here', everyMs: 1_000 });
    const own = openLog({
      sinks: [warnings.sink],
      maskText: (text) => text.replaceAll('hunter2', '***'),
      now: () => new Date(),
    });
    own.write('info', 'all is well');
    for (let times = 1; times <= 50; times += 1)
      own.write('warn', `database hunter2 is away for ${times} s`, { code: 'away' });
    own.write('error', 'something else');
    await receiver.until(3);
    await warnings.close();
    const told = receiver.received.map(
      ({ body }) => JSON.parse(body) as { level: string; message: string; suppressed: number },
    );
    expect(told.map(({ level, message, suppressed }) => [level, message, suppressed])).toEqual([
      ['warn', 'database *** is away for 1 s', 0],
      ['error', 'something else', 0],
      ['warn', 'database *** is away for 50 s', 48],
    ]);
    for (const { body, headers } of receiver.received) {
      const [, seconds = '', signature = ''] = /^t=(\d+),v1=(.+)$/u.exec(headers['tminus-signature'] ?? '') ?? [];
      expect(createHmac('sha256', 'k').update(`${seconds}.${body}`).digest('hex')).toBe(signature);
    }
    expect(warnings.counts()).toEqual({ sent: 3, suppressed: 49, lost: 0 });
    await receiver.close();
  });

  it('C21 a receiver that is away keeps nobody waiting, and what it did not get is counted', async () => {
    const receiver = await openReceiver();
    await receiver.close();
    const warnings = openWarnings({ url: new URL(receiver.url), key: null, host: 'here' });
    const own = openLog({ sinks: [warnings.sink], maskText: (text) => text, now: () => new Date() });
    for (const word of ['one', 'two', 'three']) own.write('error', word);
    // Whoever wrote them went on before anybody knew what became of them.
    expect(warnings.counts()).toEqual({ sent: 0, suppressed: 0, lost: 0 });
    await warnings.close();
    expect(warnings.counts()).toEqual({ sent: 0, suppressed: 0, lost: 3 });
  });
});

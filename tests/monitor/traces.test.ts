import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import { spanIdOf, toTraceparent, traceIdOf } from '../../src/core/trace/trace-ids.ts';
import { readTraceSettings } from '../../src/engine/trace/read-trace-settings.ts';
import type { TraceSettings } from '../../src/engine/trace/read-trace-settings.ts';
import { openTraceExport } from '../../src/engine/trace/open-trace-export.ts';
import type { TraceExporter, TraceLimits } from '../../src/engine/trace/open-trace-export.ts';
import { beginTraceExport, readTraceExport } from '../../src/store/trace-export.ts';
import { writeEvents } from '../api/write-events.ts';
import { openTraceReceiver } from '../doubles/trace-receiver.ts';
import type { ReceivedSpan, TraceReceiver } from '../doubles/trace-receiver.ts';
import { ledgerPlan, ledgerStep, startEngine } from '../runs/start-engine.ts';
import type { EngineUnderTest } from '../runs/start-engine.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

let database: TestDatabase;
let engine: EngineUnderTest;
let receiver: TraceReceiver;
const exporters: TraceExporter[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  engine = await startEngine(database);
  receiver = await openTraceReceiver();
});
afterEach(async () => {
  for (const exporter of exporters.splice(0)) await exporter.close();
});
afterAll(async () => {
  await receiver.close();
  await engine.close();
  await database.drop();
});

function settingsOf(env: Record<string, string> = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint }): TraceSettings {
  const wish = readTraceSettings(env, '1.2.3');
  if (wish.state !== 'on') throw new Error(`traces: expected settings, got ${JSON.stringify(wish)}`);
  return wish.settings;
}

interface Opening {
  settings?: TraceSettings;
  limits?: Partial<TraceLimits>;
  maskText?: (text: string) => string;
}

async function open({ settings = settingsOf(), limits = {}, maskText = (text) => text }: Opening = {}): Promise<void> {
  await beginTraceExport(engine.store);
  const quick = { everyMs: 50, longestPauseMs: 300, ...limits };
  const report = (error: unknown): void => process.emitWarning(error as Error);
  exporters.push(openTraceExport({ store: engine.store, settings, version: '1.2.3', maskText, report, limits: quick }));
}

const spansOf = (run: string): ReceivedSpan[] => receiver.spans.filter(({ traceId }) => traceId === traceIdOf(run));
const rootOf = (run: string): ReceivedSpan | undefined => spansOf(run).find((span) => span.parentSpanId === null);
const untilRoot = (run: string): Promise<void> => receiver.until(() => rootOf(run) !== undefined);

describe('the trace of a run', () => {
  it('T04 has a span for each attempt below that of the run, with what they are about and how they ended', async () => {
    await open();
    await engine.work({ slots: 2 });
    const failing = ledgerStep('shaky', 'fail', { interrupted: 'rerun', maxAttempts: 2, onFail: 'fail' });
    const run = await engine.start(ledgerPlan([ledgerStep('move', 'apply slow 0.2s'), failing]));
    await engine.until(run, isFinal);
    await untilRoot(run);
    const root = rootOf(run);
    expect(root).toMatchObject({
      code: 2,
      attributes: { 'tminus.run': run, 'tminus.outcome': 'failed', 'tminus.mode': 'live' },
    });
    const steps = spansOf(run).filter(({ parentSpanId }) => parentSpanId !== null);
    expect(steps.map(({ name, code, attributes }) => [name, attributes['tminus.attempt'], code])).toEqual([
      ['move', 1, 1],
      ['shaky', 1, 2],
      ['shaky', 2, 2],
    ]);
    for (const span of steps) {
      expect(span).toMatchObject({ parentSpanId: root?.spanId, traceId: root?.traceId });
      expect(span.attributes).toMatchObject({ 'tminus.launch': 'test', 'tminus.step.kind': 'ledger' });
      expect(span.startMs >= (root?.startMs ?? 0) && span.endMs <= (root?.endMs ?? 0)).toBe(true);
    }
    expect((steps[0]?.endMs ?? 0) - (steps[0]?.startMs ?? 0)).toBeGreaterThanOrEqual(200);
    expect(new Set(spansOf(run).map(({ spanId }) => spanId)).size).toBe(4);
    expect(receiver.resources.at(-1)).toEqual({ 'service.name': 'tminus', 'service.version': '1.2.3' });
    const [, trace, span] = toTraceparent(run, 'move', 1).split('-');
    expect([trace, span]).toEqual([steps[0]?.traceId, steps[0]?.spanId]);
  });

  it('T04 says nothing that a step said, and what it says is masked', async () => {
    const said = 'fail canary-7391';
    await open({ maskText: (text) => text.replaceAll('hidden-step', '[masked:db]') });
    const run = await engine.start(ledgerPlan([ledgerStep('hidden-step', said, { onFail: 'fail' })]));
    const { steps } = await engine.until(run, isFinal);
    expect(JSON.stringify(steps)).toContain('hidden-step');
    await untilRoot(run);
    const bodies = receiver.requests.map(({ body }) => body).join('');
    expect(bodies).toContain('[masked:db]');
    expect(bodies).not.toMatch(/hidden-step|canary-7391/u);
  });

  it('T04 is exported by one of many, once', async () => {
    await open();
    await open();
    await open();
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply'), ledgerStep('b', 'apply')]));
    await engine.until(run, isFinal);
    await untilRoot(run);
    await pause(500);
    expect(spansOf(run).map(({ name }) => name)).toEqual(['a', 'b', expect.stringContaining('run')]);
  });
});

describe('a receiver of traces that fails', () => {
  it('T04 delays no run, and gets everything when it is there again', async () => {
    const gone = await openTraceReceiver();
    await gone.close();
    await open({ settings: settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: gone.endpoint }) });
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply'), ledgerStep('b', 'apply')]));
    expect((await engine.until(run, isFinal)).state).toBe('completed');
    const { dropped } = await waitFor((now) => now.trouble !== null);
    expect((await readTraceExport(engine.store))?.trouble).toContain(`127.0.0.1:${gone.port}`);
    const back = await openTraceReceiver(gone.port);
    await back.until((spans) => spans.some(({ parentSpanId }) => parentSpanId === null));
    expect(back.spans).toHaveLength(3);
    expect(await waitFor((now) => now.trouble === null)).toMatchObject({ dropped });
    await back.close();
  });

  it('T04 is asked again after 503, and not after 400: those spans are counted as dropped', async () => {
    const statuses = [503, 400];
    receiver.answer = () => ({ status: statuses.shift() ?? 200, headers: { 'retry-after': '1' } });
    const before = await beginTraceExport(engine.store);
    await open();
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply')]));
    await engine.until(run, isFinal);
    const after = await waitFor(({ dropped }) => dropped > before.dropped);
    expect(statuses).toEqual([]);
    const again = await engine.start(ledgerPlan([ledgerStep('a', 'apply')]));
    await engine.until(again, isFinal);
    await untilRoot(again);
    expect(spansOf(run).length + (after.dropped - before.dropped)).toBe(2);
  });

  it('T04 that stays away costs no more than so many events: the oldest are dropped and counted', async () => {
    receiver.answer = () => ({ status: 503 });
    const before = await beginTraceExport(engine.store);
    await open({ limits: { mostWaiting: 5 } });
    const run = await engine.start(
      ledgerPlan([ledgerStep('a', 'apply'), ledgerStep('b', 'apply'), ledgerStep('c', 'apply')]),
    );
    expect((await engine.until(run, isFinal)).state).toBe('completed');
    await waitFor(({ dropped }) => dropped > before.dropped);
    receiver.answer = () => ({ status: 200 });
    await untilRoot(run);
    const end = await waitFor(({ trouble }) => trouble === null);
    expect(end.dropped).toBeGreaterThan(before.dropped);
    expect(spansOf(run).length + (end.dropped - before.dropped)).toBe(4);
    expect(rootOf(run)?.startMs).toBeLessThan(rootOf(run)?.endMs ?? 0);
  });
});

async function waitFor(isSo: (now: Standing) => boolean): Promise<Standing> {
  for (let tries = 0; ; tries += 1) {
    const now = await beginTraceExport(engine.store);
    if (isSo(now) || tries > 2_400) return now;
    await pause(25);
  }
}

type Standing = Awaited<ReturnType<typeof beginTraceExport>>;

describe('the trace of a shift', () => {
  it('T04 has a span for each phase below that of the shift', async () => {
    await open();
    const place = { shift: 's-0', launch: 'shop', environment: 'production', rollout: 'checkout' };
    const moves = [
      ['moving', 'p5', 5],
      ['watching', 'p5', 5],
      ['moving', 'p25', 25],
      ['going-back', 'p25', 0],
      ['rolled-back', 'p25', 0],
    ];
    for (const [stands, phase, weight] of moves)
      await writeEvents(engine.store, null, 1, { type: 'rollout.moved', ...place, stands, phase, weight });
    await untilRoot('s-0');
    expect(spansOf('s-0').map(({ name, code, attributes }) => [name, code, attributes['tminus.weight']])).toEqual([
      ['phase p5', 1, 5],
      ['phase p25', 2, 25],
      ['shift checkout', 2, undefined],
    ]);
    expect(spansOf('s-0')[0]?.parentSpanId).toBe(spanIdOf('s-0', 'shift'));
  });
});

describe('a worker that is killed', () => {
  it('T04 F13 leaves its trace to the next: the attempt that was lost ends as an error, and the next one is beside it', async () => {
    const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'traced-worker.ts'), database.url, database.dataDirectory],
      { env, stdio: ['pipe', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    const own = await startEngine(database);
    // Only the child takes this step: the worker of this process comes after it is dead.
    await engine.close();
    // Long enough that it has not ended by the time it is killed.
    const lost = ledgerStep('long', 'apply slow 12s', { interrupted: 'rerun', maxAttempts: 3, limitMs: 60_000 });
    const run = await own.start(ledgerPlan([ledgerStep('first', 'apply'), lost]));
    await own.until(run, ({ steps }) => steps['long']?.state === 'running');
    await receiver.until(() => spansOf(run).some(({ name }) => name === 'first'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    engine = own;
    // As if its leases had run out: that they do, and how long it takes, is looked at elsewhere.
    const { pool } = own.store.database;
    await pool.query(
      `update tminus_delivery.job set heartbeat_on = now() - interval '1 minute' where state = 'active'`,
    );
    await pool.query(`update tminus.asset_lock set lease_until = now() where key = 'trace export'`);
    await own.work();
    await open();
    expect((await own.until(run, isFinal)).state).toBe('completed');
    await untilRoot(run);
    // What was sent by somebody who died before noting it comes again, under the same id.
    const told = [...new Map(spansOf(run).map((span) => [span.spanId, span])).values()];
    expect(told.map(({ name, code, attributes }) => [name, attributes['tminus.attempt'], code])).toEqual([
      ['first', 1, 1],
      ['long', 1, 2],
      ['long', 2, 1],
      [expect.stringMatching(/^run /u), undefined, 1],
    ]);
    expect(
      spansOf(run).every(({ parentSpanId }) => parentSpanId === null || parentSpanId === rootOf(run)?.spanId),
    ).toBe(true);
  }, 180_000);
});
